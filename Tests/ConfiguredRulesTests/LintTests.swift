import Configuration
import KernelInterface
import RuleEngine
import RuleLanguage
import Testing

@testable import ConfiguredRules

private struct RulesText: ConfigurationFiles {
    var text: String
    func read(_ path: String) -> Result<[UInt8], KernelError> { .success(Array(text.utf8)) }
    func expand(_ path: String) -> [String] { [path] }
}

@Suite struct LintTests {
    /// What is found in rules, each as `KIND LINE`.
    private func findings(_ text: String) -> [String] {
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        let rules = ConfiguredRules.load(configuration, from: RulesText(text: text))
        #expect(rules.isSuccessful, "\(rules.results.flatMap(\.diagnostics).map(\.line))")
        return rules.lint().map { "\($0.kind.rawValue) \($0.location.line)" }
    }

    /// A rule that nothing is found in but what its condition and exceptions bring.
    private func rule(
        _ condition: String, exceptions: String = "[{name: e, fields: proc.exepath, comps: in}]", name: String = "R",
        comment: String = ""
    ) -> String {
        """
        - rule: \(name)
          desc: d
          condition: \(condition)
          exceptions: \(exceptions)
          output: "%proc.name"
          priority: INFO
          tags: [T1059.004]
        \(comment)

        """
    }

    @Test(
        arguments: [
            ("evt.type = execve and proc.name = a", []),
            ("evt.type = execve and not proc.name = a", ["name-trust 3"]),
            ("evt.type = execve and not proc.name != a", []),
            ("evt.type = execve and not proc.pname exists", []),
            ("evt.type = execve and not proc.pname = val(proc.name)", ["name-trust 3"]),
            ("evt.type = kill and not proc.name = val(target.name)", ["name-trust 3"]),
            ("evt.type = kill and not target.name = val(proc.name)", ["name-trust 3"]),
            ("evt.type = kill and not tolower(proc.name) = a", ["name-trust 3"]),
            ("evt.type = kill and not (proc.name = val(target.name) and proc.exepath = /x)", []),
            ("evt.type = kill and not (proc.name = a and proc.exepath = val(target.exepath))", ["name-trust 3"]),
            ("evt.type = kill and not proc.exepath = val(target.exepath)", []),
            ("evt.type = execve and not (proc.name = a and user.uid = 0)", ["name-trust 3"]),
            ("evt.type = execve and not (proc.name = a and proc.exepath startswith /usr/)", []),
            ("evt.type = execve and not (proc.name = a and not proc.exepath startswith /tmp/)", ["name-trust 3"]),
            ("evt.type = execve and not (proc.pname = a and proc.exepath startswith /usr/)", ["name-trust 3"]),
            ("evt.type = execve and not (proc.name = a and proc.pexepath startswith /usr/)", []),
            ("evt.type = execve and not (proc.aname in (a) and proc.aexepath startswith /usr/)", []),
            ("evt.type = execve and not (proc.aname[1] = a and proc.pexepath startswith /usr/)", []),
            ("evt.type = execve and not (proc.name = a and container.image.repository = x)", []),
            (
                "evt.type = execve and not (proc.name = a and (proc.exepath = /x or proc.exepath = /y))", []
            ),
            (
                "evt.type = execve and not (proc.name = a and (proc.exepath = /x or user.uid = 0))", ["name-trust 3"]
            ),
            ("evt.type = execve and not (proc.exepath = /x or proc.cmdline contains y)", ["name-trust 3"]),
            ("evt.type = execve and (proc.name = b or (proc.name = a and proc.name = c))", ["dead-alternative 3"]),
            (
                "evt.type = execve and user.uid = 0 and (proc.name = b or (proc.name = a and user.uid = 1))",
                ["dead-alternative 3"]
            ),
            ("evt.type = execve and proc.name = a and proc.name = c", ["never-matches 1"]),
            ("evt.type in (open, openat) and fd.num >= 0", ["expensive 3"]),
            ("evt.type in (open, openat) and fd.name startswith /etc/", []),
        ] as [(String, [String])])
    func `a condition`(condition: String, found: [String]) {
        #expect(findings(rule(condition)).map { $0 == "expensive 1" ? "expensive 3" : $0 } == found)
    }

    @Test func `an exception that rests on names is one finding, whatever its values`() {
        let exceptions = """

                - {name: good, fields: [proc.name, proc.exepath], comps: [=, =], values: [[a, /a], [b, /b]]}
                - {name: bad, fields: [proc.pname, proc.cmdline], comps: [=, contains], values: [[a, x], [b, y]]}
                - {name: empty, fields: proc.name, comps: in}
            """
        #expect(findings(rule("evt.type = execve", exceptions: exceptions)) == ["name-trust 6"])
    }

    @Test func `a rule that an earlier one hides, and what a rule lacks`() {
        let bare =
            "- {rule: B, desc: d, condition: evt.type = execve and proc.name = a and user.uid = 0, output: o, priority: INFO}\n"
        #expect(
            findings(rule("evt.type = execve and proc.name = a") + bare) == [
                "shadowed 9", "no-technique 9", "no-exceptions 9", "bare-output 9",
            ])
    }

    @Test(
        arguments: [
            ("  # lint: name-trust: the kernel itself takes this name", []),
            ("  # lint: name-trust:", ["name-trust 3"]),
            ("  # lint: expensive: another kind", ["name-trust 3"]),
        ] as [(String, [String])])
    func `a comment with a reason accounts for a finding`(comment: String, found: [String]) {
        #expect(findings(rule("evt.type = execve and not proc.name = a", comment: comment)) == found)
    }

    @Test func `in a macro the comment stands above or behind the place`() {
        func macro(_ comment: String) -> String {
            "- macro: m\n\(comment)\n  condition: not proc.name = a\n" + rule("evt.type = execve and m")
        }
        #expect(findings(macro("  # lint: name-trust: reason")) == [])
        #expect(findings(macro("  # a remark")) == ["name-trust 3"])
    }

    @Test func `what is in a macro is told once, with how many rules have it`() throws {
        let text =
            "- macro: m\n  condition: not proc.name = a\n"
            + ["A", "B", "C"].map { rule("evt.type = execve and m and user.name = \($0)", name: $0) }.joined()
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        let found = ConfiguredRules.load(configuration, from: RulesText(text: text)).lint()
        #expect(found.map(\.kind) == [.nameTrust])
        #expect(found.first?.rule == "A")
        #expect(found.first?.otherRules == ["B", "C"])
        #expect(found.first?.line.hasPrefix("r:2:18: A and 2 more: ") == true, "\(found.map(\.line))")
    }

    @Test(arguments: [
        ("T1059", true), ("T1059.004", true), ("T105", false), ("T1059.04", false), ("T1059.", false),
        ("T10594", false),
        ("mitre_execution", false), ("TA0001", false), ("T1059.004.1", false),
    ])
    func `techniques are told by their form`(tag: String, isTechnique: Bool) {
        #expect(AttackTechnique.isTechnique(tag) == isTechnique)
    }
}
