import EventModel
import Foundation
import Glibc
import NodeState
import Testing

@testable import EventSources

@Suite struct ProcfsSourceTests {
    private final class Known: KnownProcesses {
        var pids: Set<Int32> = []
        func isKnown(pid: Int32, startTicks: UInt64) -> Bool { pids.contains(pid) }
    }
    private static let second: UInt64 = 1_000_000_000

    private let files = ScriptedProc()
    private let known = Known()
    private let sink = RecordingSink()

    private func source(_ role: ProcfsSource.Role, ledger: ExecLedger? = nil) -> ProcfsSource {
        ProcfsSource(options: ProcfsSource.Options(role: role), known: known, execLedger: ledger, files: files)
    }

    private var told: [String] { sink.received.map { "\($0.type) \($0.pid)" + ($0.child > 0 ? " \($0.child)" : "") } }

    @Test func `the first look tells what nobody knew, parents first`() {
        files.add(20, parent: 10, start: 200, code: 2)
        files.add(10, parent: 1, start: 100, code: 1)
        files.add(1, parent: 0, start: 1, code: 9)
        known.pids = [1]
        let source = source(.only)
        source.tick(nowNanoseconds: 1, into: sink)
        #expect(told == ["execve 10", "execve 20"])
        #expect(sink.events[0].process.startTicks == 100)
        #expect(sink.events[0].hasResult)
    }

    @Test func `polling alone finds starts, forks, execs, reused ids and ends`() {
        files.add(1, parent: 0, start: 1, code: 9)
        files.add(10, parent: 1, start: 100, code: 1)
        known.pids = [1, 10]
        let source = source(.only)
        source.tick(nowNanoseconds: 1, into: sink)
        #expect(told.isEmpty)

        files.add(20, parent: 10, start: 200, code: 2)
        files.add(30, parent: 10, start: 201, code: 1)
        source.tick(nowNanoseconds: Self.second / 2, into: sink)
        #expect(told.isEmpty, "the interval is not over")
        // Node state knows it by now, for a child's sake; it was not told all the same.
        known.pids.insert(20)
        source.tick(nowNanoseconds: Self.second + 2, into: sink)
        #expect(told == ["execve 20", "clone 10 30"])

        sink.received = []
        files.add(30, command: "id", parent: 10, start: 201, code: 3)
        files.add(20, parent: 1, start: 900, code: 4)
        files.remove(10)
        source.tick(nowNanoseconds: 2 * Self.second + 3, into: sink)
        #expect(told == ["procexit 10", "procexit 20", "execve 30", "execve 20"])
        #expect(source.counters.events == 6)
    }

    @Test func `kernel threads and zombies run no program`() {
        files.add(2, parent: 0, start: 1, code: 0, stack: 0, flags: 0x20_0000)
        files.add(50, parent: 1, start: 300, code: 0, stack: 0, state: "Z")
        source(.only).tick(nowNanoseconds: 1, into: sink)
        #expect(told.isEmpty)
    }

    @Test func `a process that becomes a zombie did not exec`() {
        files.add(50, parent: 1, start: 300, code: 5)
        known.pids = [50]
        let source = source(.only)
        source.tick(nowNanoseconds: 1, into: sink)
        files.add(50, parent: 1, start: 300, code: 0, stack: 0, state: "Z")
        source.tick(nowNanoseconds: 2 * Self.second, into: sink)
        files.remove(50)
        source.tick(nowNanoseconds: 4 * Self.second, into: sink)
        #expect(told == ["procexit 50"])
    }

    @Test func `as a safety net it waits for the other source and tells what that one missed`() {
        let source = source(.safetyNet)
        files.add(10, start: 100, code: 1)
        files.add(11, start: 101, code: 2)
        files.add(12, start: 102, code: 3)
        source.tick(nowNanoseconds: Self.second, into: sink)
        #expect(told.isEmpty)
        known.pids = [10]
        files.remove(12)
        source.tick(nowNanoseconds: Self.second + 300_000_000, into: sink)
        #expect(told == ["execve 11"])
        #expect(source.details.alreadyTold == 1)
        #expect(source.details.vanished == 1)
    }

