import AuditRecords
import EventModel
import EventSources
import Foundation

/// Keeps what a source delivers.
final class CollectingSink: EventSink {
    var events: [RawEvent] = []
    var notices: [SourceNotice] = []

    func receive(_ event: inout RawEvent) { events.append(event) }
    func report(_ notice: SourceNotice) { notices.append(notice) }

    var serials: [UInt64] { events.map(\.sequence) }
}

/// A directory that goes with the test.
final class ScratchDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("shrike-audit-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
    func append(_ name: String, _ text: String) throws {
        let file = try FileHandle(forWritingTo: url.appendingPathComponent(name))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
    func rename(_ from: String, _ to: String) throws {
        try? FileManager.default.removeItem(atPath: path(to))
        try FileManager.default.moveItem(atPath: path(from), toPath: path(to))
    }
}

/// An event of two lines.
func openEvent(_ serial: Int, name: String = "x", time: Int = 100) -> String {
    """
    type=SYSCALL msg=audit(\(time).000:\(serial)): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=1 a2=0 \
    a3=0 items=0 ppid=1 pid=7 auid=0 uid=0 gid=0 euid=0 egid=0 tty=(none) ses=1 comm="\(name)" exe="/bin/x" key=(null)
    type=PROCTITLE msg=audit(\(time).000:\(serial)): proctitle="x"

    """
}

extension SyscallTable {
    static let test = SyscallTable([Entry(architecture: .x86_64, number: 257, name: "openat")])
}
