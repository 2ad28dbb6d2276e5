import CBPFRecords
import EventModel
import Testing

@testable import BPFFilter

@Suite struct FilterImageTests {
    @Test func `the kernel's tables let through all that the filter does`() {
        var random = RandomFilters(seed: 7)
        var passed = 0
        var stopped = 0
        for _ in 0..<1500 {
            var program = FilterProgram()
            for type in RandomFilters.types {
                program.assign(filter: program.append(random.filter(of: type)), to: type)
            }
            let model = KernelModel(image: FilterImage(program))
            for _ in 0..<10 {
                let input = random.input(random.pick(RandomFilters.types))
                let isPassed = model.passes(input)
                if isPassed { passed += 1 } else { stopped += 1 }
                if !isPassed, Self.canPass(input, program) {
                    Issue.record("stopped: \(input) by \(String(describing: program[input.type]))")
                    return
                }
            }
        }
        // Neither all nor nothing passes, or the test would be worth little.
        #expect(passed > 1500 && stopped > 1500)
    }

    /// Whether a program lets an event through: one whose names are not known, when it would with some name.
    private static func canPass(_ input: FilterInput, _ program: FilterProgram) -> Bool {
        guard input.files == nil || input.names == nil else { return program.passes(input) }
        return RandomFilters.names.contains { name in
            var named = input
            (named.files, named.names) = ([Array(name.utf8)], [Array(name.utf8)])
            return program.passes(named)
        }
    }

