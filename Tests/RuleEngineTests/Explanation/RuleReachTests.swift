import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct RuleReachTests {
    @Test(arguments: [
        ("proc.name = a", RuleReach.Verdict.full, [String]()), ("t.unknowable = a", .never, ["t.unknowable"]),
        ("t.unknowable = a or proc.name = a", .partial, ["t.unknowable"]),
        ("not t.unknowable = a", .partial, ["t.unknowable"]),
        ("len(t.unknowable) > 1 and proc.name = a", .never, ["t.unknowable"]),
    ])
    func `a rule without a field that its condition needs can't match`(
        _ condition: String, _ verdict: RuleReach.Verdict, _ missing: [String]
    ) throws {
        let reach = RuleReach(try compiledRule(condition), catalogue: TestCatalogue.catalogue)
        #expect(reach.verdict == verdict && reach.missingFields == missing)
    }

    @Test func `fields count that the sources at hand can't fill`() throws {
        let rule = try compiledRule("t.audited = a")
        #expect(RuleReach(rule, catalogue: TestCatalogue.catalogue, sources: .anyAudit).verdict == .full)
        #expect(RuleReach(rule, catalogue: TestCatalogue.catalogue, sources: [.procfs, .fanotify]).verdict == .never)
    }

    @Test(
        arguments: [
            ("evt.type = fsetxattr and evt.arg.xattr = a", .anyAudit, .never, ["evt.arg.xattr"]),
            ("evt.type = fsetxattr and evt.arg.xattr = a", .ebpf, .full, []),
            ("evt.type = fsetxattr and evt.arg[2] = a", .anyAudit, .never, ["evt.arg[2]"]),
            ("evt.type = fsetxattr and evt.arg.fd = 3", .anyAudit, .full, []),
            ("evt.type in (execve, fsetxattr) and not evt.arg.xattr = a", .anyAudit, .partial, ["evt.arg.xattr"]),
            (
                "evt.type = execve and proc.name = a or evt.type = fsetxattr and evt.arg.xattr = b", .anyAudit,
                .partial,
                ["evt.arg.xattr"]
            ),
            // What the type alone rules out asks for nothing.
            ("evt.type = execve and (proc.name = a or evt.type = open and t.unknowable = b)", .all, .full, []),
        ] as [(String, SourceSet, RuleReach.Verdict, [String])])
    func `what a source tells depends on the type of the event`(
        condition: String, sources: SourceSet, verdict: RuleReach.Verdict, missing: [String]
    ) throws {
        let reach = RuleReach(try compiledRule(condition), catalogue: TestCatalogue.catalogue, sources: sources)
        #expect(reach.verdict == verdict)
        #expect(reach.missingFields == missing)
    }

    @Test func `what can't match asks the kernel for nothing`() throws {
        let rules = try [
            "evt.type = recvfrom and evt.buffer contains a and t.unknowable = b",
            "evt.type = open and (t.unknowable = a or fd.name = /a)", "evt.type = connect and not t.unknowable = a",
            "evt.type = bind and t.audited = a",
        ].map { try compiledRule($0) }
        func types(_ sources: SourceSet) -> Set<String> {
            Set(RuleSet(rules, catalogue: TestCatalogue.catalogue, sources: sources).needs.types.types.map(\.name))
        }
        #expect(types(.all) == ["open", "connect", "bind"])
        #expect(types(.procfs) == ["open", "connect"])
        let open = try #require(EventType(name: "open"))
        let needs = RuleSet(rules, catalogue: TestCatalogue.catalogue).needs
        #expect(needs.alternatives[open] == [EventNeed(paths: .oneOf(exact: ["/a"], prefixes: [], suffixes: []))])
    }

    @Test(arguments: [
        ("evt.type = execve and evt.type = open", LoadCode.neverMatches),
        ("evt.type = execve and proc.name = a and (fd.num = 1 and proc.name in (b, c))", .neverMatches),
        ("evt.type = execve and user.uid = 1 and user.uid != 1", .neverMatches),
        ("evt.type = execve and t.unknowable = a", .unavailableField),
    ])
    func `a rule that nothing can satisfy warns`(_ condition: String, _ code: LoadCode) throws {
        let compilation = testCompiler.compile(try resolvedRule(condition))
        #expect(compilation.rule != nil && compilation.problems.map(\.code) == [code])
        #expect(compilation.problems.map(\.severity) == [.warning])
    }

    @Test(arguments: [
        "evt.type = execve and (proc.name = a or proc.name = b)", "evt.type = execve and proc.name in ()",
        "evt.type = execve and proc.aname = a and proc.aname = b",
        "evt.type = execve and proc.name in (a, b) and proc.name in (b, c)",
        "evt.type = execve and proc.name startswith a and proc.name endswith b",
    ])
    func `a rule that something can satisfy does not`(_ condition: String) throws {
        #expect(testCompiler.compile(try resolvedRule(condition)).problems == [])
    }

    @Test func `a rule is hidden by an earlier one that asks for less`() throws {
        let rules = try [
            ("first", "evt.type = open and fd.name = /a"), ("other", "evt.type = open and fd.name = /b"),
            ("of x", "proc.name = x and evt.type = open"),
            ("narrower", "fd.name = /a and evt.type = open and proc.name = x"),
            ("same", "fd.name = /b and evt.type = open"),
            ("wider", "evt.type = open"),
        ].map { try compiledRule($1, name: $0) }
        let pairs = HiddenRules.find(in: rules)
        #expect(pairs.map(\.hidden) == ["narrower", "same"])
        #expect(pairs.map(\.hider) == ["first", "other"])
    }
}
