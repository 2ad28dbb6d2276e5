import RuleFiles
import RuleLanguage
import Testing

/// Reads a text as file 0, `f.yaml`.
func read(_ text: String) -> RuleFile { RuleFileReader.read(SourceText(name: "f.yaml", text: text), file: 0) }

extension RuleFile {
    /// The rules among the items.
    var rules: [RuleItem] {
        items.compactMap { if case .rule(let rule) = $0 { rule } else { nil } }
    }
}

@Suite struct RuleFileReaderTests {
    /// A text and the one problem in it.
    struct Problem: CustomTestStringConvertible, Sendable {
        var text: String
        var code: LoadCode
        var line: Int
        var column: Int
        var part: String
        var suggestion: String?

        init(
            _ text: String, _ code: LoadCode = .errYAMLValidate, at line: Int, _ column: Int, _ part: String,
            suggestion: String? = nil
        ) {
            self.text = text
            self.code = code
            self.line = line
            self.column = column
            self.part = part
            self.suggestion = suggestion
        }
        var testDescription: String { text }
    }

    static let full = "- rule: r\n  desc: d\n  condition: c\n  output: o\n  priority: INFO\n"

    static let problems = [
        // The file's shape.
        Problem("a: b: c", .errYAMLParse, at: 1, 5, "mapping values"),
        Problem("just text", at: 1, 1, "plain text"),
        Problem("rule: x", at: 1, 1, "a mapping", suggestion: "'- '"),
        Problem("- text", at: 1, 3, "a scalar"),
        Problem("- [a]", at: 1, 3, "a sequence"),
        Problem("- ruel: x\n  desc: d", .unknownItem, at: 1, 3, "unknown item", suggestion: "'rule'"),
        Problem("- desc: d", .unknownItem, at: 1, 3, "unknown item"),
        Problem("- {}", .unknownItem, at: 1, 3, "empty"),
        Problem("- [x]: 1\n  list: l\n  items: []", at: 1, 3, "a key must be text"),
        // Versions.
        Problem("- required_engine_version: new", at: 1, 28, "unable to parse engine version 'new'"),
        Problem("- required_engine_version: 0.1", at: 1, 28, "unable to parse"),
        Problem("- required_engine_version: 99999999999", at: 1, 28, "unable to parse"),
        Problem("- required_engine_version:", at: 1, 27, "is empty"),
        Problem("- required_engine_version: [1]", at: 1, 28, "a sequence"),
        Problem("- required_plugin_versions: x", at: 1, 29, "expected a sequence"),
        Problem("- required_plugin_versions: [x]", at: 1, 30, "a scalar"),
        Problem("- required_plugin_versions: [{name: x}]", at: 1, 30, "no 'version'"),
        Problem("- required_plugin_versions: [{version: 1.0.0}]", at: 1, 30, "no 'name'"),
        Problem("- required_plugin_versions: [{name: x, version: 1.0}]", at: 1, 49, "no plugin version"),
        Problem(
            "- required_plugin_versions:\n  - name: x\n    version: 1.0.0\n    alternatives: [{name: x, version: 1.0.0}]",
            at: 4, 20, "twice"
        ),
        Problem(
            "- required_plugin_versions: [{name: x, version: 1.0.0, versoin: 1}]", .unknownKey, at: 1, 56,
            "unknown key",
            suggestion: "'version'"
        ),
        // Lists.
        Problem("- list:\n  items: []", at: 1, 8, "is empty"),
        Problem("- list: ''\n  items: []", at: 1, 9, "is empty"),
        Problem("- list: [l]\n  items: []", at: 1, 9, "a sequence"),
        Problem("- list: l", at: 1, 9, "'items' is missing"),
        Problem("- list: l\n  items:", at: 2, 9, "is null"),
        Problem("- list: l\n  items: x", at: 2, 10, "expected a sequence", suggestion: "[x]"),
        Problem("- list: l\n  items: [[a]]", at: 2, 11, "a sequence"),
        Problem("- list: l\n  items: [a, ~]", at: 2, 14, "is empty"),
        Problem("- list: l\n  items: []\n  itmes: []", .unknownKey, at: 3, 3, "unknown key", suggestion: "'items'"),
        Problem("- list: l\n  items: [a]\n  items: [b]", .unknownKey, at: 3, 3, "twice"),
        Problem("- list: l\n  items: []\n  append: maybe", at: 3, 11, "true or false"),
        Problem("- list: l\n  items: []\n  override: append", at: 3, 13, "expected a mapping"),
        Problem("- list: l\n  items: []\n  override: {items: add}", at: 3, 21, "'append' or 'replace'"),
        Problem(
            "- list: l\n  items: []\n  override: {items: Append}", at: 3, 21, "found 'Append'", suggestion: "'append'"),
        Problem(
            "- list: l\n  items: []\n  override: {item: append}", at: 3, 14, "can't be overridden",
            suggestion: "'items'"),
        Problem("- list: l\n  items: []\n  append: true\n  override: {items: append}", at: 3, 3, "one item"),
        // Macros.
        Problem("- macro: m", at: 1, 3, "'condition' is missing"),
        Problem("- macro: m\n  condition:", at: 2, 13, "is empty"),
        Problem("- macro: m\n  condition: {a: b}", at: 2, 14, "a mapping"),
        Problem("- macro: m\n  condition: c\n  override: {desc: append}", at: 3, 14, "can't be overridden"),
        // Rules.
        Problem("- rule: r\n  condition: c\n  output: o\n  priority: INFO", at: 1, 9, "no 'desc'"),
        Problem("- rule: r", at: 1, 9, "must have properties"),
        Problem(Self.full.replacing("desc: d", with: "desc:"), at: 2, 8, "is empty", suggestion: "''"),
        Problem(Self.full + "  enabled: perhaps", at: 6, 12, "true or false"),
        Problem(Self.full + "  tags: t", at: 6, 9, "expected a sequence", suggestion: "[t]"),
        Problem(Self.full + "  tags: [[t]]", at: 6, 10, "a sequence"),
        Problem(Self.full + "  source: [s]", at: 6, 11, "a sequence"),
        Problem(Self.full + "  warn_evttypes: 1", at: 6, 18, "true or false"),
        Problem(Self.full + "  skip-if-unknown-filter: 1", at: 6, 27, "true or false"),
        Problem(Self.full + "  capture: 1", at: 6, 12, "true or false"),
        Problem(Self.full + "  capture_duration: -1", at: 6, 21, "milliseconds"),
        Problem(Self.full + "  capture_duration: 4294967296", at: 6, 21, "milliseconds"),
        Problem(Self.full + "  prioritty: INFO", .unknownKey, at: 6, 3, "unknown key", suggestion: "'priority'"),
        Problem("- rule: r\n  append: true\n  tags: [t]", .errValidate, at: 1, 9, "'condition' or 'exceptions'"),
        Problem("- rule: r\n  append: true\n  condition: c\n  override: {condition: append}", at: 2, 3, "one item"),
        Problem("- rule: r\n  priority: INFO\n  override: {priority: append}", at: 3, 24, "only be replaced"),
        Problem(
            "- rule: r\n  output: o\n  override: {otput: append, output: replace}", at: 3, 14, "can't be",
            suggestion: "'output'"),
        Problem("- rule: r\n  override: {condition: append}", at: 2, 14, "no value"),
        Problem(
            "- rule: r\n  condition: c\n  output: o\n  override: {condition: append}", at: 3, 3,
            "no corresponding entry",
            suggestion: "output: append"
        ),
        Problem(
            "- rule: r\n  condition: c\n  enabled: no\n  override: {condition: append}", at: 3, 3, "no corresponding",
            suggestion: "enabled: replace"
        ),
        // Exceptions.
        Problem(Self.full + "  exceptions: x", at: 6, 15, "expected a sequence"),
        Problem(Self.full + "  exceptions: [x]", at: 6, 16, "expected a mapping"),
        Problem(Self.full + "  exceptions: [{fields: a.b}]", at: 6, 16, "no 'name'"),
        Problem(Self.full + "  exceptions: [{name: ''}]", at: 6, 23, "is empty"),
        Problem(Self.full + "  exceptions: [{name: n, fields: {a: b}}]", at: 6, 34, "a mapping"),
        Problem(Self.full + "  exceptions: [{name: n, fields: a.b, values: v}]", at: 6, 47, "expected a sequence"),
        Problem(Self.full + "  exceptions: [{name: n, fields: a.b, values: [{a: b}]}]", at: 6, 48, "a mapping"),
        Problem(
            Self.full + "  exceptions: [{name: n, feilds: a.b}]", .unknownKey, at: 6, 26, "unknown key",
            suggestion: "'fields'"),
    ]

