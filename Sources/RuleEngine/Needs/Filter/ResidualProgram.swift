public import EventModel

/// What of the rules speaks of the process alone: the *residual* conditions. Found out once for a process, it tells which
/// alternatives of a filter are still possible for its events.
///
/// The answer holds until one of `changes` happens to the process. Before it is found out, and from such a change on, all
/// alternatives are possible. A fact that is not known when it is asked for leaves possible what depends on it.
public struct ResidualProgram: Sendable {
    /// What makes the answers void.
    public internal(set) var changes: ProcessChanges
    /// How many filters there are: those of the `FilterProgram`, in its order.
    public var filterCount: Int { roots.count }

    let nodes: [ResidualGraph.Node]
    let leaves: [Leaf]
    let program: MatchProgram
    /// For each filter the node of each alternative.
    let roots: [[Int]]
    /// The slot with the ids of all ancestors; nil when no test looks at all of them.
    let ancestorSlot: Int?

    /// What must be known for a test.
    struct Leaf: Sendable {
        /// The slots of the fields that it reads.
        var slots: [Int] = []
        /// Whether it looks at all ancestors: then all must be known.
        var readsAllAncestors = false
        /// The changes by which threads of a process come to differ in what it reads.
        var perThread: ProcessChanges = []
    }

    /// A program from the graph that filters' clauses made; `roots` has for each filter the nodes of its alternatives.
    init(graph: ResidualGraph, roots: [[Int]], catalogue: FieldCatalogue) {
        self.roots = roots
        nodes = graph.nodes
        // One rule that asks for all tests: each then has the number that it has in the graph.
        let rule = CompiledRule(
            name: "", description: "", priority: .debug, source: RuleSource.syscall.name, tags: [],
            eventTypes: EventTypeSet([EventType(index: 0)]), condition: .and(graph.tests.map { .test($0) }),
            output: CompiledTemplate(), extraFields: [])
        var builder = ProgramBuilder()
        var program = builder.build([rule], catalogue)
        func slot(_ reference: FieldReference) -> Int? {
            builder.addSlots(to: &program, for: [.field(reference)]).first.map { Int($0) }
        }
        var changes: ProcessChanges = []
        leaves = graph.tests.map { test in
            var leaf = Leaf()
            for reference in test.references {
                let field = catalogue[reference.field]
                let fieldChanges = ProcessFields.changes(field.name) ?? []
                changes.formUnion(fieldChanges)
                leaf.perThread.formUnion(fieldChanges.intersection(ProcessFields.perThread))
                if reference.argument == .none, field.flags.contains(.anyElement) { leaf.readsAllAncestors = true }
                if let slot = slot(reference) { leaf.slots.append(slot) }
            }
            return leaf
        }
        ancestorSlot =
            leaves.contains(where: \.readsAllAncestors)
            ? catalogue.id(named: "proc.apid").flatMap { slot(FieldReference($0)) } : nil
        self.changes = changes
        self.program = program
    }
}

/// Finds out which alternatives are possible for processes. It keeps its memory from one to the next.
public struct ResidualEvaluator: ~Copyable {
    /// For each filter, in the order of the `FilterProgram`, the alternatives that are possible for the process last looked at.
    public private(set) var sets: [AlternativeSet]

    private let program: ResidualProgram
    private var evaluator: Evaluator
    private var answers: [Answer]
    private var uniform: ProcessChanges = []

    private enum Answer: UInt8 { case unknown, possible, impossible }

    /// An evaluator of a program.
    public init(_ program: ResidualProgram) {
        self.program = program
        evaluator = Evaluator(program.program, mode: .all)
        answers = Array(repeating: .unknown, count: program.nodes.count)
        sets = Array(repeating: .all, count: program.filterCount)
    }

    /// Finds out what is possible for the process whose fields `reader` gives; then it is in `sets`.
    ///
    /// - Parameter uniform: of `command`, `credentials` and `capabilities` those in which all threads of the process are
    ///   alike; what the others are asked for counts as not known.
    public mutating func evaluate(_ reader: some FieldReader, uniform: ProcessChanges = []) {
        self.uniform = uniform
        evaluator.beginEvent()
        for index in answers.indices { answers[index] = .unknown }
        for filter in program.roots.indices {
            var set = AlternativeSet()
            for alternative in program.roots[filter].indices
            where isPossible(program.roots[filter][alternative], reader) {
                set.insert(alternative)
            }
            sets[filter] = set
        }
    }

    private mutating func isPossible(_ node: Int, _ reader: some FieldReader) -> Bool {
        if answers[node] != .unknown { return answers[node] == .possible }
        var result = true
        switch program.nodes[node] {
        case .always: break
        case .test(let test, let holds): result = canBe(holds, test, reader)
        case .and(let parts):
            for part in parts where !isPossible(part, reader) {
                result = false
                break
            }
        case .or(let parts):
            result = false
            for part in parts where isPossible(part, reader) {
                result = true
                break
            }
        }
        answers[node] = result ? .possible : .impossible
        return result
    }

    private mutating func canBe(_ expected: Bool, _ test: Int, _ reader: some FieldReader) -> Bool {
        let leaf = program.leaves[test]
        guard uniform.isSuperset(of: leaf.perThread) else { return true }
        for slot in leaf.slots where !isKnown(evaluator.value(ofSlot: slot, reader)) { return true }
        if leaf.readsAllAncestors, !areAllAncestorsKnown(reader) { return true }
        return evaluator.holds(test, reader) == expected
    }

    /// Whether a field has a value. Text that nobody could read is empty.
    private mutating func isKnown(_ value: FieldValue) -> Bool {
        switch value.kind {
        case .null: return false
        case .string, .bytes: return !value.range.isEmpty
        case .list:
            for position in value.range where !isKnown(evaluator.arena.elements[position]) { return false }
            return true
        case .signed, .unsigned, .bool, .double, .address: return true
        }
    }

    /// Whether the line of ancestors leads to the first process.
    private mutating func areAllAncestorsKnown(_ reader: some FieldReader) -> Bool {
        guard let slot = program.ancestorSlot else { return false }
        let ids = evaluator.value(ofSlot: slot, reader)
        guard ids.kind == .list, let last = evaluator.arena.elements[ids.range].last else { return false }
        return last.signed == 1
    }
}
