import EventFields
import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct RuleFilterTests {
    private static func rules(_ conditions: [String]) throws -> RuleSet {
        let compiler = RuleCompiler(catalogue: EventFields.catalogue)
        let rules = try conditions.enumerated().map { number, condition in
            let compilation = compiler.compile(try resolvedRule(condition, name: "\(number)"))
            guard let rule = compilation.rule else { throw NotCompiled(problems: compilation.problems.map(\.message)) }
            return rule
        }
        return RuleSet(rules, catalogue: EventFields.catalogue)
    }

    private static func type(_ name: String) throws -> EventType { try #require(EventType(name: name)) }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// An open that succeeded.
    private static func open(
        _ file: String?, flags: UInt64 = 0, command: String = "cat", user: UInt32 = 0, names: [String]? = nil
    ) throws -> FilterInput {
        var input = FilterInput(type: try type("openat"))
        input.isFailed = false
        input.accessMode = UInt8(flags & 3)
        input.files = file.map { [bytes($0)] }
        input.names = (names ?? file.map { [$0] })?.map(bytes)
        input.command = bytes(command)
        input.user = user
        input.families = [0]
        input.arguments = [nil, nil, nil, flags]
        return input
    }

    static let opens: [(condition: String, passing: [String], stopped: [String])] = [
        ("fd.name = /etc/shadow", ["/etc/shadow"], ["/etc/shadow2", "/etc", "shadow"]),
        ("fd.name in (/a, /b)", ["/a", "/b"], ["/c"]),
        ("fd.name startswith /etc/", ["/etc/x"], ["/etc", "/usr/etc/x"]),
        ("fd.name endswith .key", ["/a.key"], ["/a.keys"]), ("fd.name contains id_rsa", ["/x/id_rsa.pub"], ["/id_dsa"]),
        ("fd.name != /a", ["/b"], ["/a"]), ("not fd.name startswith /usr", ["/etc"], ["/usr/lib"]),
        ("not fd.name in (/a, /b) and not fd.name endswith .so", ["/c"], ["/a", "/x.so"]),
        ("fd.name startswith /etc/ and not fd.name = /etc/ld.so.cache", ["/etc/x"], ["/etc/ld.so.cache", "/x"]),
        ("fd.name startswith /etc/ and fd.name in (/etc/a, /usr/b)", ["/etc/a"], ["/usr/b", "/etc/c"]),
        ("fd.name glob /var/*.log", ["/var/x.log", "/var/x"], ["/x.log"]),
        ("fd.name glob *.log", ["/x.log"], ["/x.txt"]), ("fd.name glob \"*ssh*\"", ["/etc/ssh/x"], ["/etc/x"]),
        ("fd.name pmatch (/etc/ssh, /usr/*)", ["/etc/ssh", "/etc/ssh/x", "/usr/x"], ["/etc/sshd", "/var/x"]),
        ("not fd.name pmatch (/usr)", ["/usrx"], ["/usr", "/usr/x"]),
        ("fd.directory = /etc", ["/etc/x", "/etc"], ["/usr/x"]), ("fd.filename = shadow", ["/x/shadow"], ["/shadow/x"]),
        // Missing where the call failed or what was opened is no file, so its absence says nothing.
        ("not fd.filename = shadow", ["/x/shadow", "/x"], []), ("not fd.directory = /etc", ["/etc/x"], []),
        ("fd.name regex \".*x\"", ["/y"], []), ("fd.name icontains x", ["/y"], []),
        ("fd.name = /a or fd.name startswith /b", ["/a", "/b/c"], ["/c"]),
        ("fd.name = /a or proc.args contains x", ["/a", "/c"], []), ("fd.name in ()", [], ["/a"]),
        ("fd.name exists", ["/a"], []), ("not (fd.name = /a and evt.is_open_write = true)", ["/a", "/b"], []),
    ]

    @Test(arguments: opens)
    func `an open passes for the file's name`(_ condition: String, _ passing: [String], _ stopped: [String]) throws {
        let filter = try Self.rules(["evt.type = openat and \(condition)"]).filter().program
        for file in passing { #expect(filter.passes(try Self.open(file)), "\(file)") }
        for file in stopped { #expect(!filter.passes(try Self.open(file)), "\(file)") }
        if !passing.isEmpty { #expect(filter.passes(try Self.open(nil))) }
    }

    private static func changed(_ change: (inout FilterInput) throws -> Void) throws -> FilterInput {
        var input = try open("/etc/shadow")
        try change(&input)
        return input
    }

    @Test(
        arguments: [
            ("evt.is_open_write = true", 1, 0), ("evt.is_open_read = true", 2, 1), ("evt.is_open_write = false", 0, 2),
            ("not evt.is_open_read = true", 1, 0), ("evt.arg.flags contains O_TRUNC", 0o1001, 0o101),
            ("evt.arg.flags contains O_CREAT", 0o102, 0o1002), ("not evt.arg.flags contains O_CREAT", 0o1002, 0o102),
            ("evt.is_open_read = true and evt.is_open_write = true", 2, 0),
        ] as [(String, UInt64, UInt64)])
    func `an open passes for its flags`(_ condition: String, _ passing: UInt64, _ stopped: UInt64) throws {
        let filter = try Self.rules(["evt.type = openat and \(condition)"]).filter().program
        #expect(filter.passes(try Self.open("/a", flags: passing)))
        #expect(!filter.passes(try Self.open("/a", flags: stopped)))
    }

    @Test(
        arguments: [
            ("evt.rawarg.mode >= 1024", 0o2644, 0o1777), ("evt.rawarg.mode > 1023", 0o4000, 0o755),
            ("evt.rawarg.mode >= 1", 0o1, 0), ("not evt.rawarg.mode >= 1024", 0o644, nil),
            // Of the numbers from 1500 on each has the bit of 1024 or a higher one.
            ("evt.rawarg.mode >= 1500", 0o2000, 0o1777),
        ] as [(String, UInt64, UInt64?)])
    func `an open passes for the mode of what it makes`(_ condition: String, _ passing: UInt64, _ stopped: UInt64?)
        throws
    {
        let filter = try Self.rules(["evt.type = openat and evt.arg.flags contains O_CREAT and \(condition)"]).filter()
            .program
        var input = try Self.open("/a", flags: 0o101)
        let position = try #require(input.type.arguments.firstIndex { $0.name == "mode" })
        while input.arguments.count <= position { input.arguments.append(nil) }
        #expect(filter.passes(input))
        input.arguments[position] = passing
        #expect(filter.passes(input))
        guard let stopped else { return }
        input.arguments[position] = stopped
        #expect(!filter.passes(input))
    }

    @Test(
        arguments: [
            ("evt.arg.type in (3, 524291)", 1, 524_291, 2), ("evt.arg.type = 3", 1, 0xdead_0000_0003, 524_291),
            ("evt.arg.proto = 9", 2, 9, 0), ("evt.arg.domain = AF_NETLINK", 0, 16, 2),
            ("not evt.arg.proto = 9", 2, 9, nil),
        ] as [(String, Int, UInt64, UInt64?)])
    func `a socket passes for its numbers`(
        _ condition: String, _ position: Int, _ passing: UInt64, _ stopped: UInt64?
    ) throws {
        let filter = try Self.rules(["evt.type = socket and \(condition)"]).filter().program
        var input = FilterInput(type: try Self.type("socket"))
        input.isFailed = false
        input.arguments = [nil, 0, 0, 0, 0]
        input.arguments[position + 1] = passing
        #expect(filter.passes(input))
        guard let stopped else { return }
        input.arguments[position + 1] = stopped
        #expect(!filter.passes(input))
    }

    @Test(
        arguments: [
            ("proc.name in (cat, dd)", "dd", "bash"), ("not proc.name in (cat, dd)", "bash", "cat"),
            ("proc.name startswith php", "php-fpm", "ph"), ("proc.name != cat", "dd", "cat"),
            // The kernel keeps 15 bytes; a longer name is never the one that a rule excludes.
            ("proc.name = a-name-of-16-byte", "a-name-of-16-by", "a-name"),
            ("not proc.name = a-name-of-16-byte", "a-name-of-16-by", nil),
        ] as [(String, String, String?)])
    func `an open passes for the command`(_ condition: String, _ passing: String, _ stopped: String?) throws {
        let filter = try Self.rules(["evt.type = openat and \(condition)"]).filter().program
        #expect(filter.passes(try Self.open("/a", command: passing)))
        if let stopped { #expect(!filter.passes(try Self.open("/a", command: stopped))) }
    }

    @Test func `one name of several is enough, and the names that were passed are others`() throws {
        let filter = try Self.rules([
            "evt.type = openat and fd.name = /etc/shadow", "evt.type = openat and fd.nameraw contains ../",
        ]).filter().program
        var input = try Self.open("/proc/self/root/etc/shadow")
        #expect(!filter.passes(input))
        input.files?.append(Self.bytes("/etc/shadow"))
        #expect(filter.passes(input))
        #expect(filter.passes(try Self.open("/a", names: ["/b/../a"])))
        #expect(!filter.passes(try Self.open("/b/../a", names: ["/a"])))
    }

    @Test(arguments: [
        ("fd.sport = 443", true), ("not fd.sport in (53, 443)", false), ("fd.sip = 10.0.0.1", true),
        ("fd.snet in (\"10.0.0.0/8\", \"192.168.0.0/16\")", true), ("not fd.snet in (\"10.0.0.0/8\")", false),
        ("fd.snet in (\"127.0.0.0/8\")", false), ("fd.typechar in (4, 6)", true), ("fd.type = unix", false),
        ("fd.net in (\"127.0.0.0/8\")", true), ("fd.rport = 443 and fd.rnet = \"10.0.0.0/24\"", true),
        ("fd.cport = 1", true), ("evt.rawres < 0", false), ("evt.res = EINPROGRESS or evt.rawres >= 0", true),
    ])
    func `a connect passes for where it leads`(_ condition: String, _ passes: Bool) throws {
        let filter = try Self.rules(["evt.type = connect and \(condition)"]).filter().program
        var input = FilterInput(type: try Self.type("connect"))
        input.isFailed = false
        input.families = [2]
        input.ports = [443]
        input.addresses = [[10, 0, 0, 1]]
        #expect(filter.passes(input) == passes)
    }

    @Test func `rules share alternatives, and types share filters`() throws {
        let rules = try Self.rules(
            (0..<2000).map { "evt.type in (open, openat) and fd.name = /p\($0) and proc.name = c\($0)" })
        let filter = rules.filter().program
        let openat = try #require(filter[try Self.type("openat")])
        #expect(filter.filters.count == 1 && openat.alternatives.count <= 256 && openat.alternatives.count > 200)
        #expect(filter.passes(try Self.open("/p1999", command: "c1999")))
        #expect(!filter.passes(try Self.open("/p1999", command: "c0")))
        #expect(!filter.passes(try Self.open("/p2000", command: "c0")))
        let plain = try Self.rules((0..<2000).map { "evt.type = openat and fd.name = /p\($0)" }).filter().program
        #expect(plain.filters.map(\.alternatives.count) == [1])
        #expect(filter.crowded.values.sorted() == [2000, 2000] && plain.crowded.isEmpty)
    }

    @Test func `what a source can't look up widens`() throws {
        let rules = try Self.rules([
            "evt.type = openat and fd.name endswith .key and proc.name = cat",
            "evt.type = openat and fd.name = /a and not proc.name startswith b",
        ])
        var limits = FilterLimits()
        limits.paths = [.exact, .prefixes]
        limits.commands = .exact
        let filter = rules.filter(limits: limits).program
        #expect(filter.passes(try Self.open("/x", command: "cat")))
        #expect(!filter.passes(try Self.open("/x", command: "dd")))
        #expect(filter.passes(try Self.open("/a", command: "bash")))
        limits.dimensions.remove(.command)
        #expect(rules.filter(limits: limits).program.passes(try Self.open("/x", command: "dd")))
        limits.alternatives = 1
        #expect(rules.filter(limits: limits).program.filters.map(\.alternatives.count) == [1])
    }

    static let residuals: [(condition: String, facts: [String: TestValue], isPossible: Bool)] = [
        ("proc.pname = nginx", ["proc.pname": "nginx"], true), ("proc.pname = nginx", ["proc.pname": "init"], false),
        ("proc.pname = nginx", [:], true), ("not proc.pname = nginx", ["proc.pname": "nginx"], false),
        ("proc.pname != nginx", ["proc.pname": "init"], true), ("proc.pname = nginx", ["proc.pname": ""], true),
        ("not (proc.pname = a and fd.name = /x)", ["proc.pname": "a"], true),
        ("not (proc.pname = a and proc.exepath = /b)", ["proc.pname": "a", "proc.exepath": "/b"], false),
        ("(proc.pname = a or proc.exepath = /b)", ["proc.pname": "x", "proc.exepath": "/y"], false),
        ("(proc.pname = a or fd.name = /b)", ["proc.pname": "x"], true),
        ("proc.name = bash", ["proc.name": "sh"], false), ("user.uid = 0", ["user.uid": .unsigned(1)], false),
        ("proc.cwd = /", ["proc.cwd": "/x/"], true), ("proc.tty != 0", ["proc.tty": .unsigned(0)], true),
        ("container.id != host", ["container.id": "host"], false),
        ("container.image.repository = a", ["container.image.repository": ""], true),
        ("tolower(proc.exepath) = /b", ["proc.exepath": "/B"], true),
        ("tolower(proc.exepath) = /b", ["proc.exepath": "/C"], false),
        ("proc.pname = val(proc.exe)", ["proc.pname": "a", "proc.exe": "b"], false),
        ("proc.aname in (sshd)", ["proc.aname": ["a", "init"], "proc.apid": [.signed(7), .signed(1)]], false),
        ("proc.aname in (sshd)", ["proc.aname": ["a"], "proc.apid": [.signed(7)]], true),
        ("not proc.aname in (sshd)", ["proc.aname": ["sshd", "init"], "proc.apid": [.signed(7), .signed(1)]], false),
        ("proc.aname[2] = sshd", ["proc.aname[2]": "init"], false), ("proc.aname[2] = sshd", [:], true),
    ]

    /// Whether an event of a process with some facts can match a condition.
    private func isPossible(
        _ condition: String, _ facts: [String: TestValue], noticing: ProcessChanges = .all,
        uniform: ProcessChanges = .all
    ) throws -> Bool {
        let filter = try Self.rules(["evt.type = openat and \(condition)"]).filter(noticing: noticing)
        var event = TestEvent("openat", facts)
        event.catalogue = EventFields.catalogue
        var evaluator = ResidualEvaluator(filter.residual)
        #expect(evaluator.sets == [.all])
        evaluator.evaluate(event, uniform: uniform)
        return evaluator.sets.contains { !$0.isEmpty }
    }

    @Test(arguments: residuals)
    func `what speaks of the process alone is found out once`(
        _ condition: String, _ facts: [String: TestValue], _ expected: Bool
    ) throws {
        #expect(try isPossible(condition, facts) == expected)
    }

    @Test(
        arguments: [
            ("proc.pname = a", ["proc.pname": "x"], .parent), ("proc.exepath = /a", ["proc.exepath": "/x"], .program),
            ("proc.aname[3] = a", ["proc.aname[3]": "x"], .ancestors), ("user.name = a", ["user.name": "x"], .accounts),
            ("container.name = a", ["container.name": "x"], .container),
        ] as [(String, [String: TestValue], ProcessChanges)])
    func `a fact whose change is not noticed is left to the rules`(
        _ condition: String, _ facts: [String: TestValue], _ change: ProcessChanges
    ) throws {
        #expect(try !isPossible(condition, facts))
        #expect(try isPossible(condition, facts, noticing: ProcessChanges.all.subtracting(change)))
        let changes = try Self.rules(["evt.type = openat and \(condition)"]).filter().residual.changes
        #expect(changes.isSuperset(of: change))
    }

    @Test func `a fact in which threads differ is left to the rules`() throws {
        #expect(try !isPossible("proc.name = a", ["proc.name": "x"], uniform: .command))
        #expect(try isPossible("proc.name = a", ["proc.name": "x"], uniform: [.credentials, .capabilities]))
        #expect(try isPossible("user.uid = 0", ["user.uid": .unsigned(5)], uniform: .command))
    }
}
