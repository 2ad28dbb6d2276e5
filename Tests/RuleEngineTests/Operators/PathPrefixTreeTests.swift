import Testing

@testable import RuleEngine

@Suite struct PathPrefixTreeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let paths: [String]
        let value: String
        let expected: Bool
        init(_ paths: [String], _ value: String, _ expected: Bool) {
            self.paths = paths
            self.value = value
            self.expected = expected
        }
        var testDescription: String { "\(value) in \(paths)" }
    }

    static let cases = [
        Case(["/etc"], "/etc", true), Case(["/etc"], "/etc/passwd", true), Case(["/etc"], "/etcx", false),
        Case(["/etc"], "etc/passwd", true), Case(["etc"], "//etc//passwd", true), Case(["/etc/"], "/etc", true),
        Case(["/etc/ssh"], "/etc", false), Case(["/"], "/anything", true), Case(["/"], "", true), Case([], "/a", false),
        Case(["/a/b", "/a"], "/a/c", true), Case(["/a", "/a/b"], "/a/c", true), Case(["/a/b", "/c"], "/c/d", true),
        Case(["/a/*/c"], "/a/b/c/d", true), Case(["/a/*/c"], "/a/b/d", false), Case(["/a/?"], "/a/b", true),
        Case(["/*"], "/x", true), Case(["/*"], "/", false), Case(["/a/[xy]z"], "/a/yz/1", true),
        // The literal child first, the glob children after it.
        Case(["/a/b/x", "/a/*/y"], "/a/b/y", true),
        // After a glob whose sub-tree failed, the next one sees the component behind.
        Case(["/a/b*/x", "/a/*c/y"], "/a/bc/y", false), Case(["/a/b*/x", "/a/*c/y"], "/a/b1/2c/y", true),
    ]

    @Test(arguments: cases)
    func `a value lies at or below a path`(_ test: Case) {
        let tree = PathPrefixTree(test.paths.map { Array($0.utf8) })
        let value = Array(test.value.utf8)
        #expect(tree.matches(value, value.indices) == test.expected)
    }
}
