import EventModel

extension Evaluator {
    /// Whether a test holds for the event at hand.
    mutating func holds<Reader: FieldReader>(_ index: Int, _ reader: Reader) -> Bool {
        let test = program.tests[index]
        guard test.isMemoised else { return result(of: test, reader) }
        let known = results[index]
        if known >> 1 == generation { return known & 1 == 1 }
        let holds = result(of: test, reader)
        results[index] = generation << 1 | (holds ? 1 : 0)
        return holds
    }

    private mutating func result<Reader: FieldReader>(of test: TestCode, _ reader: Reader) -> Bool {
        if test.quantifier == .scalar {
            switch test.kind {
            case .exists: return !value(ofSlot: Int(test.slot), reader).isNull
            case .entry, .row:
                let entry = self.entry(ofIndex: Int(test.first), reader)
                return entry != ValueIndex.missing && isNamed(entry, by: test) != test.isNegated
            default: break
            }
        }
        let value = value(ofSlot: Int(test.slot), reader)
        if value.isNull { return false }
        if test.kind == .field { return fieldsCompare(test, value, self.value(ofSlot: Int(test.first), reader)) }
        switch test.quantifier {
        case .scalar: return value.kind != .list && elementHolds(test, value) != test.isNegated
        case .any: return anyElement(of: value, test)
        case .all: return allElements(of: value, test)
        case .allOfSome: return (value.kind != .list || !value.range.isEmpty) && allElements(of: value, test)
        }
    }

    private mutating func anyElement(of value: FieldValue, _ test: TestCode) -> Bool {
        guard value.kind == .list else { return elementHolds(test, value) != test.isNegated }
        for position in value.range where elementHolds(test, arena.elements[position]) != test.isNegated {
            return true
        }
        return false
    }

    private mutating func allElements(of value: FieldValue, _ test: TestCode) -> Bool {
        guard value.kind == .list else { return elementHolds(test, value) != test.isNegated }
        for position in value.range where elementHolds(test, arena.elements[position]) == test.isNegated {
            return false
        }
        return true
    }

    private mutating func isNamed(_ entry: UInt32, by test: TestCode) -> Bool {
        if test.kind == .entry { return entry >= UInt32(test.second) && entry <= UInt32(test.third) }
        let index = program.indexes[Int(test.first)]
        let word = program.rows[index.rowStart + Int(entry) * index.rowWords + Int(test.second >> 6)]
        return word >> UInt64(test.second & 63) & 1 == 1
    }

    /// Whether a single present value satisfies a test's operation, negation aside.
    private mutating func elementHolds(_ test: TestCode, _ value: FieldValue) -> Bool {
        switch test.kind {
        case .exists: return true
        case .never: return false
        case .entry, .row: return isNamed(lookUp(value, in: program.indexes[Int(test.first)]), by: test)
        case .signedOrder, .unsignedOrder, .nativeOrder, .doubleOrder, .doubleIn: return numberHolds(test, value)
        case .addressIn, .networkContains: return addressHolds(test, value)
        case .modified: return modifiedHolds(test, value)
        case .field: return false
        case .textOrder, .contains, .containsIgnoringCase, .glob, .globIgnoringCase, .regex, .pathPrefix: break
        }
        guard value.kind == .string || value.kind == .bytes else { return false }
        let range = value.range
        switch test.kind {
        case .regex: return regexHolds(program.regexes[Int(test.first)], range)
        case .pathPrefix: return program.pathTrees[Int(test.first)].matches(arena.bytes, range)
        default: break
        }
        let literal = program.literals[Int(test.first)]
        switch test.kind {
        case .contains: return ByteText.contains(arena.bytes, range, program.literalBytes, literal)
        case .containsIgnoringCase:
            return ByteText.containsIgnoringCase(arena.bytes, range, program.literalBytes, literal)
        case .glob, .globIgnoringCase:
            return Glob.matches(
                arena.bytes, range, pattern: program.literalBytes, literal,
                ignoresCase: test.kind == .globIgnoringCase
            )
        case .textOrder:
            let comparison = ByteText.compare(arena.bytes, range, program.literalBytes, literal)
            return Order(rawValue: UInt8(truncatingIfNeeded: test.second))?.holds(comparison) ?? false
        default: return false
        }
    }

    /// Whether the whole text matches, bad UTF-8 repaired.
    private mutating func regexHolds(_ regex: RegularExpression, _ range: Range<Int>) -> Bool {
        guard UTF8Repair.firstBadByte(arena.bytes, range) != nil else { return regex.matches(arena.bytes, range) }
        let mark = arena.mark
        let repaired = UTF8Repair.repair(range, in: &arena)
        defer { arena.truncate(to: mark) }
        return regex.matches(arena.bytes, repaired)
    }

