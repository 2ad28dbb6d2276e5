import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

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
