import EventModel
import SeededRandom
import Testing

@testable import RuleEngine

@Suite struct EventNeedsTests {
    private func needs(_ condition: String, _ type: String) throws -> [EventNeed] {
        let type = try #require(EventType(name: type))
        return try ruleSet(condition).needs.projected(onto: []).alternatives[type] ?? []
    }

    private static func paths(_ exact: Set<String> = [], under: Set<String> = [], ending: Set<String> = []) -> EventNeed
    {
        EventNeed(paths: .oneOf(exact: exact, prefixes: under, suffixes: ending))
    }

    static let names: [(conditions: [String], files: Set<String>, directories: Set<String>)] = [
        (["evt.type = openat and fd.name in (/etc/shadow, x)"], ["/etc/shadow"], ["/etc"]),
        // Whatever else is asked for: a file has other links, and those need not be below any prefix.
        (["evt.type = openat and fd.name = /etc/shadow", "evt.type = openat"], ["/etc/shadow"], ["/etc"]),
        (["evt.type = openat", "evt.type = openat and fd.name = /etc/shadow"], ["/etc/shadow"], ["/etc"]),
        (
            ["evt.type = openat and fd.name = /etc/shadow", "evt.type = openat and fd.name startswith /etc/"],
            ["/etc/shadow"],
            ["/etc"]
        ),
        // Beginnings, not components.
        (["evt.type = openat and fd.name startswith /etc/pam.d"], [], ["/etc/pam.d", "/etc"]),
        (["evt.type = unlinkat and evt.arg.name = /vmlinuz"], [], ["/"]),
    ]

    @Test("what rules name is looked up, whatever others ask for", arguments: names)
    func namesFiles(_ conditions: [String], _ files: Set<String>, _ directories: Set<String>) throws {
        let needs = try ruleSet(conditions).needs
        #expect(needs.namedFiles == files)
        #expect(needs.namedDirectories == directories)
    }

    @Test("a name below a prefix that another rule asks for stays a need of its own")
    func keepsNamesBelowPrefixes() throws {
        let type = try #require(EventType(name: "openat"))
        let needs = try ruleSet([
            "evt.type = openat and fd.name = /etc/shadow", "evt.type = openat and fd.name startswith /etc/",
        ]).needs
        #expect(needs.alternatives[type] == [Self.paths(["/etc/shadow"], under: ["/etc/"])])
    }

