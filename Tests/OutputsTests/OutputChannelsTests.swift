import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

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
