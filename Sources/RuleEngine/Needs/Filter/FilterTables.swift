import EventModel

/// Lays the alternatives of an event type out as tables.
enum FilterTables {
    /// The filter whose alternatives are these, in their order.
    static func filter(of needs: [FilterNeed]) -> TypeFilter {
        var filter = TypeFilter(alternatives: AlternativeSet(first: needs.count))
        for dimension in Set(needs.flatMap(\.conditions.keys)).sorted() {
            let values = needs.map { $0.conditions[dimension] }
            switch dimension {
            case .outcome: filter.outcome = numbers(values)
            case .access: filter.access = numbers(values)
            case .scope: filter.scope = numbers(values)
            case .user: filter.user = numbers(values)
            case .family: filter.family = numbers(values)
            case .port: filter.port = numbers(values)
            case .address: filter.address = addresses(values)
            case .command: filter.command = texts(values)
            case .executable: filter.executable = texts(values)
            case .file: filter.file = texts(values)
            case .name: filter.name = texts(values)
            case .argument(let position): filter.arguments.append(argument(position, values))
            }
        }
        return filter
    }

    private static func numbers(_ values: [FilterValues?]) -> NumberTable {
        var others = AlternativeSet()
        var named: [UInt64: (granted: AlternativeSet, denied: AlternativeSet)] = [:]
        for (index, value) in values.enumerated() {
            guard case .numbers(let need) = value else {
                others.insert(index)
                continue
            }
            if need.isComplement { others.insert(index) }
            for number in need.numbers {
                var sets = named[number] ?? (AlternativeSet(), AlternativeSet())
                if need.isComplement { sets.denied.insert(index) } else { sets.granted.insert(index) }
                named[number] = sets
            }
        }
        return NumberTable(
            others: others,
            rows: named.map { number, sets in
                NumberTable.Row(number: number, alternatives: others.union(sets.granted).subtracting(sets.denied))
            }
        )
    }

    private static func addresses(_ values: [FilterValues?]) -> AddressTable {
        var others = AlternativeSet()
        var granted: [IPNetwork: AlternativeSet] = [:]
        var denied: [IPNetwork: AlternativeSet] = [:]
        for (index, value) in values.enumerated() {
            guard case .networks(let need) = value else {
                others.insert(index)
                continue
            }
            if need.included == nil { others.insert(index) }
            for network in need.included ?? [] { granted[network, default: AlternativeSet()].insert(index) }
            for network in need.excluded { denied[network, default: AlternativeSet()].insert(index) }
        }
        let networks = Set(granted.keys).union(denied.keys)
        return AddressTable(
            others: others,
            rows: networks.map { network in
                var left = others
                for (other, set) in granted where other.covers(network) { left.formUnion(set) }
                for (other, set) in denied where other.covers(network) { left = left.subtracting(set) }
                return AddressTable.Row(
                    address: network.address.bytes, prefixLength: network.prefixLength, alternatives: left)
            }
        )
    }

    private static func argument(_ position: Int, _ values: [FilterValues?]) -> ArgumentTable {
        var others = AlternativeSet()
        var granted: [BitNeed.Test: AlternativeSet] = [:]
        for (index, value) in values.enumerated() {
            guard case .bits(let need) = value else {
                others.insert(index)
                continue
            }
            for test in need.tests { granted[test, default: AlternativeSet()].insert(index) }
        }
        let tests = granted.keys.sorted { ($0.mask, $0.bits) < ($1.mask, $1.bits) }
        return ArgumentTable(
            argument: position, others: others,
            rows: tests.map { test in
                ArgumentTable.Row(mask: test.mask, bits: test.bits, granted: granted[test] ?? AlternativeSet())
            }
        )
    }

    private static func texts(_ values: [FilterValues?]) -> TextTable {
        var others = AlternativeSet()
        var rows: [KeyPath<TextPatterns, Set<[UInt8]>>: [[UInt8]: TextTable.Row]] = [:]
        let lists = [
            \TextPatterns.exact, \TextPatterns.prefixes, \TextPatterns.suffixes, \TextPatterns.fileNames,
            \TextPatterns.contained,
        ]
        for (index, value) in values.enumerated() {
            guard case .text(let need) = value else {
                others.insert(index)
                continue
            }
            let alternative = AlternativeSet(index)
            if need.included == nil { others.insert(index) }
            for list in lists {
                for text in need.included?[keyPath: list] ?? [] {
                    rows[list, default: [:]][text, default: .init(text: text)].grant(alternative)
                }
                for text in need.excluded[keyPath: list] {
                    rows[list, default: [:]][text, default: .init(text: text)].deny(alternative)
                }
            }
        }
        func list(_ path: KeyPath<TextPatterns, Set<[UInt8]>>) -> [TextTable.Row] { Array((rows[path] ?? [:]).values) }
        return TextTable(
            others: others, exact: list(\.exact), prefixes: list(\.prefixes), suffixes: list(\.suffixes),
            fileNames: list(\.fileNames), contained: list(\.contained)
        )
    }
}

extension AlternativeSet {
    /// One alternative.
    fileprivate init(_ index: Int) {
        self.init()
        insert(index)
    }
}
