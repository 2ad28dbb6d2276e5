import CommandOutput
import Configuration
import Delivery
import Detection
import EventModel
import Outputs
import Recording

/// Evaluates the rules over a recording.
enum RecordingReplay {
    /// Reads the recording to its end.
    static func run(_ options: ReplayOptions, rules: LoadedRules, log: DaemonLog) -> ExitStatus {
        guard let path = options.files.first, options.files.count == 1 else {
            log.error("a recording is replayed alone: expected one file, found \(options.files.count)")
            return .invalid
        }
        let configuration = options.configuration
        let evaluation = rules.evaluation()
        let channels: OutputChannels
        do {
            channels = try configuration.outputs.open(
                format: configuration.alertFormat, isUnbuffered: options.isUnbuffered, isLossless: true)
        } catch {
            log.error("\(error)")
            return .invalid
        }
        let delivery = AlertDelivery(channels, isLossless: true, log: log)
        delivery.start()
        do throws(RecordingError) {
            var replay = try RecordedDetection(
                path: path, rules: evaluation,
                RecordedDetection.Settings(
                    state: configuration.stateOptions(evaluation.needs, evaluation.catalogue),
                    staticFields: configuration.staticFields.map(\.value), reduction: configuration.reduction,
                    incidents: IncidentSettings(withinSeconds: configuration.incidentSeconds)))
            var problem: RecordingError?
            do throws(RecordingError) { try play(&replay, delivery, log) } catch { problem = error }
            replay.flush { delivery.deliver($0) }
            log.text(RunSummary(replay.detection, delivery, []).text)
            if replay.files.unanswered > 0 {
                log.debug(
                    "\(replay.files.unanswered) times the rules asked for what the recorded run had not asked for: such values are missing"
                )
            }
            guard let problem else { return .success }
            throw problem
        } catch {
            log.error("\(path): \(error)")
            return .invalid
        }
    }

    private static func play(
        _ replay: inout RecordedDetection, _ delivery: AlertDelivery, _ log: DaemonLog
    ) throws(RecordingError) {
        while !delivery.haveOutputsEnded, let act = try replay.step(send: { delivery.deliver($0) }) {
            if act == .reload { log.warning("the recorded run went on with other rules here; this one does not") }
            delivery.endBatch()
        }
    }
}
