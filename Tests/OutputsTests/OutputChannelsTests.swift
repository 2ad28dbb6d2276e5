import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

func alert(_ text: String, _ priority: Priority = .warning) -> Alert {
    Alert(
        timeNanoseconds: 1_700_000_000_000_000_042, rule: "R", priority: priority, source: "syscall", tags: [],
        message: Array(text.utf8), fields: [])
}

private func rendered(_ text: String) -> RenderedAlert {
    RenderedAlert(priority: .warning, line: Array(text.utf8), priorityRange: 0..<1)
}

/// A unix datagram socket that receives at a path.
func listenForDatagrams(at path: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(result == 0)
    return listener
}

/// Both ends of a pipe, as numbers that the test closes.
func makePipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    return (ends[0], ends[1])
}

/// What can be read from a descriptor without waiting.
func available(_ descriptor: Int32) -> String {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : ""
}

func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("shrike-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

/// Waits for another process to write a file.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        usleep(10_000)
    }
    return false
}

/// Whether exactly this can be read from a descriptor, in pieces or as a whole.
private func arrives(_ text: String, at descriptor: Int32) -> Bool {
    var found = ""
    return eventually {
        found += available(descriptor)
        return found == text
    }
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
    private func standard(
        _ writing: Int32, _ buffering: OutputBuffering, isColored: Bool = false
    ) throws -> StandardOutput {
        let output = try StandardOutput(descriptor: writing, buffering: buffering, isColored: isColored)
        try output.start()
        return output
    }

    @Test func `without buffering a line is out at once, in colour`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = try standard(writing, .none, isColored: true)
        try output.write(rendered("Warning"))
        #expect(arrives("\u{1b}[33mW\u{1b}[0marning\n", at: reading))
    }

    @Test func `by default lines are out at the end of the batch, without colour`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = try standard(writing, .batch)
        try output.write(rendered("a"))
        try output.write(rendered("b"))
        #expect(available(reading) == "")
        try output.flush()
        #expect(arrives("a\nb\n", at: reading))
    }

    @Test func `fully buffered lines wait for the close`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = try standard(writing, .full)
        // The thread looks once when it starts.
        usleep(50_000)
        try output.write(rendered("a"))
        try output.flush()
        #expect(available(reading) == "")
        output.finish(by: .max)
        try output.close()
        #expect(available(reading) == "a\n")
    }

    @Test func `what is written before the start is delivered`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let output = try StandardOutput(descriptor: writing, buffering: .batch, isColored: false)
        try output.write(rendered("a"))
        try output.start()
        #expect(arrives("a\n", at: reading))
    }

    @Test func `the descriptor stays as it was, since others share it`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let before = fcntl(writing, F_GETFL)
        let output = try standard(writing, .none)
        try output.write(rendered("a"))
        #expect(arrives("a\n", at: reading))
        #expect(fcntl(writing, F_GETFL) == before)
    }

    @Test func `a reader that goes ends the channel and nothing else`() throws {
        let (reading, writing) = try makePipe()
        defer { close(writing) }
        close(reading)
        let channels = OutputChannels(
            [try StandardOutput(descriptor: writing, buffering: .none, isColored: false)],
            format: AlertFormat())
        channels.start()
        channels.send(alert("x"))
        #expect(eventually { channels.haveAllEnded })
        channels.send(alert("y"))
        #expect(channels.counters.map(\.failed) == [2])
        #expect(
            channels.takeProblems().map(\.message) == [
                "output stdout: its reader has gone; alerts are lost there", "output stdout: 2 alerts were lost there",
            ])
    }
}

@Suite struct FileOutputTests {
    @Test func `appends, and only the owner may read`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/alerts.log"
            for text in ["first", "second"] {
                let output = try FileOutput(path: path, keepsOpen: false, isBuffered: false)
                try output.start()
                try output.write(rendered(text))
                output.finish(by: .max)
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
            try output.start()
            try output.write(rendered("old"))
            try output.flush()
            #expect(eventually { contents(path) == "old\n" })
            #expect(rename(path, path + ".1") == 0)
            try output.reopen()
            try output.write(rendered("new"))
            try output.flush()
            #expect(eventually { contents(path) == "new\n" })
            #expect(contents(path + ".1") == "old\n")
        }
    }

    @Test func `a path that can't be written shows at start`() throws {
        let error = #expect(throws: OutputError.self) {
            try FileOutput(path: "/nonexistent/x.log", keepsOpen: true, isBuffered: false)
        }
        #expect(error?.description.contains("open(/nonexistent/x.log): No such file or directory") == true)
    }

    @Test func `a named pipe that nobody reads is an error, not a wait`() throws {
        try withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(throws: OutputError.self) {
                try FileOutput(path: directory + "/pipe", keepsOpen: true, isBuffered: false)
            }
        }
    }

    @Test func `what a full disk refuses is written when there is room, no line broken and none twice`() throws {
        try withTemporaryDirectory { directory in
            // The limit is the process's, so it stands for a moment only.
            let path = directory + "/alerts.log"
            let output = try FileOutput(path: path, keepsOpen: true, isBuffered: true)
            let line = String(repeating: "x", count: 99)
            for _ in 0..<100 { try output.write(rendered(line)) }
            signal(SIGXFSZ, SIG_IGN)
            var before = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
            var small = before
            small.rlim_cur = 5_050
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small) == 0)
            try output.start()
            let hasFailed = eventually { output.status?.failure != nil }
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
            #expect(hasFailed)
            #expect(eventually { output.status?.delivered == 100 })
            #expect(contents(path) == String(repeating: line + "\n", count: 100))
            #expect(output.status?.lost == 0 && output.status?.failure == nil)
        }
    }
}

