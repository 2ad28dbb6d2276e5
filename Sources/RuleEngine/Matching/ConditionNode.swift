import EventModel

/// A condition for events of one type, in a graph where equal conditions are one node.
enum ConditionNode: Sendable, Hashable {
    case constant(Bool)
    /// A test of the graph.
    case test(Int)
    case not(Int)
    case and([Int])
    case or([Int])
    case exactlyOne([Int])

    /// The nodes that this one is made of.
    var operands: [Int] {
        switch self {
        case .constant, .test: []
        case .not(let node): [node]
        case .and(let nodes), .or(let nodes), .exactlyOne(let nodes): nodes
        }
    }
}

/// The conditions of all rules, equal parts shared.
struct ConditionGraph: Sendable {
    private(set) var nodes: [ConditionNode] = []
    private(set) var tests: [Test] = []
    private var nodeIDs: [ConditionNode: Int] = [:]
    private var testIDs: [Test: Int] = [:]

    /// Adds a condition as it is for events of a type, simplified.
    mutating func add(_ condition: TypedCondition, for type: EventType) -> Int {
        switch condition {
        case .constant(let value): return intern(.constant(value))
        case .typeIn(let set): return intern(.constant(set.contains(type)))
        case .test(let test):
            if test.operation == .never { return intern(.constant(false)) }
            return intern(.test(intern(test)))
        case .not(let part): return negated(add(part, for: type))
        case .and(let parts): return combined(parts, type, absorbing: false) { .and($0) }
        case .or(let parts): return combined(parts, type, absorbing: true) { .or($0) }
        case .exactlyOne(let parts): return intern(.exactlyOne(parts.map { add($0, for: type) }))
        }
    }

    private mutating func combined(
        _ parts: [TypedCondition], _ type: EventType, absorbing: Bool, _ make: ([Int]) -> ConditionNode
    ) -> Int {
        var operands: [Int] = []
        var seen: Set<Int> = []
        for part in parts {
            let node = add(part, for: type)
            if case .constant(let value) = nodes[node] {
                if value == absorbing { return node }
                continue
            }
            // A part together with its opposite decides the whole.
            if seen.contains(negated(node)) { return intern(.constant(absorbing)) }
            if seen.insert(node).inserted { operands.append(node) }
        }
        switch operands.count {
        case 0: return intern(.constant(!absorbing))
        case 1: return operands[0]
        default: return intern(make(operands))
        }
    }

    private mutating func negated(_ node: Int) -> Int {
        switch nodes[node] {
        case .constant(let value): intern(.constant(!value))
        case .not(let inner): inner
        default: intern(.not(node))
        }
    }

    private mutating func intern(_ node: ConditionNode) -> Int {
        if let known = nodeIDs[node] { return known }
        nodes.append(node)
        nodeIDs[node] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func intern(_ test: Test) -> Int {
        if let known = testIDs[test] { return known }
        tests.append(test)
        testIDs[test] = tests.count - 1
        return tests.count - 1
    }
}
