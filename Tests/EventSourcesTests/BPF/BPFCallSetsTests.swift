import BPFRuntime
import EventModel
import KernelInterface
import Testing

@testable import EventSources

@Suite struct BPFCallSetsTests {
    private static func notice(
        _ sets: inout BPFCallSets, _ without: UInt64, now: UInt64, _ groups: [UInt64: UInt64]
    ) -> SourceNotice? {
        var counts = CallSetCounts()
        (counts.capacity, counts.withoutSet) = (64, without)
        return sets.notice(counts, now: now, name: { "group \($0)" }) { body in
            for (group, count) in groups { body(group, count) }
        }
    }

    @Test func `calls without a set are told with whose they are, once a minute`() throws {
        var sets = BPFCallSets()
        #expect(Self.notice(&sets, 0, now: 1, [:]) == nil)
        let first = try #require(Self.notice(&sets, 9, now: 2, [5: 7, 6: 2]))
        #expect(first.kind == .lost)
        #expect(first.count == 9)
        #expect(first.message.contains("9 system calls"))
        #expect(first.message.contains("32 control groups"))
        #expect(first.message.contains("(2 control groups: 7 of group 5, 2 of group 6)"))
        #expect(Self.notice(&sets, 10, now: 3, [5: 8, 6: 2]) == nil)
        let later = try #require(Self.notice(&sets, 10, now: 60_000_000_002, [5: 8, 6: 2]))
        #expect(later.message.contains("(1 control groups: 1 of group 5)"))
        #expect(Self.notice(&sets, 10, now: 200_000_000_000, [5: 8, 6: 2]) == nil)
    }

    @Test func `calls under way are noted every ten seconds, and a failure is told once`() {
        var sets = BPFCallSets()
        let due = [1, 9_999_999_999, 10_000_000_000, 10_000_000_001].map { sets.isDue($0) }
        #expect(due == [true, false, false, true])
        let failure = SourceFailure(reason: "no such thing")
        let told = [failure, failure, nil, failure].map { sets.notice(of: $0)?.message }
        #expect(told.map { $0 != nil } == [true, false, false, true])
        #expect(told.first??.contains("no such thing") == true)
    }

    @Test(arguments: [[], .calls, [.calls, .capabilities]] as [GroupUse.Kinds])
    func `a source counts what its programs count`(_ kinds: GroupUse.Kinds) throws {
        let scene = try BPFScene()
        scene.programs.countedKinds = kinds
        #expect(scene.source.countedKinds == kinds)
    }

    @Test(arguments: [(0, 0), (1, 64), (512, 1024), (513, 2048), (4096, 8192), (100_000, 8192)])
    func `half of the sets stay free`(groups: Int, sets: Int) {
        var limits = BPFLimits()
        limits.callSets = groups
        #expect(limits.settings.callSetCapacity == sets)
    }
}