    @Test func `as a safety net it tells an exec only where no event did`() {
        let ledger = ExecLedger()
        let source = source(.safetyNet, ledger: ledger)
        known.pids = [10, 11]
        files.add(10, start: 100, code: 1)
        files.add(11, start: 101, code: 2)
        source.tick(nowNanoseconds: Self.second, into: sink)
        files.add(10, start: 100, code: 10)
        files.add(11, start: 101, code: 20)
        ledger.note(10)
        source.requestScan()
        source.tick(nowNanoseconds: 2 * Self.second, into: sink)
        source.tick(nowNanoseconds: 3 * Self.second, into: sink)
        #expect(told == ["execve 11"])
    }

    @Test func `an unreadable proc is reported once, and once when it is back`() {
        let source = source(.only)
        source.tick(nowNanoseconds: 1, into: sink)
        source.tick(nowNanoseconds: 2 * Self.second, into: sink)
        #expect(sink.notices.map(\.kind) == [.blind])
        files.directories["/proc"] = []
        source.tick(nowNanoseconds: 4 * Self.second, into: sink)
        #expect(sink.notices.map(\.kind) == [.blind, .recovered])
    }

    @Test func `malformed and vanished files are counted`() {
        files.add(10)
        files.contents["/proc/10/stat"] = "nonsense"
        files.directories["/proc"]?.append(11)
        let source = source(.only)
        source.tick(nowNanoseconds: 1, into: sink)
        #expect(source.counters.malformed == 1)
        #expect(source.details.vanished == 1)
    }

    @Test func `more processes than the limit are counted, not kept`() {
        for pid in 1...10 as ClosedRange<Int32> { files.add(pid, start: UInt64(pid), code: UInt64(pid)) }
        var options = ProcfsSource.Options(role: .only)
        options.processLimit = 4
        let source = ProcfsSource(options: options, known: nil, files: files)
        source.tick(nowNanoseconds: 1, into: sink)
        #expect(told.count == 4)
        #expect(source.details.overLimit == 6)
    }

    /// Looks again and again, two seconds later each time for the source, until the condition holds.
    private func look(_ source: ProcfsSource, until isDone: () -> Bool) -> Bool {
        for step in 1...200 as ClosedRange<UInt64> {
            source.tick(nowNanoseconds: step * 2 * Self.second, into: sink)
            if isDone() { return true }
            usleep(10_000)
        }
        return false
    }

    @Test func `on the real proc a new process, its program and its end are found`() throws {
        let source = ProcfsSource(options: ProcfsSource.Options(role: .only), known: nil)
        source.tick(nowNanoseconds: 1, into: sink)
        #expect(sink.received.contains { $0.pid == getpid() && $0.type == "execve" })
        sink.received = []
        let process = try LiveKernel.start("/bin/sleep", ["30"])
        let pid = process.processIdentifier
        #expect(look(source) { sink.types(of: pid).contains("execve") })
        LiveKernel.end(process)
        #expect(look(source) { sink.types(of: pid).last == "procexit" })
    }

    @Test func `on the real proc a new program in an old process is found`() throws {
        let source = ProcfsSource(options: ProcfsSource.Options(role: .only), known: nil)
        // The shell stops itself, so that the first look surely sees it.
        let process = try LiveKernel.start("/bin/sh", ["-c", "kill -STOP $$; exec sleep 30"])
        defer { LiveKernel.end(process) }
        let pid = process.processIdentifier
        #expect(look(source) { sink.types(of: pid) == ["execve"] })
        var status: [UInt8] = []
        for _ in 0..<200 where !String(decoding: status, as: UTF8.self).contains(") T ") {
            usleep(10_000)
            _ = HostFiles().read(PathBuffer("/proc/\(pid)/stat"), upTo: 4096, into: &status)
        }
        sink.received = []
        source.requestScan()
        source.tick(nowNanoseconds: 1, into: sink)
        sink.received = []
        kill(pid, SIGCONT)
        source.requestScan()
        #expect(look(source) { sink.types(of: pid) == ["execve"] })
    }
}
