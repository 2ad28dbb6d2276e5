import RuleEngine
import RuleLanguage
import Testing

/// Whatever is pasted together, a problem is shown where the user wrote it.
@Suite struct PlacementTests {
    struct Style: CustomTestStringConvertible, Sendable {
        var name: String
        var condition: String
        /// Place of the word `startwith`.
        var place: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Style(name: "plain", condition: "a.b = c and d.e startwith f", place: "1.yaml:3:30"),
        Style(name: "plain over lines", condition: "a.b = c\n    and\n\n    d.e startwith f", place: "1.yaml:6:9"),
        Style(name: "single quoted", condition: "'a.b = ''c'' and d.e startwith f'", place: "1.yaml:3:35"),
        Style(name: "double quoted", condition: "\"a.b = \\\"c\\\" and d.e startwith f\"", place: "1.yaml:3:35"),
        Style(name: "literal", condition: "|\n    a.b = c\n     and\n    d.e startwith f", place: "1.yaml:6:9"),
        Style(
            name: "folded", condition: ">-\n    a.b = c and\n      not x.y = 1 and\n    d.e startwith f",
            place: "1.yaml:6:9"),
        Style(name: "beyond ASCII", condition: "a.b = 'äöü' and d.e startwith f", place: "1.yaml:3:34"),
    ])
    func `a syntax error is shown in the file`(_ style: Style) throws {
        let loaded = load(ruleText(style.condition))
        #expect(loaded.places == ["\(style.place) LOAD_ERR_COMPILE_CONDITION"], "\(loaded.diagnostics.map(\.rendered))")
        #expect(loaded.diagnostics.first?.suggestion == "did you mean 'startswith'?")
        #expect(loaded.diagnostics.first?.length == 9)
    }

    @Test func `behind a list the places are those of the rule`() {
        let loaded = load(
            "- list: l\n  items: [aaaaaaaaaaa, bbbbbbbbbbbbb]\n" + ruleText("a.b in (l, l) and d.e startwith f"))
        #expect(loaded.places == ["1.yaml:5:36 LOAD_ERR_COMPILE_CONDITION"])
    }

    @Test func `what a list's item breaks is shown at the item`() {
        let loaded = load("- list: l\n  items: [a, 'b)', c]\n" + ruleText("a.b in (l) and d.e = f"))
        #expect(loaded.places == ["1.yaml:2:16 LOAD_ERR_COMPILE_CONDITION"], "\(loaded.diagnostics.map(\.rendered))")
        #expect(loaded.diagnostics.first?.rendered.contains("note: in rule 'r'") == true)
    }

    @Test func `in an appended part the place is that of the append`() {
        let loaded = load(
            ruleText("a.b = c"), "- rule: r\n  condition: and d.e startwith f\n  override: {condition: append}")
        #expect(loaded.places == ["2.yaml:2:22 LOAD_ERR_COMPILE_CONDITION"])
    }

    @Test func `an append that does not begin with an operator is shown at its beginning`() {
        let loaded = load(ruleText("a.b = c"), "- rule: r\n  condition: d.e = f\n  override: {condition: append}")
        #expect(loaded.places == ["2.yaml:2:14 LOAD_ERR_COMPILE_CONDITION"])
    }

    @Test func `an unclosed group is shown at its parenthesis, the end behind the last character`() {
        #expect(load(ruleText("a.b = c and (d.e = f")).places == ["1.yaml:3:26 LOAD_ERR_COMPILE_CONDITION"])
        #expect(load(ruleText("a.b = c and")).places == ["1.yaml:3:25 LOAD_ERR_COMPILE_CONDITION"])
        #expect(load(ruleText("''")).places == ["1.yaml:1:3 LOAD_ERR_COMPILE_CONDITION"])
    }

    @Test func `a problem of the compiler is shown where its text was written, once`() throws {
        var loaded = load(
            "- macro: m\n  condition: a.b = 1 and p.nmae = 2\n- list: l\n  items: [x, y]\n"
                + ruleText("m and a.b in (l) and c.d = 3", name: "r") + ruleText("not m", name: "s"))
        for rule in loaded.rules {
            for comparison in comparisons(rule.condition) {
                loaded.report(
                    .error, .errCompileCondition, "no field '\(comparison.left.fields[0].name)'",
                    range: comparison.range,
                    suggestion: "?", rule: rule.name)
            }
        }
        #expect(
            loaded.places == [
                "1.yaml:2:14 LOAD_ERR_COMPILE_CONDITION", "1.yaml:2:26 LOAD_ERR_COMPILE_CONDITION",
                "1.yaml:7:20 LOAD_ERR_COMPILE_CONDITION", "1.yaml:7:35 LOAD_ERR_COMPILE_CONDITION",
            ])
        #expect(!loaded.isSuccessful)
    }

    @Test func `a problem of the output is shown in the output`() throws {
        var loaded = load(ruleText("a.b = c").replacing("output: o", with: "output: \"x \\t %proc.nmae\""))
        let rule = try #require(loaded.rules.first)
        let parsed = OutputTemplateParser.parse(
            rule.outputText, fields: FieldNameTable(["proc.name"]), textID: rule.outputTextID)
        let problem = try #require(parsed.problems.first)
        loaded.report(
            .error, .errCompileOutput, problem.message, range: problem.range, suggestion: problem.suggestion, rule: "r")
        #expect(loaded.places == ["1.yaml:4:18 LOAD_ERR_COMPILE_OUTPUT"])
    }

    @Test func `a problem without a range is shown at the rule`() {
        var loaded = load(ruleText("a.b = c"))
        loaded.report(.warning, .noEventTypes, "no type", range: TextRange(0, 0), rule: "r")
        #expect(loaded.places == ["1.yaml:1:3 LOAD_NO_EVTTYPE"])
        #expect(loaded.isSuccessful)
    }

    private func comparisons(_ condition: Condition) -> [Comparison] {
        switch condition {
        case .and(let operands), .or(let operands): operands.flatMap(comparisons)
        case .not(let operand): comparisons(operand)
        case .comparison(let comparison): [comparison]
        case .macro: []
        }
    }
}
