import AuditRecords
import EventModel
import EventSources
import Foundation
import KernelInterface
import Testing

@Suite struct AuditLogReplayTests {
    private func replay(_ paths: [String]) throws -> (CollectingSink, SourceCounters) {
        let source = try AuditLogReplay(paths: paths, syscalls: .test)
        let sink = CollectingSink()
        while source.drain(into: sink) {}
        return (sink, source.counters)
    }

    private func gzip(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "gzip -c \"$0\" > \"$0.gz\"", path]
        try process.run()
        process.waitUntilExit()
    }

    @Test func `a plain log`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", openEvent(1) + openEvent(2))
        let (sink, counters) = try replay([directory.path("a")])
        #expect(sink.serials == [1, 2])
        #expect(sink.events.map(\.source) == [.auditLog, .auditLog])
        #expect(sink.events.map(\.timeNanoseconds) == [100_000_000_000, 100_000_000_000])
        #expect(counters.records == 4)
        #expect(counters.events == 2)
        #expect(sink.notices.isEmpty)
    }

    @Test func `a last line without its end counts`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", String(openEvent(1).dropLast()))
        #expect(try replay([directory.path("a")]).0.serials == [1])
    }

    @Test func `an event that a rotation cuts in two is one event`() throws {
        let directory = try ScratchDirectory()
        let lines = openEvent(1).split(separator: "\n")
        try directory.write("audit.log.1", "\(lines[0])\n")
        try directory.write("audit.log", "\(lines[1])\n" + openEvent(2))
        let (sink, counters) = try replay([directory.path("audit.log.1"), directory.path("audit.log")])
        #expect(sink.serials == [1, 2])
        #expect(counters.incomplete == 0)
    }

    @Test func `gzip'd logs, and several members in one file`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", (1...5000).map { openEvent($0) }.joined())
        try directory.write("b", openEvent(5001))
        try gzip(directory.path("a"))
        try gzip(directory.path("b"))
        var data = try Data(contentsOf: URL(fileURLWithPath: directory.path("a.gz")))
        data += try Data(contentsOf: URL(fileURLWithPath: directory.path("b.gz")))
        data += Data(count: 700)
        // Gzip'd or not is told by the content, not by the name.
        try data.write(to: URL(fileURLWithPath: directory.path("both.log")))
        let (sink, _) = try replay([directory.path("both.log")])
        #expect(sink.serials == (1...5001).map { UInt64($0) })
        #expect(sink.notices.isEmpty)
    }

    @Test(arguments: [(30, "ends in the middle"), (0, "damaged")])
    func `a broken gzip file is reported, and the next file is read`(_ cut: Int, _ message: String) throws {
        let directory = try ScratchDirectory()
        try directory.write("a", (1...2000).map { openEvent($0, name: "n\($0 &* 7919)") }.joined())
        try directory.write("b", openEvent(9000))
        try gzip(directory.path("a"))
        var data = try Data(contentsOf: URL(fileURLWithPath: directory.path("a.gz")))
        if cut > 0 {
            data.removeLast(cut)
        } else {
            data[data.count / 2] ^= 0xff
            data[data.count / 2 + 1] ^= 0xff
        }
        try data.write(to: URL(fileURLWithPath: directory.path("a.gz")))
        let source = try AuditLogReplay(paths: [directory.path("a.gz"), directory.path("b")], syscalls: .test)
        let sink = CollectingSink()
        while source.drain(into: sink) {}
        #expect(source.failure?.contains(message) == true)
        #expect(sink.serials.contains(9000))
        #expect(sink.serials.count > 500)
        // What the damage left of a line may be told besides.
        #expect(sink.notices.filter { $0.kind == .lost }.count == 1)
        #expect(sink.notices.first?.message.contains(message) == true)
        #expect(sink.notices.first?.kind == .lost)
    }

    @Test func `a file that is missing is an error before anything is read`() throws {
        let error = #expect(throws: KernelError.self) {
            _ = try AuditLogReplay(paths: ["/nonexistent/audit.log"], syscalls: .test)
        }
        #expect(error?.errno == ENOENT)
        #expect(error?.description.contains("/nonexistent/audit.log") == true)
    }

    @Test func `a directory is no log`() {
        #expect(throws: KernelError.self) { _ = try AuditLogReplay(paths: ["/tmp"], syscalls: .test) }
    }

    @Test(arguments: [
        ("Nov 03 10:00:01 web1 audit[11]: SYSCALL arch=c000003e syscall=59", "journalctl"),
        ("type=CWD msg=audit(09/13/2020 12:26:41.101:21) : cwd=/home", "ausearch -i"),
        ("hello \u{1b}[31m", "\"hello .[31m\""),
    ])
    func `a file without a record is an error that shows its first line`(_ line: String, _ word: String) throws {
        let directory = try ScratchDirectory()
        try directory.write("a", "\n\(line)\n\(line)\n")
        let source = try AuditLogReplay(paths: [directory.path("a")], syscalls: .test)
        let sink = CollectingSink()
        while source.drain(into: sink) {}
        #expect(source.failure?.contains("nothing was read") == true)
        let message = try #require(sink.notices.first?.message)
        #expect(message.contains("a:2: no audit record, the first of 2 such lines: "))
        #expect(message.contains(word))
    }

    @Test func `a line that is no record among others is told, and no failure`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", openEvent(1) + "x\n" + openEvent(2))
        let source = try AuditLogReplay(paths: [directory.path("a")], syscalls: .test)
        let sink = CollectingSink()
        while source.drain(into: sink) {}
        #expect(sink.serials == [1, 2])
        #expect(source.failure == nil)
        #expect(sink.notices.map(\.kind) == [.remark])
    }

    @Test func `a call of a machine that is not known is told`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", openEvent(1).replacing("arch=c000003e", with: "arch=c0000102"))
        let (sink, _) = try replay([directory.path("a")])
        #expect(sink.events.map(\.type.name) == ["syscall"])
        #expect(sink.notices.first?.message.contains("arch=c0000102") == true)
    }

    @Test func `an endless line is counted once and what follows is read`() throws {
        let directory = try ScratchDirectory()
        let endless = String(repeating: "x", count: 700_000) + "\n"
        let long = "type=PATH msg=audit(1.1:1): name=\"" + String(repeating: "x", count: 70_000) + "\"\n"
        try directory.write("a", openEvent(1) + endless + long + openEvent(2))
        let (sink, counters) = try replay([directory.path("a")])
        #expect(sink.serials == [1, 2])
        #expect(counters.malformed == 2)
    }

    @Test func `CRLF and NULs do no harm`() throws {
        let directory = try ScratchDirectory()
        try directory.write(
            "a", "\u{0}\r\n" + openEvent(1).replacing("\n", with: "\r\n") + "\u{0}\u{0}\n" + openEvent(2))
        #expect(try replay([directory.path("a")]).0.serials == [1, 2])
    }

    @Test func `an empty file and no file at all`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", "")
        #expect(try replay([directory.path("a")]).0.events.isEmpty)
        #expect(try replay([]).0.events.isEmpty)
    }

    @Test func `a log larger than the buffer loses no line`() throws {
        let directory = try ScratchDirectory()
        try directory.write("a", (1...20_000).map { openEvent($0) }.joined())
        let (sink, counters) = try replay([directory.path("a")])
        #expect(sink.serials == (1...20_000).map { UInt64($0) })
        #expect(counters.malformed == 0)
    }

    @Test func `a pipe is read as it fills`() throws {
        let directory = try ScratchDirectory()
        let fifo = directory.path("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cat > \"$0\"", fifo]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        let source = try AuditLogReplay(paths: [fifo], syscalls: .test)
        #expect(source.descriptor != nil)
        let sink = CollectingSink()
        input.fileHandleForWriting.write(Data(openEvent(1).utf8))
        #expect(source.drain(into: sink))
        #expect(sink.serials == [1])
        input.fileHandleForWriting.write(Data(openEvent(2).utf8))
        try input.fileHandleForWriting.close()
        while source.drain(into: sink) {}
        process.waitUntilExit()
        #expect(sink.serials == [1, 2])
    }
}
