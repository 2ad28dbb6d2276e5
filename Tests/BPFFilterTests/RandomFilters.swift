import EventModel
import SeededRandom

/// Random filters and events over few values, so that they meet.
struct RandomFilters {
    var generator: SeededGenerator
    /// How many alternatives a filter has.
    static let alternatives = 5

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    static let types = ["openat", "connect", "sendto", "socket", "unlinkat", "ptrace"].compactMap(EventType.init(name:))
    static let names: [String] = [
        "/", "/a", "/ab", "/a/b", "/a/b/c", "/etc/x", "/etc/../x", "x", "../x", "/a/b.so", "/ab/c.so", "c.so", "/a//b",
        "/" + String(repeating: "long/", count: 60) + "x", "/" + String(repeating: "long/", count: 60) + "y",
    ]
    static let texts: [String] = [
        "/a", "/ab", "/a/b", "/etc", "x", "..", "../", "b.so", ".so", "so", "/", "abcd", "c.so", "/a/b/c",
        "/" + String(repeating: "long/", count: 60) + "x",
    ]

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &generator)] }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    mutating func set(_ percent: Int = 40) -> AlternativeSet {
        var set = AlternativeSet()
        for index in 0..<Self.alternatives where chance(percent) { set.insert(index) }
        return set
    }

    mutating func rows(_ texts: [String]) -> [TextTable.Row] {
        var rows: [TextTable.Row] = []
        for text in Set((0..<3).map { _ in pick(texts) }).sorted() {
            rows.append(
                TextTable.Row(text: Array(text.utf8), granted: set(), denied: chance(40) ? set(20) : AlternativeSet()))
        }
        return rows
    }

    mutating func table(_ texts: [String]) -> TextTable {
        TextTable(
            others: set(20), exact: chance(60) ? rows(texts) : [], prefixes: chance(50) ? rows(texts) : [],
            suffixes: chance(40) ? rows(texts) : [], fileNames: chance(30) ? rows(texts) : [],
            contained: chance(30) ? rows(texts) : [])
    }

    mutating func numbers(_ values: [UInt64]) -> NumberTable {
        NumberTable(
            others: set(20),
            rows: Set((0..<2).map { _ in pick(values) }).map { NumberTable.Row(number: $0, alternatives: set()) })
    }

    mutating func filter(of type: EventType) -> TypeFilter {
        var filter = TypeFilter(alternatives: AlternativeSet(first: Self.alternatives))
        if chance(40) { filter.outcome = numbers([0, 1]) }
        if chance(40) { filter.access = numbers([0, 1, 2]) }
        if chance(30) { filter.scope = numbers([0, 1]) }
        if chance(40) { filter.user = numbers([0, 1, 1000]) }
        if chance(40) { filter.family = numbers([0, 1, 2, 10]) }
        if chance(40) { filter.port = numbers([22, 80]) }
        if chance(40) {
            filter.address = AddressTable(
                others: set(20),
                rows: [
                    AddressTable.Row(address: [10, 0, 0, 0], prefixLength: 8, alternatives: set()),
                    AddressTable.Row(address: [10, 1, 0, 0], prefixLength: 16, alternatives: set()),
                    AddressTable.Row(address: Array(repeating: 0, count: 16), prefixLength: 0, alternatives: set()),
                ])
        }
        if chance(50) { filter.command = table(["sh", "nginx", "a-name-of-15-by", "ng"]) }
        if chance(30) { filter.executable = table(["/bin/sh"]) }
        if chance(60) { filter.file = table(Self.texts) }
        if chance(60) { filter.name = table(Self.texts) }
        for position in type.arguments.indices where chance(50) {
            filter.arguments.append(
                ArgumentTable(
                    argument: position, others: set(20),
                    rows: chance(50)
                        ? [UInt64(1), 2, 3].map { .init(mask: 0xffff_ffff, bits: $0, granted: set()) }
                        : [.init(mask: 1, bits: 1, granted: set()), .init(mask: 6, bits: 4, granted: set())]))
        }
        return filter
    }

    mutating func input(_ type: EventType) -> FilterInput {
        var input = FilterInput(type: type)
        if chance(80) { input.isFailed = chance(50) }
        if chance(80) { input.accessMode = pick([0, 1, 2, 3]) }
        if chance(80) { input.isInContainer = chance(50) }
        if chance(80) { input.user = pick([0, 1, 1000, 7]) }
        if chance(80) { input.families = [pick([0, 1, 2, 10, 16])] }
        if chance(80) { input.ports = [pick([22, 80, 443])] }
        if chance(80) {
            input.addresses = [pick([[10, 0, 0, 1], [10, 1, 0, 1], [9, 9, 9, 9], Array(repeating: 1, count: 16)])]
        }
        if chance(80) { input.command = Array(pick(["sh", "nginx", "a-name-of-15-by", "other"]).utf8) }
        if chance(90) {
            input.files = [Array(pick(Self.names).utf8)]
            if chance(50) { input.files?.append(Array(pick(Self.names).utf8)) }
            input.names = [Array(pick(Self.names).utf8)]
        }
        // Two arguments may be in one register.
        let registers: [UInt64?] = (0..<6).map { _ in chance(80) ? pick([0, 1, 2, 3, 4, 5, 7]) : nil }
        input.arguments = type.arguments.map { argument in
            guard case .register(let register) = argument.origin, register < 6 else { return nil }
            return registers[register]
        }
        return input
    }
}
