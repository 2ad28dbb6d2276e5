import EventModel

/// Builds the program of a rule set: slots, tests and their tables, code, plans.
struct ProgramBuilder {
    private var program = MatchProgram()
    private var graph = ConditionGraph()
    private var slotIDs: [Expression: Int32] = [:]
    private var literalIDs: [[UInt8]: Int32] = [:]
    private var indexIDs: [IndexKey: Int] = [:]
    private var indexBuilders: [ValueIndexBuilder] = []

    private struct IndexKey: Hashable {
        let kind: ValueIndex.Kind
        let slot: Int32
    }

    /// A rule's condition for the events of a type.
    struct TypedRule: Hashable {
        let rule: Int
        let node: Int
    }

    init() {}

    /// Builds the program for rules in their order.
    mutating func build(_ rules: [CompiledRule], _ catalogue: FieldCatalogue) -> MatchProgram {
        program.firstStep = rules.count
        let rulesByType = rulesByType(rules)
        for test in graph.tests { collectConstants(of: test.operation, slot: slot(for: test.left)) }
        for index in indexBuilders.indices {
            program.indexes.append(indexBuilders[index].layOut(in: &program, literalIDs: literalIDs))
        }
        program.tests = Array(
            repeating: TestCode(kind: .never, quantifier: .scalar, isNegated: false, isMemoised: false, slot: 0),
            count: graph.tests.count
        )
        for (number, test) in graph.tests.enumerated() { program.tests[number] = code(for: test) }
        for index in indexBuilders.indices {
            var laidOut = program.indexes[index]
            indexBuilders[index].layOutRows(of: &laidOut, in: &program)
            program.indexes[index] = laidOut
        }
        var writer = CodeWriter(graph: graph, catalogue: catalogue, roots: rulesByType.joined())
        let starts = writer.write(into: &program)
        var planner = PlanBuilder(graph: graph, starts: starts)
        planner.build(rulesByType, into: &program)
        return program
    }

    /// The rules that events of each source and type can match, each with its condition for that type.
    private mutating func rulesByType(_ rules: [CompiledRule]) -> [[TypedRule]] {
        var result: [[TypedRule]] = Array(
            repeating: [], count: EventType.count * RuleSource.allCases.count
        )
        for (number, rule) in rules.enumerated() where !rule.isCorrelation {
            add(number, rule.condition, rule.eventTypes, of: rule, to: &result)
        }
        // Events of correlations come last: they are looked for also where a rule matched.
        var number = rules.count
        for rule in rules {
            for event in rule.correlation?.events ?? [] {
                add(number, event.condition, event.eventTypes, of: rule, to: &result)
                number += 1
            }
        }
        return result
    }

    /// Adds a condition under a number to those of the types of its events.
    private mutating func add(
        _ number: Int, _ condition: TypedCondition, _ types: EventTypeSet, of rule: CompiledRule,
        to result: inout [[TypedRule]]
    ) {
        guard let source = rule.ruleSource else { return }
        let first = Int(source.rawValue) * EventType.count
        var sets: [EventTypeSet] = []
        condition.forEachTypeSet { if !sets.contains($0) { sets.append($0) } }
        // Types that are in the same sets of the condition share it.
        var nodes: [[Bool]: Int] = [:]
        for type in types.types {
            let membership = sets.map { $0.contains(type) }
            let node = nodes[membership] ?? graph.add(condition, for: type)
            nodes[membership] = node
            if graph.nodes[node] == .constant(false) { continue }
            result[first + Int(type.index)].append(TypedRule(rule: number, node: node))
        }
    }

    // MARK: - Slots

    /// The slot that holds an expression's value.
    mutating func slot(for expression: Expression) -> Int32 {
        if let known = slotIDs[expression] { return known }
        let code: SlotCode
        switch expression {
        case .field(let reference):
            program.references.append(reference)
            code = SlotCode(kind: .field, first: Int32(program.references.count - 1))
        case .constant(let text): code = SlotCode(kind: .constant, first: literal(text))
        case .list(let parts): code = slotCode(.list, parts)
        case .call(let function, let parts):
            code = slotCode(SlotCode.Kind(function), parts, selector: function.selector)
        }
        program.slots.append(code)
        let slot = Int32(program.slots.count - 1)
        slotIDs[expression] = slot
        return slot
    }

    private mutating func slotCode(_ kind: SlotCode.Kind, _ parts: [Expression], selector: Int32 = -1) -> SlotCode {
        var arguments: [Int32] = []
        for part in parts { arguments.append(slot(for: part)) }
        let start = program.slotArguments.count
        program.slotArguments += arguments
        return SlotCode(
            kind: kind, first: selector, argumentStart: Int32(start), argumentCount: Int32(arguments.count)
        )
    }

    /// Takes over the slots that outputs read besides those of the conditions.
    mutating func addSlots(to program: inout MatchProgram, for expressions: [Expression]) -> [Int32] {
        self.program = program
        var slots: [Int32] = []
        for expression in expressions { slots.append(slot(for: expression)) }
        program = self.program
        return slots
    }

    // MARK: - Constants

    private mutating func literal(_ text: [UInt8]) -> Int32 {
        if let known = literalIDs[text] { return known }
        let start = program.literalBytes.count
        program.literalBytes += text
        program.literals.append(start..<program.literalBytes.count)
        literalIDs[text] = Int32(program.literals.count - 1)
        return Int32(program.literals.count - 1)
    }

    private mutating func number(_ bits: UInt64) -> Int32 {
        program.numbers.append(bits)
        return Int32(program.numbers.count - 1)
    }

