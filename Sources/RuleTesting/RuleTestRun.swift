import Configuration
public import ConfiguredRules
import EventModel
public import RuleEngine
import RuleLanguage

/// Runs tests of rules. Each rule is judged by itself: that an earlier one takes an event, or that it is disabled, doesn't count.
public struct RuleTestRun: ~Copyable {
    private let rules: ConfiguredRules
    private var evaluator: Evaluator
    private let numbers: [String: Int]
    private let set: RuleSet
    private var logs: RecordedLogs

    /// Tests of these rules.
    public init(_ rules: ConfiguredRules) {
        self.rules = rules
        set = RuleSet(rules.compiled, catalogue: rules.catalogue)
        evaluator = Evaluator(set, mode: .all)
        numbers = Dictionary(
            rules.compiled.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        logs = RecordedLogs(set, state: Configuration().stateOptions(rules.needs, rules.catalogue))
    }

    /// Runs a test.
    public mutating func result(of test: RuleTest) -> RuleTestResult {
        guard let number = numbers[test.rule] else {
            let question = Suggestion.question(for: test.rule, in: numbers.keys.sorted()).map { "; \($0)" } ?? ""
            let isThere = rules.loaded.rules.contains { $0.name == test.rule }
            return RuleTestResult(
                test: test, failure: isThere ? "does not compile" : "is none of the rules that are loaded\(question)")
        }
        switch test.subject {
        case .events(let events):
            let alerts = alerts(number, events)
            guard alerts != test.mustAlert else { return RuleTestResult(test: test) }
            var result = RuleTestResult(test: test, failure: Self.failure(alerts))
            if events.count == 1, let only = events.first { result.details = details(test.rule, only.event) }
            return result
        case .log(let path):
            do throws(RecordedLogs.Unusable) {
                let alerts = try logs.rules(alertingOn: path).contains(number)
                return RuleTestResult(test: test, failure: alerts == test.mustAlert ? nil : Self.failure(alerts))
            } catch {
                return RuleTestResult(test: test, failure: "can't be tested: \(error)")
            }
        }
    }

    /// Whether a rule alerts on any of these events, or as a correlation when they have happened.
    private mutating func alerts(_ number: Int, _ events: [RuleTest.TimedEvent]) -> Bool {
        // What it remembers is of one test.
        var correlator = Correlator(set)
        var alerts = false
        for (index, timed) in events.enumerated() {
            guard let type = timed.event.type else { continue }
            evaluator.evaluate(type, reader: timed.event)
            if evaluator.matches.contains(number) { alerts = true }
            correlator.take(
                &evaluator, timed.event, number: UInt64(index + 1), timeNanoseconds: Self.epoch + timed.timeNanoseconds,
                node: nil
            ) { rule, _, _, _ in
                if rule == number { alerts = true }
            }
        }
        return alerts
    }

    /// Times of events are not near zero.
    private static let epoch: UInt64 = 1_700_000_000_000_000_000

    private static func failure(_ alerts: Bool) -> String { alerts ? "raises an alert" : "raises no alert" }

    /// What decided it: comparisons with the values that were compared, or exceptions.
    private func details(_ name: String, _ event: WrittenEvent) -> [String] {
        guard let type = event.type, let rule = rules.loaded.rules.first(where: { $0.name == name }),
            let explanation = rules.explanation(of: rule, type: type, reader: event)
        else { return [] }
        var lines: [String] = []
        if let type = explanation.wrongType { lines.append("it can't match events of type \(type.name)") }
        lines += explanation.heldExceptions.map { "its exception '\($0)' holds" }
        guard lines.isEmpty else { return lines }
        let reasons = explanation.reasons.map(\.sentence)
        lines = Array(reasons.prefix(8))
        if reasons.count > 8 { lines.append("and \(reasons.count - 8) more") }
        return lines
    }
}

extension ConditionExplanation.Part {
    /// A comparison, whether it holds, and of what values.
    public var sentence: String {
        let shown = values.map { "\($0.field) is \($0.value.map { $0.isEmpty ? "empty" : $0 } ?? "<NA>")" }
        let verdict = holds ? "holds" : "does not hold"
        return "\(text.shortened(to: 160)) \(verdict)" + (shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))")
    }
}

extension String {
    /// The text, cut behind so many characters.
    fileprivate func shortened(to width: Int) -> String { count <= width ? self : prefix(width - 1) + "…" }
}
