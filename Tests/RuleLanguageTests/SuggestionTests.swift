import RuleLanguage
import Testing

@Suite struct SuggestionTests {
    private static let names = ["proc.name", "proc.pname", "fd.name", "condition", "startswith", "x"]

    @Test(arguments: [
        ("proc.nmae", "proc.name"), ("proc.nam", "proc.name"), ("Proc.Name", "proc.name"), ("conditon", "condition"),
        ("startwith", "startswith"), ("fdname", "fd.name"), ("CONDITION", "condition"),
    ])
    func `a slip finds its name`(_ name: String, _ expected: String) {
        #expect(Suggestion.nearest(to: name, in: Self.names) == expected)
    }

    @Test(arguments: ["", "a", "something else", "evt.type", "proc.name"])
    func `what is near nothing finds nothing`(_ name: String) {
        #expect(
            Suggestion.nearest(to: name, in: Self.names.filter { $0 != "proc.pname" || name != "proc.name" }) == nil)
    }

    @Test func `the question names the candidate`() {
        #expect(Suggestion.question(for: "conditon", in: Self.names) == "did you mean 'condition'?")
    }
}
