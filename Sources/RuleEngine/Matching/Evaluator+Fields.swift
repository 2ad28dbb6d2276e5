import EventModel

extension Evaluator {
    /// Compares a present value with another field's: both scalar, both lists, or any of a list with a scalar.
    mutating func fieldsCompare(_ test: TestCode, _ left: FieldValue, _ right: FieldValue) -> Bool {
        guard !right.isNull,
            let comparison = ComparisonOperatorCode(rawValue: UInt8(truncatingIfNeeded: test.second))
        else { return false }
        switch test.quantifier {
        case .scalar: return elementCompares(comparison, left, right) != test.isNegated
        case .any: return elements(left).contains { elementCompares(comparison, $0, right) != test.isNegated }
        case .all, .allOfSome:
            let elements = elements(left)
            if test.quantifier == .allOfSome, elements.isEmpty { return false }
            return elements.allSatisfy { elementCompares(comparison, $0, right) != test.isNegated }
        }
    }

    private func elements(_ value: FieldValue) -> ArraySlice<FieldValue> {
        value.kind == .list ? arena.elements[value.range] : [value]
    }

    /// Compares one value with another, or with the elements of a list: one of them must fit.
    private func elementCompares(
        _ comparison: ComparisonOperatorCode, _ left: FieldValue, _ right: FieldValue
    ) -> Bool {
        if right.kind == .list { return elements(right).contains { elementCompares(comparison, left, $0) } }
        switch (left.kind, right.kind) {
        case (.string, .string), (.bytes, .bytes): return textCompares(comparison, left.range, right.range)
        case (.signed, .signed):
            return compares(comparison, left.signed < right.signed ? -1 : left.signed > right.signed ? 1 : 0)
        case (.unsigned, .unsigned), (.bool, .bool):
            return compares(comparison, left.bits < right.bits ? -1 : left.bits > right.bits ? 1 : 0)
        case (.double, .double):
            guard left.double == left.double, right.double == right.double else { return false }
            return compares(comparison, left.double < right.double ? -1 : left.double > right.double ? 1 : 0)
        case (.address, .address):
            return comparison == .equal && ByteText.equal(arena.bytes, left.range, arena.bytes, right.range)
        default: return false
        }
    }

    private func compares(_ comparison: ComparisonOperatorCode, _ result: Int) -> Bool {
        comparison == .equal ? result == 0 : comparison.order?.holds(result) ?? false
    }

    private func textCompares(_ comparison: ComparisonOperatorCode, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        switch comparison {
        case .equal: ByteText.equal(arena.bytes, left, arena.bytes, right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            compares(comparison, ByteText.compare(arena.bytes, left, arena.bytes, right))
        case .contains: ByteText.contains(arena.bytes, left, arena.bytes, right)
        case .containsIgnoringCase: ByteText.containsIgnoringCase(arena.bytes, left, arena.bytes, right)
        case .prefix: ByteText.hasPrefix(arena.bytes, left, arena.bytes, right)
        case .suffix: ByteText.hasSuffix(arena.bytes, left, arena.bytes, right)
        case .glob: Glob.matches(arena.bytes, left, pattern: arena.bytes, right)
        case .globIgnoringCase: Glob.matches(arena.bytes, left, pattern: arena.bytes, right, ignoresCase: true)
        }
    }
}
