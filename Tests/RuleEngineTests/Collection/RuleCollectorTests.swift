import RuleEngine
import RuleLanguage
import Testing

@Suite struct RuleCollectorTests {
    /// Files, and the problems in them as `place code`.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var files: [String]
        var places: [String]
        /// Part of the first problem's rendering.
        var part: String
        init(_ name: String, _ files: String..., places: [String], part: String = "") {
            self.name = name
            self.files = files
            self.places = places
            self.part = part
        }
        var testDescription: String { name }
    }

    static let rule = ruleText("a.b = c")

    static let cases = [
        Case(
            "engine too old", "- required_engine_version: 99", places: ["1.yaml:1:28 LOAD_ERR_VALIDATE"], part: "0.99.0"
        ),
        Case(
            "other major", "- required_engine_version: 1.0.0", places: ["1.yaml:1:28 LOAD_ERR_VALIDATE"], part: "0.63.0"
        ),
        Case("engine new enough", "- required_engine_version: 63\n- required_engine_version: 0.26.0", places: []),
        Case(
            "plugin too old", "- required_plugin_versions: [{name: container, version: 0.8.0}]",
            places: ["1.yaml:1:30 LOAD_ERR_VALIDATE"], part: "is here in version 0.7.1"
        ),
        Case(
            "plugins missing",
            "- required_plugin_versions: [{name: json, version: 0.7.0, alternatives: [{name: x, version: 1.0.0}]}]",
            places: ["1.yaml:1:30 LOAD_ERR_VALIDATE"], part: "'json' version 0.7.0 or 'x' version 1.0.0"
        ),
        Case(
            "an alternative does",
            "- required_plugin_versions: [{name: x, version: 1.0.0, alternatives: [{name: container, version: 0.4.0}]}]",
            places: []
        ),
        // Lists and macros.
        Case(
            "append to no list", "- list: shels\n  items: [a]\n  append: true", "- list: shells\n  items: []",
            places: ["1.yaml:1:9 LOAD_DEPRECATED_ITEM", "1.yaml:1:9 LOAD_ERR_VALIDATE"]
        ),
        Case(
            "override append to no list",
            "- list: known\n  items: []\n- list: knwon\n  items: [a]\n  override: {items: append}",
            places: ["1.yaml:3:9 LOAD_ERR_VALIDATE"], part: "did you mean 'known'?"
        ),
        Case(
            "override append to no macro", "- macro: m\n  condition: and x\n  override: {condition: append}",
            places: ["1.yaml:1:10 LOAD_ERR_VALIDATE"], part: "no macro 'm'"
        ),
        Case(
            "replace of nothing defines",
            "- macro: m\n  condition: a.b = c\n  override: {condition: replace}\n- list: l\n  items: [x]\n"
                + "  override: {items: replace}\n" + ruleText("m and a.b in (l)"), places: []
        ),
        Case(
            "bad names", "- macro: m-1\n  condition: a.b = c\n- list: l 1\n  items: []",
            places: [
                "1.yaml:1:10 LOAD_INVALID_MACRO_NAME", "1.yaml:1:10 LOAD_UNUSED_MACRO",
                "1.yaml:3:9 LOAD_INVALID_LIST_NAME", "1.yaml:3:9 LOAD_UNUSED_LIST",
            ]
        ),
        Case(
            "unused", "- macro: m\n  condition: a.b = c\n- list: l\n  items: [x]",
            places: ["1.yaml:1:10 LOAD_UNUSED_MACRO", "1.yaml:3:9 LOAD_UNUSED_LIST"]
        ),
        Case(
            "a list in a list is used", "- list: l\n  items: [x]\n- list: k\n  items: [l]\n" + ruleText("a.b in (k)"),
            places: []
        ),
        // Rules.
        Case(
            "priority", ruleText("a.b = c").replacing("INFO", with: "WARNIGN"),
            places: ["1.yaml:5:13 LOAD_ERR_VALIDATE"],
            part: "did you mean 'WARNING'?"
        ),
        Case(
            "unknown source", rule + "  source: k8s_audit\n", places: ["1.yaml:1:9 LOAD_UNKNOWN_SOURCE"],
            part: "k8s_audit"
        ),
        Case(
            "other source", rule, rule + "  source: k8s_audit\n", places: ["2.yaml:6:11 LOAD_ERR_VALIDATE"],
            part: "different source"
        ),
        Case(
            "default source counts in a redefinition", rule + "  source: k8s_audit\n", rule,
            places: ["1.yaml:1:9 LOAD_UNKNOWN_SOURCE", "2.yaml:1:9 LOAD_ERR_VALIDATE"]
        ),
        Case(
            "source in an override counts with condition only", rule,
            "- rule: r\n  source: x\n  desc: e\n  override: {desc: replace}\n- rule: r\n  source: x\n"
                + "  condition: and d.e = f\n  override: {condition: append}",
            places: ["2.yaml:6:11 LOAD_ERR_VALIDATE"]
        ),
        Case(
            "legacy append", rule, "- rule: r\n  append: true\n  condition: and x.y = z",
            places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM"], part: "override: {condition: append}"
        ),
        Case(
            "legacy append to exceptions", rule,
            "- rule: r\n  append: true\n  exceptions: [{name: x, fields: x.y, values: [z]}]",
            places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM"], part: "override: {exceptions: append}"
        ),
        Case(
            "legacy append to both", rule,
            "- rule: r\n  append: true\n  condition: and x.y = z\n  exceptions: [{name: x, fields: x.y, values: [z]}]",
            places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM"], part: "override: {condition: append, exceptions: append}"
        ),
        Case(
            "legacy append to a list", "- list: l\n  items: [a]\n- macro: m\n  condition: a.b in (l)\n" + ruleText("m"),
            "- list: l\n  items: [b]\n  append: true", places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM"],
            part: "override: {items: append}"
        ),
        Case(
            "legacy append to a macro", "- macro: m\n  condition: a.b = c\n" + ruleText("m"),
            "- macro: m\n  condition: or a.b = d\n  append: true", places: ["2.yaml:1:10 LOAD_DEPRECATED_ITEM"],
            part: "override: {condition: append}"
        ),
        Case(
            "legacy append to nothing", ruleText("a.b = c", name: "shell"),
            "- rule: shel\n  append: true\n  condition: and x",
            places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM", "2.yaml:1:9 LOAD_ERR_VALIDATE"]
        ),
        Case("enable", rule, "- rule: r\n  enabled: no", places: ["2.yaml:1:9 LOAD_DEPRECATED_ITEM"]),
        Case(
            "enable nothing", "- rule: r\n  enabled: no",
            places: ["1.yaml:1:9 LOAD_DEPRECATED_ITEM", "1.yaml:1:9 LOAD_ERR_VALIDATE"]
        ),
        Case(
            "override of nothing", "- rule: r\n  tags: [a]\n  override: {tags: append}",
            places: ["1.yaml:1:9 LOAD_ERR_VALIDATE"], part: "no rule 'r'"
        ),
        Case(
            "override with a bad priority", rule, "- rule: r\n  priority: x\n  override: {priority: replace}",
            places: ["2.yaml:2:13 LOAD_ERR_VALIDATE"]
        ),
        // What failed once is not reported again.
        Case(
            "no cascade",
            "- macro: m\n- list: l\n- rule: r\n- rule: s\n" + ruleText("m and a.b in (l)", name: "t"),
            "- macro: m\n  condition: and x\n  override: {condition: append}\n- list: l\n  items: [x]\n"
                + "  override: {items: append}\n- rule: r\n  tags: [x]\n  override: {tags: append}\n- rule: s\n  enabled: no",
            places: [
                "1.yaml:1:3 LOAD_ERR_YAML_VALIDATE", "1.yaml:2:9 LOAD_ERR_YAML_VALIDATE",
                "1.yaml:3:9 LOAD_ERR_YAML_VALIDATE", "1.yaml:4:9 LOAD_ERR_YAML_VALIDATE",
                "2.yaml:10:9 LOAD_DEPRECATED_ITEM",
            ]
        ),
        Case(
            "unknown items and keys warn only", "- foo: x\n" + rule + "  colour: red\n",
            places: ["1.yaml:1:3 LOAD_UNKNOWN_ITEM", "1.yaml:7:3 LOAD_UNKNOWN_KEY"]
        ),
        Case(
            "%container.info", rule.replacing("output: o", with: "output: a %container.info b"),
            places: ["1.yaml:4:13 LOAD_DEPRECATED_ITEM"]
        ),
    ]

    @Test(arguments: cases)
    func `collecting reports these problems`(_ c: Case) {
        var loader = FileLoader()
        for file in c.files { loader.add(file) }
        let loaded = loader.finish()
        #expect(loaded.places == c.places, "\(loaded.diagnostics.map(\.rendered))")
        let rendered = loaded.diagnostics.map(\.rendered).joined()
        if !c.part.isEmpty { #expect(rendered.contains(c.part), "\(rendered)") }
    }

    @Test func `a redefinition replaces all but keeps its place in the order`() throws {
        let loaded = load(
            ruleText("a.b = 1", name: "x", more: "  tags: [t]\n") + ruleText("a.b = 2", name: "y"),
            ruleText("a.b = 3", name: "x"))
        #expect(loaded.rules.map(\.name) == ["x", "y"])
        #expect(loaded.rules[0].tags.isEmpty)
        #expect(loaded.canonical("x") == "a.b = 3")
        #expect(loaded.rules[0].location.described == "2.yaml:1:3")
    }

    @Test func `an override appends first, then replaces`() throws {
        let loaded = load(
            ruleText("a.b = 1", more: "  tags: [b]\n"),
            """
            - rule: r
              condition: or a.b = 2
              output: and more
              desc: e
              tags: [a, b]
              priority: ERROR
              enabled: false
              warn_evttypes: false
              skip-if-unknown-filter: true
              capture: true
              capture_duration: 7
              override:
                condition: append
                output: append
                desc: append
                tags: append
                priority: replace
                enabled: replace
                warn_evttypes: replace
                skip-if-unknown-filter: replace
                capture: replace
                capture_duration: replace
            """)
        #expect(loaded.places == [])
        let rule = try #require(loaded.rules.first)
        #expect(rule.condition.canonicalText == "(a.b = 1 or a.b = 2)")
        #expect(rule.outputText == "o and more" && rule.description == "d e" && rule.tags == ["a", "b"])
        #expect(rule.priority == "ERROR" && !rule.isEnabled && !rule.warnsEventTypes && rule.skipsIfUnknownFilter)
        #expect(rule.isCapturing && rule.captureDurationMilliseconds == 7)
        #expect(rule.writtenCondition == "a.b = 1 or a.b = 2")
    }

    @Test func `an override replaces condition, output, description and tags`() throws {
        let loaded = load(
            ruleText("a.b = 1", more: "  tags: [b]\n"),
            "- rule: r\n  condition: a.b = 2\n  output: p\n  desc: e\n  tags: []\n  override: {condition: replace, "
                + "output: replace, desc: replace, tags: replace}")
        let rule = try #require(loaded.rules.first)
        #expect(rule.condition.canonicalText == "a.b = 2")
        #expect(rule.outputText == "p" && rule.description == "e" && rule.tags.isEmpty)
    }

    @Test func `what an item lacks is that of a fresh rule`() throws {
        let rule = try #require(load(Self.rule).rules.first)
        #expect(rule.source == "syscall" && rule.isEnabled && rule.warnsEventTypes && !rule.skipsIfUnknownFilter)
        #expect(rule.tags.isEmpty && !rule.isCapturing && rule.captureDurationMilliseconds == 0)
    }

    @Test func `the highest required engine version is kept`() {
        let loaded = load(
            "- required_engine_version: 12\n- required_engine_version: 0.31.0", "- required_engine_version: 3")
        #expect(loaded.requiredEngineVersion == SemanticVersion(0, 31, 0))
    }

    @Test func `a rule with an error is looked at for others`() {
        let bad = ruleText("m and a.b is c", more: "  exceptions: [{name: n}]\n").replacing("INFO", with: "LOW")
        let loaded = load(bad, "- rule: r\n  tags: [t]\n  override: {tags: append}")
        #expect(
            loaded.places == [
                "1.yaml:3:24 LOAD_ERR_COMPILE_CONDITION", "1.yaml:5:13 LOAD_ERR_VALIDATE",
                "1.yaml:6:23 LOAD_ERR_YAML_VALIDATE",
            ])
        #expect(loaded.rules.isEmpty)
        let priority = load(ruleText("a.b = c").replacing("INFO", with: "LOW"))
        #expect(priority.rules.isEmpty && priority.unusableRules.map(\.name) == ["r"])
    }

    @Test func `an unreadable file is an error of its own`() {
        var loader = RuleLoader()
        loader.add(.unreadable("x.yaml", reason: "No such file"), source: SourceText(name: "x.yaml", text: ""))
        let loaded = loader.finish()
        #expect(loaded.places == ["x.yaml:1:1 LOAD_ERR_FILE_READ"])
        #expect(loaded.results.map(\.summary) == ["x.yaml: Invalid (1 error)"])
    }

    @Test func `a skipped rule is named and uses its macros`() {
        let loaded = load("- macro: m\n  condition: a.b = c\n" + ruleText("m", more: "  source: other\n"))
        #expect(loaded.skippedRules == ["r"] && loaded.rules.isEmpty)
        #expect(loaded.codes == [.unknownSource])
    }

    @Test func `the legacy token leaves the output`() {
        let loaded = load(Self.rule.replacing("output: o", with: "output: a %container.info b %container.info"))
        #expect(loaded.rules.first?.outputText == "a  b ")
    }
}
