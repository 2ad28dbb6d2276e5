import EventModel
import EventSources
import Foundation
import KernelInterface
import Testing

@Suite struct AuditLogFollowerTests {
    private let directory: ScratchDirectory
    private let sink = CollectingSink()

    init() throws { directory = try ScratchDirectory() }

    private func follow(fromStart: Bool = false) throws -> AuditLogFollower {
        try AuditLogFollower(path: directory.path("audit.log"), syscalls: .test, fromStart: fromStart)
    }

    /// Whether the source's descriptor is readable.
    private func isReadable(_ source: AuditLogFollower) -> Bool {
        var request = pollfd(fd: source.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) == 1
    }

    @Test func `reads what is added, not what was there`() throws {
        try directory.write("audit.log", openEvent(1))
        let source = try follow()
        #expect(!isReadable(source))
        try directory.append("audit.log", openEvent(2))
        #expect(isReadable(source))
        #expect(source.drain(into: sink))
        #expect(sink.serials == [2])
        #expect(!isReadable(source))
    }

    @Test func `reads from the start when asked to`() throws {
        try directory.write("audit.log", openEvent(1))
        let source = try follow(fromStart: true)
        _ = source.drain(into: sink)
        #expect(sink.serials == [1])
    }

    @Test func `half a line waits for its other half`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        let text = openEvent(1)
        let middle = text.index(text.startIndex, offsetBy: 100)
        try directory.append("audit.log", String(text[..<middle]))
        _ = source.drain(into: sink)
        #expect(sink.serials == [])
        try directory.append("audit.log", String(text[middle...]))
        _ = source.drain(into: sink)
        #expect(sink.serials == [1])
        #expect(source.counters.malformed == 0)
    }

    @Test func `rotation by rename, with a last record in the old file`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        try directory.append("audit.log", openEvent(1))
        try directory.rename("audit.log", "audit.log.1")
        _ = source.drain(into: sink)
        try directory.append("audit.log.1", openEvent(2))
        try directory.write("audit.log", openEvent(3))
        _ = source.drain(into: sink)
        try directory.append("audit.log", openEvent(4))
        _ = source.drain(into: sink)
        #expect(sink.serials == [1, 2, 3, 4])
        #expect(sink.notices.isEmpty)
    }

    @Test func `several rotations between two looks`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        try directory.append("audit.log", openEvent(1))
        try directory.rename("audit.log", "audit.log.1")
        try directory.write("audit.log", openEvent(2))
        try directory.rename("audit.log.1", "audit.log.2")
        try directory.rename("audit.log", "audit.log.1")
        try directory.write("audit.log", openEvent(3))
        _ = source.drain(into: sink)
        #expect(sink.serials == [1, 2, 3])
        #expect(sink.notices.isEmpty)
    }

    @Test func `a log that was rotated away is reported as loss`() throws {
        try directory.write("audit.log", openEvent(1))
        let source = try follow()
        try FileManager.default.removeItem(atPath: directory.path("audit.log"))
        try directory.write("audit.log", openEvent(2))
        _ = source.drain(into: sink)
        #expect(sink.serials == [2])
        #expect(sink.notices.map(\.kind) == [.lost])
    }

    @Test func `truncation in place`() throws {
        try directory.write("audit.log", openEvent(1) + openEvent(2))
        let source = try follow()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.path("audit.log")))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(openEvent(3).utf8))
        try file.close()
        _ = source.drain(into: sink)
        #expect(sink.serials == [3])
    }

    @Test func `a missing log is waited for`() throws {
        let source = try follow()
        #expect(source.outage != nil)
        for second in 1...3 as ClosedRange<UInt64> { source.tick(nowNanoseconds: second * 1_000_000_000, into: sink) }
        #expect(sink.notices.map(\.kind) == [.blind], "told at the start, once")
        #expect(sink.notices.first?.message.contains("there is no log at \(directory.path("audit.log"))") == true)
        try directory.write("audit.log", openEvent(1))
        #expect(isReadable(source))
        _ = source.drain(into: sink)
        #expect(sink.serials == [1])
        #expect(sink.notices.map(\.kind) == [.blind, .recovered])
        #expect(source.outage == nil)
    }

    @Test func `a missing directory is waited for`() throws {
        let path = directory.path("audit/audit.log")
        let source = try AuditLogFollower(path: path, syscalls: .test)
        #expect(source.descriptor == nil)
        try FileManager.default.createDirectory(atPath: directory.path("audit"), withIntermediateDirectories: true)
        try directory.write("audit/audit.log", openEvent(1))
        source.tick(nowNanoseconds: 2_000_000_000, into: sink)
        #expect(sink.serials == [1])
        #expect(source.descriptor != nil)
    }

    @Test func `a log that stays away is reported`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        try FileManager.default.removeItem(atPath: directory.path("audit.log"))
        source.tick(nowNanoseconds: 1_000_000_000, into: sink)
        source.tick(nowNanoseconds: 3_000_000_000, into: sink)
        #expect(sink.notices.isEmpty)
        source.tick(nowNanoseconds: 7_000_000_000, into: sink)
        source.tick(nowNanoseconds: 9_000_000_000, into: sink)
        #expect(sink.notices.map(\.kind) == [.blind])
        try directory.write("audit.log", openEvent(1))
        source.tick(nowNanoseconds: 9_100_000_000, into: sink)
        #expect(sink.serials == [1])
        #expect(sink.notices.map(\.kind) == [.blind, .recovered])
    }

    @Test func `an event without an end is delivered by the clock`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        try directory.append("audit.log", openEvent(1).split(separator: "\n")[0] + "\n")
        _ = source.drain(into: sink)
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = UInt64(time.tv_sec) * 1_000_000_000
        source.tick(nowNanoseconds: now + 1_000_000_000, into: sink)
        #expect(sink.serials == [])
        source.tick(nowNanoseconds: now + 4_000_000_000, into: sink)
        #expect(sink.serials == [1])
    }

    @Test(arguments: [
        ("CONFIG_CHANGE", "auid=0 ses=1 op=remove_rule key=\"k\" list=4 res=1", SourceNotice.Kind.tampered),
        ("CONFIG_CHANGE", "op=set audit_enabled=0 old=1 auid=0 ses=1 res=1", .blind),
        ("CONFIG_CHANGE", "op=set audit_enabled=1 old=0 auid=0 ses=1 res=1", .recovered),
        ("CONFIG_CHANGE", "op=set audit_pid=0 old=77 auid=0 ses=1 res=1", .tampered),
        ("DAEMON_END", "op=terminate auid=0 uid=0 ses=1 pid=17058 res=success", .blind),
        ("DAEMON_START", "op=start ver=3.0.9 pid=17058 res=success", .recovered),
    ])
    func `changes of audit itself are notices`(_ type: String, _ text: String, _ kind: SourceNotice.Kind) throws {
        try directory.write("audit.log", "")
        let source = try follow()
        let record = "type=\(type) msg=audit(100.000:5): \(text)\n"
        try directory.append("audit.log", record + openEvent(5))
        _ = source.drain(into: sink)
        #expect(sink.notices.map(\.kind) == [kind])
        #expect(sink.notices.first?.message.contains(String(text.suffix(20))) == true)
    }

    @Test func `harmless changes of audit are none`() throws {
        try directory.write("audit.log", "")
        let source = try follow()
        for text in ["op=add_rule key=\"k\" list=4 res=1", "op=set audit_backlog_limit=8192 old=64 res=1"] {
            try directory.append("audit.log", "type=CONFIG_CHANGE msg=audit(100.000:5): \(text)\n" + openEvent(5))
        }
        _ = source.drain(into: sink)
        #expect(sink.notices.isEmpty)
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func `a log that may not be read is an error with a hint`() throws {
        try directory.write("audit.log", "")
        chmod(directory.path("audit.log"), 0)
        let error = #expect(throws: KernelError.self) { _ = try follow() }
        #expect(error?.hint != nil)
    }
}
