import EventModel
import Glibc
import KernelInterface
import Synchronization
import Testing

@testable import Outputs

/// Fails once, then stands still until it is let go.
private struct HalfDeadSink: OutputSink {
    let batchBytes = 0
    let isFailed: Atomic<Bool>.Reference
    let gate: Atomic<Bool>.Reference

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        guard isFailed.value.exchange(true, ordering: .relaxed) else {
            throw .failed(KernelError(call: "write", object: "test", errno: EIO))
        }
        while !gate.value.load(ordering: .relaxed), !isGivenUp() { usleep(5_000) }
    }
    mutating func close() {}
}

extension Atomic<Bool> {
    fileprivate final class Reference: Sendable {
        let value = Atomic<Bool>(false)
    }
}

@Suite struct OutputWriterTests {
    @Test func `a reader that stands still behind a failure is seen to`() throws {
        let failed = Atomic<Bool>.Reference()
        let gate = Atomic<Bool>.Reference()
        let writer = try OutputWriter(name: "test", queue: OutputQueue()) { HalfDeadSink(isFailed: failed, gate: gate) }
        try writer.start()
        writer.append([1], .warning)
        writer.flush()
        for _ in 0..<1000 where writer.status.failure == nil { usleep(5_000) }
        // Tried again after a second.
        for _ in 0..<1000 where writer.status.busySince == nil { usleep(5_000) }
        #expect(writer.status.busySince != nil)
        gate.value.store(true, ordering: .relaxed)
        for _ in 0..<1000 where writer.status.delivered == 0 { usleep(5_000) }
        #expect(writer.status.delivered == 1)
        #expect(writer.status.busySince == nil)
        writer.finish(by: KernelClock.monotonic() &+ 5_000_000_000)
        writer.waitForEnd()
    }
}