    static let cases: [(String, String, [EventNeed])] = [
        ("proc.name = a", "openat", [EventNeed()]),
        ("evt.type = open", "openat", []),
        ("fd.name = /etc/shadow", "openat", [paths(["/etc/shadow"])]),
        ("fd.name in (/a, /b)", "creat", [paths(["/a", "/b"])]),
        ("fd.name startswith /etc", "openat2", [paths(under: ["/etc"])]),
        ("fd.name endswith .conf", "open", [paths(ending: [".conf"])]),
        ("fd.name glob /var/log/*.gz", "open", [paths(under: ["/var/log/"])]),
        ("fd.name glob *.gz", "open", [EventNeed()]),
        ("fd.name pmatch (/etc/ssh)", "open", [paths(["/etc/ssh", "etc/ssh"], under: ["/etc/ssh/", "etc/ssh/"])]),
        ("fd.name pmatch (/etc/*/x)", "open", [paths(under: ["/etc/", "etc/"])]),
        ("fd.name pmatch (/)", "open", [EventNeed()]),
        ("fd.directory = /etc", "open", [paths(["/etc"], under: ["/etc/"])]),
        ("fd.directory = /", "open", [EventNeed()]),
        ("fd.filename = shadow", "open", [paths(ending: ["/shadow"])]),
        ("fd.name startswith /etc and fd.name in (/etc/shadow)", "open", [paths(["/etc/shadow"])]),
        (
            "fd.name startswith /etc or fd.name = /x or fd.name startswith /etc/a", "open",
            [paths(["/x"], under: ["/etc"])]
        ),
        ("fd.name startswith /etc or proc.name = a", "open", [EventNeed()]),
        ("not fd.name startswith /etc", "open", [EventNeed()]), ("fd.name != /etc", "open", [EventNeed()]),
        ("not not fd.name = /a", "open", [paths(["/a"])]),
        // The name of the descriptor is no path that a read or a connection names.
        ("fd.name startswith /etc", "read", [EventNeed()]), ("fd.name startswith /etc", "connect", [EventNeed()]),
        ("evt.arg.name startswith /etc", "openat", [paths(under: ["/etc"])]),
        ("evt.arg.oldpath startswith /etc", "rename", [paths(under: ["/etc"])]),
        ("evt.arg.oldpath startswith /etc", "openat", []),
        (
            "evt.arg.oldpath startswith /etc or evt.arg.newpath startswith /bin", "rename",
            [paths(under: ["/etc", "/bin"])]
        ),
        (
            "evt.arg.target = /etc/shadow", "symlink",
            [EventNeed(arguments: [.init(name: "target", containsOneOf: ["/etc/shadow"])])]
        ),
        ("fs.path.name startswith /etc", "unlink", [paths(under: ["/etc"])]),
        ("evt.is_open_read = true", "openat", [EventNeed(access: .read)]),
        ("evt.is_open_write = true", "openat", [EventNeed(access: .write)]),
        ("evt.is_open_write != false", "openat", [EventNeed(access: .write)]),
        ("evt.is_open_write = false", "openat", [EventNeed()]), ("evt.is_open_write = true", "creat", []),
        (
            "evt.is_open_write = true or evt.is_open_read = true", "openat",
            [EventNeed(access: .write), EventNeed(access: .read)]
        ),
        (
            "evt.arg.domain contains AF_PACKET", "socket",
            [EventNeed(arguments: [.init(name: "domain", containsOneOf: ["AF_PACKET"])])]
        ),
        (
            "evt.arg.request in (A, B)", "ptrace",
            [EventNeed(arguments: [.init(name: "request", containsOneOf: ["A", "B"])])]
        ),
        ("evt.arg.flags != A", "openat", [EventNeed()]), ("evt.arg.flags contains \"\"", "openat", [EventNeed()]),
        ("evt.rawres >= 0", "connect", [EventNeed(outcome: .success)]),
        ("evt.rawres < 0", "connect", [EventNeed(outcome: .failure)]),
        ("evt.rawres in (0, -115)", "connect", [EventNeed()]),
        ("evt.rawres = -1", "connect", [EventNeed(outcome: .failure)]),
        ("evt.res = SUCCESS", "connect", [EventNeed(outcome: .success)]),
        ("evt.res startswith E", "connect", [EventNeed(outcome: .failure)]),
        ("evt.res != SUCCESS", "connect", [EventNeed(outcome: .failure)]),
        ("evt.failed = true", "connect", [EventNeed(outcome: .failure)]),
        ("fd.num >= 0", "openat", [EventNeed(outcome: .success)]), ("fd.num >= 0", "connect", [EventNeed()]),
        ("evt.rawres >= 0 and evt.rawres < 0", "connect", []),
        ("container.id = host", "connect", [EventNeed(scope: .host)]),
        ("container.id != host", "connect", [EventNeed(scope: .container)]),
        ("not container.id = host", "connect", [EventNeed()]),
        ("container.id = host and container.id != host", "connect", []),
        (
            "evt.is_open_write = true and fd.num >= 0 and fd.name startswith /etc/", "openat",
            [EventNeed(paths: .oneOf(exact: [], prefixes: ["/etc/"], suffixes: []), access: .write, outcome: .success)]
        ),
    ]

    @Test(arguments: cases)
    func `a condition needs events to be so`(_ condition: String, _ type: String, _ expected: [EventNeed]) throws {
        #expect(try needs(condition, type) == expected)
    }

    private static func field(
        _ name: String, _ values: ValueSet, missing: Bool = false
    ) -> EventNeed { EventNeed(fields: [FieldNeed(field: name, values: values, allowsMissing: missing)]) }

