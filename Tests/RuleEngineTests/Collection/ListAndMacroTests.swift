import RuleEngine
import RuleLanguage
import Testing

@Suite struct ListAndMacroTests {
    /// Lists (name and items as flow YAML), a condition, and its text with the lists put in.
    struct Substituted: CustomTestStringConvertible, Sendable {
        var lists: [(String, String)]
        var condition: String
        var text: String
        init(_ lists: [(String, String)], _ condition: String, _ text: String) {
            self.lists = lists
            self.condition = condition
            self.text = text
        }
        var testDescription: String { "\(lists) \(condition)" }
    }

    static let substituted = [
        Substituted([("l", "[a, b]")], "x.y in (l)", "x.y in (a, b)"),
        Substituted([("l", "[a, b]")], "x.y in (z, l, w)", "x.y in (z, a, b, w)"),
        Substituted([("l", "[a]")], "x.y in l", "x.y in a"),
        Substituted([("l", "[a]")], "x.y=l and l.m = 1 and x.y = ll", "x.y=a and l.m = 1 and x.y = ll"),
        Substituted([("l", "[a b, '\"c d\"', 'e,f', 443]")], "x.y in (l)", "x.y in (\"a b\", \"c d\", e,f, 443)"),
        Substituted([("l", "[a, b]")], "x.y = \"is l here\"", "x.y = \"is a, b here\""),
        Substituted([("l", "[a]")], "x.y = \"l\"", "x.y = \"l\""),
        Substituted([("'my list'", "[a, b]")], "x.y in (my list, c)", "x.y in (a, b, c)"),
        Substituted(
            [("'my list'", "[a]"), ("my", "[b]")], "x.y in (my list) or x.y in (my)", "x.y in (a) or x.y in (b)"),
        Substituted([("my", "[b]"), ("'my list'", "[a]")], "x.y = \"a my list c\"", "x.y = \"a b list c\""),
        Substituted([("'my list'", "[a]")], "x.y = \"my lists, so my list \"", "x.y = \"my lists, so a \""),
        // Empty lists take a comma along.
        Substituted([("l", "[]")], "x.y in (l)", "x.y in ()"),
        Substituted([("l", "[]")], "x.y in (a, l, b)", "x.y in (a,  b)"),
        Substituted([("l", "[]")], "x.y in (l, b)", "x.y in ( b)"),
        Substituted([("l", "[]")], "x.y in (a, l)", "x.y in (a)"),
        Substituted([("l", "[]"), ("k", "[]")], "x.y in (l, k)", "x.y in ( )"),
        // Lists of lists: one level among items, then as text in the order of definition.
        Substituted([("l", "[a]"), ("k", "[l, b]")], "x.y in (k)", "x.y in (a, b)"),
        Substituted([("l", "[a]"), ("k", "[l]"), ("j", "[k]")], "x.y in (j)", "x.y in (l)"),
        Substituted([("k", "[l, b]"), ("l", "[a]")], "x.y in (k)", "x.y in (a, b)"),
        Substituted([("l", "[l, a]")], "x.y in (l)", "x.y in (l, a)"),
        Substituted([("k", "[l]"), ("l", "[k]")], "x.y in (k, l)", "x.y in (l, l)"),
    ]

    @Test(arguments: substituted)
    func `lists are put in as text`(_ c: Substituted) throws {
        let lists = c.lists.map { "- list: \($0.0)\n  items: \($0.1)\n" }.joined()
        let loaded = load(lists + ruleText("|\n    " + c.condition))
        #expect(loaded.rules.first?.conditionText == c.text + "\n", "\(loaded.diagnostics.map(\.rendered))")
    }

