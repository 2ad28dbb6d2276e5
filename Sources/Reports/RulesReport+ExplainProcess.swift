public import CommandOutput
public import Configuration
import ConfiguredRules
import EventFields
import EventModel
import KernelInterface
import NodeState
import Outputs
import RuleEngine
import RuleLanguage

/// `shrike rules explain --pid`.
extension RulesReport {
    /// Explains what a rule makes of a process that runs: as if it had just been started, where the rule is about starts; else what the
    /// event itself would tell is undecided.
    ///
    /// - Parameter pid: its process id, in the initial pid namespace.
    public static func explain(
        rule name: String, process pid: Int32, configuration: Configuration, isJSON: Bool
    ) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            return unknown(rule: name, among: rules, isJSON: isJSON)
        }
        guard let compiled = rules.compiledRule(named: name), let type = started(compiled.eventTypes) else {
            return .failure("the rule '\(name)' doesn't compile here", isJSON: isJSON)
        }
        let state = NodeState(options: configuration.stateOptions(rules.needs, rules.catalogue), files: HostFiles())
        state.beginPackages()
        state.awaitPackages(milliseconds: 5000)
        // An event without any effect: the process is read as it is.
        var event = RawEvent()
        event.type = EventType(name: "getpid") ?? type
        event.timeNanoseconds = KernelClock.wall()
        event.process.pid = pid
        _ = state.apply(&event)
        guard state.current.process != nil else {
            return .failure("there is no process \(pid), or /proc doesn't tell of it to this user", isJSON: isJSON)
        }
        let reader = EventFieldReader(
            state: state, hostname: configuration.alertFormat.hostName,
            staticFields: configuration.staticFields.map(\.value))
        let explanation = rules.explanation(of: rule, type: type, reader: reader) { reference in
            isOfProcess(rules.catalogue[reference.field].name)
        }
        guard let explanation else {
            return .failure("the rule '\(name)' doesn't compile here", isJSON: isJSON)
        }
        let remarks = [
            "the process \(pid) as it is now, and an event of type \(type.name); "
                + "what the event itself would tell is undecided, marked '?'"
        ]
        return ExplainedRule(
            rule: rule, rules: rules, matching: rules.matching, explanation: explanation, taker: nil,
            remarks: remarks
        ).report(isJSON: isJSON)
    }

    /// Of a rule's types of events the one that starts a program, else its first.
    private static func started(_ types: EventTypeSet) -> EventType? {
        let starts = ["execve", "execveat"].compactMap(EventType.init(name:))
        return starts.first(where: types.contains) ?? types.types.first
    }

    /// Whether a field tells of the process, whatever it does.
    static func isOfProcess(_ field: String) -> Bool {
        let areas = ["proc.", "thread.", "user.", "group.", "container.", "k8s.", "static."]
        return areas.contains(where: field.hasPrefix)
    }
}