    static let fieldCases: [(String, [EventNeed])] = [
        ("proc.name = a", [field("proc.name", .texts(["a"]))]),
        ("proc.name in (a, b) and proc.name != b", [field("proc.name", .texts(["a"]))]),
        ("proc.name = a and proc.name = b", []), ("user.uid = 0 and user.uid in (1, 2)", []),
        ("proc.name != a", [field("proc.name", .texts(["a"]).complement)]),
        ("not proc.name = a", [field("proc.name", .texts(["a"]).complement, missing: true)]),
        ("not proc.name != a", [field("proc.name", .texts(["a"]), missing: true)]),
        (
            "not proc.name in (a, b) and not proc.name = c",
            [field("proc.name", .texts(["a", "b", "c"]).complement, missing: true)]
        ),
        ("user.uid = 0 or user.uid = 1", [field("user.uid", .numbers([0])), field("user.uid", .numbers([1]))]),
        ("proc.name startswith ab and proc.name in (abc, b)", [field("proc.name", .texts(["abc"]))]),
        ("proc.name = a or user.uid exists", [EventNeed()]), ("proc.aname = a", [EventNeed()]),
        ("fd.sport in (22, 23)", [field("fd.sport", .numbers([22, 23]))]),
    ]

    @Test(arguments: fieldCases)
    func `a condition needs fields to have values`(_ condition: String, _ expected: [EventNeed]) throws {
        let type = try #require(EventType(name: "connect"))
        #expect(try ruleSet(condition).needs.alternatives[type] ?? [] == expected)
    }

    @Test func `many exceptions give up the fields first`() throws {
        let exceptions = (0..<12).map { "not (proc.name = a\($0) and proc.pname = b\($0))" }.joined(separator: " and ")
        let condition = "(fd.name = /a and evt.is_open_read = true or fd.name = /b and evt.is_open_write = true)"
        let openat = try #require(EventType(name: "openat"))
        #expect(
            try ruleSet("\(condition) and \(exceptions)").needs.projected(onto: []).alternatives[openat]
                == ruleSet(condition).needs.alternatives[openat])
    }

    @Test func `the needs of several rules are alternatives`() throws {
        let rules = try ruleSet(
            "evt.type = openat and fd.name startswith /etc", "evt.type in (open, openat) and fd.name = /x",
            "evt.type = connect"
        )
        let openat = try #require(EventType(name: "openat"))
        #expect(rules.needs.alternatives[openat] == [Self.paths(["/x"], under: ["/etc"])])
        #expect(Set(rules.needs.types.types.map(\.name)) == ["open", "openat", "connect"])
        #expect(rules.needs.fields.map { $0.text(in: TestCatalogue.catalogue) } == ["fd.name"])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `an event that matches a rule satisfies its needs`(_ seed: UInt64) throws {
        var random = PathRules(seed: seed)
        for _ in 0..<40 {
            let condition = random.condition()
            let rules = try ruleSet(condition)
            let projections = [rules.needs.projected(onto: ["user.uid"]), rules.needs.projected(onto: [])]
            var evaluator = Evaluator(rules)
            for _ in 0..<60 {
                let event = random.event()
                guard evaluator.evaluate(event.type, reader: event) else { continue }
                let alternatives = rules.needs.alternatives[event.type] ?? []
                for needs in projections {
                    let alternatives = needs.alternatives[event.type] ?? []
                    #expect(
                        alternatives.contains { event.satisfies($0) },
                        "\(condition) on \(event.type.name) \(event.values)")
                }
                #expect(
                    alternatives.contains { event.satisfies($0) }, "\(condition) on \(event.type.name) \(event.values)"
                )
            }
        }
    }
}

/// Random conditions over what needs are made of, and events whose fields agree with each other as real ones do.
struct PathRules {
    private var source: SeededGenerator

    init(seed: UInt64) { source = SeededGenerator(seed: seed) }

