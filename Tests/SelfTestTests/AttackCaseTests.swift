import Testing

@testable import SelfTest

@Suite struct AttackCaseTests {
    @Test func `a head names rules, quiet rules, techniques, the case and what it needs`() throws {
        let attack = try AttackCase(
            path: "/a/credentials/cat.sh", name: "credentials/cat",
            text: """
                #!/bin/sh
                # rule: Sensitive file read: by a program
                # rule:Second rule
                # quiet: Third rule
                # technique: T1003.008, T1552
                # case: read by cat
                # needs: root, cc (a compiler)
                # A remark without a key.
                # A remark with a colon: this one.
                # https://example.org/page
                # blind: audit
                cat /etc/shadow
                # rule: not in the head
                """)
        #expect(attack.rules == ["Sensitive file read: by a program", "Second rule"])
        #expect(attack.quietRules == ["Third rule"])
        #expect(attack.techniques == ["T1003.008", "T1552"])
        #expect(attack.summary == "read by cat")
        #expect(attack.needs == ["root", "cc"])
        #expect(attack.blindSources == ["audit"])
    }

    @Test(arguments: [
        ("#!/bin/sh\n# case: x\ntrue\n", "f:1:1: the head names no rule"),
        ("#!/bin/sh\n# rule: R\ntrue\n", "f:1:1: the head has no '# case:"),
        ("#!/bin/sh\n# case: x\n# rule:\n", "f:3:1: '# rule:' is empty"),
        (
            "# rule: R\n# case: x\n# neads: root\n",
            "f:3:1: unknown key 'neads', expected rule, quiet, case, technique, blind, needs; did you mean 'needs'?"
        ),
        ("# rule: R\n# case: x\n# Needs: root\n", "f:3:1: unknown key 'Needs', expected"),
        ("# rule: R\n# case: x\n# silent: S\n", "f:3:1: unknown key 'silent', expected"),
    ])
    func `what a head lacks is told with its line`(text: String, message: String) {
        let problem = #expect(throws: AttackCase.Problem.self) {
            try AttackCase(path: "f", name: "a/f", text: text)
        }
        #expect(problem?.description.hasPrefix(message) == true)
    }

    @Test(arguments: [
        ("credentials", true), ("credentials/cat", true), ("sensitive FILE", true), ("cred", false),
        ("execution", false), ("cat", false),
    ])
    func `a word means a layer, a case or a part of a rule's name`(word: String, isMeant: Bool) throws {
        let attack = try AttackCase(
            path: "f", name: "credentials/cat", text: "# rule: Sensitive file read\n# case: x\n")
        #expect(attack.isMeant(by: word) == isMeant)
    }

    @Test(
        arguments: [
            ("root", false, ["cc"], ["ebpf"], "needs root"),
            ("root", true, [], ["ebpf"], nil),
            ("cc", false, ["cc"], ["ebpf"], nil),
            ("cc", false, [], ["ebpf"], "needs cc"),
            ("container", true, [], ["ebpf"], "needs runc, for a container"),
            ("container", true, ["runc"], ["audit", "scan"], "audit can't see it"),
            ("nothing", false, [], ["ebpf", "scan"], nil),
        ] as [(String, Bool, [String], [String], String?)])
    func `what is missing for an attack is told`(
        need: String, isRoot: Bool, programs: [String], running: [String], missing: String?
    ) throws {
        let attack = try AttackCase(
            path: "f", name: "a/f", text: "# rule: R\n# case: x\n# needs: \(need)\n# blind: audit\n")
        let needs = AttackNeeds(isRoot: isRoot, hasProgram: programs.contains)
        #expect(needs.missing(for: attack, running: running) == missing)
    }
}