    @Test(arguments: problems)
    func `a structural problem has its code and place`(_ problem: Problem) throws {
        let file = read(problem.text)
        #expect(file.diagnostics.count == 1, "\(file.diagnostics.map(\.rendered))")
        let diagnostic = try #require(file.diagnostics.first)
        #expect(diagnostic.code == problem.code)
        #expect(diagnostic.message.contains(problem.part), "\(diagnostic.message)")
        #expect((diagnostic.location.line, diagnostic.location.column) == (problem.line, problem.column))
        #expect((diagnostic.severity == .error) == problem.code.rawValue.hasPrefix("LOAD_ERR"))
        if let suggestion = problem.suggestion {
            #expect(diagnostic.suggestion?.contains(suggestion) == true, "\(diagnostic.suggestion ?? "none")")
        }
    }

    @Test func `all problems of a file are found, in order, and the rest is read`() {
        let file = read(
            "- list: l\n- macro: m\n  condition: a\n- rule: r\n---\n- 1\n- list: k\n  items: [x]\n  foo: 1\n")
        #expect(file.diagnostics.map(\.location.line) == [1, 4, 6, 9])
        #expect(file.items.count == 4)
        #expect(file.items.contains(.unusable(UnusableItem(kind: .rule, name: "r"))))
    }

    @Test func `documents are joined, empty ones and null elements are skipped`() {
        let file = read("- macro: a\n  condition: b\n-\n---\n---\n- ~\n- macro: c\n  condition: d\n")
        #expect(file.items.count == 2)
        #expect(file.diagnostics.isEmpty)
        #expect(read("").items.isEmpty && read("# nothing").diagnostics.isEmpty)
    }

