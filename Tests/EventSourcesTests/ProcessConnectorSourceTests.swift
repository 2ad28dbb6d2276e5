import EventModel
import Foundation
import Glibc
import KernelInterface
import NodeState
import Testing

@testable import EventSources

/// Against the real kernel.
@Suite(
    .serialized, .enabled(if: LiveKernel.isRoot, "needs root: the process connector asks for CAP_NET_ADMIN"))
struct ProcessConnectorSourceTests {
    @Test func `a real program's life is told in order`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let before = KernelClock.wall()
        let pid = try LiveKernel.run("/bin/sh", "-c", "exit 3")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        let fork = try #require(sink.received.first { $0.type == "clone" && $0.child == pid })
        #expect(fork.pid == getpid())
        #expect(fork.result == Int64(pid))
        #expect(sink.types(of: pid).filter { ["execve", "procexit"].contains($0) } == ["execve", "procexit"])
        let exit = try #require(sink.received.last { $0.pid == pid && $0.type == "procexit" })
        #expect(exit.status == 3 << 8)
        // Within this test: the monotonic clock was made the wall's.
        #expect(exit.time > before)
        #expect(exit.time < KernelClock.wall())
        #expect(source.counters.malformed == 0)
    }

    @Test func `a thousand very short processes are all seen`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let shell = try LiveKernel.run("/bin/sh", "-c", "i=0; while [ $i -lt 1000 ]; do (:) ; i=$((i+1)); done")
        #expect(
            LiveKernel.pump(source, sink) { sink.received.contains { $0.pid == shell && $0.type == "procexit" } })
        #expect(sink.received.count { $0.type == "clone" && $0.pid == shell } == 1000)
        #expect(source.counters.lostInKernel == 0)
    }

    @Test func `a signal that kills is in the status`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/bin/sh", "-c", "kill -9 $$")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        #expect(sink.received.last { $0.pid == pid && $0.type == "procexit" }?.status == 9)
    }

    @Test func `threads are not taken for processes`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let ignored = source.details.ignored
        let threads = (0..<8).map { _ in Thread { usleep(1_000) } }
        for thread in threads { thread.start() }
        #expect(LiveKernel.pump(source, sink) { source.details.ignored >= ignored + 16 })
        #expect(!sink.received.contains { $0.type == "clone" && $0.child == getpid() })
        #expect(!sink.received.contains { $0.pid == getpid() && $0.type == "procexit" })
    }

    @Test func `a change of user is told with the new ids`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run(
            "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/true")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        let user = try #require(sink.events.last { $0.process.pid == pid && $0.type.name == "setresuid" })
        #expect((user.process.uid, user.process.effectiveUID) == (65534, 65534))
        let group = try #require(sink.events.last { $0.process.pid == pid && $0.type.name == "setresgid" })
        #expect(group.process.gid == 65534)
    }

    @Test func `a new session is told`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/usr/bin/setsid", "--wait", "/bin/true")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        #expect(sink.received.contains { $0.type == "setsid" && $0.result == Int64($0.pid) })
    }

    @Test func `a process in a new pid namespace has its id of the first namespace`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/usr/bin/unshare", "--pid", "--fork", "/bin/sh", "-c", "exit 5")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        let inner = try #require(sink.received.first { $0.type == "clone" && $0.pid == pid }?.child)
        #expect(inner > 1)
        #expect(sink.received.contains { $0.pid == inner && $0.type == "procexit" && $0.status == 5 << 8 })
    }

    @Test func `attaching a tracer is told as the tracer's ptrace`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let process = try LiveKernel.start("/bin/sleep", ["30"])
        defer { LiveKernel.end(process) }
        let pid = process.processIdentifier
        #expect(LiveKernel.trace(pid))
        #expect(LiveKernel.pump(source, sink) { sink.received.contains { $0.type == "ptrace" } })
        let event = try #require(sink.events.first { $0.type.name == "ptrace" })
        #expect(event.process.pid == getpid())
        #expect((event.registers[0], event.registers[1]) == (16, UInt64(pid)))
    }

    @Test func `an overflow is counted exactly and reported, and reading goes on`() throws {
        var options = ProcessConnectorSource.Options()
        options.receiveBufferBytes = 4096
        let source = try ProcessConnectorSource(options: options)
        defer { source.stop() }
        let sink = RecordingSink()
        try LiveKernel.run("/bin/sh", "-c", "i=0; while [ $i -lt 300 ]; do (:) ; i=$((i+1)); done")
        #expect(LiveKernel.pump(source, sink) { source.counters.overruns > 0 })
        let pid = try LiveKernel.run("/bin/true")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        // A gap shows with the next message of the same processor.
        for _ in 0..<50 where source.counters.lostInKernel <= 500 {
            try LiveKernel.run("/bin/true")
            _ = source.drain(into: sink)
        }
        #expect(source.counters.lostInKernel > 500)
        let reported = sink.notices.filter { $0.kind == .lost }.reduce(0) { $0 + $1.count }
        #expect(reported >= source.counters.lostInKernel)
    }

    @Test func `a mask keeps the other events in the kernel`() throws {
        var options = ProcessConnectorSource.Options()
        options.events = [.exec, .exit]
        let source = try ProcessConnectorSource(options: options)
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/bin/sh", "-c", "(:); exit 0")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        #expect(source.counters.lostInKernel == 0)
        guard source.filtersInKernel else { return }
        #expect(!sink.received.contains { $0.type == "clone" })
    }

    @Test func `the canary is seen and not told`() throws {
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let process = try CanaryProcess.run()
        source.canaryRan(process)
        #expect(LiveKernel.pump(source, sink) { source.canary?.latencyNanoseconds != nil })
        source.concludeCanary(into: sink)
        #expect(sink.notices.isEmpty && source.outage == nil)
        #expect(sink.types(of: process.pid).isEmpty)
    }

    @Test func `stopping twice is harmless and silence follows`() throws {
        let source = try ProcessConnectorSource()
        source.stop()
        source.stop()
        #expect(source.descriptor == nil)
        #expect(!source.drain(into: RecordingSink()))
    }

    @Test func `the probe finds the connector`() {
        #expect(ProcessConnectorSource.probe().isAvailable)
    }

    @Test func `in another network namespace the reason and the remedy are said`() throws {
        // Unchecked: the thread writes before it signals, and the test reads after that.
        final class Answer: @unchecked Sendable { var value: SourceAvailability? }
        let answer = Answer()
        let isDone = DispatchSemaphore(value: 0)
        // A thread of its own: a network namespace is a thread's, and goes with it.
        let thread = Thread {
            if LiveKernel.leaveNetworkNamespace() { answer.value = ProcessConnectorSource.probe() }
            isDone.signal()
        }
        thread.start()
        isDone.wait()
        let availability = try #require(answer.value)
        #expect(!availability.isAvailable)
        #expect(availability.reason.contains("Connection refused"))
        #expect(availability.fix.contains("host's network"))
    }

    @Test func `node state fills in what the connector does not tell`() throws {
        let state = NodeState(files: HostFiles())
        let source = try ProcessConnectorSource()
        defer { source.stop() }
        let sink = RecordingSink()
        let process = try LiveKernel.start("/bin/sleep", ["30"])
        defer { LiveKernel.end(process) }
        let pid = process.processIdentifier
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("execve") })
        for var event in sink.events where event.process.pid == pid || event.childPID == pid { _ = state.apply(&event) }
        let record = try #require(state.process(pid: pid))
        #expect(String(decoding: record.command, as: UTF8.self) == "sleep")
        #expect(record.startTicks > 0)
        #expect(state.isKnown(pid: pid, startTicks: record.startTicks))
    }
}
