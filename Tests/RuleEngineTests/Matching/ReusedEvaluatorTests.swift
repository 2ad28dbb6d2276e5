import EventModel
import SeededRandom
import Testing

@testable import RuleEngine

/// What one event leaves behind in an evaluator must not show in the next.
@Suite struct ReusedEvaluatorTests {
    /// Every operator, modifier and transformer, over fields of every type.
    static let conditions = [
        "proc.name = sh", "proc.name != sh", "proc.name < 5", "proc.name <= 5", "proc.name > 5", "proc.name >= 5",
        "proc.name contains b", "proc.name icontains B", "proc.name startswith a", "proc.name endswith c",
        "proc.name glob 'a*c'", "proc.name iglob '*B*'", "proc.name regex '(a|b)*c?'", "proc.name regex '.*sh.*'",
        "proc.name in (a, ab, sh)", "proc.name intersects (a, abc)", "proc.name pmatch (/etc, b, '/usr/*')",
        "proc.name exists", "proc.name regex oneof ('a.*', '.*b', '.')", "proc.name regex anyof ('a+', 'b+')",
        "proc.name regex allof ('a.*', '.*c')", "proc.name = oneof (a, a, b)", "proc.name != allof (a, b)",
        "proc.name glob anyof ('/e*', '?')", "proc.name contains allof (a, b)", "fd.name startswith anyof (/etc, /usr)",
        "proc.aname = sh", "proc.aname != sh", "proc.aname in (a, b)", "proc.aname regex 'a.*'",
        "proc.aname contains anyof (a, b)", "proc.aname[2] regex '[a-c]+'", "t.words in (a, b, ab)",
        "t.words intersects (a, sh)", "t.numbers in (1, 2)", "t.numbers intersects (3)", "t.words exists",
        "evt.buffer contains ab", "evt.buffer bcontains 6162", "evt.buffer bstartswith 61", "evt.buffer startswith a",
        "evt.buffer endswith b", "evt.buffer in (a, ab)", "user.uid = 1", "user.uid in (0, 2)", "user.uid < 2",
        "evt.rawres >= 0", "t.double > 1", "t.double in (1, 2)", "fd.connected = true", "fd.sip = 10.0.0.1",
        "fd.sip in (10.0.0.1, ::1)", "fd.snet = 10.0.0.0/8", "fd.net = 10.0.0.0/8", "fd.net != 10.0.0.0/8",
        "fd.ip = ::1", "fd.port < 100", "proc.name = val(proc.pname)", "proc.name startswith val(proc.pname)",
        "proc.name glob val(proc.pname)", "t.words intersects val(t.others)", "user.uid = val(proc.tty)",
        "tolower(proc.name) = sh", "toupper(proc.name) contains B", "b64(proc.name) = hello",
        "basename(fd.name) = shadow", "len(proc.name) > 2", "len(t.words) = 2", "len(evt.buffer) = 2",
        "join('-', t.words) = a-b", "join(',', (proc.name, 5, user.uid, evt.rawres)) contains ',5,'",
        "join(',', ()) = \"\"",
        "tolower(evt.type) = open", "proc.name = val(evt.type)", "join(',', (proc.name, proc.pname)) regex 'a.*,.*'",
        "concat(proc.name, ':', proc.pname) contains 'b:'", "toupper(t.words) intersects (A, SH)",
        "getopt(t.words, 'ab:')[b] = ab", "getopt(t.words, 'ab:') intersects (b)",
        "proc.name = tolower(proc.pname)",
    ]

    @Test(arguments: UInt64(1)...12)
    func `a reused evaluator answers as a fresh one`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        // Alone, all at once, and negated: sharing between conditions differs.
        let sets = [
            try ruleSet(Self.conditions), try ruleSet(Self.conditions.map { "not (\($0))" }),
            try ruleSet([random.pick(Self.conditions)]),
            try ruleSet((0..<6).map { _ in "\(random.pick(Self.conditions)) and \(random.pick(Self.conditions))" }),
        ]
        for rules in sets {
            for mode in [MatchMode.all, .first] {
                var reused = Evaluator(rules, mode: mode)
                for _ in 0..<60 {
                    let event = Self.event(&random)
                    reused.evaluate(event.type, reader: event)
                    #expect(reused.matches == matches(rules, event, mode: mode), "seed \(seed), \(event.values)")
                }
            }
        }
    }

    private static let words = [
        "", "a", "b", "c", "ab", "abc", "aab", "sh", "bash", "/etc/shadow", "/usr/bin/x", "aGVsbG8=", "-b", "-ab", "--",
        "B", "é", "a\nb", String(repeating: "ab", count: 200),
    ]

    private static func event(_ random: inout SeededGenerator) -> TestEvent {
        var event = TestEvent(random.pick(RandomRules.types))
        func text(_ random: inout SeededGenerator) -> TestValue {
            if random.chance(10) { return .rawText([0x61, UInt8.random(in: 0x80...0xff, using: &random), 0x62]) }
            return .text(random.pick(words))
        }
        func list(_ random: inout SeededGenerator) -> TestValue {
            .list((0..<Int.random(in: 0...4, using: &random)).map { _ in text(&random) })
        }
        for field in ["proc.name", "proc.pname", "fd.name", "proc.aname[2]"] where random.chance(80) {
            event.values[field] = text(&random)
        }
        for field in ["proc.aname", "t.words", "t.others"] where random.chance(80) {
            event.values[field] = list(&random)
        }
        if random.chance(80) { event.values["evt.buffer"] = .bytes(Array(random.pick(words).utf8)) }
        for field in ["user.uid", "proc.tty"] where random.chance(80) {
            event.values[field] = .unsigned(UInt64.random(in: 0...3, using: &random))
        }
        if random.chance(80) { event.values["evt.rawres"] = .signed(Int64.random(in: -2...2, using: &random)) }
        if random.chance(80) { event.values["t.double"] = .double(Double(Int.random(in: 0...2, using: &random))) }
        if random.chance(80) { event.values["fd.connected"] = .bool(random.chance(50)) }
        event.values["t.numbers"] = .list((0..<Int.random(in: 0...2, using: &random)).map { .unsigned(UInt64($0 + 1)) })
        for field in ["fd.sip", "fd.snet"] where random.chance(80) {
            event.values[field] = .address(random.pick(["10.0.0.1", "192.168.0.1", "::1"]))
        }
        for field in ["fd.net", "fd.ip"] where random.chance(80) {
            event.values[field] = .list([.address(random.pick(["10.0.0.1", "1.2.3.4"])), .address("::1")])
        }
        event.values["fd.port"] = .list([.unsigned(UInt64(random.pick([22, 80, 443]))), .unsigned(40000)])
        return event
    }
}
