import RuleEngine
import RuleLanguage
import Testing

/// Codes and places as Falco gives them (`falco -V -o json_output=true`).
@Suite struct LoadResultTests {
    private static func types(_ loaded: LoadedRules) -> [[String]] {
        loaded.diagnostics.map { $0.context.map(\.itemType) }
    }

    @Test func `an append that adds nothing is an error of meaning, a missing key one of form`() {
        let append = load(ruleText("a.b = 1"), "- rule: r\n  append: true\n  output: x\n")
        #expect(append.codes.contains(.errValidate) && !append.codes.contains(.errYAMLValidate))
        let exception = ruleText("a.b = 1", more: "  exceptions:\n  - name: e\n    values: [x]\n")
        #expect(load(exception).codes == [.errYAMLValidate])
        let appended = load(
            ruleText("a.b = 1"),
            "- rule: r\n  exceptions: [{name: e, values: [x]}]\n  override: {exceptions: append}\n")
        #expect(appended.codes == [.errValidate])
    }

    @Test func `a problem says in which part of which item it is`() {
        #expect(Self.types(load(ruleText("a.b ="))) == [["rules content", "rule", "rule condition"]])
        #expect(
            Self.types(load("- macro: m\n  condition: a.b =\n")) == [["rules content", "macro", "macro condition"]])
        #expect(
            Self.types(load("- required_engine_version: 99.0.0\n")) == [["rules content", "required_engine_version"]])
        #expect(
            Self.types(load(ruleText("a.b = 1", more: "  exceptions: [{name: e, fields: [a.b], comps: [x]}]\n")))
                == [["rules content", "rule", "exception"]])
        var loaded = load(ruleText("a.b = 1 and proc.nmae = x"))
        _ = loaded.compile(with: testCompiler)
        #expect(Self.types(loaded) == Array(repeating: ["rules content", "rule", "rule condition"], count: 2))
        #expect(LoadResult.json(of: loaded.results).contains(#""item_type":"condition expression""#))
    }

    @Test func `warnings are described at length, as in Falco`() {
        let json = LoadResult.json(of: load("- list: l\n  items: []\n").results)
        #expect(
            json.contains("A list is defined in the rules content but is not used by any other list, macro, or rule."))
    }

    @Test func `a rule defined twice in a file warns, one replaced by another file does not`() {
        let rule = ruleText("a.b = 1")
        #expect(load(rule + rule).places == ["1.yaml:6:9 LOAD_REDEFINED_ITEM"])
        #expect(load(rule, rule).places == [])
    }

    @Test func `a line of a tab is a blank line`() {
        let text =
            "- rule: r\n\t\n  desc: d\n  condition: >\n    a.b = 1\n\t\n    and c.d = 2\n \t \n  output: o\n  priority: INFO\n"
        let loaded = load(text)
        #expect(loaded.places == [])
        #expect(loaded.canonical() == "(a.b = 1 and c.d = 2)")
    }

    @Test func `a list's name that is nearly right warns`() {
        var loaded = load(
            "- list: shell_binaries\n  items: [sh]\n"
                + ruleText("evt.type = open and (proc.name in (a_b, shell_binarys) or proc.name in (shell_binaries))"))
        _ = loaded.compile(with: testCompiler)
        #expect(loaded.codes == [.compileConditionHint])
        #expect(loaded.diagnostics.first?.suggestion == "did you mean 'shell_binaries'?")
    }

    @Test func `selections that select nothing are told`() {
        let selection = [
            RuleSelection(isEnabling: false, rule: "r*"), RuleSelection(isEnabling: true, tag: "nosuch"),
            RuleSelection(isEnabling: false, rule: "x"), RuleSelection(isEnabling: true, rule: "y", tag: "t"),
        ]
        let loaded = load(
            ruleText("a.b = 1", more: "  tags: [t]\n"), options: RuleLoaderOptions(selection: selection))
        #expect(loaded.unmatchedSelections == [selection[1], selection[2]])
    }
}
