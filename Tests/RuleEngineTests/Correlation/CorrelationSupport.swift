import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

/// A correlation's text.
func correlationText(
    _ condition: String, events: [(name: String, condition: String)], name: String = "c", output: String = "o",
    more: String = ""
) -> String {
    "- correlation: \(name)\n  desc: d\n  events:\n"
        + events.map { "    - name: \($0.name)\n      condition: \($0.condition)\n" }.joined()
        + "  condition: \(condition)\n  output: \"\(output)\"\n  priority: WARNING\n\(more)"
}

/// Rules and correlations at work over events of tests.
struct CorrelationScene: ~Copyable {
    /// The alerts so far.
    private(set) var alerts: [Alert] = []
    var correlator: Correlator
    private var evaluator: Evaluator
    private let builder: AlertBuilder
    private let ruleCount: Int
    private var number: UInt64 = 0

    static let catalogue = FieldCatalogue(
        TestCatalogue.catalogue.fields
            + ["correlation.count", "correlation.first", "correlation.lost", "incident.count"].map {
                FieldDescription(name: $0, type: .u64, flags: .outputOnly, meaning: "", eventSource: nil)
            })

    init(_ text: String, mode: MatchMode = .first) throws {
        var loaded = load(text, options: RuleLoaderOptions(fields: FieldNameTable(Self.catalogue.fields.map(\.name))))
        let rules = loaded.compile(with: RuleCompiler(catalogue: Self.catalogue))
        guard loaded.isSuccessful else { throw NotCompiled(problems: loaded.diagnostics.map(\.line)) }
        let set = RuleSet(rules, catalogue: Self.catalogue)
        evaluator = Evaluator(set, mode: mode)
        correlator = Correlator(set)
        builder = AlertBuilder(set)
        ruleCount = set.rules.count
    }

    /// Takes an event at a time; with `isSame` it is the last one under another name. Gives the names of the alerts' rules.
    @discardableResult
    mutating func take(
        _ time: UInt64, _ values: [String: TestValue], type: String = "openat", node: String? = nil,
        isSame: Bool = false
    ) -> [String] {
        if !isSame { number += 1 }
        let event = TestEvent(type, values, catalogue: Self.catalogue)
        evaluator.evaluate(event.type, reader: event)
        var found: [Alert] = []
        for rule in evaluator.matches where rule < ruleCount {
            if let alert = builder.alert(
                forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: event)
            {
                found.append(alert)
            }
        }
        let builder = builder
        correlator.take(
            &evaluator, event, number: number, timeNanoseconds: time, node: node.map { Array($0.utf8) }
        ) { rule, facts, kept, evaluator in
            if let alert = builder.alert(
                forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: event, facts: facts, kept: kept)
            {
                found.append(alert)
            }
        }
        alerts += found
        return found.map(\.rule)
    }

    var messages: [String] { alerts.map { String(decoding: $0.message, as: UTF8.self) } }
}

extension Alert {
    /// A field's number.
    func number(_ key: String) -> UInt64? {
        guard case .unsigned(let number)? = fields.first(where: { $0.key == key })?.value else { return nil }
        return number
    }
}

/// Nanoseconds of seconds.
func seconds(_ count: UInt64) -> UInt64 { 1_000_000_000_000_000_000 + count * 1_000_000_000 }