    @Test func `the kind is that of the first key in Falco's order`() {
        #expect(
            read("- rule: x\n  macro: y\n  list: z\n  items: []").items.map { item in
                if case .list(let list) = item { list.name.value } else { "" }
            } == ["z"])
    }

    @Test func `an engine version is a number or three`() {
        let file = read(
            "- required_engine_version: 31\n- required_engine_version: 0.40.1\n- required_engine_version: '7'\n")
        let versions = file.items.map { item in
            if case .requiredEngineVersion(let version) = item { version.value.description } else { "" }
        }
        #expect(versions == ["0.31.0", "0.40.1", "0.7.0"])
    }

    @Test func `a plugin requirement keeps its alternatives in order`() throws {
        let file = read(
            """
            - required_plugin_versions:
              - name: k8saudit
                version: 0.7.0
                alternatives:
                  - {name: k8saudit-eks, version: 0.4.0}
              - {name: json, version: 0.7.0}
            """)
        #expect(file.diagnostics.isEmpty)
        #expect(file.items.count == 2)
        guard case .requiredPlugin(let requirement) = try #require(file.items.first) else {
            Issue.record("no requirement")
            return
        }
        #expect(requirement.alternatives.map(\.name) == ["k8saudit", "k8saudit-eks"])
    }

    @Test func `a whole rule has all its keys`() throws {
        let file = read(
            """
            - rule: 'A rule, with punctuation: yes'
              desc: ''
              condition: >
                evt.type = open
                and x
              output: |

                text %proc.name
              priority: warning
              source: k8s_audit
              enabled: Off
              tags: [b, a, 1]
              warn_evttypes: NO
              skip-if-unknown-filter: True
              capture: yes
              capture_duration: 2000
              append: false
            """)
        #expect(file.diagnostics.map(\.rendered) == [])
        let rule = try #require(file.rules.first)
        #expect(rule.name.value == "A rule, with punctuation: yes")
        #expect(rule.form == .define)
        #expect(rule.description?.value == "")
        #expect(rule.condition?.text == "evt.type = open and x\n")
        #expect(rule.output?.text == "text %proc.name")
        #expect(rule.priority?.value == "warning")
        #expect(rule.source?.value == "k8s_audit")
        #expect(rule.isEnabled == false && rule.warnsEventTypes == false && rule.skipsIfUnknownFilter == true)
        #expect(rule.tags == ["b", "a", "1"])
        #expect(rule.isCapturing == true && rule.captureDurationMilliseconds == 2000)
    }

    @Test(arguments: ["source:", "source: ''", "source: ~"])
    func `an empty source is none`(_ line: String) throws {
        let file = read(Self.full + "  " + line)
        #expect(file.diagnostics.isEmpty)
        #expect(try #require(file.rules.first).source == nil)
    }

    @Test func `the four forms of a rule item are told apart`() {
        let file = read(
            Self.full
                + """
                - rule: r
                  append: true
                  condition: and x
                  output: [ignored]
                - rule: r
                  enabled: false
                  tags: [ignored]
                - rule: r
                  condition: and y
                  tags: [t]
                  source: syscall
                  override: {condition: append, tags: replace}
                - rule: r
                  override: {}
                  enabled: true
                """)
        #expect(file.diagnostics.map(\.rendered) == [])
        #expect(
            file.rules.map(\.form) == [
                .define, .legacyAppend, .enable(false), .override([.condition: .append, .tags: .replace]),
                .enable(true),
            ])
        #expect(file.rules[1].output == nil)
    }

    @Test func `exceptions keep their form`() throws {
        let file = read(
            Self.full
                + """
                  exceptions:
                    - name: one
                      fields: proc.name
                      comps: pmatch
                      values: [a, b c]
                    - name: more
                      fields: [proc.name, fd.name]
                      comps: [ = , " startswith " ]
                      values:
                        - [a, [b, c]]
                    - name: none
                """)
        #expect(file.diagnostics.map(\.rendered) == [])
        let exceptions = try #require(file.rules.first?.exceptions)
        #expect(exceptions.map(\.name.value) == ["one", "more", "none"])
        guard case .one(let field) = exceptions[0].fields, case .more(let comparisons) = exceptions[1].comparisons
        else {
            Issue.record("other forms")
            return
        }
        #expect(field.text == "proc.name")
        #expect(comparisons.map(\.text) == ["=", "startswith"])
        #expect(exceptions[0].values.count == 2 && exceptions[2].values.isEmpty && exceptions[2].fields == nil)
    }

    @Test func `an alias carries the place of its anchor`() throws {
        let file = read("- list: a\n  items: &x [p, q]\n- list: b\n  items: *x\n")
        guard case .list(let list) = try #require(file.items.last) else {
            Issue.record("no list")
            return
        }
        #expect(list.items.map(\.text) == ["p", "q"])
        #expect(list.items[1].span(of: 0..<1) == SourceSpan(file: 0, start: 26, end: 27))
    }
}
