public import CommandOutput
public import Configuration
import ConfiguredRules
import Detection
import EventFields
import EventModel
import NodeState
import Recording
import RuleEngine
import RuleLanguage

/// `shrike rules explain --recording`.
extension RulesReport {
    /// Explains what comes of a rule for an event of a recording: the last one that the rule alerts on, else the last one of its types.
    ///
    /// - Parameter pid: only events of this process; nil: of any.
    public static func explain(
        rule name: String, recording path: String, process pid: Int32?, configuration: Configuration, isJSON: Bool
    ) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            return unknown(rule: name, among: rules, isJSON: isJSON)
        }
        guard rule.correlation == nil else {
            return .failure(
                "'\(name)' is a correlation: explain the rules that it counts, or replay the recording with it",
                isJSON: isJSON)
        }
        guard let compiled = rules.compiledRule(named: name) else {
            return .failure("the rule '\(name)' doesn't compile here", isJSON: isJSON)
        }
        let events = RecordedEvents(path: path, compiled, pid, rules, configuration)
        do throws(RecordingError) {
            guard let chosen = try events.choose() else {
                let whose = pid.map { " of the process \($0)" } ?? ""
                return .failure("\(path): no event\(whose) is of a type that '\(name)' is about", isJSON: isJSON)
            }
            return try events.show(chosen) { type, reader, remarks in
                guard let explanation = rules.explanation(of: rule, type: type, reader: reader) else {
                    return .failure("the rule '\(name)' doesn't compile here", isJSON: isJSON)
                }
                let taker = rules.matching == .all ? nil : taker(of: name, rules, type, reader)
                return ExplainedRule(
                    rule: rule, rules: rules, matching: rules.matching, explanation: explanation, taker: taker,
                    remarks: remarks
                ).report(isJSON: isJSON)
            }
        } catch {
            return .failure("\(path): \(error)", isJSON: isJSON)
        }
    }
}

/// The events of a recording that a rule may be about.
private struct RecordedEvents {
    /// An event that is to be explained.
    struct Chosen {
        /// Which act of the recording it is.
        var act: Int
        var hasAlerted: Bool
    }

    private let path: String
    private let rule: CompiledRule
    private let pid: Int32?
    private let catalogue: FieldCatalogue
    private let settings: RecordedDetection.Settings

    init(
        path: String, _ rule: CompiledRule, _ pid: Int32?, _ rules: ConfiguredRules, _ configuration: Configuration
    ) {
        self.path = path
        self.rule = rule
        self.pid = pid
        catalogue = rules.catalogue
        // What all rules need, so that the state is what it was.
        settings = RecordedDetection.Settings(
            state: configuration.stateOptions(rules.needs, rules.catalogue),
            staticFields: configuration.staticFields.map(\.value))
    }

    private func open() throws(RecordingError) -> RecordedDetection {
        try RecordedDetection(
            path: path, rules: RuleEvaluation(RuleSet([rule], catalogue: catalogue), mode: .all), settings)
    }

    /// The event to explain; nil where there is none. A recording that was cut off is read as far as it goes.
    func choose() throws(RecordingError) -> Chosen? {
        var run = try open()
        var chosen: Chosen?
        var number = 0
        while true {
            var hasAlerted = false
            guard let act = try run.stepIfWhole(send: { _ in hasAlerted = true }) else { return chosen }
            if act == .event, isMeant(run), hasAlerted || chosen?.hasAlerted != true {
                chosen = Chosen(act: number, hasAlerted: hasAlerted)
            }
            number += 1
        }
    }

    private func isMeant(_ run: borrowing RecordedDetection) -> Bool {
        let event = run.detection.state.current.event
        return run.isSeen && rule.eventTypes.contains(event.type) && pid.map { $0 == event.process.pid } ?? true
    }

    /// Goes to an event, and shows it.
    func show(
        _ chosen: Chosen, _ body: (EventType, EventFieldReader, [String]) -> Report
    ) throws(RecordingError) -> Report {
        var run = try open()
        for _ in 0...chosen.act { _ = try run.step(send: { _ in }) }
        let event = run.detection.state.current.event
        var time: [UInt8] = []
        CalendarTime(event.timeNanoseconds, isLocal: false).appendDate(to: &time)
        time.append(UInt8(ascii: " "))
        CalendarTime(event.timeNanoseconds, isLocal: false).appendClock(to: &time)
        let remark =
            "the last event of the recording that the rule \(chosen.hasAlerted ? "alerts on" : "is about; it alerts on none")"
            + (pid == nil ? "" : ", of that process")
            + ": \(event.type.name) by the process \(event.process.pid) at \(String(decoding: time, as: UTF8.self)) UTC"
        return body(event.type, run.reader, [remark])
    }
}
