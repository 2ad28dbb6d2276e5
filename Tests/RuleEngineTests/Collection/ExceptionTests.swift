import RuleEngine
import RuleLanguage
import Testing

@Suite struct ExceptionTests {
    /// Exceptions (as flow YAML) of the rule `a.b = c or d.e = f`, and its text after them.
    struct Compiled: CustomTestStringConvertible, Sendable {
        var exceptions: String
        var text: String
        init(_ exceptions: String, _ text: String) {
            self.exceptions = exceptions
            self.text = text
        }
        var testDescription: String { exceptions }
    }

    static let condition = "a.b = c or d.e = f"

    static let compiled = [
        Compiled("[]", "a.b = c or d.e = f"),
        Compiled("[{name: n, fields: x.y}]", "(a.b = c or d.e = f)"),
        Compiled("[{name: n, fields: x.y, values: []}]", "(a.b = c or d.e = f)"),
        // Form A.
        Compiled("[{name: n, fields: x.y, values: [p, q r]}]", "(a.b = c or d.e = f) and not (x.y in (p, \"q r\"))"),
        Compiled(
            "[{name: n, fields: x.y, comps: pmatch, values: [/p]}]", "(a.b = c or d.e = f) and not (x.y pmatch (/p))"),
        Compiled(
            "[{name: n, fields: x.y, comps: startswith anyof, values: [/p, /q]}]",
            "(a.b = c or d.e = f) and not (x.y startswith anyof (/p, /q))"
        ),
        Compiled(
            "[{name: n, fields: x.y, values: ['\"q r\"', '''s t''']}]",
            "(a.b = c or d.e = f) and not (x.y in (\"q r\", 's t'))"
        ),
        // Form B.
        Compiled(
            "[{name: n, fields: [x.y, z.w], values: [[p, q r], [s, t]]}]",
            "(a.b = c or d.e = f) and not ((x.y = p and z.w = \"q r\") or (x.y = s and z.w = t))"
        ),
        Compiled("[{name: n, fields: [x.y], values: [[p]]}]", "(a.b = c or d.e = f) and not ((x.y = p))"),
        Compiled(
            "[{name: n, fields: [x.y, z.w], comps: [in, ' startswith '], values: [[[p, q r], s], [t, u], [(v), w]]}]",
            "(a.b = c or d.e = f) and not ((x.y in (p, \"q r\") and z.w startswith s) or (x.y in (t) and z.w startswith u) "
                + "or (x.y in (v) and z.w startswith w))"
        ),
        Compiled(
            "[{name: n, fields: [x.y], comps: [contains oneof], values: [[p]]}]",
            "(a.b = c or d.e = f) and not ((x.y contains oneof (p)))"
        ),
        Compiled("[{name: n, fields: [x.y], comps: [==], values: [[p]]}]", "(a.b = c or d.e = f) and not ((x.y == p))"),
        // Values are text: transformers and lists work.
        Compiled(
            "[{name: n, fields: [x.y], values: [[toupper(p.q)]]}]",
            "(a.b = c or d.e = f) and not ((x.y = toupper(p.q)))"),
        Compiled("[{name: n, fields: x.y, values: [l]}]", "(a.b = c or d.e = f) and not (x.y in (one, \"t wo\"))"),
        Compiled(
            "[{name: n, fields: 'tolower(x.y)', values: [p]}]", "(a.b = c or d.e = f) and not (tolower(x.y) in (p))"
        ),
        // Several.
        Compiled(
            "[{name: n, fields: x.y, values: [p]}, {name: m, fields: z.w, values: [q]}]",
            "(a.b = c or d.e = f) and not (x.y in (p)) and not (z.w in (q))"
        ),
    ]

    @Test(arguments: compiled)
    func `exceptions become text`(_ c: Compiled) throws {
        let list = "- list: l\n  items: [one, t wo]\n"
        let loaded = load(list + ruleText(Self.condition, more: "  exceptions: \(c.exceptions)\n"))
        #expect(loaded.isSuccessful, "\(loaded.diagnostics.map(\.rendered))")
        #expect(try #require(loaded.rules.first).conditionText == c.text)
    }

    /// Exceptions with one problem, its code, its column in the line of the exceptions, and a part of it.
    struct Refused: CustomTestStringConvertible, Sendable {
        var exceptions: String
        var code: LoadCode
        var column: Int
        var part: String
        init(_ exceptions: String, _ column: Int, _ part: String, code: LoadCode = .errValidate) {
            self.exceptions = exceptions
            self.code = code
            self.column = column
            self.part = part
        }
        var testDescription: String { exceptions }
    }

