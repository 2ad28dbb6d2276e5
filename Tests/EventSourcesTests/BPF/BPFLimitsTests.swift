import BPFFilter
import BPFRuntime
import EventModel
import Testing

@testable import EventSources

/// What has no room in the kernel costs precision, and no event.
@Suite struct BPFLimitsTests {
    private static func limits(_ change: (inout BPFLimits) -> Void) -> BPFLimits {
        var limits = BPFLimits()
        change(&limits)
        return limits
    }

    private static func names(_ count: Int) -> [String] { (0..<count).map { "/named/\($0)" } }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (16, 16), (17, 32), (1000, 1024), (1024, 1024)])
    func `the ring is a power of two`(mebibytes: Int, expected: Int) {
        #expect(Self.limits { $0.ringMebibytes = mebibytes }.settings.ringBytes == expected << 20)
    }

    @Test func `tables and shares are as large as configured`() {
        let limits = Self.limits {
            ($0.values, $0.prefixes, $0.controlGroups, $0.ringOperations) = (5000, 2000, 70, 80)
            ($0.eventsPerSecond, $0.eventsAtOnce) = (30, 40)
        }
        #expect(limits.settings.valueCapacity == 5000 && limits.settings.prefixCapacity == 2000)
        #expect(limits.settings.groupCapacity == 70 && limits.settings.operationCapacity == 80)
        #expect(limits.share.rate == 30 && limits.share.burst == 40)
    }

    @Test func `more names than there is room for let every event of the types pass, and that is told once`() throws {
        let filter = try FilterProgram.opening(Self.names(600))
        let roomy = try BPFScene(filter: filter, limits: Self.limits { $0.values = 8000 })
        roomy.tick()
        #expect(roomy.notices(.remark).isEmpty)
        #expect(roomy.source.filterGaps == FilterGaps())
        let tight = try BPFScene(filter: filter, limits: Self.limits { $0.values = 1000 })
        tight.tick()
        tight.tick()
        #expect(tight.notices(.remark).count == 1)
        #expect(tight.notices(.remark).first?.contains("room for 500") == true)
        #expect(tight.source.filterGaps?.values ?? 0 >= 600)
        let image = try #require(tight.programs.images.last)
        let openat = try #require(EventType(name: "openat"))
        let slot = image.slots[Int(image.slotOfType[Int(openat.index)])]
        #expect(slot.tested == 0 && image.values.isEmpty && image.namedFiles.isEmpty)
        // Bits of processes mean alternatives of another filter.
        tight.programs.generations = [70: 5]
        #expect(!tight.source.setPossible([AlternativeSet()], of: filter, process: 70, generation: 5))
    }

    /// A file has an entry for each type of events that it is tested for.
    @Test func `names of several types take as much room as they have entries`() throws {
        let filter = try FilterProgram.opening(Self.names(200), ["openat", "unlinkat", "ptrace"])
        let limits = Self.limits { ($0.values, $0.files) = (1600, 100) }
        let scene = try BPFScene(filter: filter, limits: limits)
        // Twice 600 for names and their last components or so, and three for each of 100 files.
        let image = FilterImage(filter)
        let needed = image.values.count + 300
        #expect(image.namedFiles.count == 600)
        #expect((scene.source.filterGaps?.values ?? 0 > 0) == (needed > 800))
        let exact = try BPFScene(filter: filter, limits: Self.limits { ($0.values, $0.files) = (2 * needed + 2, 100) })
        #expect(exact.source.filterGaps?.values == 0)
        let tight = try BPFScene(filter: filter, limits: Self.limits { ($0.values, $0.files) = (2 * needed - 20, 100) })
        #expect(tight.source.filterGaps?.values ?? 0 >= needed)
    }

    @Test func `a reload that fits again filters again`() throws {
        let limits = Self.limits { $0.values = 1000 }
        let scene = try BPFScene(filter: try FilterProgram.opening(Self.names(600)), limits: limits)
        let needs = SourceNeeds(
            events: EventNeeds(alternatives: [:]), fieldNames: [],
            filter: try FilterProgram.opening(["/etc/shadow"]))
        try scene.source.apply(.needs(needs), into: scene.sink)
        #expect(scene.programs.images.last?.namedFiles.count == 1)
        #expect(scene.source.filterGaps?.values == 0)
    }

    @Test func `that there are more ways to match than alternatives is told`() throws {
        var filter = try FilterProgram.opening(["/etc/shadow"])
        filter.noteCrowded(try #require(EventType(name: "openat")), ways: 5003)
        let scene = try BPFScene(filter: filter)
        scene.tick()
        scene.tick()
        #expect(scene.notices(.remark).count == 1)
        #expect(scene.notices(.remark).first?.contains("5003 ways to match openat") == true)
        #expect(scene.source.filterGaps?.ways == 5003)
        // It filters none the less.
        #expect(scene.programs.images.last?.namedFiles.count == 1)
    }

    @Test func `many ways for programs to start cost nothing that is worth a word`() throws {
        var filter = try FilterProgram.opening(["/etc/shadow"])
        for name in ["execve", "execveat"] { filter.noteCrowded(try #require(EventType(name: name)), ways: 314) }
        let scene = try BPFScene(filter: filter)
        scene.tick()
        #expect(scene.notices(.remark).isEmpty && scene.source.filterGaps?.ways == 0)
    }

    @Test func `files beyond the limit are counted`() throws {
        let scene = try BPFScene(
            filter: try FilterProgram.opening(Self.names(70)), limits: Self.limits { $0.files = 64 })
        scene.tick()
        #expect(scene.source.filterGaps?.files == 6)
        #expect(scene.notices(.remark).first?.contains("70 files as a whole; 6 of them") == true)
    }

    @Test func `what is lost is counted by cause`() throws {
        let scene = try BPFScene()
        scene.programs.counts.lostFull = 1
        scene.programs.counts.held = 2
        scene.programs.counts.lostBusy = 3
        scene.programs.counts.lostNested = 4
        let counters = scene.source.counters
        let byCause = Dictionary(
            uniqueKeysWithValues: (counters.kernelLosses ?? KernelLosses()).byCause.map { ($0.cause, $0.count) })
        #expect(byCause == ["ring_full": 1, "held_back": 2, "memory_in_use": 3, "nested": 4])
        #expect(counters.lostInKernel == 10)
    }

    @Test func `what is held back is counted by control group, of the first of them by name`() throws {
        let scene = try BPFScene()
        scene.programs.groupCounts = [55: BPFGroupCounts(held: 30), 77: BPFGroupCounts(held: 5)]
        scene.programs.counts.held = 35
        scene.tick()
        #expect(scene.source.heldBack == [HeldBack(group: "55", count: 30), HeldBack(group: "77", count: 5)])
        scene.programs.groupCounts[77]?.held = 45
        for group in 1000..<1100 { scene.programs.groupCounts[UInt64(group)] = BPFGroupCounts(held: 1) }
        scene.programs.counts.held += 140
        scene.tick()
        let counted = scene.source.heldBack
        #expect(counted.first == HeldBack(group: "77", count: 45))
        #expect(counted.count == 33 && counted.last == HeldBack(group: "other", count: 70))
        #expect(counted.reduce(0) { $0 + $1.count } == 175)
    }
}