    /// A way to damage a slot.
    struct Flaw: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout FilterSlot) -> Void
    }

    /// Look-ups that are left out let through what they would stop, and nothing else.
    @Test func `leaving out what does not matter changes nothing`() {
        var random = RandomFilters(seed: 21)
        for _ in 0..<300 {
            var program = FilterProgram()
            for type in RandomFilters.types {
                program.assign(filter: program.append(random.filter(of: type)), to: type)
            }
            let image = FilterImage(program)
            var thorough = image
            for index in image.slots.indices {
                thorough.slots[index].cares = image.slots[index].cares.map { _ in .all }
                thorough.slots[index].anyName = AlternativeSet()
                thorough.slots[index].lengths = [.max, .max]
            }
            for _ in 0..<20 {
                var input = random.input(random.pick(RandomFilters.types))
                if input.files == nil { (input.files, input.names) = ([Array("/a".utf8)], [Array("/a".utf8)]) }
                #expect(KernelModel(image: image).passes(input) == KernelModel(image: thorough).passes(input))
            }
        }
    }

    static let flaws: [Flaw] = [
        Flaw(testDescription: "an alternative") { $0.possible.remove(0) },
        Flaw(testDescription: "a dimension of names that matters") { slot in
            for index in slot.cares.indices { slot.cares[index].remove(0) }
        },
        Flaw(testDescription: "files by their inode") { $0.cares[Int(SHRIKE_BY_FILE.rawValue)] = AlternativeSet() },
        Flaw(testDescription: "a length of whole names") { $0.lengths[0] = 0 },
        Flaw(testDescription: "a length of last components") { $0.lengths[1] = 0 },
        Flaw(testDescription: "names as passed") { $0.tested &= ~(1 << 31) },
    ]

    @Test(arguments: flaws) func `a table with one bit too few is found out`(_ flaw: Flaw) {
        var random = RandomFilters(seed: 9)
        var isFound = false
        search: for _ in 0..<400 {
            var program = FilterProgram()
            for type in RandomFilters.types {
                program.assign(filter: program.append(random.filter(of: type)), to: type)
            }
            var image = FilterImage(program)
            for index in image.slots.indices { flaw.make(&image.slots[index]) }
            let model = KernelModel(image: image)
            for _ in 0..<20 {
                let input = random.input(random.pick(RandomFilters.types))
                if program.passes(input), !model.passes(input) {
                    isFound = true
                    break search
                }
            }
        }
        #expect(isFound)
    }

    @Test func `what the node's state lives on passes, whatever the rules ask for`() throws {
        var random = RandomFilters(seed: 3)
        let type = try #require(EventType(name: "openat"))
        for isFull in [false, true] {
            for _ in 0..<300 {
                var filter = random.filter(of: type)
                if isFull { filter.alternatives = .all }
                var program = FilterProgram()
                program.assign(filter: program.append(filter), to: type)
                let image = FilterImage(program, always: EventTypeSet([type]))
                var input = random.input(type)
                if program.passes(input) { #expect(KernelModel(image: image).passes(input)) }
                input.isFailed = false
                #expect(KernelModel(image: image).passes(input))
            }
        }
    }

    @Test func `types without a filter meet no slot, and those for the state alone only when they succeed`() throws {
        let chdir = try #require(EventType(name: "chdir"))
        let image = FilterImage(FilterProgram(), always: EventTypeSet([chdir]))
        #expect(image.types.types == [chdir])
        var input = FilterInput(type: chdir)
        input.isFailed = true
        #expect(!KernelModel(image: image).passes(input))
        input.isFailed = false
        #expect(KernelModel(image: image).passes(input))
        #expect(!KernelModel(image: image).passes(FilterInput(type: try #require(EventType(name: "openat")))))
    }

    @Test func `a canary's calls have a slot that stops all others`() throws {
        let membarrier = try #require(EventType(name: "membarrier"))
        let image = FilterImage(FilterProgram(), canaries: EventTypeSet([membarrier]))
        #expect(image.types.types == [membarrier])
        #expect(!KernelModel(image: image).passes(FilterInput(type: membarrier)))
    }

    @Test func `the kernel's structures have what the image has`() throws {
        var random = RandomFilters(seed: 5)
        let type = try #require(EventType(name: "connect"))
        var program = FilterProgram()
        var filter = random.filter(of: type)
        filter.address = AddressTable(
            others: AlternativeSet(), rows: [.init(address: [10, 0, 0, 0], prefixLength: 8, alternatives: .all)])
        program.assign(filter: program.append(filter), to: type)
        let image = FilterImage(program)
        let slot = try #require(image.slots.last)
        let kernel = slot.kernel
        #expect(kernel.tested == slot.tested)
        #expect(kernel.suffix_length == slot.suffixLength)
        #expect(kernel.possible.word.0 == slot.possible.words[0])
        #expect(kernel.failure.word.3 == slot.failure.words[3])
        #expect(kernel.name_default.word.0 == slot.nameDefault.words[0])
        #expect(kernel.missing.16.word.0 == slot.missing[16].words[0])
        #expect(kernel.argument_mask.5 == slot.argumentMasks[5])
        #expect(kernel.any_name.word.0 == slot.anyName.words[0])
        #expect(kernel.cares.5.word.0 == slot.cares[5].words[0])
        #expect((kernel.lengths.0, kernel.lengths.1) == (slot.lengths[0], slot.lengths[1]))
        let network = try #require(image.prefixes.keys.first { $0.bits == 104 }).kernel(slotOffset: 256)
        #expect(network.bits == 32 + 104)
        #expect((network.slot, network.dimension) == (257, 10))
        #expect((network.bytes.11, network.bytes.12, network.bytes.13) == (0xff, 10, 0))
        let value = FilterImage.ValueKey(slot: 3, dimension: 5, value: .number(7))
            .kernel(slotOffset: 256, hashKey: shrike_hash_key())
        #expect((value.slot, value.dimension, value.reserved, value.value) == (259, 5, 0, 7))
    }

    @Test func `an open for reading is not kept for rules on writing`() throws {
        let type = try #require(EventType(name: "openat"))
        let (reads, writes) = (AlternativeSet(first: 1), AlternativeSet(words: AlternativeSet(first: 2).words & ~1))
        var filter = TypeFilter(alternatives: AlternativeSet(first: 2))
        filter.access = NumberTable(
            others: AlternativeSet(),
            rows: [
                .init(number: 0, alternatives: reads), .init(number: 1, alternatives: writes),
                .init(number: 2, alternatives: reads.union(writes)),
            ])
        var program = FilterProgram()
        program.assign(filter: program.append(filter), to: type)
        let slot = try #require(FilterImage(program).slots.last)
        #expect((slot.reading, slot.writing, slot.both) == (reads, writes, reads.union(writes)))
    }

    @Test func `equal filters share a slot unless their arguments lie elsewhere`() throws {
        var filter = TypeFilter(alternatives: AlternativeSet(first: 1))
        var program = FilterProgram()
        let plain = program.append(filter)
        for name in ["read", "write"] { program.assign(filter: plain, to: try #require(EventType(name: name))) }
        let flags = ["openat", "open"].compactMap(EventType.init(name:))
        let position = try #require(flags[0].arguments.firstIndex { $0.name == "flags" })
        filter.arguments = [
            ArgumentTable(
                argument: position, others: AlternativeSet(),
                rows: [.init(mask: 1, bits: 1, granted: AlternativeSet(first: 1))])
        ]
        program.assign(filter: program.append(filter), to: flags[0])
        let image = FilterImage(program)
        #expect(image.slots.count == 3)
        #expect(image.slotOfType[Int(flags[1].index)] == 0)
    }

    @Test func `more filters than slots let everything pass`() {
        var program = FilterProgram()
        for type in EventType.all where type.isSyscall {
            var filter = TypeFilter(alternatives: AlternativeSet(first: 1))
            filter.user = NumberTable(
                others: AlternativeSet(),
                rows: [.init(number: UInt64(type.index), alternatives: AlternativeSet(first: 1))])
            program.assign(filter: program.append(filter), to: type)
        }
        let image = FilterImage(program)
        #expect(image.slots.count <= FilterImage.slotLimit)
        for type in EventType.all where type.isSyscall {
            var input = FilterInput(type: type)
            input.user = UInt32(type.index)
            #expect(KernelModel(image: image).passes(input))
        }
    }

    /// The second name is the first but for three bits. Without a key, and with a weaker function, whoever wants to be taken for a
    /// file that a rule excepts could have one like it.
    @Test func `names that differ in a few bits, chosen to look alike, have keys of their own`() {
        let name = Array("/etc/cron.d/known-good-job-name".utf8)
        var other = name
        for (place, byte) in [(19, UInt8(0x6b)), (22, 0xad), (30, 0xe5)] { other[place] = byte }
        func hash(_ value: FilterImage.Value, _ first: UInt64) -> UInt64 {
            FilterImage.ValueKey(slot: 1, dimension: 0, value: value)
                .kernel(slotOffset: 0, hashKey: shrike_hash_key(first: first, second: 7)).value
        }
        for key in 0..<64 as Range<UInt64> {
            #expect(hash(.text(name), key) != hash(.text(other), key))
            #expect(hash(.text(name), key) != hash(.text(name), key + 1))
            #expect(hash(.command(Array("backup-agent".utf8)), key) != hash(.command(Array("backup-agemt".utf8)), key))
        }
    }

    @Test func `files that rules name as a whole are told for their inodes`() throws {
        let type = try #require(EventType(name: "openat"))
        var filter = TypeFilter(alternatives: AlternativeSet(first: 2))
        let (first, second) = (AlternativeSet(first: 1), AlternativeSet(words: AlternativeSet(first: 2).words & ~1))
        filter.file = TextTable(
            others: AlternativeSet(), exact: [.init(text: Array("/etc/shadow".utf8), granted: first)],
            prefixes: [.init(text: Array("/etc/".utf8), granted: second)])
        var program = FilterProgram()
        program.assign(filter: program.append(filter), to: type)
        let image = FilterImage(program)
        #expect(image.namedFiles.map(\.path) == [Array("/etc/shadow".utf8)])
        #expect(image.namedFiles.first?.verdict == FilterVerdict(exactly: AlternativeSet(first: 2)))
    }

    /// A rule that excepts backup copies (`~`) must not have all endings compared by one byte.
    @Test func `a short ending that only denies leaves the others as long as they are`() throws {
        let type = try #require(EventType(name: "openat"))
        var filter = TypeFilter(alternatives: AlternativeSet(first: 1))
        filter.file = TextTable(
            others: AlternativeSet(),
            suffixes: [
                .init(text: Array("~".utf8), granted: AlternativeSet(), denied: AlternativeSet(first: 1)),
                .init(text: Array(".history".utf8), granted: AlternativeSet(first: 1)),
            ])
        var program = FilterProgram()
        program.assign(filter: program.append(filter), to: type)
        let model = KernelModel(image: FilterImage(program))
        func passes(_ name: String) -> Bool {
            var input = FilterInput(type: type)
            (input.files, input.names) = ([Array(name.utf8)], [Array(name.utf8)])
            return model.passes(input)
        }
        #expect(passes("/root/.history"))
        #expect(!passes("/srv/library"))
    }

    @Test(arguments: [("../../etc", "../."), ("/proc", "/pro"), ("abcdX-Y-", "X-Y-")])
    func `of a text to be held, its rarest four bytes are looked for`(_ text: String, _ window: String) {
        #expect(UInt64(NameTables.window(of: Array(text.utf8))) == NameTables.littleEndian(Array(window.utf8)))
    }
}
