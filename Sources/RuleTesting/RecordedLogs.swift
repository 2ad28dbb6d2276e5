import AlertReduction
import Detection
import EventFields
import EventModel
import EventSources
import KernelInterface
import NodeState
import Outputs
import Recording
import RuleEngine

/// Which rules alert on what audit logs and recordings tell; each file is read once.
struct RecordedLogs {
    private let rules: RuleSet
    private let state: NodeStateOptions
    private let numbers: [String: Int]
    private var found: [String: Set<Int>] = [:]

    /// For these rules; `state` is what they need of the node's state.
    init(_ rules: RuleSet, state: NodeStateOptions) {
        self.rules = rules
        self.state = state
        numbers = Dictionary(rules.rules.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Why a log tells nothing, or not all that it holds.
    struct Unusable: Error, CustomStringConvertible {
        /// Why.
        var description: String
    }

    /// The numbers of the rules that alert on a log; an error where a rule could be quiet only because nothing was read.
    mutating func rules(alertingOn path: String) throws(Unusable) -> Set<Int> {
        if let known = found[path] { return known }
        if RecordingReader.isRecording(path) {
            let alerting = Set(try names(alertingOnRecording: path).compactMap { numbers[$0] })
            found[path] = alerting
            return alerting
        }
        let replay: AuditLogReplay
        do throws(KernelError) { replay = try AuditLogReplay(paths: [path], syscalls: .known) } catch {
            throw Unusable(description: "\(error)")
        }
        let sink = AlertedRules(rules)
        while replay.drain(into: sink) {}
        replay.stop()
        if let failure = replay.failure { throw Unusable(description: failure) }
        guard sink.hasEvents else { throw Unusable(description: "the log \(path) holds no event") }
        let alerting = Set(sink.names.compactMap { numbers[$0] })
        found[path] = alerting
        return alerting
    }

    private func names(alertingOnRecording path: String) throws(Unusable) -> Set<String> {
        var names: Set<String> = []
        var hasEvents = false
        do throws(RecordingError) {
            var run = try RecordedDetection(
                path: path, rules: RuleEvaluation(rules, mode: .all), RecordedDetection.Settings(state: state))
            while let act = try run.step(send: { names.insert($0.rule) }) { hasEvents = hasEvents || act == .event }
        } catch {
            throw Unusable(description: "\(path): \(error)")
        }
        guard hasEvents else { throw Unusable(description: "the recording \(path) holds no event") }
        return names
    }
}

/// Takes the events of a log and keeps the names of the rules that alert.
private final class AlertedRules: EventSink {
    private(set) var names: Set<String> = []
    private(set) var hasEvents = false
    private var detection: Detection

    init(_ rules: RuleSet) {
        func reader(ofNode name: String) -> EventFieldReader {
            EventFieldReader(state: NodeState(files: NoFiles()), hostname: name)
        }
        let reader = reader(ofNode: "")
        detection = Detection(
            state: reader.state, rules: RuleEvaluation(rules, mode: .all), reader: reader,
            authority: SourceAuthority(only: .auditLog), nodes: LoggedNodes(make: reader(ofNode:)))
    }

    func receive(_ event: inout RawEvent) {
        hasEvents = true
        detection.take(&event, now: { 0 }, send: { names.insert($0.rule) })
    }

    func report(_ notice: SourceNotice) {}
}
