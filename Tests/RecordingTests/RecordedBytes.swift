import EventModel
import Foundation

@testable import Recording

/// Makes recordings.
enum RecordedBytes {
    static let header = RecordingHeader(
        hostname: Array("node".utf8), hostRoot: [], bootTimeNanoseconds: 7,
        authorities: [EventTypeSet(), EventTypeSet([EventType(index: 3)])])

    static var event: RawEvent {
        var event = RawEvent()
        event.type = EventType(name: "execve") ?? EventType(index: 0)
        event.process.pid = 60
        event.process.command = event.store(Array("cat".utf8))
        event.process.executable = event.store(Array("/bin/cat".utf8))
        event.hasResult = true
        return event
    }

    /// A path in a directory of its own.
    static func withFile(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory + "/a.rec")
    }

    static func record(to path: String, _ body: (Recorder) -> Void) throws {
        let recorder = try Recorder(path: path, limit: 1 << 30)
        recorder.start(header)
        body(recorder)
        recorder.finish()
    }

    /// A recording, unpacked.
    static func make(_ body: (Recorder) -> Void) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try withFile { path in
            try record(to: path, body)
            var input = try PackedInput(path: path)
            bytes = try input.all()
        }
        return bytes
    }
}
