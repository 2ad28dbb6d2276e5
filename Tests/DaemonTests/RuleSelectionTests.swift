import Testing

@testable import Daemon

@Suite struct RuleSelectionTests {
    @Test(
        arguments: [
            ("Shell", "Shell", true), ("Shell", "shell", false), ("Shell", "Shel", false), ("Shell", "*", true),
            ("", "*", true), ("", "", true), ("x", "", false), ("Shell in container", "Shell*", true),
            ("Shell in container", "*container", true), ("Shell in container", "*in*", true),
            ("Shell in container", "S*i*r", true), ("Shell in container", "Shell*pod", false), ("abc", "a**c", true),
            // There is no backtracking, as in Falco.
            ("xabab", "*ab", false), ("xab", "*ab", true), ("xabab", "*ab*", true),
            // Everything else is literal.
            ("a.c", "a.c", true), ("abc", "a.c", false), ("a?c", "a?c", true), ("abc", "a?c", false),
        ])
    func `a pattern matches the whole name`(_ name: String, _ pattern: String, _ expected: Bool) {
        #expect(RuleSelection(enables: true, .name(pattern)).selects(name: name, tags: []) == expected)
    }

    @Test func `a tag is meant exactly`() {
        #expect(RuleSelection(enables: true, .tag("network")).selects(name: "R", tags: ["host", "network"]))
        #expect(!RuleSelection(enables: true, .tag("net*")).selects(name: "R", tags: ["network"]))
    }

    @Test func `the last selection that concerns a rule counts`() {
        let selections = [
            RuleSelection(enables: false, .name("*")), RuleSelection(enables: true, .tag("a")),
            RuleSelection(enables: false, .name("Noisy*")),
        ]
        func isEnabled(_ name: String, _ tags: [String]) -> Bool {
            RuleSelection.isEnabled(true, name: name, tags: tags, after: selections)
        }
        #expect(!isEnabled("R", []))
        #expect(isEnabled("R", ["a"]))
        #expect(!isEnabled("Noisy one", ["a"]))
        #expect(RuleSelection.isEnabled(true, name: "R", tags: [], after: []))
        #expect(!RuleSelection.isEnabled(false, name: "R", tags: [], after: []))
    }
}