    static let refused = [
        Refused("[{name: n}]", 23, "no 'fields'", code: .errYAMLValidate),
        Refused("[{name: n, fields: []}]", 23, "no 'fields'"),
        Refused("[{name: n, fields: x.y, comps: =}]", 46, "single field takes 'in'"),
        Refused("[{name: n, fields: x.y, comps: startswith}]", 46, "single field takes 'in'"),
        Refused("[{name: n, fields: x.y, comps: [in]}]", 47, "must be a single operator"),
        Refused("[{name: n, fields: [x.y], comps: in}]", 48, "must be a list"),
        Refused("[{name: n, fields: [x.y, z.w], comps: [in]}]", 23, "2 fields but 1 comps"),
        Refused("[{name: n, fields: [x.y], comps: [startwith]}]", 49, "did you mean 'startswith'?"),
        Refused("[{name: n, fields: [x.y], comps: [in oneof]}]", 49, "no operator"),
        Refused("[{name: n, fields: xy}]", 34, "'xy' is no field"),
        Refused("[{name: n, fields: proc.nmae}]", 34, "did you mean 'proc.name'?"),
        Refused("[{name: n, fields: 'tolower(proc.nmae)'}]", 43, "did you mean 'proc.name'?"),
        Refused("[{name: n, fields: [x.y], values: [p]}]", 50, "must be a list"),
        Refused("[{name: n, fields: [x.y], values: [[p, q]]}]", 50, "1 fields, but this value has 2"),
        Refused("[{name: n, fields: x.y, values: [[p]]}]", 48, "a list stands where"),
        Refused("[{name: n, fields: [x.y], values: [[p)]]}]", 23, "unexpected ')'", code: .errCompileCondition),
        Refused(
            "[{name: n, fields: [x.y], values: [[p'q]]}]", 52, "unexpected '''", code: .errCompileCondition),
        Refused(
            "[{name: n, fields: x.y}, {name: n, fields: x.y}]", 47, "used twice", code: .exceptionNameNotUnique
        ),
    ]

    @Test(arguments: refused)
    func `a bad exception says where and why`(_ c: Refused) throws {
        let options = RuleLoaderOptions(fields: FieldNameTable(["proc.name", "a.b", "d.e", "x.y", "z.w"]))
        let loaded = load(ruleText(Self.condition, more: "  exceptions: \(c.exceptions)\n"), options: options)
        #expect(loaded.codes == [c.code], "\(loaded.diagnostics.map(\.rendered))")
        let diagnostic = try #require(loaded.diagnostics.first)
        #expect((diagnostic.location.line, diagnostic.location.column) == (6, c.column), "\(diagnostic.rendered)")
        #expect(diagnostic.rendered.contains(c.part), "\(diagnostic.rendered)")
    }

    // MARK: - Appending

    private static let appendable = ruleText(
        "a.b = c", more: "  exceptions: [{name: n, fields: x.y, values: [p]}, {name: m, fields: [x.y]}]\n")

    private func appended(_ exceptions: String, by key: String = "override: {exceptions: append}") -> LoadedRules {
        load(Self.appendable, "- rule: r\n  exceptions: \(exceptions)\n  \(key)\n")
    }

    @Test(arguments: ["override: {exceptions: append}", "append: true"])
    func `values are added behind the old ones`(_ key: String) throws {
        let loaded = appended("[{name: n, values: [q]}, {name: m, values: [[r]]}]", by: key)
        #expect(loaded.isSuccessful)
        #expect(
            loaded.rules.first?.conditionText == "(a.b = c) and not (x.y in (p, q)) and not ((x.y = r))")
    }

    @Test func `a new exception needs fields and values`() {
        #expect(
            appended("[{name: o, fields: z.w, values: [s]}]").rules.first?.conditionText
                == "(a.b = c) and not (x.y in (p)) and not (z.w in (s))")
        #expect(appended("[{name: o, values: [s]}]").codes == [.errValidate])
        #expect(appended("[{name: o, fields: z.w}]").codes == [.errValidate])
    }

    @Test func `an existing exception takes only values`() {
        #expect(appended("[{name: n, fields: x.y, values: [s]}]").codes == [.errValidate])
        #expect(appended("[{name: n, comps: in, values: [s]}]").codes == [.errValidate])
    }

    @Test func `an append without values warns and changes nothing`() {
        let loaded = appended("[{name: n}]")
        #expect(loaded.codes == [.appendNoValues])
        #expect(loaded.rules.first?.conditionText == "(a.b = c) and not (x.y in (p))")
    }

    @Test func `a replacement replaces all exceptions`() {
        let loaded = appended("[{name: o, fields: z.w, values: [s]}]", by: "override: {exceptions: replace}")
        #expect(loaded.rules.first?.conditionText == "(a.b = c) and not (z.w in (s))")
        #expect(loaded.rules.first?.exceptionNames == ["o"])
        #expect(loaded.rules.first?.exceptionFields == ["z.w"])
        #expect(loaded.rules.first?.exceptionOperators == ["in"])
    }

    @Test func `fields of a rule with an unknown source are not checked`() {
        let options = RuleLoaderOptions(fields: FieldNameTable(["a.b"]))
        let loaded = load(
            ruleText("a.b = c", more: "  source: s\n  exceptions: [{name: n, fields: x.y}]\n"), options: options)
        #expect(loaded.codes == [.unknownSource])
    }
}
