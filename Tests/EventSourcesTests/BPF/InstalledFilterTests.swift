import BPFFilter
import EventModel
import KernelInterface
import NodeState
import Testing

@testable import EventSources

/// The filter that a source installs, and the files that it keeps known.
@Suite struct InstalledFilterTests {
    @Test func `what is possible for a process is told for the filter in use alone`() throws {
        let openat = try #require(EventType(name: "openat"))
        var program = FilterProgram()
        program.assign(filter: program.append(TypeFilter(alternatives: AlternativeSet(first: 70))), to: openat)
        let scene = try BPFScene(filter: program)
        let (source, programs) = (scene.source, scene.programs)
        programs.generations = [70: 5]
        let before = KernelClock.boot()
        let generation = try #require(source.generation(ofProcess: 70))
        #expect(generation.number == 5 && before...KernelClock.boot() ~= generation.bootNanoseconds)
        #expect(source.generation(ofProcess: 71) == nil)
        let image = try #require(programs.images.first)
        let slot = image.slots[Int(image.slotOfType[Int(openat.index)])]
        let sets = [AlternativeSet(first: 1)]
        #expect(source.setPossible(sets, of: program, process: 70, generation: 5))
        let words = try #require(programs.words[70])
        // Without what canaries and the node's state need, the second word would be empty.
        #expect(slot.processWords == 2 && words[slot.processWord] == 1 && words.count == 64)
        #expect(words[slot.processWord + 1] == slot.possible.subtracting(AlternativeSet(first: 70)).words[1])
        #expect(!source.setPossible(sets, of: program, process: 70, generation: 4))
        #expect(!source.setPossible(sets, of: FilterProgram(), process: 70, generation: 5))
        // Another filter: what was told means nothing any more.
        var other = program
        other.assign(filter: other.append(TypeFilter(alternatives: AlternativeSet(first: 1))), to: openat)
        let needs = SourceNeeds(events: EventNeeds(), fieldNames: [], filter: other)
        try source.apply(.needs(needs), into: scene.sink)
        #expect(programs.words.isEmpty)
        #expect(!source.setPossible(sets, of: program, process: 70, generation: 5))
        #expect(source.setPossible(sets + sets, of: other, process: 70, generation: 5))
        source.finish()
        #expect(!source.setPossible(sets + sets, of: other, process: 70, generation: 5))
    }

    @Test func `the filter is what rules need, what the state lives on and the canary's`() throws {
        let scene = try BPFScene(types: ["ptrace", "fchmod"], fields: ["proc.cwd", "fd.name"])
        let image = try #require(scene.programs.images.first)
        let names = Set(image.types.types.map(\.name))
        #expect(names == ["ptrace", "fchmod", "chdir", "fchdir", "membarrier", "openat", "open"])
        // Descriptors are told with each record.
        #expect(!names.contains("socket"))
    }

    @Test func `a reload puts another filter in place, or leaves the old one`() throws {
        let scene = try BPFScene(types: ["ptrace"])
        let needs = SourceNeeds(
            events: EventNeeds(alternatives: [try #require(EventType(name: "mount")): [EventNeed()]]), fieldNames: [])
        try scene.source.apply(.needs(needs), into: scene.sink)
        #expect(scene.programs.images.last?.types.types.contains { $0.name == "mount" } == true)
        scene.programs.refusal = SourceFailure(reason: "full")
        #expect(throws: SourceFailure.self) { try scene.source.apply(.needs(needs), into: scene.sink) }
        #expect(scene.programs.images.count == 2)
    }

    @Test func `no call is led to a filter before it knows the files`() throws {
        let scene = try BPFScene()
        scene.files.inodes = ["/etc/shadow": 10]
        for _ in 0..<2 {
            let needs = SourceNeeds(
                events: EventNeeds(), fieldNames: [], filter: try FilterProgram.opening(["/etc/shadow"]))
            try scene.source.apply(.needs(needs), into: scene.sink)
            #expect(scene.programs.filesAtLead == ["/etc/shadow"])
        }
    }

    @Test func `files that rules name are known by their inodes, also when they are written anew`() throws {
        let scene = try BPFScene(filter: FilterProgram.opening(["/etc/shadow", "/etc/gone"]))
        #expect(scene.programs.files.isEmpty)
        scene.files.inodes["/etc/shadow"] = 10
        scene.tick()
        #expect(scene.programs.files.last?.path == "/etc/shadow")
        #expect(scene.programs.files.last?.new == BPFFileIdentity(inode: 10, device: 8 << 20 | 3))
        scene.files.inodes["/etc/shadow"] = 11
        scene.tick()
        #expect(scene.programs.files.last?.old?.inode == 10)
        #expect(scene.programs.files.last?.new?.inode == 11)
        scene.files.inodes = [:]
        scene.tick()
        #expect(scene.programs.files.last?.new == nil)
        #expect(scene.programs.files.count == 3)
    }

    @Test func `files that the kernel refuses make no reload fail that is in force already, and are tried again`()
        throws
    {
        let scene = try BPFScene()
        scene.files.inodes = ["/etc/shadow": 10, "/etc/passwd": 11]
        scene.programs.fileRefusal = SourceFailure(reason: "the table is full")
        let filter = try FilterProgram.opening(["/etc/shadow", "/etc/passwd"])
        let needs = SourceNeeds(events: EventNeeds(), fieldNames: [], filter: filter)
        try scene.source.apply(.needs(needs), into: scene.sink)
        scene.tick()
        scene.tick(seconds: 1)
        #expect(scene.notices(.blind).count == 1)
        #expect(scene.source.outage?.contains("the table is full") == true)
        scene.programs.fileRefusal = nil
        scene.tick()
        #expect(Set(scene.programs.files.map(\.path)) == ["/etc/shadow", "/etc/passwd"])
        #expect(scene.source.outage == nil)
        #expect(scene.notices(.recovered).count == 1)
        scene.tick()
        #expect(scene.notices(.recovered).count == 1)
    }

    @Test func `that there are too many files to look them up is told once`() throws {
        let files = (0..<NamedFiles.limit + 2).map { "/\($0)" }
        let scene = try BPFScene(filter: FilterProgram.opening(files, ["openat", "unlinkat"]))
        scene.tick()
        scene.tick()
        #expect(scene.notices(.remark).count == 1)
        #expect(scene.notices(.remark).first?.contains("; 2 of them") == true)
    }

    @Test func `the number of processes that bits are set for has no bound, and no end is waited for`() throws {
        let openat = try #require(EventType(name: "openat"))
        var program = FilterProgram()
        program.assign(filter: program.append(TypeFilter(alternatives: AlternativeSet(first: 2))), to: openat)
        let scene = try BPFScene(filter: program)
        for pid in 2..<Int32(20_000) {
            scene.programs.generations = [pid: 1]
            #expect(
                scene.source.setPossible([AlternativeSet(first: 1)], of: program, process: pid, generation: 1))
        }
    }
}
