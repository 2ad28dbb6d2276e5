import EventModel
import Testing

@testable import RuleEngine

@Suite struct EventTypeAnalysisTests {
    static let sets: [(String, Set<String>)] = [
        ("evt.type = open", ["open"]), ("evt.type == open", ["open"]),
        ("evt.type in (open, openat)", ["open", "openat"]),
        ("evt.type = open and evt.type = openat", []), ("evt.type = open or evt.type = openat", ["open", "openat"]),
        ("evt.type = open and proc.name = a", ["open"]), ("evt.type in ()", []), ("syscall.type = uname", ["uname"]),
        ("not evt.type != open", ["open"]), ("not (evt.type != open or evt.type = openat)", ["open"]),
        ("evt.type = open and evt.num = 0", []), ("evt.type = open and evt.num < 1", []),
        ("evt.type = open and evt.num <= 0", []), ("evt.type = open and evt.num in (0)", []),
        ("evt.type = open and evt.num in ()", []), ("evt.type = open and not evt.num = 0", ["open"]),
        ("evt.type = open and evt.num != 0", ["open"]), ("evt.type = open and evt.num > 0", ["open"]),
        ("evt.type = open and not evt.num >= 1", []), ("evt.type = open and evt.num = 1", ["open"]),
        ("evt.type = open and not proc.name = a", ["open"]), ("not evt.type exists", []),
        ("evt.type = open and evt.type startswith openat", ["open"]),
        ("evt.type = open and evt.type exists", ["open"]),
    ]

    @Test(arguments: sets)
    func `a condition is narrowed to event types`(_ condition: String, _ names: Set<String>) throws {
        #expect(Set(try compiledRule(condition).eventTypes.types.map(\.name)) == names)
    }

    @Test(arguments: [
        "proc.name = a", "not proc.name = a", "evt.type = open or proc.name = a",
        "not (evt.type = open and proc.name = a)", "evt.type exists", "evt.type startswith open", "evt.num > 0",
        "evt.type = open or evt.num != 0", "evt.type = anyof (open, openat)",
    ])
    func `a condition leaves all event types possible`(_ condition: String) throws {
        #expect(try compiledRule(condition).eventTypes == .all)
    }

    @Test func `the complement of a type is every other`() throws {
        let types = try compiledRule("evt.type != open").eventTypes
        #expect(types.count == EventType.count - 1)
        #expect(types == (try compiledRule("not evt.type = open").eventTypes))
    }
}
