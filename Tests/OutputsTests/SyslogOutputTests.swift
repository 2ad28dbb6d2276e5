import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

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

    @Test func `without a daemon it fails from the start, and delivers when one comes`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let channels = OutputChannels([try SyslogOutput(path: path)], format: AlertFormat())
            channels.start()
            let problems = channels.takeProblems().map(\.message)
            #expect(problems.count == 1)
            #expect(problems.first?.contains("is a syslog daemon running?") == true)
            // No reason for anybody to restart it.
            #expect(channels.failing.isEmpty)
            channels.send(alert("waits"))
            channels.endBatch()
            let listener = try listenForDatagrams(at: path)
            defer { close(listener) }
            #expect(eventually { available(listener).hasSuffix("waits") })
            #expect(eventually { channels.takeProblems().map(\.kind) == [.recovered] })
            channels.close()
        }
    }
}
