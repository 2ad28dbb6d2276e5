import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

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

    /// What a channel to the program counts and tells after so many alerts, one by one, and its end.
    private func outcome(_ command: String, keepsRunning: Bool, alerts: Int) throws -> (
        counters: OutputChannels.Counters, problems: [OutputProblem.Kind]
    ) {
        let output = try ProgramOutput(command: command, keepsRunning: keepsRunning)
        let channels = OutputChannels([output], format: AlertFormat())
        channels.start()
        for index in 0..<alerts {
            channels.send(alert("\(index)"))
            channels.endBatch()
            #expect(eventually { channels.counters.first?.waiting == 0 })
        }
        channels.close()
        let problems = channels.takeProblems().map(\.kind)
        return (try #require(channels.counters.first), problems)
    }

    @Test(arguments: [
        ("exec /nope/prog 2> /dev/null", false, "exit status 127"),
        ("exec /nope/prog 2> /dev/null", true, "exit status 127"),
        ("cat > /dev/null; exit 3", false, "exit status 3"), ("kill -9 $$", true, "signal 9"),
    ])
    func `alerts that a program fails with are lost, and that is told`(
        command: String, keepsRunning: Bool, reason: String
    ) throws {
        let (counters, problems) = try outcome(command, keepsRunning: keepsRunning, alerts: 3)
        #expect(counters.failed == 3 && counters.delivered == 0)
        #expect(problems.count == 2)
        if case .failing(let told) = problems.first { #expect(told.contains(reason)) } else { Issue.record("not told") }
        #expect(problems.last == .lost(3))
    }

    @Test(arguments: [("cat > /dev/null", false), ("cat > /dev/null", true), ("sleep 0.1; cat > /dev/null", true)])
    func `alerts that a program reads are delivered`(command: String, keepsRunning: Bool) throws {
        let (counters, problems) = try outcome(command, keepsRunning: keepsRunning, alerts: 3)
        #expect(counters.delivered == 3 && counters.failed == 0)
        #expect(problems.isEmpty)
    }

    @Test func `what a program leaves unread is lost, though it ends well`() throws {
        let (counters, _) = try outcome("sleep 0.1; exit 0", keepsRunning: true, alerts: 1)
        #expect(counters.failed == 1 && counters.delivered == 0)
    }
}
