import EventModel
import RuleLanguage
import SeededRandom
import Testing

@testable import RuleEngine

@Suite struct ConditionOrderTests {
    /// The test catalogue with other costs.
    private static func catalogue(_ cost: (FieldDescription) -> FieldCost) -> FieldCatalogue {
        FieldCatalogue(
            TestCatalogue.catalogue.fields.map { field in
                FieldDescription(
                    name: field.name, type: field.type, flags: field.flags, meaning: field.meaning,
                    sources: field.sources, rendering: field.rendering, eventSource: field.eventSource,
                    cost: cost(field)
                )
            })
    }

    @Test(arguments: UInt64(1)...10)
    func `costs change what is asked first and never the answer`(_ seed: UInt64) throws {
        var random = RandomRules(seed: seed)
        var costs = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let texts = (0..<4).map { _ in random.condition() }
            let rules = try texts.map { try compiledRule($0) }
            let conditions = try texts.map { try ConditionParser.parse($0) }
            let sets = (0..<3).map { _ in
                RuleSet(rules, catalogue: Self.catalogue { _ in costs.pick(FieldCost.allCases) })
            }
            for _ in 0..<25 {
                // Values are missing now and then.
                let event = random.event()
                let expected = conditions.indices.filter { NaiveCondition(event: event).holds(conditions[$0]) }
                for set in sets { #expect(matches(set, event) == expected, "\(texts) on \(event.values)") }
            }
        }
    }

    @Test(arguments: [
        "t.others intersects (a) and proc.name = b", "proc.name = b and t.others intersects (a)",
        "(t.others intersects (a) or t.others intersects (b)) and (proc.name = b or proc.name = c)",
        "not (proc.name != b or t.others intersects (a))", "t.others intersects (a) and not proc.name = sh",
        "proc.name = sh or t.others intersects (a)", "(t.others exists and user.uid = 0) and proc.name = b",
    ])
    func `what is dear is not read when what is cheap decides`(_ condition: String) throws {
        let catalogue = Self.catalogue { $0.name == "t.others" ? .expensive : .free }
        let event = TestEvent("execve", ["proc.name": "sh", "t.others": ["a"], "user.uid": .unsigned(1)])
        _ = matches(RuleSet([try compiledRule(condition)], catalogue: catalogue), event)
        #expect(!event.reads.names.contains("t.others"))
    }
}
