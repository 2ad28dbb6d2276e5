import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct RuleCompilerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let condition: String
        /// A part of the message.
        let message: String
        /// What the problem's range covers.
        let covers: String
        /// A part of the suggestion.
        let suggestion: String?
        init(_ condition: String, _ message: String, at covers: String, suggests suggestion: String? = nil) {
            self.condition = condition
            self.message = message
            self.covers = covers
            self.suggestion = suggestion
        }
        var testDescription: String { condition }
    }

    static let errors = [
        Case("proc.nmae = a", "unknown field 'proc.nmae'", at: "proc.nmae", suggests: "proc.name"),
        Case("foo.bar = a", "unknown field 'foo.bar'", at: "foo.bar"),
        Case(
            "evt.arg.flgas = a", "no event has an argument named 'flgas'", at: "evt.arg.flgas",
            suggests: "evt.arg.flags"),
        Case("evt.arg = a", "requires an argument", at: "evt.arg", suggests: "evt.arg.NAME"),
        Case("thread.cgroup = a", "requires an argument", at: "thread.cgroup"),
        Case("proc.name[1] = a", "takes no argument", at: "proc.name[1]", suggests: "proc.name"),
        Case("proc.aname[x] = a", "must be a decimal index", at: "proc.aname[x]"),
        Case("ka.verb = a", "belongs to events of source 'k8s_audit'", at: "ka.verb"),
        Case("evt.outputtime = a", "outputs only", at: "evt.outputtime"),
        Case("user.uid contains 1", "operator 'contains' not supported for type number", at: "user.uid contains 1"),
        Case("user.uid pmatch (1)", "not supported", at: "user.uid pmatch (1)"),
        Case("evt.failed < 1", "not supported for type bool", at: "evt.failed < 1"),
        Case("fd.sip > 1", "not supported for type IP address", at: "fd.sip > 1"),
        Case("fd.snet startswith a", "not supported for type IP network", at: "fd.snet startswith a"),
        Case("evt.buffer glob a", "not supported for type byte buffer", at: "evt.buffer glob a"),
        Case("evt.buffer icontains a", "not supported for type byte buffer", at: "evt.buffer icontains a"),
        Case("proc.name bcontains 00", "not supported for type string", at: "proc.name bcontains 00"),
        Case("t.words = a", "operator '=' not supported for type list", at: "t.words = a"),
        Case("user.uid = 0x10", "'0x10' is not a valid number", at: "0x10", suggests: "write 16"),
        Case("user.uid = 1.5", "not a valid number", at: "1.5"),
        Case("user.uid = \"\"", "not a valid number", at: "\"\""),
        Case("user.uid in (1, x)", "'x' is not a valid number", at: "x"),
        Case("t.double = 1.5", "not a valid number", at: "1.5"),
        Case("fd.sport = gopher", "neither a port number nor a known service", at: "gopher"),
        Case("evt.failed = yes", "'yes' is not a bool", at: "yes"),
        Case("evt.failed = True", "is not a bool", at: "True"),
        Case("evt.buffer bcontains abc", "even number of hexadecimal digits", at: "abc"),
        Case("evt.buffer bcontains zz", "even number of hexadecimal digits", at: "zz"),
        Case("fd.sip = 1.2.3", "not an IP address", at: "1.2.3"),
        Case("fd.sip in (10.0.0.0/8)", "not an IP address", at: "10.0.0.0/8", suggests: "for networks use fd.snet"),
        Case("fd.snet = 10.0.0.1", "not an IP network", at: "10.0.0.1", suggests: "10.0.0.1/32"),
        Case("fd.snet = 10.0.0.0/33", "not an IP network", at: "10.0.0.0/33"),
        Case("fd.snet = ::/0", "not an IP network", at: "::/0"),
        Case("proc.name = \"\\x00\"", "NUL", at: "\"\\x00\""),
        Case("proc.name regex \"(\"", "invalid regular expression", at: "("),
        Case("evt.type = opn", "unknown event type 'opn'", at: "opn", suggests: "open"),
        Case("evt.type in (open, nope)", "unknown event type 'nope'", at: "nope"),
        Case("syscall.type != nope", "unknown event type 'nope'", at: "nope"),
        Case("evt.rawarg.addr > 0", "operator '>' not supported for type byte buffer", at: "evt.rawarg.addr > 0"),
        Case("tolower(user.uid) = a", "'tolower' takes a string", at: "tolower(user.uid)"),
        Case("len(user.uid) = 1", "'len' takes", at: "len(user.uid)"),
        Case("lower(proc.name) = a", "unknown transformer 'lower'", at: "lower(proc.name)", suggests: "tolower"),
        Case("tolower(proc.name, proc.pname) = a", "takes one argument", at: "tolower(proc.name, proc.pname)"),
        Case("concat(proc.name) = a", "two or more", at: "concat(proc.name)"),
        Case("join(\",\", proc.name) = a", "a list of strings", at: "join(\",\", proc.name)"),
        Case("join(t.words, t.words) = a", "a separator string", at: "join(t.words, t.words)"),
        Case("concat(t.words, proc.name) = a", "single strings", at: "concat(t.words, proc.name)"),
        Case("getopt(proc.name, \"a\") in (a)", "a list of strings", at: "getopt(proc.name, \"a\")"),
        Case("getopt(t.words, \"a\")[ab] = a", "one character", at: "getopt(t.words, \"a\")[ab]"),
        Case("toupper(proc.name)[a] = a", "only 'getopt'", at: "toupper(proc.name)[a]"),
        Case("toupper(proc.aname) = a", "can't be used in a transformer", at: "proc.aname"),
        Case("toupper(proc.nmae) = a", "unknown field", at: "proc.nmae", suggests: "proc.name"),
        Case("proc.name = val(user.uid)", "differ in type: string and u32", at: "proc.name = val(user.uid)"),
        Case("user.uid = val(fd.num)", "differ in type", at: "user.uid = val(fd.num)"),
        Case("proc.name in val(t.words)", "differ in type", at: "proc.name in val(t.words)"),
        Case("proc.name regex val(proc.pname)", "'regex' can't be used", at: "proc.name regex val(proc.pname)"),
        Case("proc.name pmatch val(proc.pname)", "'pmatch' can't be used", at: "proc.name pmatch val(proc.pname)"),
        Case("proc.name = val(proc.aname)", "can't stand on the right", at: "proc.aname"),
        Case("fd.snet = val(fd.snet)", "IP network", at: "fd.snet = val(fd.snet)"),
    ]

    @Test(arguments: errors)
    func `a wrong condition is refused with its place`(_ test: Case) throws {
        let rule: ResolvedRule
        do { rule = try resolvedRule(test.condition) } catch {
            // The parser may already have refused it.
            Issue.record("\(test.condition) does not parse")
            return
        }
        let compilation = testCompiler.compile(rule)
        #expect(compilation.rule == nil)
        let problem = try #require(compilation.problems.first)
        #expect(problem.severity == .error)
        #expect(problem.code == .errCompileCondition)
        #expect(problem.message.contains(test.message), "\(problem.message)")
        let text = Array(test.condition.utf8)[problem.range.start..<problem.range.end]
        #expect(String(decoding: text, as: UTF8.self) == test.covers)
        if let suggestion = test.suggestion { #expect(problem.suggestion?.contains(suggestion) == true) }
    }

    @Test func `all problems of a rule are found`() throws {
        let rule = try resolvedRule("a.b = 1 and (c.d = 2 or user.uid = x)", output: "%e.f %evt.outputtime %fd.net")
        #expect(
            testCompiler.compile(rule).problems.map(\.code)
                == [
                    .errCompileOutput, .errCompileOutput, .errCompileCondition, .errCompileCondition,
                    .errCompileCondition,
                ]
        )
    }

    @Test func `a constant may have 255 bytes`() throws {
        _ = try compiledRule("proc.name = " + String(repeating: "a", count: 255))
        var rule = try resolvedRule("proc.name = a")
        let literal = Literal(bytes: Array(repeating: UInt8(ascii: "a"), count: 256), range: TextRange(12, 268))
        if case .comparison(var comparison) = rule.condition {
            comparison.right = .literal(literal)
            rule.condition = .comparison(comparison)
        }
        #expect(testCompiler.compile(rule).problems.first?.message.contains("too long") == true)
    }

    @Test func `unknown fields skip the rule where it says so`() throws {
        for condition in ["a.b = 1", "evt.type = nope"] {
            let compilation = testCompiler.compile(try resolvedRule(condition, skips: true))
            #expect(compilation.rule == nil)
            #expect(compilation.problems.map(\.code) == [.unknownFilter])
            #expect(compilation.problems.map(\.severity) == [.warning])
        }
        let output = testCompiler.compile(try resolvedRule("proc.name = a", output: "%a.b", skips: true))
        #expect(output.problems.map(\.code) == [.unknownFilter])
        let other = testCompiler.compile(try resolvedRule("a.b = 1 and user.uid = x", skips: true))
        #expect(other.problems.map(\.severity) == [.error, .error])
        let extra = try resolvedRule(
            "proc.name = a", extraFields: [.init(key: "k", template: "%a.b", isRaw: false)], skips: true
        )
        #expect(testCompiler.compile(extra).problems.map(\.severity) == [.error])
        #expect(testCompiler.compile(extra).problems.map(\.subject) == [.extraField(0)])
    }

    static let warnings: [(String, LoadCode, String)] = [
        ("proc.name regex abc", .compileConditionHint, "= abc"),
        ("proc.name regex \"abc.*\"", .compileConditionHint, "startswith abc"),
        ("proc.name regex \".*abc\"", .compileConditionHint, "endswith abc"),
        ("proc.name regex \".*abc.*\"", .compileConditionHint, "contains abc"),
        ("proc.name regex \"^abc$\"", .compileConditionHint, "= abc"),
        ("proc.name regex \"abc.+\"", .compileConditionHint, "startswith abc"),
        ("proc.name = docker-entrypoint", .compileConditionHint, "docker-entrypoi"),
        ("proc.aname in (sh, docker-entrypoint)", .compileConditionHint, "docker-entrypoi"),
        ("fd.name startswith etc/ssh", .compileConditionHint, "/etc/ssh"),
        ("tolower(jevt.value) = <NA>", .unsafeNACheck, "jevt.value exists"),
        ("proc.name = proc.pname", .compileConditionHint, "val(proc.pname)"),
        ("proc.name in (a, proc.pname)", .compileConditionHint, "val(proc.pname)"),
        ("proc.name = \"toupper(proc.pname)\"", .compileConditionHint, "without quotes"),
        ("evt.dir = <", .deprecatedItem, ""), ("jevt.value = <NA>", .unsafeNACheck, "jevt.value exists"),
    ]

    @Test(arguments: warnings)
    func `a doubtful condition warns`(_ condition: String, _ code: LoadCode, _ suggestion: String) throws {
        let compilation = testCompiler.compile(try resolvedRule(condition))
        #expect(compilation.rule != nil)
        #expect(compilation.problems.map(\.code) == [code])
        #expect(compilation.problems.map(\.severity) == [.warning])
        #expect(
            compilation.problems.first?.suggestion ?? "" == suggestion
                || compilation.problems[0].suggestion?.contains(suggestion) == true)
    }

    @Test func `ordinary conditions do not warn`() throws {
        for condition in [
            "proc.name regex \"a+\"", "proc.name regex \".*\"", "fd.name startswith memfd:a/b",
            "fd.name pmatch (etc/ssh)",
            "proc.name contains docker-entrypoint", "proc.name regex 'a\\\\$'", "proc.name = a.b", "proc.name = <NA>",
            "proc.name = \"f(x)\"",
        ] {
            #expect(testCompiler.compile(try resolvedRule(condition)).problems == [])
        }
    }

    @Test func `a rule for nearly every event type warns unless told not to`() throws {
        func codes(_ condition: String, _ warns: Bool = true) throws -> [LoadCode] {
            testCompiler.compile(try resolvedRule(condition, warnsEventTypes: warns)).problems.map(\.code)
        }
        #expect(try codes("proc.name = a") == [.noEventTypes])
        #expect(try codes("evt.type != open") == [.noEventTypes])
        #expect(try codes("proc.name = a", false) == [])
        #expect(try codes("evt.type in (open, openat)") == [])
    }

    @Test func `macros that multiply are refused, not followed`() throws {
        var condition = try ConditionParser.parse("proc.name = a")
        for _ in 0..<40 { condition = .and([condition, condition]) }
        var rule = try resolvedRule("proc.name = a")
        rule.condition = condition
        let problems = testCompiler.compile(rule).problems
        #expect(problems.map(\.code) == [.errCompileCondition])
        #expect(problems.first?.message.contains("too large") == true)
    }

    @Test func `a compiled rule keeps what alerts show`() throws {
        let rule = try compiledRule("proc.name = a", name: "N")
        #expect(rule.name == "N")
        #expect(rule.priority == .informational)
        #expect(rule.tags == ["a", "b"])
        #expect(rule.source == "syscall")
    }
}
