public import EventModel
import KernelInterface

/// Reads a recording from its beginning to its end.
public final class RecordingReader {
    /// What it tells of the run as a whole.
    public let header: RecordingHeader
    /// What the run was answered, as far as it was read.
    public let files: RecordedFiles

    private let types: [EventType?]
    private var input: PackedInput
    private var time: UInt64 = 0

    /// Opens a recording and reads its header.
    public convenience init(path: String) throws(RecordingError) { try self.init(PackedInput(path: path)) }

    /// Reads a recording that is unpacked already.
    package convenience init(unpacked bytes: [UInt8]) throws(RecordingError) { try self.init(PackedInput(bytes)) }

    private init(_ input: consuming PackedInput) throws(RecordingError) {
        var input = input
        let (header, types) = try input.next { decoder throws(RecordingError) in try RecordingHeader.decode(&decoder) }
        self.header = header
        self.types = types
        self.input = input
        files = RecordedFiles(hostRoot: header.hostRoot)
    }

    /// Whether a file is a recording, of whatever version.
    public static func isRecording(_ path: String) -> Bool {
        guard var input = try? PackedInput(path: path) else { return false }
        let count = RecordingHeader.magic.count
        let start = try? input.next { decoder throws(RecordingError) in Array(try decoder.raw(count)) }
        return start == RecordingHeader.magic
    }

    /// The next act, with its answers in `files`; nil where the file ends. That of an event replaces `event`. The last one is `end`: where
    /// the file ends without, the recording was cut off between two acts.
    public func next(into event: inout RawEvent) throws(RecordingError) -> Act? {
        files.begin(act: time)
        while true {
            if input.isAtEnd { return nil }
            event.reset()
            let types = types
            let files = files
            let found: Act? = try input.next { decoder throws(RecordingError) in
                guard let tag = EntryTag(rawValue: try decoder.byte()) else { throw .damaged }
                guard let act = try decoder.act(tag) else {
                    let key = Array(try decoder.text())
                    let answer = try decoder.flag() ? Array(try decoder.text()) : nil
                    files.take(answer?[...], to: key)
                    return nil
                }
                if act == .event {
                    event.reset()
                    try decoder.read(&event, types: types)
                }
                return act
            }
            guard let found else { continue }
            switch found {
            case .event: time = max(time, event.timeNanoseconds)
            case .tick(let now), .scan(let now): time = max(time, now)
            default: break
            }
            return found
        }
    }
}
