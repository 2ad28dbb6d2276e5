import EventModel
import RuleLanguage

/// Types one comparison.
struct ComparisonCompiler {
    let operands: OperandCompiler
    let converter: LiteralConverter

    /// Types a comparison.
    func compile(_ comparison: Comparison) throws(ConditionError) -> TypedCondition {
        let left = try operands.compile(comparison.left, .left)
        if let name = left.fieldName, EventTypeField.contains(name),
            let typed = try EventTypeField.compile(comparison, isSyscallOnly: name == "syscall.type")
        {
            return typed
        }
        try OperatorTable.check(comparison, left)
        let typed: TypedCondition
        switch comparison.right {
        case .none: typed = test(left, comparison, .exists)
        case .operand(let operand): typed = try compare(left, with: operand, comparison)
        case .literal(let literal): typed = try compare(left, with: [literal], comparison)
        case .list(let literals): typed = try compare(left, with: literals, comparison)
        }
        return left.fieldName == "evt.num" ? EventNumber.folded(typed) : typed
    }

    // MARK: - Constants

    private func compare(
        _ left: OperandCompiler.Typed, with literals: [Literal], _ comparison: Comparison
    ) throws(ConditionError) -> TypedCondition {
        switch comparison.comparator {
        case .in, .intersects: return test(left, comparison, try membership(left, literals, comparison))
        case .pmatch:
            var paths: [[UInt8]] = []
            for literal in literals {
                try LiteralConverter.check(literal, for: left.shape)
                paths.append(literal.bytes)
            }
            return test(left, comparison, .pathPrefix(PathPrefixTree(paths)))
        default: break
        }
        var operations: [Operation] = []
        for literal in literals { operations.append(try operation(comparison.comparator, left, literal)) }
        guard let modifier = comparison.modifier else {
            guard let operation = operations.first else { return .constant(false) }
            return test(left, comparison, operation)
        }
        guard !operations.isEmpty else { return .constant(false) }
        let tests = operations.map { test(left, comparison, $0) }
        if quantifier(left, comparison) == .scalar {
            switch modifier {
            case .anyof: return .or(tests)
            case .allof: return .and(tests)
            case .oneof: return .exactlyOne(tests)
            }
        }
        // Elements are judged one by one: `!=` belongs to each operation, not to the whole.
        let negated = comparison.comparator == .notEqual
        let code: ModifierCode =
            switch modifier {
            case .anyof: negated ? .allOf : .anyOf
            case .allof: negated ? .anyOf : .allOf
            case .oneof: .oneOf
            }
        guard !(negated && modifier == .oneof) else {
            throw ConditionError(
                "'!= oneof' can't be used with a field that looks at several values", at: comparison.range)
        }
        return test(left, comparison, .modified(code, operations))
    }

    /// The set of `in` and `intersects`, with what Falco's sets don't find.
    private func membership(
        _ left: OperandCompiler.Typed, _ literals: [Literal], _ comparison: Comparison
    ) throws(ConditionError) -> Operation {
        let shape = left.shape
        let isNumber = [.signed, .unsigned, .double].contains(shape.category)
        let isTwoSided = left.flags.contains(.twoSided)
        let neverMatches =
            (isTwoSided && shape.category == .address) || (isAnyElement(left) && isNumber)
            || (left.fieldName == "evt.rawarg" && isNumber)
        let operation: Operation
        switch shape.category {
        case .text, .bytes:
            var texts: Set<[UInt8]> = []
            for literal in literals {
                try LiteralConverter.check(literal, for: shape)
                texts.insert(literal.bytes)
            }
            operation = .textIn(texts.sorted { $0.lexicographicallyPrecedes($1) })
        case .signed, .unsigned, .bool:
            var numbers: Set<UInt64> = []
            for literal in literals { numbers.insert(try converter.number(literal, shape)) }
            operation = .numberIn(numbers.sorted())
        case .double:
            var numbers: Set<Double> = []
            for literal in literals { numbers.insert(try converter.double(literal)) }
            operation = .doubleIn(numbers.sorted())
        case .address:
            var addresses: [IPAddress] = []
            for literal in literals { addresses.append(try converter.address(literal)) }
            operation = .addressIn(addresses)
        case .network:
            var networks: [IPNetwork] = []
            for literal in literals { networks.append(try converter.network(literal)) }
            // fd.net looks at the first network only.
            operation = .networkContains(isTwoSided ? Array(networks.prefix(1)) : networks)
        }
        return neverMatches ? .never : operation
    }

