import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

/// Correlations in rules files: as rules are.
@Suite struct CorrelationLoadTests {
    private static let events = [(name: "a", condition: "evt.type = openat"), ("b", "shell and proc.name in (names)")]
    private static let base = """
        - list: names
          items: [x, y]
        - macro: shell
          condition: evt.type = execve

        """

    /// Loads a text and compiles its rules against the tests' fields.
    private static func compiled(
        _ texts: String..., selection: [RuleSelection] = []
    ) -> (loaded: LoadedRules, rules: [CompiledRule]) {
        var options = RuleLoaderOptions(fields: FieldNameTable(TestCatalogue.catalogue.fields.map(\.name)))
        options.selection = selection
        var loader = FileLoader(options: options)
        for text in texts { loader.add(text) }
        var loaded = loader.finish()
        let rules = loaded.compile(with: testCompiler)
        return (loaded, rules)
    }

    @Test func `events use macros, lists and exceptions`() throws {
        let more = """
              exceptions:
                - name: known
                  fields: [proc.pname]
                  comps: [=]
                  values: [[cron]]
            """
        let (loaded, rules) = Self.compiled(
            Self.base + correlationText("a then b in 60s by user.name", events: Self.events, more: more))
        #expect(loaded.diagnostics.map(\.line) == [])
        let rule = try #require(loaded.rules.first)
        #expect(
            rule.correlation?.events.map(\.condition.canonicalText) == [
                "(evt.type = openat and not proc.pname = cron)",
                "((evt.type = execve and proc.name in (x, y)) and not proc.pname = cron)",
            ])
        #expect(rule.correlation?.patternText == "a then b in 60s by user.name")
        #expect(rules.map(\.isCorrelation) == [true])
        #expect(rules.first?.eventTypes.types.map(\.name).sorted() == ["execve", "openat"])
    }

    @Test func `overrides, appends and selections work as for rules`() throws {
        let first = Self.base + correlationText("a then b in 60s", events: Self.events)
        let change = """
            - correlation: c
              events:
                - name: a
                  condition: and proc.name = q
                - name: d
                  condition: evt.type = connect
              condition: a then b then d in 30s
              priority: ERROR
              tags: [t]
              exceptions: [{name: e, fields: [proc.name], values: [[z]]}]
              override: {events: append, condition: replace, priority: replace, tags: append, exceptions: append}
            """
        let (loaded, rules) = Self.compiled(first, change, selection: [RuleSelection(isEnabling: false, tag: "t")])
        #expect(loaded.diagnostics.map(\.line) == [])
        let rule = try #require(loaded.rules.first)
        #expect(rule.correlation?.events.map(\.name) == ["a", "b", "d"])
        #expect(
            rule.correlation?.events.first?.condition.canonicalText
                == "((evt.type = openat and proc.name = q) and not proc.name = z)")
        #expect(rule.correlation?.patternText == "a then b then d in 30s")
        #expect(rule.priority == "ERROR" && rule.tags == ["t"] && !rule.isEnabled && rules.count == 1)
        let replaced = Self.compiled(
            first, "- correlation: c\n  enabled: false\n  override: {enabled: replace}")
        #expect(replaced.loaded.rules.map(\.isEnabled) == [false])
    }

    private static func whole(_ condition: String, event: String = "a", more: String = "") -> String {
        """
        - correlation: c
          desc: d
          events:
            - {name: \(event), condition: evt.type = openat}
          condition: \(condition)
          output: o
          priority: INFO
        \(more)
        """
    }

    @Test(arguments: [
        (whole("a then x in 1s"), ["1.yaml:5:21 there is no event 'x' under 'events'"]),
        (
            whole("count(a) >= 2"),
            ["1.yaml:5:27 the condition ends where 'in' and a time, such as 'in 60s' was expected"]
        ),
        (whole("count(a) >= 2 in 1s by proc.nam"), ["1.yaml:5:37 unknown field 'proc.nam'"]),
        (whole("count(a) >= 2 in 1s by proc.aname"), ["1.yaml:5:37 'proc.aname' has a value for each ancestor"]),
        (
            whole("count(a) >= 2 in 1s by fd.ip"),
            ["1.yaml:5:37 'fd.ip' has two values, one for each end of a connection"]
        ),
        (
            whole("count(proc) >= 2 in 1s", event: "proc"),
            [
                "1.yaml:4:14 an event can't be called 'proc', which has a meaning of its own"
            ]
        ),
        (
            whole("count(then) >= 2 in 1s", event: "then"),
            [
                "1.yaml:4:14 an event can't be called 'then', which has a meaning of its own"
            ]
        ),
        (
            whole("count(a) >= 2 in 1s", event: "a-b"),
            [
                "1.yaml:4:14 'a-b' is no name for an event: expected a letter followed by letters, digits and underscores",
                "1.yaml:4:14 the condition does not use the event 'a-b'",
                "1.yaml:5:20 there is no event 'a' under 'events'",
            ]
        ),
        (
            "- correlation: c\n  desc: d\n",
            [
                "1.yaml:1:16 the correlation has no 'events', 'condition', 'output', 'priority'; it must have 'events', "
                    + "'condition', 'output', 'desc' and 'priority'"
            ]
        ),
        (
            whole("count(a) >= 2 in 1s", more: "  append: true"),
            [
                "1.yaml:1:16 'append: true' can't stand in a correlation"
            ]
        ),
        (
            whole("count(a) >= 2 in 1s")
                + "\n- correlation: c\n  condition: x\n  override: {condition: append}",
            ["1.yaml:11:25 'condition' can only be replaced, not appended to"]
        ),
        (
            whole("count(a) >= 2 in 1s") + "\n- rule: c\n  enabled: false\n  override: {enabled: replace}",
            [
                "1.yaml:9:9 'c' is a correlation, this item a rule"
            ]
        ),
        (
            ruleText("evt.type = open", name: "r")
                + "\n- correlation: r\n  enabled: false\n  override: {enabled: replace}",
            ["1.yaml:7:16 'r' is a rule, this item a correlation"]
        ),
        (
            ruleText("evt.type = open", name: "r", more: "  events: []"),
            ["1.yaml:6:3 unknown key 'events', it is ignored"]
        ),
        (
            whole("count(a) >= 2 in 1s").replacing("evt.type = openat}", with: "evt.type = openat and}"),
            ["1.yaml:4:49 the condition ends where a condition after 'and' was expected"]
        ),
        (
            whole("count(a) >= 2 in 1s").replacing("evt.type = openat}", with: "nope}"),
            ["1.yaml:4:28 undefined macro 'nope' used in filter"]
        ),
        (
            whole("count(a) >= 2 in 1s").replacing(
                "    - {name: a, condition: evt.type = openat}", with: "    - {name: a}"),
            [
                "1.yaml:4:7 this event has no 'condition'"
            ]
        ),
        (
            whole("count(a) >= 2 in 1s").replacing("output: o", with: "output: '%a.proc.nam'"),
            ["1.yaml:6:13 invalid formatting token: unknown field 'a.proc.nam'"]
        ),
        (
            whole("count(a) >= 2 in 1s").replacing(
                "evt.type = openat}", with: "evt.type = openat and fd.num = 1 and fd.num = 2}"),
            ["1.yaml:1:3 the event 'a' can never match: no value of 'fd.num' is all that it asks for"]
        ),
    ])
    func `what is wrong is told where it stands`(_ text: String, _ problems: [String]) throws {
        let found = Self.compiled(text).loaded.diagnostics.map { "\($0.location.described) \($0.message)" }
        #expect(found == problems)
    }

    @Test func `what only a correlation's alerts have is of no use in a rule`() {
        let fields = CorrelationScene.catalogue
        let options = RuleLoaderOptions(fields: FieldNameTable(fields.fields.map(\.name)))
        for (text, count) in [
            (ruleText("evt.type = open").replacing("output: o", with: "output: '%correlation.count %proc.name'"), 1),
            (ruleText("evt.type = open").replacing("output: o", with: "output: '%incident.count'"), 0),
            (
                correlationText(
                    "count(a) >= 2 in 1s", events: [("a", "evt.type = open")], output: "%correlation.count"),
                0
            ),
        ] {
            var loaded = load(text, options: options)
            #expect(loaded.compile(with: RuleCompiler(catalogue: fields)).count == 1)
            #expect(loaded.codes == Array(repeating: .outputWithoutValue, count: count))
        }
    }

    @Test func `the same event in a transformer`() throws {
        let text = correlationText(
            "a then b in 60s", events: [("a", "evt.type = openat"), ("b", "evt.type = execve")],
            output: "%concat(a.proc.name, fd.name)")
        #expect(
            Self.compiled(text).loaded.diagnostics.map(\.message) == [
                "the fields in a transformer must be of one event"
            ])
    }
}
