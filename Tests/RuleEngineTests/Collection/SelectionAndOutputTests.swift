import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct SelectionAndOutputTests {
    @Test func `an output that names a summary has its parts beside it, each once`() {
        let rules = """
            - rule: A
              desc: d
              condition: evt.num > 0
              output: at %container.place by %proc.name
              priority: INFO
            - rule: B
              desc: d
              condition: evt.num > 0
              output: by %proc.name
              priority: INFO
            """
        let options = RuleLoaderOptions(
            outputAdditions: [
                OutputAddition(fields: [.init(key: "k8s.pod.name", template: "k8s.pod.name", isRaw: true)])
            ], summaries: ["container.place": ["container.id", "k8s.pod.name"]])
        let loaded = load(rules, options: options)
        #expect(
            loaded.rules.map { $0.extraFields.map(\.key) } == [["k8s.pod.name", "container.id"], ["k8s.pod.name"]])
        #expect(loaded.rules.map(\.outputText) == ["at %container.place by %proc.name", "by %proc.name"])
    }

    @Test(arguments: [
        ("*", "anything", true), ("*", "", true), ("abc", "abc", true), ("abc", "abcd", false), ("ab*", "abcd", true),
        ("*cd", "abcd", true), ("a*d", "abcd", true), ("a*c", "abcd", false), ("*b*", "abc", true), ("**", "x", true),
        ("a*", "a", true), ("", "", true), ("a?c", "abc", false), ("A*", "abc", false), ("a*b*c", "a1b2c", true),
        ("*a*a", "a", false),
        // The text behind a star is bound to its first occurrence.
        ("*ab", "xabab", false), ("*ab*ab", "xabab", true), ("a*a", "aba", true), ("a*b", "abb", false),
    ])
    func `a pattern matches whole names without backtracking`(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(RuleSelection.matches(name: name, pattern: pattern) == matches)
    }

    private static let rules =
        ruleText("a.b = 1", name: "one", more: "  tags: [t, u]\n")
        + ruleText("a.b = 2", name: "two", more: "  tags: [u]\n")
        + ruleText("a.b = 3", name: "three", more: "  enabled: false\n")

    @Test(arguments: [
        ([], "one two"),
        ([RuleSelection(isEnabling: false, rule: "*")], ""),
        ([RuleSelection(isEnabling: false, rule: "*"), RuleSelection(isEnabling: true, tag: "u")], "one two"),
        ([RuleSelection(isEnabling: true, rule: "t*")], "one two three"),
        ([RuleSelection(isEnabling: false, rule: "two", tag: "t")], ""),
        ([RuleSelection(isEnabling: false, tag: "v")], "one two"),
        ([RuleSelection(isEnabling: true, rule: "three"), RuleSelection(isEnabling: false, rule: "thr*")], "one two"),
    ])
    func `selections apply in order`(_ selection: [RuleSelection], _ enabled: String) {
        let loaded = load(Self.rules, options: RuleLoaderOptions(selection: selection))
        #expect(loaded.rules.filter(\.isEnabled).map(\.name).joined(separator: " ") == enabled)
    }

    @Test func `additions to the output match by source, name and all tags`() {
        let additions = [
            OutputAddition(output: "all"), OutputAddition(rule: "one", output: "name"),
            OutputAddition(source: "syscall", tags: ["u"], output: "u"),
            OutputAddition(tags: ["t", "u"], output: "tu"),
            OutputAddition(source: "other", output: "never"), OutputAddition(source: "", rule: "", output: "empty"),
        ]
        let loaded = load(Self.rules, options: RuleLoaderOptions(outputAdditions: additions))
        #expect(loaded.rules.map(\.outputText) == ["o all name u tu empty", "o all u empty", "o all empty"])
    }

    @Test func `fields are added, and one given twice is an error`() {
        let field = ResolvedRule.ExtraField(key: "k", template: "%a.b", isRaw: false)
        let raw = ResolvedRule.ExtraField(key: "a.b", template: "a.b", isRaw: true)
        let additions = [OutputAddition(fields: [field, raw]), OutputAddition(rule: "two", fields: [field])]
        let loaded = load(Self.rules, options: RuleLoaderOptions(outputAdditions: additions))
        #expect(loaded.rules.map(\.extraFields) == [[field, raw], [field, raw], [field, raw]])
        #expect(loaded.codes == [.errValidate])
    }

    @Test func `suggested fields are labelled by their names`() {
        let options = RuleLoaderOptions(
            outputAdditions: [OutputAddition(addsSuggestedFields: true)],
            suggestedFields: ["container.id", "k8s.ns.name"])
        #expect(
            load(ruleText("a.b = 1"), options: options).rules.first?.outputText
                == "o container_id=%container.id k8s_ns_name=%k8s.ns.name")
    }
}
