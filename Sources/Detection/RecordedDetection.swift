public import AlertReduction
public import EventFields
public import EventModel
import EventSources
public import NodeState
public import Recording

/// The detection of a recorded run, again: it does what that run did, and is answered what that run was. With the run's rules it raises the
/// run's alerts.
public struct RecordedDetection: ~Copyable {
    /// What is decided with, besides the rules.
    public struct Settings {
        /// The node state's bounds, and what it reads of each process.
        public var state: NodeStateOptions
        /// What configured fields say.
        public var staticFields: [String]
        /// When repeats are held back.
        public var reduction: ReductionSettings
        /// When alerts are one incident.
        public var incidents: IncidentSettings

        /// With nothing held back, unless said otherwise.
        public init(
            state: NodeStateOptions, staticFields: [String] = [], reduction: ReductionSettings = ReductionSettings(),
            incidents: IncidentSettings = IncidentSettings(withinSeconds: 0)
        ) {
            self.state = state
            self.staticFields = staticFields
            self.reduction = reduction
            self.incidents = incidents
        }
    }

    /// The detection.
    public private(set) var detection: Detection
    /// Reads the fields of the event that was taken last.
    public let reader: EventFieldReader
    /// What the run was answered.
    public let files: RecordedFiles
    /// Whether rules saw the event that was taken last.
    public private(set) var isSeen = false

    private let recording: RecordingReader
    private var event = RawEvent()
    private var now: UInt64 = 0

    /// Opens a recording.
    public init(path: String, rules: RuleEvaluation, _ settings: Settings) throws(RecordingError) {
        let recording = try RecordingReader(path: path)
        var event = RawEvent()
        guard try recording.next(into: &event) == .begin else { throw .damaged }
        var options = settings.state
        options.hostRoot = String(decoding: recording.header.hostRoot, as: UTF8.self)
        options.bootTimeNanoseconds = recording.header.bootTimeNanoseconds
        let state = NodeState(options: options, files: recording.files)
        state.beginPackages()
        let hostname = String(decoding: recording.header.hostname, as: UTF8.self)
        reader = EventFieldReader(state: state, hostname: hostname, staticFields: settings.staticFields)
        // A run that followed a log may have heard of other machines, and had no files of theirs.
        let nodes = LoggedNodes(own: hostname) { name in
            EventFieldReader(
                state: NodeState(options: options, files: NoFiles()), hostname: name,
                staticFields: settings.staticFields)
        }
        detection = Detection(
            state: state, rules: rules, reader: reader, authority: SourceAuthority(recording.header.authorities),
            reduction: settings.reduction, incidents: settings.incidents, nodes: nodes)
        self.recording = recording
        files = recording.files
    }

    /// Does what the run did next; gives what that was, nil behind the end. Where the file ends before the run did, `cut` is thrown.
    public mutating func step(send: (Alert) -> Void) throws(RecordingError) -> Act? {
        guard let act = try recording.next(into: &event) else { throw .cut }
        switch act {
        case .begin: throw .damaged
        case .event:
            var latest = now
            let files = files
            isSeen = detection.take(
                &event,
                now: {
                    latest = files.monotonicNanoseconds() ?? latest
                    return latest
                }, send: send)
            now = latest
        case .tick(let time): detection.state.tick(nowNanoseconds: time)
        case .scan(let time): _ = detection.state.loadAll(nowNanoseconds: time)
        case .awaitPackages: detection.state.awaitPackages(milliseconds: 2)
        case .loss(let count, let time): detection.noteLoss(count, timeNanoseconds: time)
        case .due(let time):
            now = time
            detection.tick(now: time, send: send)
        case .flush(let time):
            now = time
            detection.flush(now: time, send: send)
        case .reload: break
        case .end: return nil
        }
        return act
    }

    /// The same, where a recording that was cut off may end as if the run had.
    public mutating func stepIfWhole(send: (Alert) -> Void) throws(RecordingError) -> Act? {
        do throws(RecordingError) { return try step(send: send) } catch {
            guard case .cut = error else { throw error }
            return nil
        }
    }

    /// Sends all that is held back: a recording that was cut off has no end that does.
    public mutating func flush(send: (Alert) -> Void) { detection.flush(now: now, send: send) }
}
