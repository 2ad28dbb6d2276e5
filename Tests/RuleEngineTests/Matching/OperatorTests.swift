import Testing

@testable import RuleEngine

/// Each operator with each type of field.
@Suite struct OperatorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let condition: String
        let values: [String: TestValue]
        let expected: Bool
        init(_ condition: String, _ values: [String: TestValue], _ expected: Bool) {
            self.condition = condition
            self.values = values
            self.expected = expected
        }
        var testDescription: String { "\(condition) \(values)" }
    }

    static let bash: [String: TestValue] = ["proc.name": "bash"]
    static let text: [Case] = [
        Case("proc.name = bash", bash, true), Case("proc.name == bash", bash, true),
        Case("proc.name = bas", bash, false), Case("proc.name != bash", bash, false),
        Case("proc.name != zsh", bash, true), Case("proc.name = \"\"", ["proc.name": ""], true),
        // Constants are numbers here, compared byte by byte.
        Case("proc.name < 5", bash, false), Case("proc.name > 5", bash, true),
        Case("proc.name <= 10", ["proc.name": "10"], true), Case("proc.name < 9", ["proc.name": "10"], true),
        Case("proc.name >= 100", ["proc.name": "10"], false), Case("proc.name > 5", ["proc.name": "\u{e9}"], true),
        Case("proc.name < val(proc.pname)", ["proc.name": "bash", "proc.pname": "bast"], true),
        Case("proc.name contains as", bash, true), Case("proc.name contains sa", bash, false),
        Case("proc.name contains \"\"", bash, true), Case("proc.name contains bashx", bash, false),
        Case("proc.name contains bash", bash, true),
        Case("fd.name contains aab", ["fd.name": "aaab"], true),
        Case("proc.name icontains AS", bash, true), Case("proc.name icontains aS", ["proc.name": "bAsh"], true),
        Case("proc.name icontains é", ["proc.name": "É"], false),
        Case("proc.name startswith ba", bash, true), Case("proc.name startswith as", bash, false),
        Case("proc.name startswith \"\"", bash, true), Case("proc.name startswith bashx", bash, false),
        Case("proc.name endswith sh", bash, true), Case("proc.name endswith as", bash, false),
        Case("proc.name endswith \"\"", bash, true), Case("proc.name endswith bash", bash, true),
        Case("proc.name glob b*h", bash, true), Case("proc.name glob B*H", bash, false),
        Case("fd.name glob /etc/*", ["fd.name": "/etc/a/b"], true),
        Case("proc.name iglob B*H", bash, true), Case("proc.name glob [a-c]?sh", bash, true),
        Case("proc.name regex \"ba(sh|r)\"", bash, true), Case("proc.name regex \"as\"", bash, false),
        Case("proc.name regex \"b.*\"", bash, true),
        Case("proc.name in (zsh, bash)", bash, true), Case("proc.name in (zsh)", bash, false),
        Case("proc.name in ()", bash, false), Case("not proc.name in ()", bash, true),
        Case("proc.name intersects (zsh, bash)", bash, true), Case("proc.name exists", bash, true),
        Case("proc.name exists", ["proc.name": ""], true),
        Case("fd.name pmatch (/etc, /usr/bin)", ["fd.name": "/usr/bin/ls"], true),
        Case("fd.name pmatch (/etc, /usr/bin)", ["fd.name": "/usr/binls"], false),
        // Text ends at a NUL, as in C.
        Case("proc.name = ba", ["proc.name": .text("ba\0sh")], true),
        Case("proc.name endswith ba", ["proc.name": .text("ba\0sh")], true),
    ]

    static let numbers: [Case] = [
        Case("user.uid = 5", ["user.uid": .unsigned(5)], true),
        Case("user.uid != 5", ["user.uid": .unsigned(5)], false),
        Case("user.uid != 6", ["user.uid": .unsigned(5)], true),
        // Signed in some events, unsigned in others.
        Case("evt.rawarg.size < -20", ["evt.rawarg.size": .signed(-22)], true),
        Case("evt.rawarg.size < -22", ["evt.rawarg.size": .signed(-22)], false),
        Case("evt.rawarg.size = -22", ["evt.rawarg.size": .signed(-22)], true),
        Case("evt.rawarg.size != -22", ["evt.rawarg.size": .signed(-22)], false),
        Case("evt.rawarg.size > 5", ["evt.rawarg.size": .unsigned(6)], true),
        Case("evt.rawarg.size > 5", ["evt.rawarg.size": .signed(-6)], false),
        Case("user.uid = -1", ["user.uid": .unsigned(4_294_967_295)], true),
        Case("user.uid = 4294967301", ["user.uid": .unsigned(5)], true),
        Case("user.uid > 4", ["user.uid": .unsigned(5)], true),
        Case("user.uid <= 4", ["user.uid": .unsigned(5)], false),
        Case("user.uid > 4", ["user.uid": .unsigned(4_294_967_295)], true),
        Case("user.loginuid = -1", ["user.loginuid": .signed(-1)], true),
        Case("user.loginuid < 0", ["user.loginuid": .signed(-1)], true),
        Case("user.loginuid >= 0", ["user.loginuid": .signed(-1)], false),
        Case("user.loginuid in (1, -1)", ["user.loginuid": .signed(-1)], true),
        Case("user.loginuid intersects (1, 2)", ["user.loginuid": .signed(-1)], false),
        Case("t.s8 = 300", ["t.s8": .signed(44)], true), Case("t.u8 = 300", ["t.u8": .unsigned(44)], true),
        Case("evt.rawres = \"+7\"", ["evt.rawres": .signed(7)], true),
        Case("evt.rawres = 99999999999999999999", ["evt.rawres": .signed(.max)], true),
        Case("evt.rawres = -99999999999999999999", ["evt.rawres": .signed(.min)], true),
        Case("evt.num = -1", ["evt.num": .unsigned(.max)], true),
        Case("user.uid exists", ["user.uid": .unsigned(0)], true),
        Case("fd.sport = 443", ["fd.sport": .unsigned(443)], true),
        Case("fd.sport = \"443\"", ["fd.sport": .unsigned(443)], true),
        Case("fd.sport in (http, https)", ["fd.sport": .unsigned(443)], true),
        Case("proc.duration < 10", ["proc.duration": .unsigned(9)], true),
        Case("t.double = 2", ["t.double": .double(2)], true), Case("t.double < 3", ["t.double": .double(2.5)], true),
        Case("t.double > 2", ["t.double": .double(2.5)], true),
        Case("t.double in (1,2)", ["t.double": .double(2)], true),
        Case("t.double != 2", ["t.double": .double(2.5)], true),
        Case("t.double < 3", ["t.double": .double(.nan)], false),
        Case("evt.failed = true", ["evt.failed": true], true), Case("evt.failed = false", ["evt.failed": true], false),
        Case("evt.failed != false", ["evt.failed": true], true),
        Case("evt.failed in (true, false)", ["evt.failed": true], true),
    ]

    static let bytes: [Case] = [
        Case("evt.buffer contains ab", ["evt.buffer": .bytes([0, 0x61, 0x62])], true),
        Case("evt.buffer bcontains 0061", ["evt.buffer": .bytes([9, 0, 0x61])], true),
        Case("evt.buffer bcontains CAFE", ["evt.buffer": .bytes([0xca, 0xfe])], true),
        Case("evt.buffer bcontains cafe", ["evt.buffer": .bytes([0xca, 0xff])], false),
        Case("evt.buffer bstartswith 0009", ["evt.buffer": .bytes([0, 9, 1])], true),
        Case("evt.buffer bstartswith 0009", ["evt.buffer": .bytes([1, 0, 9])], false),
        Case("evt.buffer startswith ab", ["evt.buffer": .bytes([0x61, 0x62, 0])], true),
        Case("evt.buffer endswith b", ["evt.buffer": .bytes([0, 0x62])], true),
        Case("evt.buffer = ab", ["evt.buffer": .bytes([0x61, 0x62])], true),
        // A byte buffer does not end at a NUL.
        Case("evt.buffer = ab", ["evt.buffer": .bytes([0x61, 0x62, 0])], false),
        Case("evt.buffer in (a, ab)", ["evt.buffer": .bytes([0x61, 0x62])], true),
        Case("evt.buffer exists", ["evt.buffer": .bytes([])], true),
    ]

    static let addresses: [Case] = [
        Case("fd.sip = 10.0.0.1", ["fd.sip": .address("10.0.0.1")], true),
        Case("fd.sip != 10.0.0.1", ["fd.sip": .address("10.0.0.2")], true),
        Case("fd.sip = 10.0.0.1", ["fd.sip": .address("::a00:1")], false),
        Case("fd.sip != 10.0.0.1", ["fd.sip": .address("::1")], true),
        Case("fd.sip in (10.0.0.1, ::1)", ["fd.sip": .address("::1")], true),
        Case("fd.snet = 10.0.0.0/8", ["fd.snet": .address("10.1.2.3")], true),
        Case("fd.snet = 10.9.9.9/8", ["fd.snet": .address("10.1.2.3")], true),
        Case("fd.snet != 10.0.0.0/8", ["fd.snet": .address("11.1.2.3")], true),
        Case("fd.snet in (11.0.0.0/8, 10.0.0.0/8)", ["fd.snet": .address("10.1.2.3")], true),
        Case("fd.snet = 0.0.0.0/0", ["fd.snet": .address("10.1.2.3")], true),
        Case("fd.snet = 0.0.0.0/0", ["fd.snet": .address("::1")], false),
        Case("fd.snet = fe80::/10", ["fd.snet": .address("febf::1")], true),
        Case("fd.snet = fe80::/10", ["fd.snet": .address("fec0::1")], false),
        Case("fd.snet = ::1/128", ["fd.snet": .address("::1")], true),
        // Fields that look at both ends.
        Case("fd.ip = 10.0.0.1", ["fd.ip": [.address("9.9.9.9"), .address("10.0.0.1")]], true),
        Case("fd.ip != 10.0.0.1", ["fd.ip": [.address("9.9.9.9"), .address("10.0.0.1")]], false),
        Case("fd.ip != 10.0.0.1", ["fd.ip": [.address("9.9.9.9"), .address("8.8.8.8")]], true),
        Case("fd.ip != 10.0.0.1", ["fd.ip": []], false),
        Case("fd.ip in (10.0.0.1)", ["fd.ip": [.address("9.9.9.9"), .address("10.0.0.1")]], false),
        Case("not fd.ip in (10.0.0.1)", ["fd.ip": [.address("10.0.0.1")]], true),
        Case("fd.net in (9.0.0.0/8, 10.0.0.0/8)", ["fd.net": [.address("9.9.9.9")]], true),
        Case("fd.net in (9.0.0.0/8, 10.0.0.0/8)", ["fd.net": [.address("10.0.0.1")]], false),
        Case("fd.net in ()", ["fd.net": [.address("10.0.0.1")]], false),
        Case("fd.net != 10.0.0.0/8", ["fd.net": [.address("9.9.9.9"), .address("10.0.0.1")]], false),
        Case("fd.port = 80", ["fd.port": [.unsigned(5000), .unsigned(80)]], true),
        Case("fd.port in (80, 81)", ["fd.port": [.unsigned(5000), .unsigned(80)]], true),
        Case("fd.port != 80", ["fd.port": [.unsigned(5000), .unsigned(80)]], false),
        Case("fd.port < 100", ["fd.port": [.unsigned(5000), .unsigned(80)]], true),
        Case("fd.port = anyof (1, 80)", ["fd.port": [.unsigned(5000), .unsigned(80)]], true),
    ]

    static let ancestors: [String: TestValue] = ["proc.aname": ["sh", "nginx"]]
    static let lists: [Case] = [
        Case("proc.aname = nginx", ancestors, true), Case("proc.aname != nginx", ancestors, true),
        Case("not proc.aname = nginx", ancestors, false), Case("proc.aname in (a, sh)", ancestors, true),
        Case("proc.aname startswith ng", ancestors, true), Case("proc.aname endswith h", ancestors, true),
        Case("proc.aname contains gin", ancestors, true), Case("proc.aname glob n*x", ancestors, true),
        Case("proc.aname exists", ancestors, true), Case("proc.aname exists", ["proc.aname": []], false),
        Case("proc.aname != nginx", ["proc.aname": []], false),
        // One ancestor must satisfy all of them.
        Case("proc.aname contains allof (s, g)", ancestors, false),
        Case("proc.aname contains allof (n, g)", ancestors, true),
        Case("proc.aname != allof (sh, nginx)", ancestors, false),
        Case("proc.aname != allof (sh, x)", ancestors, true),
        Case("proc.apid = 7", ["proc.apid": [.signed(9), .signed(7)]], true),
        Case("proc.apid in (7)", ["proc.apid": [.signed(9), .signed(7)]], false),
        Case("proc.aname[2] = init", ["proc.aname[2]": "init"], true),
        Case("t.words in (a, b)", ["t.words": ["a", "b", "a"]], true),
        Case("t.words in (a, b)", ["t.words": ["a", "c"]], false),
        Case("t.words in (a, b)", ["t.words": []], true), Case("t.words in ()", ["t.words": []], true),
        Case("t.words intersects (a, b)", ["t.words": ["c", "b"]], true),
        Case("t.words intersects (a, b)", ["t.words": []], false), Case("t.words exists", ["t.words": []], true),
        Case("t.numbers in (1, 2)", ["t.numbers": [.unsigned(2)]], true),
        Case("t.numbers intersects (1)", ["t.numbers": [.unsigned(2)]], false),
    ]

    static let modifiers: [Case] = [
        Case("proc.name startswith anyof (z, ba)", bash, true), Case("proc.name startswith anyof (z)", bash, false),
        Case("proc.name contains allof (a, s)", bash, true), Case("proc.name contains allof (a, z)", bash, false),
        Case("proc.name endswith oneof (sh, z)", bash, true), Case("proc.name endswith oneof (sh, h)", bash, false),
        // A value listed twice counts twice.
        Case("proc.name endswith oneof (sh, sh)", bash, false),
        Case("proc.name != allof (a, b)", bash, true), Case("proc.name != allof (a, bash)", bash, false),
        Case("proc.name != anyof (a, bash)", bash, true), Case("proc.name != oneof (a, bash)", bash, true),
        Case("proc.name = anyof ()", bash, false), Case("proc.name = allof ()", bash, false),
        Case("proc.name != allof ()", bash, false), Case("user.uid = anyof (1, 2)", ["user.uid": .unsigned(2)], true),
        Case("proc.name regex anyof (\"z.*\", \"b.*\")", bash, true),
        Case("evt.buffer bcontains anyof (00, 61)", ["evt.buffer": .bytes([0x61])], true),
    ]

    static let rawArguments: [Case] = [
        Case("evt.arg.flags contains O_RDWR", ["evt.arg.flags": "O_RDWR|O_CREAT"], true),
        Case("evt.arg[1] = x", ["evt.arg[1]": "x"], true),
        Case("evt.arg[flags] contains O_RDWR", ["evt.arg.flags": "O_RDWR"], true),
        Case("evt.rawarg.flags = 3", ["evt.rawarg.flags": .unsigned(3)], true),
        Case("evt.rawarg.flags in (3)", ["evt.rawarg.flags": .unsigned(3)], false),
        Case("evt.rawarg.name in (a)", ["evt.rawarg.name": "a"], true),
        Case("thread.cgroup.cpuset = /a", ["thread.cgroup.cpuset": "/a"], true),
        Case("evt.abspath.src = /a", ["evt.abspath.src": "/a"], true),
        Case("proc.env[HOME] = /root", ["proc.env[HOME]": "/root"], true),
        Case("proc.args[0] = -c", ["proc.args[0]": "-c"], true), Case("static.site = x", ["static.site": "x"], true),
    ]

    @Test(arguments: text + numbers + bytes + addresses + lists + modifiers + rawArguments)
    func `an operator applied to a value`(_ test: Case) throws {
        #expect(try holds(test.condition, TestEvent("openat", test.values)) == test.expected)
        #expect(try holds("not (\(test.condition))", TestEvent("openat", test.values)) == !test.expected)
    }

    static let anyOperator = [
        "proc.name = a", "proc.name != a", "proc.name < 1", "proc.name <= 1", "proc.name > 1", "proc.name >= 1",
        "proc.name contains a", "proc.name icontains a", "proc.name startswith a", "proc.name endswith a",
        "proc.name contains \"\"", "proc.name startswith \"\"", "proc.name endswith \"\"", "proc.name glob *",
        "proc.name iglob *", "proc.name regex \".*\"", "proc.name in (a)", "proc.name in ()",
        "proc.name intersects (a)",
        "fd.name pmatch (/)", "proc.name exists", "user.uid = 0", "user.uid != 0", "user.uid < 1", "user.uid >= 0",
        "user.uid in (0)", "user.uid exists", "evt.failed = false", "evt.failed != true", "t.double = 0",
        "t.double != 1", "t.double < 1", "evt.buffer != a", "evt.buffer bcontains 00", "evt.buffer contains \"\"",
        "fd.sip != 1.1.1.1", "fd.snet != 1.0.0.0/8", "fd.ip != 1.1.1.1", "fd.net != 1.0.0.0/8", "fd.port != 1",
        "proc.aname != a", "proc.aname exists", "t.words in (a)", "t.words in ()", "t.words intersects (a)",
        "t.words exists", "proc.name != allof (a)", "proc.name = val(proc.pname)", "proc.name != val(proc.pname)",
        "proc.name = oneof (a)", "toupper(proc.name) != A", "len(proc.name) = 0", "join(\",\", t.words) != a",
        "concat(proc.name, proc.pname) != a", "len(t.words) = 0",
    ]

    @Test(arguments: anyOperator)
    func `a missing value fails every comparison and its negation holds`(_ condition: String) throws {
        let event = TestEvent("openat")
        #expect(try !holds(condition, event))
        #expect(try holds("not \(condition)", event))
    }
}
