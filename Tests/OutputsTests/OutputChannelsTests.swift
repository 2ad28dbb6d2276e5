import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

private func alert(_ text: String, _ priority: Priority = .warning) -> Alert {
    Alert(
        timeNanoseconds: 1_700_000_000_000_000_042, rule: "R", priority: priority, source: "syscall", tags: [],
        message: Array(text.utf8), fields: [])
}

private func rendered(_ text: String) -> RenderedAlert {
    RenderedAlert(priority: .warning, line: Array(text.utf8), priorityRange: 0..<1)
}

/// Both ends of a pipe, as numbers that the test closes.
private func makePipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    return (ends[0], ends[1])
}

/// What can be read from a descriptor without waiting.
private func available(_ descriptor: Int32) -> String {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : ""
}

private func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("shrike-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

private func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

/// Waits for another process to write a file.
private func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        usleep(10_000)
    }
    return false
}

/// Refuses every second alert.
private final class FlakyOutput: AlertOutput {
    let name = "flaky"
    var calls = 0
    func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        calls += 1
        if calls % 2 == 1 { throw .full }
    }
    func flush() throws(OutputError) {}
    func close() throws(OutputError) {}
}

@Suite struct StandardOutputTests {
    @Test func `without buffering a line is out at once, in colour`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = StandardOutput(descriptor: writing, buffering: .none, isColored: true)
        try output.write(rendered("Warning"))
        #expect(available(reading) == "\u{1b}[33mW\u{1b}[0marning\n")
    }

    @Test func `by default lines are out at the end of the batch, without colour`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = StandardOutput(descriptor: writing, buffering: .batch, isColored: false)
        try output.write(rendered("a"))
        try output.write(rendered("b"))
        #expect(available(reading) == "")
        try output.flush()
        #expect(available(reading) == "a\nb\n")
    }

    @Test func `fully buffered lines wait for the close`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = StandardOutput(descriptor: writing, buffering: .full, isColored: false)
        try output.write(rendered("a"))
        try output.flush()
        #expect(available(reading) == "")
        try output.close()
        #expect(available(reading) == "a\n")
    }

    @Test func `a reader that goes ends the channel and nothing else`() throws {
        let (reading, writing) = try makePipe()
        defer { close(writing) }
        close(reading)
        let channels = OutputChannels(
            [StandardOutput(descriptor: writing, buffering: .none, isColored: false)], format: AlertFormat())
        channels.send(alert("x"))
        channels.send(alert("y"))
        #expect(channels.haveAllEnded)
        #expect(channels.counters.map(\.failed) == [1])
        #expect(channels.takeProblems() == ["output stdout: its reader has gone; alerts are lost there"])
    }
}

@Suite struct FileOutputTests {
    @Test func `appends, and only the owner may read`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/alerts.log"
            for text in ["first", "second"] {
                let output = try FileOutput(path: path, keepsOpen: false, isBuffered: false)
                try output.write(rendered(text))
                try output.flush()
                try output.close()
            }
            #expect(contents(path) == "first\nsecond\n")
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test(arguments: [false, true])
    func `survives rotation`(keepsOpen: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/alerts.log"
            let output = try FileOutput(path: path, keepsOpen: keepsOpen, isBuffered: false)
            try output.write(rendered("old"))
            try output.flush()
            #expect(rename(path, path + ".1") == 0)
            if keepsOpen { try output.reopen() }
            try output.write(rendered("new"))
            try output.flush()
            #expect(contents(path + ".1") == "old\n")
            #expect(contents(path) == "new\n")
        }
    }

    @Test func `a path that can't be written shows at start`() throws {
        let error = #expect(throws: OutputError.self) {
            try FileOutput(path: "/nonexistent/x.log", keepsOpen: true, isBuffered: false)
        }
        #expect(error?.description.contains("open(/nonexistent/x.log): No such file or directory") == true)
    }
}

@Suite struct ProgramOutputTests {
    @Test(arguments: [false, true])
    func `the program reads every alert`(keepsRunning: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = ProgramOutput(command: "cat >> \(path)", keepsRunning: keepsRunning)
            try output.write(rendered("one"))
            if !keepsRunning { #expect(eventually { contents(path) == "one\n" }) }
            try output.write(rendered("two"))
            try output.close()
            #expect(eventually { contents(path) == "one\ntwo\n" })
        }
    }

