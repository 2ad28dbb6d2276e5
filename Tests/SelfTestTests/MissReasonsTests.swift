import Configuration
import ConfiguredRules
import EventModel
import EventSources
import KernelInterface
import Testing

@testable import SelfTest

private struct RulesText: ConfigurationFiles {
    var text: String
    func read(_ path: String) -> Result<[UInt8], KernelError> { .success(Array(text.utf8)) }
    func expand(_ path: String) -> [String] { [path] }
}

@Suite struct MissReasonsTests {
    private let rules: ConfiguredRules = {
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        configuration.priorityThreshold = .warning
        func rule(_ name: String, _ condition: String, priority: String = "WARNING", more: String = "") -> String {
            "- {rule: \(name), desc: d, condition: \(condition), output: o, priority: \(priority)\(more)}\n"
        }
        return ConfiguredRules.load(
            configuration,
            from: RulesText(
                text: rule("Opens", "evt.type = openat and fd.name = /x")
                    + rule("Off", "evt.type = openat", more: ", enabled: false")
                    + rule("Mild", "evt.type = openat", priority: "DEBUG")
                    + rule("Exit", "evt.type = procexit and evt.failed = true")
                    + rule("Starts", "evt.type = execve")))
    }()

    private func reasons(_ kinds: SourceKind...) -> MissReasons {
        MissReasons(rules, running: SourceTraits.all.filter { kinds.contains($0.kind) })
    }

    @Test(
        arguments: [
            ("Opens", nil), ("Opened", "no rule has this name; did you mean 'Opens'?"), ("Off", "the rule is disabled"),
            ("Mild", "the rule's priority, DEBUG, is below the configured one"),
        ] as [(String, String?)])
    func `a rule that can't alert is told with the reason`(rule: String, reason: String?) {
        #expect(reasons(.ebpf).reason(forRule: rule) == reason)
    }

    @Test func `a source that tells of none of the rule's events is named`() {
        #expect(reasons(.processConnector).reason(forRule: "Opens") == "connector tells of none of its events: openat")
        #expect(reasons(.processConnector).reason(forRule: "Starts") == nil)
    }

    @Test func `after the attack its failure, other alerts and the sensor's words are told`() throws {
        func reason(
            after end: AttackRun.End, others: [String] = [], stray: SensedAlert? = nil, remarks: [String] = []
        ) -> String {
            reasons(.ebpf).reason(forRule: "Opens", after: end, others: others, stray: stray, remarks: remarks)
        }
        #expect(reason(after: .failed("it ended with 1: no cc")) == "the attack failed: it ended with 1: no cc")
        #expect(
            reason(after: .done, others: ["A", "B"], remarks: ["events lost"])
                == "no event of the attack satisfied the rule; other rules alerted: A, B; the sensor said: events lost")
        let line = Array(#"{"rule": "Opens", "output": "opened /a by cat"}"#.utf8)
        let stray = try #require(SensedAlert(line: line, readNanoseconds: 1, readWallNanoseconds: 1))
        #expect(
            reason(after: .done, stray: stray)
                == "no event of the attack satisfied the rule; "
                + "an alert that is not the attack's came meanwhile: opened /a by cat")
    }
}
