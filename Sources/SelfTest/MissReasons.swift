import ConfiguredRules
import EventModel
import EventSources
import RuleEngine
import RuleLanguage

/// Tells why the alert of a rule can't be there, as far as that is known before any event.
struct MissReasons {
    private let rules: ConfiguredRules
    private let running: [SourceTraits]

    /// For rules that are in use with these sources.
    init(_ rules: ConfiguredRules, running: [SourceTraits]) { (self.rules, self.running) = (rules, running) }

    /// Why no event can raise the rule's alert here; nil when one could.
    func reason(forRule name: String) -> String? {
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            let question = Suggestion.question(for: name, in: rules.loaded.rules.map(\.name))
            return "no rule has this name" + (question.map { "; \($0)" } ?? "")
        }
        guard rule.isEnabled else { return "the rule is disabled" }
        guard let compiled = rules.compiledRule(named: name) else { return "the rule does not compile here" }
        guard rules.activeNames.contains(name) else {
            return "the rule's priority, \(rule.priority), is below the configured one"
        }
        let names = running.map(\.kind.name).joined(separator: ", ")
        let provided = running.reduce(EventTypeSet()) { $0.union($1.provides) }
        guard !compiled.eventTypes.intersection(provided).isEmpty else {
            let types = compiled.eventTypes.types.map(\.name).sorted()
            return "\(names) tells of none of its events: \(types.prefix(8).joined(separator: ", "))"
                + (types.count > 8 ? " and \(types.count - 8) more" : "")
        }
        let sources = running.reduce(into: SourceSet()) { $0.insert(SourceSet($1.kind)) }
        let reach = RuleReach(compiled, catalogue: rules.catalogue, sources: sources)
        if reach.verdict == .never { return "\(names) can't know \(reach.missingFields.joined(separator: ", "))" }
        return nil
    }

    /// Why the alert was not there, from what is known after the attack.
    ///
    /// - Parameters:
    ///   - others: the rules whose alerts the attack raised.
    ///   - stray: an alert of the rule that came meanwhile and is of none of the attack's processes.
    ///   - remarks: names of the sensor's alerts about itself.
    func reason(
        forRule name: String, after end: AttackRun.End, others: [String], stray: SensedAlert?, remarks: [String]
    ) -> String {
        var parts: [String] = []
        if let reason = reason(forRule: name) {
            parts.append(reason)
        } else if case .failed(let why) = end {
            parts.append("the attack failed: \(why)")
        } else {
            parts.append("no event of the attack satisfied the rule")
        }
        if !others.isEmpty { parts.append("other rules alerted: \(others.joined(separator: ", "))") }
        if let stray { parts.append("an alert that is not the attack's came meanwhile: \(stray.output)") }
        if !remarks.isEmpty { parts.append("the sensor said: \(remarks.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }
}