@Suite struct ProgramOutputTests {
    @Test(arguments: [false, true])
    func `the program reads every alert`(keepsRunning: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = try ProgramOutput(command: "cat >> \(path)", keepsRunning: keepsRunning)
            try output.start()
            try output.write(rendered("one"))
            if !keepsRunning { #expect(eventually { contents(path) == "one\n" }) }
            try output.write(rendered("two"))
            output.finish(by: .max)
            try output.close()
            #expect(eventually { contents(path) == "one\ntwo\n" })
        }
    }

    @Test func `a program that ended is started again`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = try ProgramOutput(command: "head -n 1 >> \(path)", keepsRunning: true)
            try output.start()
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
            let listener = try listenForDatagrams(at: path)
            defer { close(listener) }
            let output = try SyslogOutput(path: path)
            try output.start()
            #expect(available(listener).isEmpty, "the question whether somebody listens")
            try output.write(RenderedAlert(priority: .warning, line: Array("hello".utf8), priorityRange: nil))
            try output.flush()
            var message = ""
            #expect(
                eventually {
                    message = available(listener)
                    return !message.isEmpty
                })
            #expect(message.hasPrefix("<12>"))
            #expect(message.hasSuffix(" shrike[\(getpid())]: hello"))
        }
    }

    @Test func `RFC 5424 has structured data and the event's time`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let listener = try listenForDatagrams(at: path)
            defer { close(listener) }
            let output = try SyslogOutput(path: path, form: .rfc5424, hostName: "node")
            try output.start()
            #expect(available(listener).isEmpty)
            try output.write(alert("hello", .error), rendered("hello"))
            try output.flush()
            let header = "<11>1 2023-11-14T22:13:20.000000Z node shrike \(getpid()) alert"
            #expect(arrives(header + #" [shrike@32473 rule="R" source="syscall"] hello"#, at: listener))
        }
    }

    @Test func `no daemon is an error with a hint`() {
        let error = #expect(throws: OutputError.self) { try SyslogOutput(path: "/nonexistent/log") }
        #expect(error?.description.contains("is a syslog daemon running?") == true)
    }
}

@Suite struct OutputChannelsTests {
    @Test func `a failing channel is counted and told once, and again when it works`() throws {
        let channels = OutputChannels([FlakyOutput()], format: AlertFormat())
        channels.send(alert("1"))
        #expect(channels.takeProblems().count == 1)
        channels.send(alert("2"))
        #expect(channels.takeProblems().map(\.message) == ["output flaky works again"])
        channels.send(alert("3"))
        #expect(channels.counters.first?.delivered == 1)
        #expect(channels.counters.first?.failed == 2)
        #expect(!channels.haveAllEnded)
    }

    @Test func `one channel's failure leaves the others their alerts`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        let standard = try StandardOutput(descriptor: writing, buffering: .batch, isColored: false)
        let channels = OutputChannels([FlakyOutput(), standard], format: AlertFormat())
        channels.start()
        channels.send(alert("x"))
        channels.endBatch()
        #expect(eventually { available(reading).hasSuffix(": Warning x\n") })
    }

    @Test func `a reload keeps what waits where the channel stays, and lets the others deliver`() throws {
        try withTemporaryDirectory { directory in
            let (reading, writing) = try makePipe()
            defer { for end in [reading, writing] { close(end) } }
            func standard() throws -> StandardOutput {
                try StandardOutput(descriptor: writing, buffering: .batch, isColored: false)
            }
            let file = try FileOutput(path: directory + "/old", keepsOpen: true, isBuffered: true)
            let old = OutputChannels([file, try standard()], format: AlertFormat())
            old.start()
            // More than the pipe takes.
            for _ in 0..<1000 { old.send(alert(String(repeating: "x", count: 200))) }
            old.endBatch()
            let new = OutputChannels([try standard()], format: AlertFormat())
            new.takeOver(old)
            new.send(alert("last"))
            new.endBatch()
            var received = ""
            #expect(
                eventually {
                    received += available(reading)
                    return received.hasSuffix(": Warning last\n")
                })
            #expect(received.split(separator: "\n").count == 1001)
            #expect(eventually { contents(directory + "/old")?.split(separator: "\n").count == 1000 })
            new.close()
            #expect(new.counters.first { $0.name == "stdout" }?.delivered == 1001)
        }
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
        var summary = RunSummary()
        summary.addUncounted("fanotify: equal opens")
        #expect(
            summary.text
                == "Events detected: 0\nEvents examined: 0\nDropped: nothing that can be counted\nNot counted:\n   fanotify: equal opens\n"
        )
    }
}
