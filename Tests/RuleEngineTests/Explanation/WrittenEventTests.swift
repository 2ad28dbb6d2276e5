import EventFields
import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct WrittenEventTests {
    private func event(_ values: [(String, WrittenEvent.Value)]) throws -> WrittenEvent {
        var event = WrittenEvent(catalogue: EventFields.catalogue(staticFields: []))
        for (field, value) in values { try event.set(field, to: value) }
        return event
    }

    /// Whether a condition holds for an event of these values.
    private func holds(_ condition: String, _ values: [(String, WrittenEvent.Value)]) throws -> Bool {
        let event = try event(values)
        let compiler = RuleCompiler(catalogue: EventFields.catalogue(staticFields: []))
        let compilation = compiler.compile(try resolvedRule(condition))
        let rule = try #require(compilation.rule, "\(compilation.problems)")
        var evaluator = Evaluator(RuleSet([rule], catalogue: EventFields.catalogue(staticFields: [])))
        return evaluator.evaluate(try #require(event.type), reader: event)
    }

    @Test(
        arguments: [
            ("proc.name = cat", "proc.name", .scalar("cat")),
            ("fd.num >= 0", "fd.num", .scalar("3")),
            ("evt.rawres < 0", "evt.rawres", .scalar("-13")),
            ("user.uid = 0", "user.uid", .scalar("0")),
            ("evt.is_open_read = true", "evt.is_open_read", .scalar("true")),
            ("fd.sip = 10.1.2.3", "fd.sip", .scalar("10.1.2.3")),
            ("fd.snet in (2001:db8::/32)", "fd.snet", .scalar("2001:db8::7")),
            ("fd.ip = 10.1.2.3", "fd.ip", .list([.scalar("1.1.1.1"), .scalar("10.1.2.3")])),
            ("fd.ip = 10.1.2.3", "fd.ip", .scalar("10.1.2.3")),
            ("evt.arg.flags contains O_CREAT", "evt.arg.flags", .scalar("O_RDWR|O_CREAT")),
            ("proc.env[HOME] = /x", "proc.env[HOME]", .scalar("/x")),
            ("proc.aname in (cron)", "proc.aname", .list([.scalar("sh"), .scalar("cron")])),
            ("proc.aname[2] = cron", "proc.aname", .list([.scalar("sh"), .scalar("cron")])),
            ("proc.pname = sh", "proc.aname", .list([.scalar("sh"), .scalar("cron")])),
            ("proc.aname in (cron)", "proc.aname[5]", .scalar("cron")),
            ("proc.aname in (cron)", "proc.aname[999999999999]", .scalar("cron")),
            ("proc.aname in (cron)", "proc.pname", .scalar("cron")),
            ("proc.aname[1] = cron", "proc.pname", .scalar("cron")),
            ("proc.aname[0] = cat", "proc.name", .scalar("cat")),
            ("proc.pexepath = /x", "proc.aexepath[1]", .scalar("/x")),
            ("not proc.name exists", "proc.name", WrittenEvent.Value.none),
            ("not proc.aname in (cat)", "proc.name", .scalar("cat")),
            ("evt.dir = <", "proc.name", .scalar("cat")),
            ("syscall.type = openat", "proc.name", .scalar("cat")),
            ("proc.exepath.trusted = /x", "proc.exepath", .scalar("/x")),
            ("proc.pexepath.trusted = /x", "proc.aexepath[1]", .scalar("/x")),
            ("proc.aexepath.trusted in (/y)", "proc.aexepath", .list([.scalar("/x"), .scalar("/y")])),
            ("proc.aexepath.trusted[2] = /y", "proc.aexepath", .list([.scalar("/x"), .scalar("/y")])),
            ("proc.aexepath.trusted in (/y)", "proc.aexepath.trusted", .list([.scalar("/y")])),
        ] as [(String, String, WrittenEvent.Value)])
    func `a value is read as its field's type`(condition: String, field: String, value: WrittenEvent.Value) throws {
        #expect(try holds("evt.type = openat and \(condition)", [("evt.type", .scalar("openat")), (field, value)]))
        let other = try holds(
            "evt.type = openat and not (\(condition))", [("evt.type", .scalar("openat")), (field, value)])
        #expect(!other)
    }

    @Test(arguments: [("package", true), ("image", true), ("local", true), ("container", false), ("replaced", false)])
    func `a program is what its path says unless its origin speaks against it`(origin: String, trusted: Bool) throws {
        let values: [(String, WrittenEvent.Value)] = [
            ("evt.type", .scalar("openat")), ("proc.exepath", .scalar("/x")), ("proc.exe.origin", .scalar(origin)),
            ("proc.aexepath[3]", .scalar("/z")), ("proc.aexe.origin[3]", .scalar(origin)),
        ]
        for condition in [
            "proc.exepath.trusted = /x", "proc.aexepath.trusted[0] = /x", "proc.aexepath.trusted[3] = /z",
            "proc.aexepath.trusted in (/z)",
        ] {
            #expect(try holds("evt.type = openat and \(condition)", values) == trusted, "\(condition)")
            let denied =
                values + [
                    ("proc.exepath.trusted", .none), ("proc.aexepath.trusted[0]", .none),
                    ("proc.aexepath.trusted", .none),
                    ("proc.aexepath.trusted[3]", .none),
                ]
            #expect(try !holds("evt.type = openat and \(condition)", denied))
        }
    }

    @Test(
        arguments: [
            ("proc.nmae", .scalar("x"), "unknown field 'proc.nmae'", "did you mean 'proc.name'?", false),
            ("fd.num", .scalar("x"), "the value of 'fd.num' must be a whole number, found 'x'", nil, true),
            (
                "user.uid", .scalar("-1"), "the value of 'user.uid' must be a whole number, 0 or more, found '-1'", nil,
                true
            ),
            (
                "fd.sip", .scalar("localhost"), "the value of 'fd.sip' must be an IP address, found 'localhost'", nil,
                true
            ),
            ("evt.type", .scalar("opnat"), "there is no event 'opnat'", "did you mean 'openat'?", true),
            ("evt.failed", .scalar("yes"), "the value of 'evt.failed' must be true or false, found 'yes'", nil, true),
            ("proc.name and", .scalar("x"), "'proc.name and' is not the name of a field", nil, false),
            (
                "proc.name[1]", .scalar("x"), "field 'proc.name' takes no argument, found '[1]'", "write 'proc.name'",
                false
            ),
        ] as [(String, WrittenEvent.Value, String, String?, Bool)])
    func `what can't be a field or its value is told`(
        field: String, value: WrittenEvent.Value, message: String, suggestion: String?, isOfValue: Bool
    ) throws {
        let problem = #expect(throws: WrittenEvent.Problem.self) { try event([(field, value)]) }
        #expect(problem == WrittenEvent.Problem(message: message, suggestion: suggestion, isOfValue: isOfValue))
    }
}
