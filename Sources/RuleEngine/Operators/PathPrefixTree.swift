/// The paths of a `pmatch`: matches values that lie at or below one of them.
///
/// Paths and values are split at `/`, empty components don't count. Components with `*`, `?` or `[` are globs.
struct PathPrefixTree: Sendable, Hashable {
    private struct Node: Sendable, Hashable {
        /// Whether a path ends here; then it has no children, since shorter paths cover longer ones.
        var isEnd = false
        /// Children by literal component, then glob children, each in the order in which they were added.
        var literals: [Child] = []
        var globs: [Child] = []
    }
    private struct Child: Sendable, Hashable {
        let component: [UInt8]
        let node: Int
    }

    private var nodes = [Node()]
    /// The paths as given.
    let paths: [[UInt8]]

    init(_ paths: [[UInt8]]) {
        self.paths = paths
        for path in paths { insert(path) }
    }

    private mutating func insert(_ path: [UInt8]) {
        var node = 0
        for component in path.split(separator: UInt8(ascii: "/")) {
            if nodes[node].isEnd { return }
            let component = Array(component)
            let isGlob = Glob.isPattern(component)
            let children = isGlob ? nodes[node].globs : nodes[node].literals
            if let child = children.first(where: { $0.component == component }) {
                node = child.node
                continue
            }
            nodes.append(Node())
            let child = Child(component: component, node: nodes.count - 1)
            if isGlob { nodes[node].globs.append(child) } else { nodes[node].literals.append(child) }
            node = child.node
        }
        nodes[node] = Node(isEnd: true)
    }

    /// Whether the value in `range` lies at or below one of the paths.
    func matches(_ value: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= value.count else { return false }
        return matches(node: 0, value, range)
    }

    /// Recursion is as deep as the longest path has components: at most half of a literal's 255 bytes.
    private func matches(node: Int, _ value: [UInt8], _ rest: Range<Int>) -> Bool {
        let node = nodes[node]
        if node.isEnd { return true }
        guard var component = Self.component(value, rest) else { return false }
        for child in node.literals
        where ByteText.equal(value, component, child.component, child.component.indices) {
            if matches(node: child.node, value, component.upperBound..<rest.upperBound) { return true }
        }
        for child in node.globs
        where Glob.matches(value, component, pattern: child.component, child.component.indices) {
            if matches(node: child.node, value, component.upperBound..<rest.upperBound) { return true }
            // Falco moves on in the value after a glob whose sub-tree failed; the next glob sees the next component.
            guard let next = Self.component(value, component.upperBound..<rest.upperBound) else { return false }
            component = next
        }
        return false
    }

    /// The first component of a range; nil when there is none.
    private static func component(_ value: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var start = range.lowerBound
        while start < range.upperBound, value[start] == UInt8(ascii: "/") { start += 1 }
        guard start < range.upperBound else { return nil }
        var end = start
        while end < range.upperBound, value[end] != UInt8(ascii: "/") { end += 1 }
        return start..<end
    }
}
