import AuditRecords
import CommandOutput
import Configuration
import Delivery
import Detection
import EventFields
import EventModel
import EventSources
import Glibc
import KernelInterface
import NodeState
import Outputs
import Recording

/// Evaluates the rules over audit logs, or over a recording.
public enum LogReplay {
    /// Reads the logs to their end.
    public static func run(_ options: ReplayOptions) -> ExitStatus {
        let log = DaemonLog(threshold: options.isVerbose ? .debug : options.configuration.logLevel)
        var remarks: [LogRemark] = []
        let rules = try? LoadedRules.load(
            options.configuration, isVerbose: log.threshold == .debug, isFiltered: false, remarks: &remarks)
        log.tell(remarks)
        guard let rules else { return .invalid }
        if options.files.contains(where: { $0 != "-" && RecordingReader.isRecording($0) }) {
            return RecordingReplay.run(options, rules: rules, log: log)
        }
        return run(options, rules: rules, log: log)
    }

    /// The same over rules that are loaded already.
    static func run(_ options: ReplayOptions, rules: LoadedRules, log: DaemonLog) -> ExitStatus {
        let configuration = options.configuration
        let evaluation = rules.evaluation()
        let channels: OutputChannels
        let replay: AuditLogReplay
        do {
            channels = try configuration.outputs.open(
                format: configuration.alertFormat, isUnbuffered: options.isUnbuffered, isLossless: true
            )
            replay = try AuditLogReplay(paths: options.files, syscalls: SyscallTable.known)
        } catch {
            log.error("\(error)")
            return .invalid
        }
        // The log is of another time and perhaps of another machine: this one's processes have no part in it.
        let stateOptions = configuration.stateOptions(evaluation.needs, evaluation.catalogue)
        func reader(ofNode name: String) -> EventFieldReader {
            EventFieldReader(
                state: NodeState(options: stateOptions, files: NoFiles()), hostname: name,
                staticFields: configuration.staticFields.map(\.value)
            )
        }
        let reader = reader(ofNode: configuration.alertFormat.hostName)
        let detection = Detection(
            state: reader.state, rules: evaluation, reader: reader, authority: SourceAuthority(only: .auditLog),
            reduction: configuration.reduction,
            incidents: IncidentSettings(withinSeconds: configuration.incidentSeconds),
            nodes: LoggedNodes(make: reader(ofNode:)))
        let events = ReplayedEvents(detection, AlertDelivery(channels, isLossless: true, log: log))
        events.delivery.start()
        while replay.drain(into: events), !events.delivery.haveOutputsEnded { events.delivery.endBatch() }
        replay.stop()
        let summary = events.finish(replay.counters)
        log.text(summary.text)
        guard let failure = replay.failure else { return .success }
        log.error(failure)
        return .invalid
    }
}
