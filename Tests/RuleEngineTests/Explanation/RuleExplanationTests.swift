import EventModel
import Testing

@testable import RuleEngine

@Suite struct RuleExplanationTests {
    @Test func `a rule is explained`() throws {
        let rule = try compiledRule(
            "evt.type in (open, openat) and fd.name startswith /etc and proc.aname[2] = a and evt.arg.flags = x",
            output: "%user.name %proc.env[HOME]"
        )
        let explanation = RuleExplanation(rule, catalogue: TestCatalogue.catalogue)
        #expect(explanation.eventTypes.map(\.name) == ["open", "openat"])
        #expect(explanation.conditionFields == ["evt.arg.flags", "fd.name", "proc.aname[2]"])
        #expect(explanation.outputFields == ["proc.env[HOME]", "user.name"])
        #expect(!explanation.isUnrestricted)
        #expect(explanation.needs.types.count == 2)
    }

    static let verdicts: [(String, RuleExplanation.Visibility.Verdict, RuleExplanation.Visibility.Verdict)] = [
        ("proc.name = a", .full, .full), ("t.audited = a", .full, .never), ("not t.audited = a", .full, .partial),
        ("t.audited = a or proc.name = a", .full, .partial), ("t.audited = a and proc.name = a", .full, .never),
        ("t.unknowable = a", .never, .never), ("t.unknowable exists or proc.name = a", .partial, .partial),
        ("toupper(t.audited) = a", .full, .never), ("proc.name = val(t.audited)", .full, .never),
    ]

    @Test(arguments: verdicts)
    func `what a source can see of a rule`(
        _ condition: String, _ audit: RuleExplanation.Visibility.Verdict, _ procfs: RuleExplanation.Visibility.Verdict
    ) throws {
        let explanation = try #require(try ruleSet(condition).explain(0))
        func verdict(_ source: SourceKind) -> RuleExplanation.Visibility.Verdict? {
            explanation.visibility.first { $0.source == source }?.verdict
        }
        #expect(verdict(.audit) == audit)
        #expect(verdict(.procfs) == procfs)
    }
}
