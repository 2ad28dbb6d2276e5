import EventModel

/// Writes conditions as tests with jumps. Parts that several conditions have in common become code of their own, whose
/// result is remembered for the event.
struct CodeWriter {
    private let graph: ConditionGraph
    private let order: ConditionOrder
    private var roots: Set<Int> = []
    private var uses: [Int]
    private var sharedIDs: [Int: Int] = [:]

    init(graph: ConditionGraph, catalogue: FieldCatalogue, roots typedRules: some Sequence<ProgramBuilder.TypedRule>) {
        self.graph = graph
        order = ConditionOrder(graph: graph, catalogue: catalogue)
        uses = Array(repeating: 0, count: graph.nodes.count)
        // A rule uses its condition once, for however many event types.
        var counted: Set<ProgramBuilder.TypedRule> = []
        for typedRule in typedRules where counted.insert(typedRule).inserted {
            roots.insert(typedRule.node)
            count(typedRule.node)
        }
    }

    private mutating func count(_ node: Int) {
        if case .not(let operand) = graph.nodes[node] { return count(operand) }
        uses[node] += 1
        guard uses[node] == 1 else { return }
        for operand in graph.nodes[node].operands { count(operand) }
    }

    /// Writes all conditions; where the code of each root begins.
    mutating func write(into program: inout MatchProgram) -> [Int: Int32] {
        for (node, count) in uses.enumerated() where count > 1 {
            switch graph.nodes[node] {
            case .and, .or, .exactlyOne:
                sharedIDs[node] = program.shared.count
                program.shared.append(Instruction.reject)
            case .constant, .test, .not: continue
            }
        }
        for (node, id) in sharedIDs.sorted(by: { $0.value < $1.value }) {
            program.shared[id] = writeBody(node, Instruction.accept, Instruction.reject, &program)
        }
        var starts: [Int: Int32] = [:]
        for root in roots.sorted() { starts[root] = write(root, Instruction.accept, Instruction.reject, &program) }
        return starts
    }

    /// Writes a node behind what follows it; where its code begins.
    private func write(_ node: Int, _ onTrue: Int32, _ onFalse: Int32, _ program: inout MatchProgram) -> Int32 {
        guard let shared = sharedIDs[node] else { return writeBody(node, onTrue, onFalse, &program) }
        return append(UInt32(shared) | Instruction.sharedBit, onTrue, onFalse, &program)
    }

    private func writeBody(_ node: Int, _ onTrue: Int32, _ onFalse: Int32, _ program: inout MatchProgram) -> Int32 {
        switch graph.nodes[node] {
        case .constant(let value): return value ? onTrue : onFalse
        case .test(let test): return append(UInt32(test), onTrue, onFalse, &program)
        case .not(let operand): return write(operand, onFalse, onTrue, &program)
        case .and:
            var next = onTrue
            for operand in order.operands(of: node).reversed() { next = write(operand, next, onFalse, &program) }
            return next
        case .or:
            var next = onFalse
            for operand in order.operands(of: node).reversed() { next = write(operand, onTrue, next, &program) }
            return next
        case .exactlyOne(let operands):
            // Two chains of the same tests: none held so far, one held so far.
            var none = onFalse
            var one = onTrue
            for operand in operands.reversed() {
                let oneSoFar = one
                one = write(operand, onFalse, oneSoFar, &program)
                none = write(operand, oneSoFar, none, &program)
            }
            return none
        }
    }

    private func append(
        _ operand: UInt32, _ onTrue: Int32, _ onFalse: Int32, _ program: inout MatchProgram
    ) -> Int32 {
        program.code.append(Instruction(operand: operand, onTrue: onTrue, onFalse: onFalse))
        return Int32(program.code.count - 1)
    }
}
