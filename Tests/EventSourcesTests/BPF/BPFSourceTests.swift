import CBPFRecords
import Glibc
import KernelInterface
import Testing

@testable import EventSources

@Suite struct BPFSourceTests {
    @Test func `records become events, in order, and the wall clock is theirs`() throws {
        let scene = try BPFScene()
        let boot = KernelClock.boot()
        scene.programs.records = [
            ScriptedPrograms.record(SHRIKE_RECORD_FORK) { ($0.other_tgid, $0.other_tid, $0.time) = (70, 70, boot) },
            ScriptedPrograms.record(SHRIKE_RECORD_EXEC, pid: 71),
            [1, 2, 3],
            ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat", pid: 71),
            ScriptedPrograms.record(SHRIKE_RECORD_EXIT, pid: 71),
        ]
        #expect(scene.source.drain(into: scene.sink))
        #expect(scene.sink.received.map(\.type) == ["clone", "execve", "openat", "procexit"])
        #expect(scene.source.counters.records == 5)
        #expect(scene.source.counters.malformed == 1)
        let wall = KernelClock.wall()
        let time = try #require(scene.sink.received.first?.time)
        #expect(time <= wall && wall - time < 60_000_000_000)
    }

    @Test func `what comes while the reader lies down is taken before it sleeps`() throws {
        let scene = try BPFScene()
        scene.programs.onSleep = { [programs = scene.programs] in
            guard programs.sleeps == 1 else { return }
            programs.records.append(ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat"))
        }
        _ = scene.source.drain(into: scene.sink)
        #expect(scene.sink.received.count == 1)
        #expect(scene.programs.sleeps == 2)
    }

    @Test func `one call takes a bounded number of records`() throws {
        let scene = try BPFScene()
        let record = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat")
        scene.programs.records = Array(repeating: record, count: 20_000)
        _ = scene.source.drain(into: scene.sink)
        #expect(scene.sink.received.count < 20_000)
        #expect(scene.programs.sleeps == 0)
        for _ in 0..<3 { _ = scene.source.drain(into: scene.sink) }
        #expect(scene.sink.received.count == 20_000)
        #expect(scene.source.isDrained)
    }

    @Test func `the canary proves the call and the open, and its events are nobody else's`() throws {
        let scene = try BPFScene()
        let canary = CanaryProcess(pid: 4000, startedNanoseconds: KernelClock.monotonic(), openedFile: true)
        scene.source.canaryRan(canary)
        scene.source.concludeCanary(into: scene.sink)
        #expect(scene.notices(.blind).count == 2)
        #expect(scene.source.outage != nil)
        scene.source.canaryRan(canary)
        var open = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat", pid: 4000) { record in
            (record.parts, record.size) = (1, UInt32(MemoryLayout<shrike_record>.size + 16))
            record.ppid = getpid()
        }
        open += [UInt8(SHRIKE_PART_REAL.rawValue), 0, 0, 0, 2, 0, 0, 0] + Array("/x".utf8) + [0, 0, 0, 0, 0, 0]
        let call = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "membarrier", pid: 4000) { $0.ppid = getpid() }
        scene.programs.records = [call, open]
        _ = scene.source.drain(into: scene.sink)
        scene.source.concludeCanary(into: scene.sink)
        #expect(scene.sink.received.isEmpty)
        #expect(scene.notices(.recovered).count == 2)
        #expect(scene.source.outage == nil)
    }

    @Test func `a process that got the canary's id is told of`() throws {
        let scene = try BPFScene()
        scene.source.canaryRan(CanaryProcess(pid: 4000, startedNanoseconds: 1, openedFile: true))
        scene.programs.records = [
            ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "membarrier", pid: 4000) { $0.ppid = 1 }
        ]
        _ = scene.source.drain(into: scene.sink)
        #expect(scene.sink.received.map(\.pid) == [4000])
    }

    @Test(arguments: [\BPFCounts.held, \.lostFull, \.lostBusy, \.lostNested])
    func `a canary that a flood pushed out is no blindness, whenever the loss is told`(
        _ cause: any WritableKeyPath<BPFCounts, UInt64> & Sendable
    ) throws {
        let scene = try BPFScene()
        scene.programs.counts[keyPath: cause] = 1
        scene.tick()
        scene.source.canaryRan(CanaryProcess(pid: 4000, startedNanoseconds: 1, openedFile: true))
        // Told of a second ago: what was lost since is told later.
        scene.programs.counts[keyPath: cause] = 2
        scene.tick(seconds: 1)
        scene.source.concludeCanary(into: scene.sink)
        #expect(scene.notices(.lost).count == 1)
        #expect(scene.notices(.blind).isEmpty)
        #expect(scene.source.outage == nil)
        #expect(scene.source.counters.lostInKernel == 2)
    }

    @Test func `the end takes the programs out, then what is queued, and counts the rest`() throws {
        let scene = try BPFScene()
        let record = ScriptedPrograms.record(SHRIKE_RECORD_CALL, type: "openat")
        scene.programs.records = [record]
        scene.source.finish()
        #expect(scene.programs.isDetached)
        #expect(!scene.source.isDrained)
        _ = scene.source.drain(into: scene.sink)
        #expect(scene.source.isDrained && scene.sink.received.count == 1)
        scene.programs.records = [record, record]
        scene.source.stop()
        #expect(scene.source.counters.unread == 2)
        #expect(scene.source.descriptor == nil)
        #expect(!scene.source.drain(into: scene.sink))
    }
}