    private mutating func numberHolds(_ test: TestCode, _ value: FieldValue) -> Bool {
        let isNumber = value.kind == .signed || value.kind == .unsigned
        let order = Order(rawValue: UInt8(truncatingIfNeeded: test.second))
        switch test.kind {
        case .signedOrder:
            let other = Int64(bitPattern: program.numbers[Int(test.first)])
            let comparison = value.signed < other ? -1 : value.signed > other ? 1 : 0
            return isNumber && order?.holds(comparison) ?? false
        case .unsignedOrder:
            let other = program.numbers[Int(test.first)]
            let comparison = value.unsigned < other ? -1 : value.unsigned > other ? 1 : 0
            return isNumber && order?.holds(comparison) ?? false
        case .nativeOrder:
            guard isNumber else { return false }
            if value.kind == .signed {
                let other = Int64(bitPattern: program.numbers[Int(test.first) + 1])
                return order?.holds(value.signed < other ? -1 : value.signed > other ? 1 : 0) ?? false
            }
            let other = program.numbers[Int(test.first)]
            return order?.holds(value.unsigned < other ? -1 : value.unsigned > other ? 1 : 0) ?? false
        case .doubleOrder:
            let other = Double(bitPattern: program.numbers[Int(test.first)])
            // A value that is not a number is in no order.
            guard value.kind == .double, value.double == value.double else { return false }
            return order?.holds(value.double < other ? -1 : value.double > other ? 1 : 0) ?? false
        default:
            guard value.kind == .double else { return false }
            for index in Int(test.first)..<Int(test.first + test.second)
            where Double(bitPattern: program.numbers[index]) == value.double {
                return true
            }
            return false
        }
    }

    private mutating func addressHolds(_ test: TestCode, _ value: FieldValue) -> Bool {
        guard value.kind == .address, let address = IPAddress(arena.bytes[value.range]) else { return false }
        for index in Int(test.first)..<Int(test.first + test.second) {
            let isFound =
                test.kind == .addressIn
                ? program.addresses[index] == address : program.networks[index].contains(address)
            if isFound { return true }
        }
        return false
    }

    private mutating func modifiedHolds(_ test: TestCode, _ value: FieldValue) -> Bool {
        var count = 0
        for index in Int(test.first)..<Int(test.first + test.second) where elementHolds(program.tests[index], value) {
            count += 1
        }
        switch ModifierCode(rawValue: UInt8(truncatingIfNeeded: test.third)) {
        case .oneOf: return count == 1
        case .anyOf: return count > 0
        case .allOf: return count == Int(test.second)
        case nil: return false
        }
    }

    // MARK: - Look-up tables

    /// The entry that a slot's value has in an index; looked up once per event.
    mutating func entry<Reader: FieldReader>(ofIndex number: Int, _ reader: Reader) -> UInt32 {
        if entryGenerations[number] == generation { return indexEntries[number] }
        let index = program.indexes[number]
        let entry = lookUp(value(ofSlot: Int(index.slot), reader), in: index)
        entryGenerations[number] = generation
        indexEntries[number] = entry
        return entry
    }

    private mutating func lookUp(_ value: FieldValue, in index: ValueIndex) -> UInt32 {
        switch value.kind {
        case .null: return ValueIndex.missing
        case .string, .bytes:
            switch index.kind {
            case .text: return lookUp(text: value.range, in: index)
            case .prefix: return walk(value.range, from: index.rootNode, isReversed: false)
            case .suffix: return walk(value.range, from: index.rootNode, isReversed: true)
            case .number: return ValueIndex.unknown
            }
        case .signed, .unsigned, .bool:
            return index.kind == .number ? lookUp(number: value.bits, in: index) : ValueIndex.unknown
        case .double, .address, .list: return ValueIndex.unknown
        }
    }

    private mutating func lookUp(text range: Range<Int>, in index: ValueIndex) -> UInt32 {
        let hash = ByteText.hash(arena.bytes, range)
        var at = Int(truncatingIfNeeded: hash) & index.bucketMask
        while true {
            let bucket = program.buckets[index.bucketStart + at]
            if bucket.entry == 0 { return ValueIndex.unknown }
            if bucket.key == hash,
                ByteText.equal(
                    arena.bytes, range, program.literalBytes, program.literals[Int(bucket.literal)]
                )
            {
                return bucket.entry
            }
            at = (at + 1) & index.bucketMask
        }
    }

    private mutating func lookUp(number: UInt64, in index: ValueIndex) -> UInt32 {
        var at = Int(truncatingIfNeeded: ByteText.hash(number)) & index.bucketMask
        while true {
            let bucket = program.buckets[index.bucketStart + at]
            if bucket.entry == 0 { return ValueIndex.unknown }
            if bucket.key == number { return bucket.entry }
            at = (at + 1) & index.bucketMask
        }
    }

    private mutating func walk(_ range: Range<Int>, from root: Int, isReversed: Bool) -> UInt32 {
        var node = program.trieNodes[root]
        var at = isReversed ? range.upperBound - 1 : range.lowerBound
        let step = isReversed ? -1 : 1
        for _ in 0..<range.count {
            let byte = arena.bytes[at]
            at += step
            guard let target = edge(of: node, byte) else { break }
            node = program.trieNodes[target]
        }
        return node.entry
    }

    private mutating func edge(of node: TrieNode, _ byte: UInt8) -> Int? {
        var low = Int(node.firstEdge)
        var high = low + Int(node.edgeCount)
        while low < high {
            let middle = (low + high) >> 1
            let edge = program.trieEdges[middle]
            if edge.byte == byte { return Int(edge.target) }
            if edge.byte < byte { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
