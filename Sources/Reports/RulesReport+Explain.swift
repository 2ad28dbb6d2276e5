public import CommandOutput
public import Configuration
import ConfiguredRules
import EventModel
import RuleEngine
import RuleLanguage
import RuleTesting

/// `shrike rules explain`.
extension RulesReport {
    /// Explains what comes of a rule for an event.
    ///
    /// - Parameters:
    ///   - event: fields and values as YAML or JSON, or an alert's JSON.
    ///   - file: the event's file, for messages.
    public static func explain(
        rule name: String, event bytes: [UInt8], file: String, configuration: Configuration, isJSON: Bool
    ) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            return unknown(rule: name, among: rules, isJSON: isJSON)
        }
        let document: EventDocument
        do throws(EventDocument.Problem) {
            document = try EventDocument(bytes: bytes, name: file, catalogue: rules.catalogue)
        } catch {
            return .failure(error.message, isJSON: isJSON)
        }
        var event = document.event
        var remarks = document.remarks
        if event.type == nil, document.isAlert {
            // An alert seldom tells its event's type; nearly all rules name alternatives that differ in nothing else.
            let types = rules.compiledRule(named: document.alertRule ?? name)?.eventTypes.types ?? []
            if let type = types.first, (try? event.set("evt.type", to: .scalar(type.name))) != nil {
                remarks.append("the alert doesn't tell 'evt.type': taken to be \(type.name)")
            }
        }
        if document.isAlert {
            remarks.append("an alert has the fields of its output only: what rests on others is undecided, marked '?'")
        }
        guard let type = event.type else {
            return .failure("\(file):1:1: the event has no 'evt.type'", isJSON: isJSON)
        }
        let isAlert = document.isAlert
        let written = event
        let explanation = rules.explanation(of: rule, type: type, reader: event) { !isAlert || written.isKnown($0) }
        guard let explanation else {
            return .failure("the rule '\(name)' doesn't compile here", isJSON: isJSON)
        }
        var taker: String?
        if rules.matching != .all, rule.correlation == nil {
            // Who took the event of an alert, the alert tells.
            taker =
                document.isAlert
                ? document.alertRule.flatMap { rules.isActive($0, before: name) ? $0 : nil }
                : self.taker(of: name, rules, type, event)
        }
        return ExplainedRule(
            rule: rule, rules: rules, matching: rules.matching, explanation: explanation, taker: taker,
            remarks: remarks
        ).report(isJSON: isJSON)
    }

    /// The earlier rule that takes the event.
    static func taker(
        of name: String, _ rules: ConfiguredRules, _ type: EventType, _ event: some FieldReader
    ) -> String? {
        let active = rules.active
        var evaluator = Evaluator(RuleSet(active, catalogue: rules.catalogue), mode: .first)
        evaluator.evaluate(type, reader: event)
        // Behind the rules come the events of correlations, which take nothing from anyone.
        guard let first = evaluator.matches.first(where: { $0 < active.count }),
            rules.isActive(active[first].name, before: name)
        else { return nil }
        return active[first].name
    }
}

extension ConfiguredRules {
    /// Whether a rule is in use and comes before another one.
    fileprivate func isActive(_ name: String, before other: String) -> Bool {
        guard activeNames.contains(name), let place = compiled.firstIndex(where: { $0.name == name }) else {
            return false
        }
        return compiled.firstIndex { $0.name == other }.map { place < $0 } ?? true
    }
}
