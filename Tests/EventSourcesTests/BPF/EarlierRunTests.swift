import CBPFRecords
import EventModel
import KernelInterface
import Testing

@testable import EventSources

/// A start that goes on with what the run before has left.
@Suite struct EarlierRunTests {
    /// What a run before has left.
    final class ScriptedRemains: BPFRemains {
        var records: [[UInt8]] = []
        var missing = BPFMissing()
        private(set) var isDetached = false
        var waiting: Int { records.count }

        func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int {
            let taken = records.prefix(limit)
            records.removeFirst(taken.count)
            for record in taken { body(record.span) }
            return taken.count
        }

        func detach() { isDetached = true }
    }

    private static func open(_ pid: Int32, at time: UInt64) -> [UInt8] {
        ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat", pid: pid) { $0.time = time }
    }

    @Test func `what a run before gathered comes first, and what both programs saw comes once`() throws {
        let (programs, remains, sink) = (ScriptedPrograms(), ScriptedRemains(), RecordingSink())
        let before = KernelClock.boot()
        remains.records = [Self.open(70, at: before - 10), Self.open(71, at: before - 5), Self.open(72, at: .max)]
        remains.missing = BPFMissing(held: 4, lostFull: 2, lostBusy: 1)
        let needs = SourceNeeds(events: EventNeeds(), fieldNames: [])
        let source = try BPFSource(needs, connection: programs, remains: remains, files: ChangingFiles())
        #expect(source.continuesEarlierRun && remains.isDetached)
        programs.records = [Self.open(71, at: before - 5), Self.open(72, at: .max)]
        _ = source.drain(into: sink)
        #expect(sink.received.map(\.pid) == [70, 71, 72])
        // The kernel may be at a last record.
        remains.records = [Self.open(73, at: before - 1)]
        for second in 1...3 as ClosedRange<UInt64> { source.tick(nowNanoseconds: second * 1_000_000_000, into: sink) }
        #expect(sink.received.map(\.pid) == [70, 71, 72, 73])
        let lost = sink.notices.filter { $0.kind == .lost }
        #expect(lost.map(\.count) == [7])
        #expect(
            lost.first?.message.contains("3 events lost in the kernel (2 since the ring buffer was full, 1 since")
                == true)
        #expect(lost.first?.message.contains("4 held back") == true)
        #expect(source.counters.lostInKernel == 7)
        let losses = source.counters.kernelLosses
        #expect(losses?.heldBack == 4 && losses?.ringFull == 2 && losses?.memoryInUse == 1)
        #expect(sink.notices.contains { $0.kind == .remark && $0.message.contains("4 records") })
    }

    @Test func `programs that the manager keeps stay at the end, and what comes later is left to the next start`()
        throws
    {
        let scene = try BPFScene()
        #expect(scene.source.storable == scene.programs.storable)
        scene.source.noteStored()
        scene.programs.counts.lostFull = 9
        scene.tick()
        #expect(scene.programs.toldMissing == BPFMissing(lostFull: 9))
        let record = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat")
        scene.programs.records = [record]
        scene.source.finish()
        #expect(!scene.programs.isDetached && !scene.source.isDrained)
        _ = scene.source.drain(into: scene.sink)
        #expect(scene.source.isDrained && scene.sink.received.count == 1)
        scene.programs.records = [record, record]
        #expect(scene.source.isDrained)
        scene.source.stop()
        #expect(scene.programs.records.count == 2 && scene.source.counters.unread == 0)
    }
}
