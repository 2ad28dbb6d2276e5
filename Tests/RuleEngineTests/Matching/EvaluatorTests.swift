import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct EvaluatorTests {
    @Test func `first match stops, all match goes on, both in order of definition`() throws {
        let rules = try ruleSet("proc.name = a", "proc.name = b", "proc.name in (a, b)", "proc.name exists")
        #expect(matches(rules, TestEvent("execve", ["proc.name": "b"]), mode: .all) == [1, 2, 3])
        #expect(matches(rules, TestEvent("execve", ["proc.name": "b"]), mode: .first) == [1])
        #expect(matches(rules, TestEvent("execve", ["proc.name": "c"]), mode: .first) == [3])
        #expect(matches(rules, TestEvent("execve"), mode: .first) == [])
    }

    @Test func `no rules match nothing`() throws {
        #expect(matches(try ruleSet([]), TestEvent("execve")) == [])
    }

    @Test func `rules see the event types of their conditions only`() throws {
        let rules = try ruleSet("evt.type = open", "evt.type in (open, execve)", "evt.type != open", "evt.num > 0")
        #expect(matches(rules, TestEvent("open")) == [0, 1, 3])
        #expect(matches(rules, TestEvent("execve")) == [1, 2, 3])
        #expect(matches(rules, TestEvent("procexit")) == [2, 3])
        #expect(try holds("syscall.type exists", TestEvent("uname")))
        #expect(try !holds("syscall.type exists", TestEvent("procexit")))
        #expect(try !holds("syscall.type != open", TestEvent("procexit")))
        #expect(try holds("evt.type startswith op", TestEvent("openat")))
    }

    @Test func `values of one event are not taken for the next one's`() throws {
        let rules = try ruleSet("proc.name = a and proc.pname contains x", "proc.name in (a, b)")
        var evaluator = Evaluator(rules, mode: .all)
        let events = [
            TestEvent("open", ["proc.name": "a", "proc.pname": "x"]), TestEvent("open", ["proc.name": "b"]),
            TestEvent("open", ["proc.pname": "x"]), TestEvent("open", ["proc.name": "a", "proc.pname": "xx"]),
        ]
        let found = events.map { event in
            evaluator.evaluate(event.type, reader: event)
            return evaluator.matches
        }
        #expect(found == [[0, 1], [1], [], [0, 1]])
    }

    @Test func `a field is read once per event, whatever the number of rules`() throws {
        let rules = try ruleSet((0..<200).map { "proc.name = p\($0) or proc.name contains c\($0)" })
        let event = TestEvent("execve", ["proc.name": "p199"])
        #expect(matches(rules, event) == [199])
        #expect(event.reads.count == 1)
    }

    @Test func `rules that need different values of a field are found by one look-up`() throws {
        // Each rule would read a field of its own; only the one whose name fits gets so far.
        let rules = try ruleSet((0..<1000).map { "evt.type = execve and proc.env[E\($0)] = x and proc.name = p\($0)" })
        var event = TestEvent("execve", ["proc.name": "p500", "proc.env[E500]": "x"])
        #expect(matches(rules, event) == [500])
        #expect(event.reads.count == 2)
        event = TestEvent("execve", ["proc.name": "other"])
        #expect(matches(rules, event) == [])
        #expect(event.reads.count == 1)
    }

    @Test func `rules that need different prefixes of a field are found by one walk`() throws {
        let rules = try ruleSet(
            (0..<500).map { "evt.type = open and proc.env[E\($0)] = x and fd.name startswith /d\($0)/" }
        )
        let event = TestEvent("open", ["fd.name": "/d42/f", "proc.env[E42]": "x"])
        #expect(matches(rules, event) == [42])
        #expect(event.reads.count == 2)
    }

    @Test func `prefixes and suffixes of each other are told apart`() throws {
        let words = ["", "a", "ab", "abc", "abd", "b", "ba"]
        for field in ["proc.name", "proc.aname[2]"] {
            let starts = try ruleSet(words.map { "\(field) startswith \"\($0)\"" })
            let ends = try ruleSet(words.map { "\(field) endswith \"\($0)\"" })
            for value in ["", "a", "ab", "abx", "abc", "abcd", "abd", "b", "bab", "x"] {
                let event = TestEvent("open", [field: .text(value)])
                let prefixes = words.indices.filter { words[$0].isEmpty || value.hasPrefix(words[$0]) }
                let suffixes = words.indices.filter { words[$0].isEmpty || value.hasSuffix(words[$0]) }
                #expect(matches(starts, event) == prefixes)
                #expect(matches(ends, event) == suffixes)
            }
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `matching all rules together agrees with walking each condition`(_ seed: UInt64) throws {
        var random = RandomRules(seed: seed)
        let conditions = (0..<40).map { _ in random.condition() }
        let trees = try conditions.map { try ConditionParser.parse($0) }
        let rules = try ruleSet(conditions)
        var all = Evaluator(rules, mode: .all)
        var first = Evaluator(rules, mode: .first)
        for _ in 0..<50 {
            let event = random.event()
            let naive = NaiveCondition(event: event)
            let expected = trees.indices.filter { naive.holds(trees[$0]) }
            all.evaluate(event.type, reader: event)
            #expect(all.matches == expected, "\(event) \(conditions)")
            let isMatched = first.evaluate(event.type, reader: event)
            #expect(isMatched == !expected.isEmpty)
            #expect(first.matches == Array(expected.prefix(1)))
        }
    }

    @Test func `deep conditions are matched`() throws {
        var condition = "proc.name = a"
        for depth in 0..<400 { condition = "(\(condition) \(depth % 2 == 0 ? "and" : "or") proc.pname != b\(depth))" }
        #expect(try holds(condition, TestEvent("open", ["proc.name": "a", "proc.pname": "x"])))
    }
}
