import EventModel
import Testing

@Suite struct FilterTableTests {
    private static func set(_ indices: Int...) -> AlternativeSet {
        indices.reduce(into: AlternativeSet()) { $0.insert($1) }
    }

    private static func row(
        _ text: String, granted: AlternativeSet = AlternativeSet(), denied: AlternativeSet = AlternativeSet()
    )
        -> TextTable.Row
    {
        TextTable.Row(text: Array(text.utf8), granted: granted, denied: denied)
    }

    /// 0 asks for nothing, 1 for /etc/shadow, 2 for what is under /etc/, 3 for what is under /etc/ssh/ but no public key, 4 for
    /// private keys, 5 for files named `shadow`, 6 for names with `..`, 7 for all but what is under /tmp/.
    private static let table = TextTable(
        others: set(0, 7), exact: [row("/etc/shadow", granted: set(1))],
        prefixes: [
            row("/etc/ssh/", granted: set(3)), row("/etc/", granted: set(2)), row("/tmp/", denied: set(7)),
            row("/etc-old", granted: set(1)),
        ],
        suffixes: [row(".pub", denied: set(3)), row("_key", granted: set(4)), row("y", granted: set(4))],
        fileNames: [row("shadow", granted: set(5))], contained: [row("..", granted: set(6))]
    )

    @Test(
        arguments: [
            ("/etc/shadow", set(0, 1, 2, 5, 7)), ("/etc/passwd", set(0, 2, 7)),
            ("/etc/ssh/sshd_config", set(0, 2, 3, 7)),
            ("/etc/ssh/host_key", set(0, 2, 3, 4, 7)), ("/etc/ssh/host_key.pub", set(0, 2, 7)), ("/tmp/x", set(0)),
            ("/tmp/shadow", set(0, 5)), ("shadow", set(0, 5, 7)), ("/tmp/../etc/shadow", set(0, 5, 6)), ("", set(0, 7)),
            ("/etc", set(0, 7)), ("/etc-old/a", set(0, 1, 7)), ("y", set(0, 4, 7)), ("/usr/..", set(0, 6, 7)),
        ] as [(String, AlternativeSet)])
    func `a text leaves alternatives`(_ text: String, _ expected: AlternativeSet) {
        #expect(Self.table.alternatives(of: Array(text.utf8)).indices == expected.indices)
    }

    @Test(
        arguments: [
            ([10, 0, 0, 1], [1]), ([10, 1, 0, 1], [0, 1]), ([127, 0, 0, 1], [2]), ([11, 0, 0, 1], [0]),
            (Array(repeating: 0, count: 15) + [1], [3]), (Array(repeating: 0, count: 15) + [2], [0]),
        ] as [([UInt8], [Int])])
    func `an address is looked up in the smallest network`(_ address: [UInt8], _ expected: [Int]) {
        let table = AddressTable(
            others: Self.set(0),
            rows: [
                .init(address: [10, 0, 0, 0], prefixLength: 9, alternatives: Self.set(0, 1)),
                .init(address: [10, 0, 0, 0], prefixLength: 16, alternatives: Self.set(1)),
                .init(address: [127, 0, 0, 0], prefixLength: 8, alternatives: Self.set(2)),
                .init(address: Array(repeating: 0, count: 15) + [1], prefixLength: 128, alternatives: Self.set(3)),
            ])
        #expect(table.alternatives(of: address).indices == expected)
    }

    @Test func `all dimensions must leave one and the same alternative`() throws {
        let openat = try #require(EventType(name: "openat"))
        var filter = TypeFilter(alternatives: Self.set(0, 1))
        filter.outcome = NumberTable(others: AlternativeSet(), rows: [.init(number: 0, alternatives: Self.set(0, 1))])
        filter.user = NumberTable(others: Self.set(0), rows: [.init(number: 0, alternatives: Self.set(1))])
        filter.command = TextTable(others: Self.set(0), exact: [Self.row("cat", granted: Self.set(1))])
        filter.file = TextTable(others: Self.set(1), exact: [Self.row("/a", granted: Self.set(0))])
        filter.arguments = [
            ArgumentTable(
                argument: 3, others: Self.set(1), rows: [.init(mask: 0o100, bits: 0o100, granted: Self.set(0))])
        ]
        var program = FilterProgram()
        #expect(!program.passes(FilterInput(type: openat)))
        program.assign(filter: program.append(filter), to: openat)
        var input = FilterInput(type: openat)
        #expect(program.alternatives(for: input).indices == [0, 1])
        input.user = 1
        #expect(program.alternatives(for: input).indices == [0])
        input.command = Array("cat".utf8)
        #expect(program.passes(input))
        #expect(!program.passes(input, residual: Self.set(1)))
        input.files = [Array("/b".utf8)]
        #expect(!program.passes(input))
        input.files = [Array("/b".utf8), Array("/a".utf8)]
        #expect(program.passes(input))
        input.arguments = [nil, nil, nil, 0]
        #expect(!program.passes(input))
        input.arguments[3] = 0o102
        #expect(program.passes(input))
        input.isFailed = true
        #expect(!program.passes(input))
        #expect(Array(program.types.types) == [openat])
    }

    @Test func `a set holds 256 alternatives`() {
        var set = AlternativeSet(first: 70)
        #expect(set.count == 70 && set.contains(69) && !set.contains(70) && !set.isEmpty)
        set.insert(255)
        set.insert(256)
        set.remove(0)
        #expect(set.indices == Array(1..<70) + [255])
        #expect(set.subtracting(.all).isEmpty && set.intersection(.all) == set && set.union(.all) == .all)
    }
}
