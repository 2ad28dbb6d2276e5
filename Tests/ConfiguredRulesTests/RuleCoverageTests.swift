import Configuration
import EventModel
import EventSources
import KernelInterface
import Testing

@testable import ConfiguredRules

private struct RulesText: ConfigurationFiles {
    var text: String
    func read(_ path: String) -> Result<[UInt8], KernelError> { .success(Array(text.utf8)) }
    func expand(_ path: String) -> [String] { [path] }
}

@Suite struct RuleCoverageTests {
    /// The coverage of a rule with a condition where these sources work.
    private func coverage(_ condition: String, _ works: [SourceKind], more: String = "") -> RuleCoverage? {
        coverage(
            text: "- {rule: R, desc: d, condition: '\(condition)', output: o, priority: INFO, tags: [T1059, x]\(more)}",
            works)
    }

    private func coverage(text: String, _ works: [SourceKind]) -> RuleCoverage? {
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        let rules = ConfiguredRules.load(configuration, from: RulesText(text: text))
        let availabilities = SourceKind.allCases.map { SourceAvailability(kind: $0, isAvailable: works.contains($0)) }
        return rules.coverage(availabilities: availabilities, choice: .auto).first
    }

    @Test(
        arguments: [
            ("evt.type = execve and proc.name = a", [.ebpf], .exact, []),
            ("evt.type = execve and proc.name = a", [.audit], .exact, []),
            (
                "evt.type in (execve, connect) and proc.name = a", [.processConnector, .procfs], .partly,
                ["not told of: connect"]
            ),
            ("evt.type = connect and proc.name = a", [.processConnector, .procfs], .blind, ["not told of: connect"]),
            ("evt.type = execve and proc.name = a", [], .blind, ["no source works here"]),
            ("evt.type = fsetxattr and evt.arg.xattr = a", [.ebpf], .exact, []),
            ("evt.type = fsetxattr and evt.arg.xattr = a", [.audit], .blind, ["not known: evt.arg.xattr"]),
            (
                "evt.type = execve or evt.type = setxattr and evt.arg.xattr = a", [.audit], .partly,
                ["not known: evt.arg.xattr"]
            ),
            ("evt.type = kill and target.name = a", [.audit], .exact, []),
            ("evt.type in (kill, openat) and target.name = a", [.ebpf], .partly, ["not known: target.name"]),
        ] as [(String, [SourceKind], RuleCoverage.Degree, [String])])
    func `what is seen follows from events and fields`(
        condition: String, works: [SourceKind], degree: RuleCoverage.Degree, gaps: [String]
    ) {
        let found = coverage(condition, works)
        #expect(found?.degree == degree)
        #expect(found?.gaps == gaps)
        #expect(found?.techniques == ["T1059"])
    }

    @Test(
        arguments: [
            ("a then b in 60s", "evt.type = execve", [.ebpf], .exact),
            ("a then b in 60s", "evt.type = fsetxattr and evt.arg.xattr = x", [.audit], .blind),
            ("a then b in 60s", "evt.type = execve or evt.type = fsetxattr and evt.arg.xattr = x", [.audit], .partly),
            ("a then b in 60s", "evt.type = connect", [.processConnector, .procfs], .blind),
        ] as [(String, String, [SourceKind], RuleCoverage.Degree)])
    func `a sequence is seen as well as the worst of its events`(
        pattern: String, second: String, works: [SourceKind], degree: RuleCoverage.Degree
    ) {
        let text = """
            - correlation: R
              desc: d
              events: [{name: a, condition: evt.type = execve}, {name: b, condition: "\(second)"}]
              condition: \(pattern)
              output: o
              priority: INFO
            """
        #expect(coverage(text: text, works)?.degree == degree)
    }

    @Test func `a disabled rule sees nothing`() {
        let found = coverage("evt.type = execve", [.ebpf], more: ", enabled: false")
        #expect(found?.degree == .blind)
        #expect(found?.gaps == ["it is disabled"])
    }
}
