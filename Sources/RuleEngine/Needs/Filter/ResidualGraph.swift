import EventModel

/// What of conditions speaks of the process alone, as a graph in which equal parts are one node. A node can be true of a process,
/// or surely isn't; where a fact is not known it can be.
struct ResidualGraph: Sendable {
    /// A condition on a process.
    enum Node: Sendable, Hashable {
        /// Can always be true.
        case always
        /// Can be true unless the test, by its number, is known to come out otherwise.
        case test(Int, holds: Bool)
        /// All can be true.
        case and([Int])
        /// One can be true.
        case or([Int])
    }

    /// The node of what can always be true.
    static let always = 0

    private(set) var nodes: [Node] = [.always]
    private(set) var tests: [Test] = []
    private var nodeIDs: [Node: Int] = [.always: 0]
    private var testIDs: [Test: Int] = [:]

    /// The node of a test that must hold, or must fail.
    mutating func node(of test: Test, holds: Bool) -> Int {
        let id: Int
        if let known = testIDs[test] {
            id = known
        } else {
            id = tests.count
            tests.append(test)
            testIDs[test] = id
        }
        return intern(.test(id, holds: holds))
    }

    /// The node of both.
    mutating func and(_ left: Int, _ right: Int) -> Int {
        if left == Self.always || left == right { return right }
        if right == Self.always { return left }
        var parts: Set<Int> = []
        for node in [left, right] {
            if case .and(let inner) = nodes[node] { parts.formUnion(inner) } else { parts.insert(node) }
        }
        return intern(.and(parts.sorted()))
    }

    /// The node of either.
    mutating func or(_ left: Int, _ right: Int) -> Int {
        if left == Self.always || right == Self.always { return Self.always }
        return left == right ? left : or([left, right])
    }

    /// The node of any of several.
    mutating func or(_ all: some Sequence<Int>) -> Int {
        var parts: Set<Int> = []
        for node in all {
            if node == Self.always { return Self.always }
            if case .or(let inner) = nodes[node] { parts.formUnion(inner) } else { parts.insert(node) }
        }
        return parts.count == 1 ? parts.first ?? Self.always : intern(.or(parts.sorted()))
    }

    private mutating func intern(_ node: Node) -> Int {
        if let known = nodeIDs[node] { return known }
        nodes.append(node)
        nodeIDs[node] = nodes.count - 1
        return nodes.count - 1
    }
}
