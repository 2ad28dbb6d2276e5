import EventModel
import Testing

@testable import RuleEngine

/// A clock that is read in steps of one.
private final class ScriptedClock {
    var now: UInt64 = 0

    func read() -> UInt64 {
        now += 10
        return now
    }
}

@Suite struct RuleCostsTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func `measuring finds what evaluating finds`(_ seed: UInt64) throws {
        var random = RandomRules(seed: seed)
        let rules = try ruleSet((0..<40).map { _ in random.condition() })
        let clock = ScriptedClock()
        for mode in [MatchMode.first, .all] {
            var evaluator = Evaluator(rules, mode: mode)
            var measuring = Evaluator(rules, mode: mode)
            var costs = RuleCosts(ruleCount: rules.rules.count, clockNanoseconds: 0)
            for _ in 0..<50 {
                let event = random.event()
                let expected = evaluator.evaluate(event.type, reader: event)
                let found = measuring.measure(event.type, reader: event, clock: clock.read, into: &costs)
                #expect(found == expected)
                #expect(measuring.matches == evaluator.matches)
            }
            #expect(costs.events == 50)
            #expect(costs.selectionNanoseconds == 500)
            // Each try is one reading of the clock.
            #expect(costs.nanoseconds == costs.evaluations.map { $0 * 10 })
            #expect(costs.evaluations.contains { $0 > 0 })
        }
    }

    @Test func `only rules that are tried cost something`() throws {
        let rules = try ruleSet(
            "evt.type = open and proc.name = a", "evt.type = open and proc.name = b", "evt.type = execve",
            "evt.type = open")
        var evaluator = Evaluator(rules, mode: .all)
        var costs = RuleCosts(ruleCount: 4, clockNanoseconds: 0)
        let event = TestEvent("open", ["proc.name": "b"])
        let clock = ScriptedClock()
        for _ in 0..<3 { _ = evaluator.measure(event.type, reader: event, clock: clock.read, into: &costs) }
        #expect(costs.evaluations == [0, 3, 0, 3])
        #expect(costs.nanoseconds == [0, 30, 0, 30])
    }

    @Test func `what the clock itself takes is not charged, and nothing becomes negative`() throws {
        let rules = try ruleSet("evt.type = open")
        var evaluator = Evaluator(rules, mode: .all)
        let event = TestEvent("open")
        for (clockNanoseconds, expected) in [(4, 6), (10, 0), (25, 0)] as [(UInt64, UInt64)] {
            var costs = RuleCosts(ruleCount: 1, clockNanoseconds: clockNanoseconds)
            let clock = ScriptedClock()
            _ = evaluator.measure(event.type, reader: event, clock: clock.read, into: &costs)
            #expect(costs.nanoseconds == [expected])
            #expect(costs.selectionNanoseconds == expected)
        }
    }

    @Test func `a field that rules share is charged to the first that asks`() throws {
        let rules = try ruleSet("proc.name contains a", "proc.name contains b")
        let clock = ScriptedClock()
        var evaluator = Evaluator(rules, mode: .all)
        var costs = RuleCosts(ruleCount: 2, clockNanoseconds: 10)
        let event = SlowEvent(event: TestEvent("open", ["proc.name": "b"]), clock: clock)
        _ = evaluator.measure(event.event.type, reader: event, clock: clock.read, into: &costs)
        #expect(costs.evaluations == [1, 1])
        #expect(costs.nanoseconds == [1000, 0])
    }

    /// Reading a field takes long.
    private struct SlowEvent: FieldReader {
        let event: TestEvent
        let clock: ScriptedClock

        func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue {
            clock.now += 1000
            return event.read(reference, into: &arena)
        }
    }
}