    private static let types = ["open", "openat", "creat", "rename", "unlink", "connect", "symlink", "uname"]
    private static let paths = [
        "/etc", "/etc/shadow", "/etc/ssh/key", "/tmp/x", "/shadow", "/", "memfd:x", "/usr/bin/sh",
    ]
    private static let pieces = ["/etc", "/etc/", "/etc/sh", "shadow", "/", "/tmp", "x", "memfd", "key", "sh", ""]

    mutating func condition(depth: Int = 3) -> String {
        if depth == 0 || source.chance(20) { return comparison() }
        let parts = (0..<3).map { _ in condition(depth: depth - 1) }
        switch Int.random(in: 0..<7, using: &source) {
        case 0..<3: return "(" + parts.joined(separator: " and ") + ")"
        case 3..<6: return "(" + parts.joined(separator: " or ") + ")"
        default: return "not \(parts[0].hasPrefix("not") ? "(\(parts[0]))" : parts[0])"
        }
    }

    private mutating func comparison() -> String {
        let path = source.pick([
            "fd.name", "fd.directory", "fd.filename", "fs.path.name", "fs.path.source", "evt.arg.name", "evt.arg.path",
            "evt.arg.oldpath", "evt.arg.newpath", "evt.arg.target", "evt.arg.linkpath",
        ])
        let word = "\"\(source.pick(Self.pieces + Self.paths))\""
        switch Int.random(in: 0..<17, using: &source) {
        case 0..<3: return "\(path) \(source.pick(["=", "!=", "startswith", "endswith", "contains"])) \(word)"
        case 3..<5: return "\(path) in (\(word), \(source.pick(Self.paths)))"
        case 5: return "\(path) pmatch (\(word), \(source.pick(["/etc/s*", "/usr", "*"])))"
        case 6: return "\(path) glob \(source.pick(["/etc/*", "*shadow", "/tmp/?", "/etc/s[hx]*", "/shadow"]))"
        case 7:
            return
                "\(source.pick(["evt.is_open_read", "evt.is_open_write", "evt.failed"])) \(source.pick(["=", "!="])) true"
        case 8:
            return
                "\(source.pick(["evt.rawres", "fd.num"])) \(source.pick(["=", "!=", "<", "<=", ">", ">="])) \(source.pick(["-1", "0", "1"]))"
        case 9:
            return
                "evt.res \(source.pick(["= SUCCESS", "!= SUCCESS", "startswith E", "startswith S", "in (SUCCESS, EPERM)"]))"
        case 10: return "container.id \(source.pick(["= host", "!= host", "in (host, c1)", "in (c1)", "exists"]))"
        case 11:
            return
                "evt.arg.flags \(source.pick(["contains", "=", "startswith"])) \(source.pick(["O_RDWR", "O_CREAT", "A"]))"
        case 12: return "evt.type \(source.pick(["=", "!="])) \(source.pick(Self.types))"
        default:
            let field = source.pick(["proc.name", "proc.pname"])
            let number = source.pick(["user.uid", "fd.sport"])
            return source.pick([
                "\(field) \(source.pick(["=", "!=", "startswith", "endswith"])) \(source.pick(["a", "b", "ab"]))",
                "\(field) in (\(source.pick(["a", "b"])), ab)",
                "\(number) \(source.pick(["=", "!="])) \(source.pick(["0", "1"]))",
                "\(number) in (1, 2)",
            ])
        }
    }

    mutating func event() -> TestEvent {
        var event = TestEvent(source.pick(Self.types))
        let isFailed = source.chance(30)
        let isGeneric = event.type.isGeneric
        event.values["evt.rawres"] = isGeneric ? .null : .signed(isFailed ? -13 : Int64(source.pick([0, 1, 3])))
        event.values["evt.res"] = isGeneric ? .null : isFailed ? .text(source.pick(["EPERM", "EACCES"])) : "SUCCESS"
        event.values["evt.failed"] = .bool(isFailed && !isGeneric)
        event.values["container.id"] = .text(source.pick(["host", "c1"]))
        for field in ["proc.name", "proc.pname"] where source.chance(80) {
            event.values[field] = .text(source.pick(["a", "b", "ab", "c"]))
        }
        for field in ["user.uid", "fd.sport"] where source.chance(80) {
            event.values[field] = .unsigned(source.pick([0, 1, 2]))
        }
        let path = source.pick(Self.paths)
        let second = source.pick(Self.paths)
        let access = source.pick([1, 2, 3])
        event.values["evt.is_open_read"] = false
        event.values["evt.is_open_write"] = false
        switch event.type.name {
        case "open", "openat", "creat":
            event.values["fd.num"] = .signed(isFailed ? -1 : 3)
            event.values["fd.name"] = .text(path)
            let slash = path.lastIndex(of: "/")
            let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "/"
            event.values["fd.directory"] = .text(source.chance(20) ? path : directory)
            event.values["fd.filename"] = .text(slash.map { String(path[path.index(after: $0)...]) } ?? "/")
            event.values["evt.arg.name"] = .text(path)
            event.values["fs.path.name"] = event.type.name == "creat" ? .null : .text(path)
            guard event.type.name != "creat" else { break }
            event.values["evt.is_open_read"] = .bool(access & 1 != 0)
            event.values["evt.is_open_write"] = .bool(access & 2 != 0)
            event.values["evt.arg.flags"] = .text(source.pick(["O_RDWR|O_CREAT", "O_RDONLY", "A"]))
        case "rename":
            event.values["evt.arg.oldpath"] = .text(path)
            event.values["evt.arg.newpath"] = .text(second)
            event.values["fs.path.source"] = .text(path)
        case "unlink":
            event.values["evt.arg.path"] = .text(path)
            event.values["fs.path.name"] = .text(path)
        case "symlink":
            event.values["evt.arg.target"] = .text(second)
            event.values["evt.arg.linkpath"] = .text(path)
            event.values["fs.path.source"] = .text(path)
        case "connect":
            event.values["fd.name"] = "1.2.3.4:5->6.7.8.9:80"
            event.values["fd.num"] = .signed(5)
        default: break
        }
        return event
    }
}

extension TestEvent {
    /// Whether the event satisfies a need, as a source would see it.
    func satisfies(_ need: EventNeed) -> Bool {
        let outcomes: [OutcomeNeed] =
            switch values["evt.rawres"] {
            case .signed(let result): [.any, result < 0 ? .failure : .success]
            default: [.any, .success, .failure]
            }
        let scopes: [ScopeNeed] = [.any, values["container.id"] == "host" ? .host : .container]
        var access = AccessNeed()
        if values["evt.is_open_read"] == true { access.insert(.read) }
        if values["evt.is_open_write"] == true { access.insert(.write) }
        let argumentsFit = need.arguments.allSatisfy { argument in
            guard case .text(let text) = values["evt.arg.\(argument.name)"] else { return false }
            return argument.containsOneOf.contains { text.contains($0) }
        }
        let fieldsFit = need.fields.allSatisfy { need in
            switch values[need.field] ?? .null {
            case .text(let text): need.values.contains(text)
            case .unsigned(let number): need.values.contains(number)
            default: need.allowsMissing
            }
        }
        return satisfies(need.paths) && argumentsFit && fieldsFit && outcomes.contains(need.outcome)
            && scopes.contains(need.scope)
            && (need.access == .any || !need.access.isDisjoint(with: access))
    }

    private func satisfies(_ need: PathNeed) -> Bool {
        guard case .oneOf(let exact, let prefixes, let suffixes) = need else { return true }
        let isOpen = ["open", "openat", "creat"].contains(type.name)
        let fields = ["evt.arg.name", "evt.arg.path", "evt.arg.oldpath", "evt.arg.newpath", "evt.arg.linkpath"]
        return (fields + (isOpen ? ["fd.name"] : [])).contains { field in
            guard case .text(let path) = values[field] else { return false }
            return exact.contains(path) || prefixes.contains { path.hasPrefix($0) }
                || suffixes.contains { path.hasSuffix($0) }
        }
    }
}