    /// What a single value must satisfy; for `!=` the equality that must not hold.
    private func operation(
        _ comparator: ComparisonOperator, _ left: OperandCompiler.Typed, _ literal: Literal
    ) throws(ConditionError) -> Operation {
        let shape = left.shape
        switch shape.category {
        case .signed, .unsigned, .bool:
            let number = try converter.number(literal, shape)
            if left.isMixedNumber {
                let signed = LiteralConverter.integer(literal.bytes, .s64) ?? number
                if let order = comparator.order {
                    return .nativeOrder(order, unsigned: number, signed: Int64(bitPattern: signed))
                }
                return .numberIn(Set([number, signed]).sorted())
            }
            guard let order = comparator.order else { return .numberIn([number]) }
            return .numberOrder(order, number, isSigned: shape.category == .signed)
        case .double:
            let number = try converter.double(literal)
            guard let order = comparator.order else { return .doubleIn([number]) }
            return .doubleOrder(order, number)
        case .address: return .addressIn([try converter.address(literal)])
        case .network: return .networkContains([try converter.network(literal)])
        case .text, .bytes: break
        }
        try LiteralConverter.check(literal, for: shape)
        if let order = comparator.order { return .textOrder(order, literal.bytes) }
        switch comparator {
        case .contains: return .contains(literal.bytes)
        case .icontains: return .containsIgnoringCase(literal.bytes.map(ByteText.lowercase))
        case .startswith: return .prefix(literal.bytes)
        case .endswith: return .suffix(literal.bytes)
        case .bcontains: return .contains(try converter.hexadecimal(literal))
        case .bstartswith: return .prefix(try converter.hexadecimal(literal))
        case .glob: return .glob(literal.bytes, ignoresCase: false)
        case .iglob: return .glob(literal.bytes, ignoresCase: true)
        case .regex:
            do throws(RegularExpression.SyntaxError) {
                return .regex(try RegularExpression(literal.bytes))
            } catch {
                throw ConditionError(
                    "invalid regular expression: \(error.message)", at: literal.place(of: error.range),
                    suggestion: #"the syntax is egrep's: no \d, \w, \b, (?i) or lazy quantifiers"#
                )
            }
        default: return .textIn([literal.bytes])
        }
    }

    // MARK: - Fields on the right

    private func compare(
        _ left: OperandCompiler.Typed, with operand: Operand, _ comparison: Comparison
    ) throws(ConditionError) -> TypedCondition {
        guard comparison.modifier == nil, let code = comparison.comparator.fieldComparison else {
            let what = comparison.modifier?.rawValue ?? comparison.comparator.rawValue
            throw ConditionError("'\(what)' can't be used with a field on its right side", at: comparison.range)
        }
        guard left.shape.type != .network else {
            throw ConditionError("an IP network can't be compared with a field", at: comparison.range)
        }
        let right = try operands.compile(operand, .right)
        let sameType = left.shape.type == right.shape.type || (left.shape.isText && right.shape.isText)
        guard sameType, left.shape.isList == right.shape.isList else {
            throw ConditionError(
                "the sides differ in type: \(Self.describe(left.shape)) and \(Self.describe(right.shape))",
                at: comparison.range
            )
        }
        return test(left, comparison, .field(code, right.expression, rightIsList: right.shape.isList))
    }

    private static func describe(_ shape: ValueShape) -> String {
        let type = shape.type == .path ? FieldType.string.rawValue : shape.type.rawValue
        return shape.isList ? "list of \(type)" : type
    }

    // MARK: - Tests

    private func isAnyElement(_ left: OperandCompiler.Typed) -> Bool {
        guard left.flags.contains(.anyElement), case .field(let reference) = left.expression else { return false }
        return reference.argument == .none
    }

    private func quantifier(_ left: OperandCompiler.Typed, _ comparison: Comparison) -> Quantifier {
        if left.shape.isList {
            switch comparison.comparator {
            case .exists: return .scalar
            case .in: return .all
            default: return .any
            }
        }
        if isAnyElement(left) { return .any }
        if left.flags.contains(.twoSided) { return comparison.comparator == .notEqual ? .allOfSome : .any }
        return .scalar
    }

    private func test(
        _ left: OperandCompiler.Typed, _ comparison: Comparison, _ operation: Operation
    ) -> TypedCondition {
        .test(
            Test(
                left: left.expression, quantifier: quantifier(left, comparison),
                isNegated: comparison.comparator == .notEqual, operation: operation
            )
        )
    }
}

extension ComparisonOperator {
    /// The ordering, if it is one.
    var order: Order? {
        switch self {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    /// The operator's code between two fields; nil where Falco allows none.
    fileprivate var fieldComparison: ComparisonOperatorCode? {
        switch self {
        case .equal, .notEqual, .in, .intersects: .equal
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .contains, .bcontains: .contains
        case .icontains: .containsIgnoringCase
        case .startswith, .bstartswith: .prefix
        case .endswith: .suffix
        case .glob: .glob
        case .iglob: .globIgnoringCase
        case .regex, .pmatch, .exists: nil
        }
    }
}

extension Literal {
    /// Where some of the literal's bytes stand in the text; the whole literal when escapes make that unknown.
    fileprivate func place(of part: Range<Int>?) -> TextRange {
        guard let part else { return range }
        let quotes = range.end - range.start - bytes.count
        guard quotes == 0 || (quotes == 2 && !bytes.contains(UInt8(ascii: "\\"))) else { return range }
        let start = range.start + quotes / 2 + part.lowerBound
        return TextRange(start, start + part.count, text: range.text)
    }
}