    @Test func `a list defined after the rule counts, and one redefined`() {
        let rule = ruleText("x.y in (l)")
        #expect(load(rule, "- list: l\n  items: [a]").canonical() == "x.y in (a)")
        #expect(load("- list: l\n  items: [a]\n" + rule, "- list: l\n  items: [b]").canonical() == "x.y in (b)")
        #expect(
            load("- list: l\n  items: [a]\n" + rule, "- list: l\n  items: [b]\n  override: {items: append}").canonical()
                == "x.y in (a, b)")
        #expect(
            load("- list: l\n  items: [a]\n" + rule, "- list: l\n  items: [b]\n  append: true").canonical()
                == "x.y in (a, b)")
        #expect(load(rule).canonical() == "x.y in (l)")
    }

    @Test func `an append makes later lists visible to a list`() {
        let loaded = load(
            "- list: k\n  items: [m]\n- list: l\n  items: [p]\n- list: k\n  items: [l]\n  override: {items: append}\n"
                + "- list: m\n  items: [q]\n" + ruleText("x.y in (k)"))
        // Among items `l` is visible now; `m` is put in as text, being defined after `k`.
        #expect(loaded.canonical() == "x.y in (q, p)")
        #expect(loaded.lists.first?.compiledItems == ["m", "p"])
        #expect(loaded.lists.first?.lists == ["l"])
    }

    @Test func `lists that double each other are refused`() {
        var text = ""
        for level in 0..<40 { text += "- list: l\(level)\n  items: [l\(level + 1), l\(level + 1)]\n" }
        let loaded = load(text + ruleText("x.y in (l0)"))
        #expect(loaded.codes == [.errValidate])
    }

    // MARK: - Macros

    @Test(arguments: [
        (
            "- macro: m\n  condition: a.b = 1 or a.b = 2\n", "not m and c.d = 3",
            "(not (a.b = 1 or a.b = 2) and c.d = 3)"
        ),
        ("- macro: m\n  condition: a.b = 1\n- macro: n\n  condition: m and m\n", "n", "(a.b = 1 and a.b = 1)"),
        (
            "- macro: m\n  condition: a.b = 1\n- macro: m\n  condition: or a.b = 2\n  append: true\n", "m",
            "(a.b = 1 or a.b = 2)"
        ),
        ("- macro: m\n  condition: a.b = 1\n- macro: m\n  condition: a.b = 2\n", "m", "a.b = 2"),
        ("- list: l\n  items: [x]\n- macro: m\n  condition: a.b in (l)\n", "m", "a.b in (x)"),
    ])
    func `macros are put in as trees`(_ macros: String, _ condition: String, _ canonical: String) {
        let loaded = load(macros + ruleText(condition))
        #expect(loaded.isSuccessful)
        #expect(loaded.canonical() == canonical)
    }

    @Test func `a rule sees macros that are defined after it`() {
        #expect(load(ruleText("m") + "- macro: m\n  condition: a.b = 1\n").canonical() == "a.b = 1")
    }

    @Test func `a macro sees only macros first defined before its latest definition`() throws {
        let late = load("- macro: m\n  condition: n\n- macro: n\n  condition: a.b = 1\n" + ruleText("m and n"))
        #expect(late.places == ["1.yaml:2:14 LOAD_ERR_VALIDATE"])
        #expect(late.diagnostics.first?.suggestion?.contains("further down") == true)
        let moved = load(
            "- macro: m\n  condition: a.b = 0\n- macro: n\n  condition: a.b = 1\n- macro: m\n  condition: or n\n"
                + "  override: {condition: append}\n" + ruleText("m"))
        #expect(moved.canonical() == "(a.b = 0 or a.b = 1)")
    }

    @Test func `a later file cannot supply what an earlier one lacks`() {
        let loaded = load(ruleText("m"), "- macro: m\n  condition: a.b = 1\n")
        #expect(loaded.places == ["1.yaml:3:14 LOAD_ERR_VALIDATE"])
    }

    @Test func `a macro of Falco's is looked for where Falco defines it`() {
        let loaded = load(ruleText("spawned_process and open_read"))
        #expect(loaded.codes == [.errValidate, .errValidate])
        #expect(loaded.diagnostics.allSatisfy { $0.suggestion?.contains("falco_rules.yaml") == true })
    }

    @Test func `what is behind an undefined macro is looked at all the same`() {
        var loaded = load(
            "- macro: m\n  condition: nope and a.b = 1\n" + ruleText("m and nada and c.d = 2", more: "")
                + "- macro: loop\n  condition: a.b = 1\n- macro: loop\n  condition: loop\n")
        #expect(loaded.rules.isEmpty)
        #expect(loaded.compile(with: testCompiler).isEmpty)
        #expect(
            loaded.places == [
                "1.yaml:2:14 LOAD_ERR_VALIDATE", "1.yaml:2:23 LOAD_ERR_COMPILE_CONDITION",
                "1.yaml:5:20 LOAD_ERR_VALIDATE", "1.yaml:5:29 LOAD_ERR_COMPILE_CONDITION",
                "1.yaml:11:14 LOAD_ERR_VALIDATE",
            ])
    }

    @Test func `an unknown macro is offered its nearest`() {
        let loaded = load("- macro: spawned_process\n  condition: a.b = 1\n" + ruleText("spawned_proces"))
        #expect(loaded.places == ["1.yaml:5:14 LOAD_ERR_VALIDATE"])
        #expect(loaded.diagnostics.first?.suggestion == "did you mean 'spawned_process'?")
    }

    @Test func `a macro that reaches itself is a loop`() {
        let own = load("- macro: m\n  condition: a.b = 1\n- macro: m\n  condition: m or a.b = 2\n" + ruleText("m"))
        #expect(own.places == ["1.yaml:4:14 LOAD_ERR_VALIDATE"])
        #expect(own.diagnostics.first?.message == "reference loop in macro 'm'")
        let other = load(
            "- macro: m\n  condition: a.b = 1\n- macro: n\n  condition: m\n- macro: m\n  condition: n\n"
                + ruleText("m or n"))
        #expect(other.codes == [.errValidate])
    }

    @Test func `macros that double each other are refused`() {
        var text = "- macro: m0\n  condition: a.b = 1\n"
        for level in 1...40 { text += "- macro: m\(level)\n  condition: m\(level - 1) or m\(level - 1)\n" }
        let loaded = load(text + ruleText("m40"))
        #expect(loaded.codes == [.errValidate])
        #expect(loaded.diagnostics.first?.message.contains("too large") == true)
    }

    @Test func `macros that nest too deep are refused`() {
        var text = "- macro: m0\n  condition: a.b = 1\n"
        for level in 1...20 {
            let open = String(repeating: "not (x.y = 1 and ", count: 200)
            text += "- macro: m\(level)\n  condition: \(open)m\(level - 1)\(String(repeating: ")", count: 200))\n"
        }
        let loaded = load(text + ruleText("m20"))
        #expect(loaded.codes == [.errValidate])
    }

    @Test func `macros and lists tell their use`() throws {
        let loaded = load(
            "- list: l\n  items: [x]\n- macro: m\n  condition: a.b in (l)\n- macro: n\n  condition: m\n"
                + ruleText("n and c.d = l"))
        #expect(loaded.macros.map(\.name) == ["m", "n"])
        #expect(loaded.macros.map(\.isUsed) == [true, true])
        #expect(loaded.macros[0].lists == ["l"] && loaded.macros[1].macros == ["m"])
        #expect(loaded.macros[1].condition?.canonicalText == "a.b in (x)")
        #expect(loaded.macros[0].writtenCondition == "a.b in (l)")
        #expect(loaded.rules.first?.macros == ["n"] && loaded.rules.first?.lists == ["l"])
    }
}
