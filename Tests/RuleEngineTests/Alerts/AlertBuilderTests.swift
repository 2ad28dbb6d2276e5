import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct AlertBuilderTests {
    private func alert(
        _ output: String, _ values: [String: TestValue] = [:], options: AlertOptions = AlertOptions(),
        extraFields: [ResolvedRule.ExtraField] = []
    ) throws -> Alert {
        let rule = try resolvedRule("evt.type = openat", name: "R", output: output, extraFields: extraFields)
        let compiled = try #require(testCompiler.compile(rule).rule)
        let rules = RuleSet([compiled], catalogue: TestCatalogue.catalogue)
        var evaluator = Evaluator(rules)
        let event = TestEvent("openat", values)
        let isMatched = evaluator.evaluate(event.type, reader: event)
        #expect(isMatched)
        let alert = AlertBuilder(rules, options: options).alert(
            forRule: 0, timeNanoseconds: 42, evaluator: &evaluator, reader: event
        )
        return try #require(alert)
    }

    private func message(_ output: String, _ values: [String: TestValue] = [:]) throws -> String {
        String(decoding: try alert(output, values).message, as: UTF8.self)
    }

    static let texts: [(String, [String: TestValue], String)] = [
        ("no fields", [:], "no fields"), ("a=%proc.name.", ["proc.name": "sh"], "a=sh."),
        ("%proc.name", [:], "<NA>"), ("*%proc.name", ["proc.name": "x"], "*x"),
        ("[%6proc.name]", ["proc.name": "sh"], "[sh    ]"), ("[%2proc.name]", ["proc.name": "bash"], "[ba]"),
        ("[%2proc.name]", [:], "[<N]"),
        ("%user.uid %fd.num", ["user.uid": .unsigned(7), "fd.num": .signed(-1)], "7 -1"),
        ("%evt.failed", ["evt.failed": true], "true"), ("%t.double", ["t.double": .double(2.25)], "2.2"),
        ("%t.double", ["t.double": .double(-0.5)], "-0.5"), ("%t.ns", ["t.ns": .unsigned(12)], "000000012"),
        ("%fd.dev", ["fd.dev": .unsigned(255)], "FF"), ("%fd.sip", ["fd.sip": .address("10.0.0.1")], "10.0.0.1"),
        ("%fd.sip", ["fd.sip": .address("2001:db8:0:0:0:0:0:1")], "2001:db8::1"),
        ("%evt.buffer", ["evt.buffer": .bytes([0x61, 0, 0x7f, 0x7e])], "a..~"),
        ("%t.words", ["t.words": ["a", "b"]], "(a,b)"), ("%t.words", ["t.words": []], "()"),
        ("%t.numbers", ["t.numbers": [.unsigned(1), .unsigned(2)]], "(1,2)"),
        ("%proc.aname", ["proc.aname": ["sh", "init"]], "sh init"),
        ("%proc.aname[2]", ["proc.aname[2]": "init"], "init"),
        ("%proc.apid", ["proc.apid[0]": .signed(9), "proc.apid": [.signed(1)]], "9"),
        ("%toupper(proc.name)", ["proc.name": "sh"], "SH"), ("%len(proc.name)", ["proc.name": "sh"], "<NA>"),
        ("%len(t.words)", ["t.words": ["a"]], "1"), ("%evt.arg.flags)", ["evt.arg.flags": "A"], "A)"),
        ("%join(\"-\", (proc.name, proc.pname))", ["proc.name": "a", "proc.pname": "b"], "a-b"),
    ]

    @Test(arguments: texts)
    func `an output is rendered`(_ output: String, _ values: [String: TestValue], _ expected: String) throws {
        #expect(try message(output, values) == expected)
    }

    @Test func `long lists are cut`() throws {
        let text = try message("%t.words", ["t.words": .list(Array(repeating: "abcdefgh", count: 200))])
        #expect(text.utf8.count == 1023)
    }

    @Test func `byte buffers print as base64 where configured`() throws {
        var options = AlertOptions()
        options.usesBase64 = true
        let values: [String: TestValue] = ["evt.buffer": .bytes([0, 1, 2, 3])]
        let alert = try alert("%evt.buffer", values, options: options)
        #expect(alert.message == Array("AAECAw==".utf8))
    }

    @Test func `output fields keep their types and are keyed as written`() throws {
        let alert = try alert(
            "%proc.name %user.uid %evt.failed %t.words %evt.arg.flags %proc.aname[2] %toupper(proc.pname) %fd.sip %proc.name",
            [
                "proc.name": "sh", "user.uid": .unsigned(3), "evt.failed": true, "t.words": ["a"],
                "evt.arg.flags": "X", "proc.pname": "p", "fd.sip": .address("::1"),
            ]
        )
        let expected: [(String, AlertValue)] = [
            ("evt.time", .signed(42)), ("proc.name", .string(Array("sh".utf8))), ("user.uid", .unsigned(3)),
            ("evt.failed", .bool(true)), ("t.words", .list([.string(Array("a".utf8))])),
            ("evt.arg.flags", .string(Array("X".utf8))), ("proc.aname[2]", .null),
            ("proc.pname", .string(Array("p".utf8))), ("fd.sip", .string(Array("::1".utf8))),
        ]
        #expect(alert.fields.map(\.key) == expected.map(\.0))
        #expect(alert.fields.map(\.value) == expected.map(\.1))
        #expect(alert.rule == "R")
        #expect(alert.priority == .informational)
        #expect(alert.tags == ["a", "b"])
        #expect(alert.timeNanoseconds == 42)
    }

    @Test func `the event's time is a number, keyed by the time format`() throws {
        var options = AlertOptions()
        #expect(try alert("%evt.time", ["evt.time": "12:00"], options: options).fields.map(\.key) == ["evt.time"])
        options.usesISOTime = true
        let alert = try alert("%evt.time", ["evt.time": "12:00"], options: options)
        #expect(alert.fields.map(\.key) == ["evt.time.iso8601", "evt.time"])
        #expect(alert.fields.map(\.value) == [.signed(42), .unsigned(42)])
        #expect(alert.message == Array("12:00".utf8))
    }

    @Test func `extra fields are text, or keep their type`() throws {
        let alert = try alert(
            "x", ["user.uid": .unsigned(3)],
            extraFields: [
                .init(key: "who", template: "uid %user.uid", isRaw: false),
                .init(key: "user.uid", template: "user.uid", isRaw: true),
                .init(key: "user.uid", template: "%user.uid", isRaw: true),
            ]
        )
        #expect(alert.fields.map(\.key) == ["evt.time", "who", "user.uid"])
        #expect(alert.fields.map(\.value) == [.signed(42), .string(Array("uid 3".utf8)), .unsigned(3)])
        #expect(alert.message == [0x78])
    }

    @Test func `there is no alert for a rule that the set does not have`() throws {
        let rules = try ruleSet("proc.name = a")
        var evaluator = Evaluator(rules)
        let event = TestEvent()
        for rule in [-1, 1] {
            let alert = AlertBuilder(rules).alert(
                forRule: rule, timeNanoseconds: 0, evaluator: &evaluator, reader: event
            )
            #expect(alert == nil)
        }
    }
}
