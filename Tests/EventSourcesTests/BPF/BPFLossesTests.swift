import CBPFRecords
import Testing

@testable import EventSources

/// What did not come is told, with its causes and by whom.
@Suite struct BPFLossesTests {
    @Test func `loss is told with its causes, at most every few seconds`() throws {
        let scene = try BPFScene()
        scene.tick()
        #expect(scene.sink.notices.isEmpty)
        (scene.programs.counts.lostFull, scene.programs.counts.lostNested) = (5, 2)
        scene.tick()
        let message = try #require(scene.notices(.lost).first)
        #expect(message.contains("7 events lost in the kernel: 5 since the ring buffer was full, 2 since a program"))
        #expect(scene.sink.notices.last?.count == 7)
        scene.programs.counts.lostFull = 6
        scene.tick(seconds: 1)
        #expect(scene.notices(.lost).count == 1)
        scene.tick(seconds: 9)
        #expect(scene.notices(.lost).count == 2)
        #expect(scene.source.counters.lostInKernel == 8)
    }

    @Test func `what the programs can't see is told once, and results that are lost`() throws {
        let scene = try BPFScene()
        scene.programs.shortcomings = ["operations of io_uring are not seen: why"]
        scene.tick()
        scene.tick()
        #expect(scene.notices(.blind) == ["ebpf: operations of io_uring are not seen: why"])
        scene.programs.counts.toldEarly = 3
        scene.tick()
        #expect(scene.notices(.lost).last?.hasPrefix("the results of 3 operations of io_uring are lost") == true)
        #expect(scene.source.counters.lostInKernel == 0)
        scene.programs.counts.toldUnproven = 2
        scene.tick()
        #expect(
            scene.notices(.lost).last?.hasPrefix("which files 2 opens through io_uring led to is not known") == true)
        scene.programs.counts.groupsApart = 5
        scene.tick()
        #expect(scene.notices(.remark).last?.hasPrefix("5 control groups that were made within others") == true)
        scene.programs.counts.toldShort = 4
        scene.tick()
        #expect(scene.notices(.lost).last?.hasPrefix("of 4 programs only the beginning of their arguments") == true)
        #expect(scene.source.counters.lostInKernel == 0)
    }

    @Test func `who floods is named, and only the new count is told`() throws {
        let scene = try BPFScene()
        let record = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat", pid: 1) { record in
            (record.cgroup, record.mnt_ns, record.pid_ns) = (55, 7, 8)
        }
        scene.programs.records = Array(repeating: record, count: 200)
        scene.programs.groupCounts = [55: BPFGroupCounts(held: 30), 77: BPFGroupCounts(held: 0)]
        scene.programs.counts.held = 30
        scene.tick()
        var message = try #require(scene.notices(.lost).last)
        #expect(message.contains("30 events were held back in the kernel"))
        #expect(message.contains("30 of that of pid 1"))
        scene.programs.groupCounts = [55: BPFGroupCounts(held: 40), 77: BPFGroupCounts(held: 5)]
        scene.programs.counts.held = 45
        scene.tick()
        message = try #require(scene.notices(.lost).last)
        #expect(message.contains("15 events were held back"))
        #expect(message.contains("10 of that of pid 1"))
        #expect(message.contains("5 of control group 77"))
    }
}