    @Test func `a program that ended is started again`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = ProgramOutput(command: "head -n 1 >> \(path)", keepsRunning: true)
            try output.write(rendered("one"))
            #expect(eventually { contents(path) == "one\n" })
            usleep(50_000)  // The file is complete a moment before the program is gone.
            try output.write(rendered("two"))
            #expect(eventually { contents(path) == "one\ntwo\n" })
        }
    }
}

@Suite struct SyslogOutputTests {
    @Test func `severity is the priority, facility is user`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(listener) }
            try bindUnix(listener, to: path)
            let output = try SyslogOutput(path: path)
            #expect(available(listener).isEmpty, "the question whether somebody listens")
            try output.write(RenderedAlert(priority: .warning, line: Array("hello".utf8), priorityRange: nil))
            let message = available(listener)
            #expect(message.hasPrefix("<12>"))
            #expect(message.hasSuffix(" shrike[\(getpid())]: hello"))
        }
    }

    @Test func `RFC 5424 has structured data and the event's time`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(listener) }
            try bindUnix(listener, to: path)
            let output = try SyslogOutput(path: path, form: .rfc5424, hostName: "node")
            #expect(available(listener).isEmpty)
            try output.write(alert("hello", .error), rendered("hello"))
            let header = "<11>1 2023-11-14T22:13:20.000000Z node shrike \(getpid()) alert"
            #expect(available(listener) == header + #" [shrike@32473 rule="R" source="syscall"] hello"#)
        }
    }

    @Test func `no daemon is an error with a hint`() {
        let error = #expect(throws: OutputError.self) { try SyslogOutput(path: "/nonexistent/log") }
        #expect(error?.description.contains("is a syslog daemon running?") == true)
    }

    private func bindUnix(_ descriptor: Int32, to path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }
}

@Suite struct OutputChannelsTests {
    @Test func `a failing channel is counted and told once, and again when it works`() throws {
        let channels = OutputChannels([FlakyOutput()], format: AlertFormat())
        channels.send(alert("1"))
        #expect(channels.takeProblems().count == 1)
        channels.send(alert("2"))
        #expect(channels.takeProblems() == ["output flaky works again"])
        channels.send(alert("3"))
        #expect(channels.counters.first?.delivered == 1)
        #expect(channels.counters.first?.failed == 2)
        #expect(!channels.haveAllEnded)
    }

    @Test func `one channel's failure leaves the others their alerts`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let standard = StandardOutput(descriptor: writing, buffering: .batch, isColored: false)
        let channels = OutputChannels([FlakyOutput(), standard], format: AlertFormat())
        channels.send(alert("x"))
        channels.endBatch()
        #expect(available(reading).hasSuffix(": Warning x\n"))
    }
}

@Suite struct RunSummaryTests {
    @Test func `alerts by severity and rule, most first, then what was lost`() {
        var summary = RunSummary()
        summary.events = 1234
        for (rule, priority) in [("B", Priority.notice), ("A", .notice), ("C", .critical), ("C", .critical)] {
            summary.alerts.count(
                Alert(
                    timeNanoseconds: 0, rule: rule, priority: priority, source: "syscall", tags: [], message: [],
                    fields: []))
        }
        summary.addDrop("audit: events lost in the kernel", count: 5)
        summary.addDrop("audit: malformed records", count: 0)
        summary.addNetworkOutput("siem", delivered: 3, refused: 0, queued: 1)
        #expect(
            summary.text == """
                Events detected: 4
                Rule counts by severity:
                   CRITICAL: 2
                   NOTICE: 2
                Triggered rules by rule name:
                   C: 2
                   A: 1
                   B: 1
                Events examined: 1234
                Network outputs:
                   siem: 3 delivered, 0 refused, 1 queued
                Dropped:
                   audit: events lost in the kernel: 5

                """)
    }

    @Test func `a quiet run says that nothing was lost`() {
        #expect(RunSummary().text == "Events detected: 0\nEvents examined: 0\nDropped: nothing\n")
    }
}