    private mutating func index(_ kind: ValueIndex.Kind, _ slot: Int32) -> Int {
        let key = IndexKey(kind: kind, slot: slot)
        if let known = indexIDs[key] { return known }
        indexBuilders.append(ValueIndexBuilder(kind: kind, slot: slot))
        indexIDs[key] = indexBuilders.count - 1
        return indexBuilders.count - 1
    }

    private mutating func collectConstants(of operation: Operation, slot: Int32) {
        switch operation {
        case .textIn(let texts):
            let index = index(.text, slot)
            for text in texts {
                indexBuilders[index].add(text)
                _ = literal(text)
            }
        case .numberIn(let numbers):
            let index = index(.number, slot)
            for number in numbers { indexBuilders[index].add(number) }
        case .prefix(let text): indexBuilders[index(.prefix, slot)].add(text)
        case .suffix(let text): indexBuilders[index(.suffix, slot)].add(text)
        case .modified(_, let operations): for operation in operations { collectConstants(of: operation, slot: slot) }
        default: return
        }
    }

    // MARK: - Tests

    private mutating func code(for test: Test) -> TestCode {
        code(for: test.operation, test, slot(for: test.left))
    }

    private mutating func code(for operation: Operation, _ test: Test, _ slot: Int32) -> TestCode {
        func code(
            _ kind: TestCode.Kind, isMemoised: Bool = true, _ first: Int32 = 0, _ second: Int32 = 0, _ third: Int32 = 0
        ) -> TestCode {
            TestCode(
                kind: kind, quantifier: test.quantifier, isNegated: test.isNegated,
                isMemoised: isMemoised || test.quantifier != .scalar, slot: slot, first: first, second: second,
                third: third
            )
        }
        switch operation {
        case .exists: return code(.exists, isMemoised: false)
        case .never: return code(.never, isMemoised: false)
        case .textIn(let texts):
            let index = index(.text, slot)
            return membership(index, texts.compactMap { indexBuilders[index].textEntries[$0]?.lowerBound }, code(.row))
        case .numberIn(let numbers):
            let index = index(.number, slot)
            return membership(index, numbers.compactMap { indexBuilders[index].numberEntries[$0] }, code(.row))
        case .prefix(let text), .suffix(let text):
            let isPrefix = if case .prefix = operation { true } else { false }
            let index = index(isPrefix ? .prefix : .suffix, slot)
            let entries = indexBuilders[index].textEntries[text] ?? 0...0
            return code(
                .entry, isMemoised: false, Int32(index), Int32(entries.lowerBound), Int32(entries.upperBound)
            )
        case .textOrder(let order, let text): return code(.textOrder, literal(text), Int32(order.rawValue))
        case .contains(let text): return code(.contains, literal(text))
        case .containsIgnoringCase(let text): return code(.containsIgnoringCase, literal(text))
        case .glob(let text, let ignoresCase): return code(ignoresCase ? .globIgnoringCase : .glob, literal(text))
        case .regex(let regex):
            program.regexes.append(regex)
            return code(.regex, Int32(program.regexes.count - 1))
        case .pathPrefix(let tree):
            program.pathTrees.append(tree)
            return code(.pathPrefix, Int32(program.pathTrees.count - 1))
        case .numberOrder(let order, let bits, let isSigned):
            return code(isSigned ? .signedOrder : .unsignedOrder, number(bits), Int32(order.rawValue))
        case .nativeOrder(let order, let unsigned, let signed):
            let first = number(unsigned)
            _ = number(UInt64(bitPattern: signed))
            return code(.nativeOrder, first, Int32(order.rawValue))
        case .doubleOrder(let order, let value):
            return code(.doubleOrder, number(value.bitPattern), Int32(order.rawValue))
        case .doubleIn(let values):
            let start = program.numbers.count
            program.numbers += values.map(\.bitPattern)
            return code(.doubleIn, Int32(start), Int32(values.count))
        case .addressIn(let addresses):
            program.addresses += addresses
            return code(.addressIn, Int32(program.addresses.count - addresses.count), Int32(addresses.count))
        case .networkContains(let networks):
            program.networks += networks
            return code(.networkContains, Int32(program.networks.count - networks.count), Int32(networks.count))
        case .field(let comparison, let right, let isList):
            return code(.field, self.slot(for: right), Int32(comparison.rawValue), isList ? 1 : 0)
        case .modified(let modifier, let operations):
            // `!=` over elements is `not =` in each of the operations, never of the whole.
            let element = Test(left: test.left, quantifier: .scalar, operation: .never)
            var codes: [TestCode] = []
            for operation in operations { codes.append(self.code(for: operation, element, slot)) }
            program.tests += codes
            return code(
                .modified, Int32(program.tests.count - codes.count), Int32(codes.count), Int32(modifier.rawValue))
        }
    }

    /// A test that the value's entry is one of these.
    private mutating func membership(_ index: Int, _ entries: [UInt32], _ model: TestCode) -> TestCode {
        let isSingle = entries.count == 1
        let second = isSingle ? Int32(entries[0]) : indexBuilders[index].addColumn(entries)
        return TestCode(
            kind: isSingle ? .entry : .row, quantifier: model.quantifier, isNegated: model.isNegated,
            isMemoised: model.quantifier != .scalar, slot: model.slot, first: Int32(index), second: second,
            third: isSingle ? second : 0
        )
    }
}

extension SlotCode.Kind {
    fileprivate init(_ function: TransformerFunction) {
        switch function {
        case .toLower: self = .toLower
        case .toUpper: self = .toUpper
        case .decodeBase64: self = .decodeBase64
        case .baseName: self = .baseName
        case .length: self = .length
        case .join: self = .join
        case .concat: self = .concat
        case .getopt: self = .getopt
        }
    }
}

extension TransformerFunction {
    fileprivate var selector: Int32 {
        guard case .getopt(let selector?) = self else { return -1 }
        return Int32(selector)
    }
}
