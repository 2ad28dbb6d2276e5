import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import EventSources
import Foundation
import KernelInterface
import RuleLanguage
import TestSupport
import Testing

@testable import Doctor

/// What facts mean, and what is said about it.
@Suite struct DoctorTests {
    private static let all: CapabilitySet = [
        .auditControl, .auditRead, .netAdmin, .sysAdmin, .sysPtrace, .dacReadSearch, .bpf, .perfmon,
    ]

    /// A node on which nothing is wrong.
    private static var good: NodeFacts {
        var facts = NodeFacts()
        facts.kernelRelease = "6.1.0"
        facts.kernelOptions = [
            "CONFIG_AUDIT", "CONFIG_AUDITSYSCALL", "CONFIG_PROC_EVENTS", "CONFIG_FANOTIFY", "CONFIG_BPF_SYSCALL",
            "CONFIG_DEBUG_INFO_BTF",
        ]
        facts.commandLine = "quiet audit=1"
        facts.capabilities = all
        facts.pidNamespace = .initial
        facts.netNamespace = .initial
        facts.userNamespace = .initial
        facts.cgroups = .unified
        facts.runtimes = [("containerd", "/run/containerd/containerd.sock")]
        facts.audit = AuditInspection()
        facts.availabilities = [.audit, .processConnector, .procfs, .fanotify].map {
            SourceAvailability(kind: $0, isAvailable: true)
        }
        return facts
    }

    private static func findings(_ change: (inout NodeFacts) -> Void) -> [Finding] {
        var facts = good
        change(&facts)
        return Doctor.findings(of: facts).filter { $0.status != .ok }
    }

    private func selection(_ rules: ConfiguredRules, _ availabilities: [SourceAvailability]) -> SourceSelection {
        SourceSelection(availabilities: availabilities, needs: rules.needs, choice: .auto)
    }

    private func coverage(_ rules: ConfiguredRules, _ availabilities: [SourceAvailability]) -> [Finding] {
        Doctor.coverage(rules, selection(rules, availabilities), availabilities)
    }

    @Test func `what a run would refuse of files and directories is a problem`() {
        var configuration = Configuration()
        #expect(Doctor.places(configuration) == [])
        configuration.outputs.file.isEnabled = true
        configuration.outputs.file.target = "/nowhere/alerts"
        let findings = Doctor.places(configuration)
        #expect(findings.map(\.status) == [.problem])
        #expect(findings.first?.message.hasPrefix("file_output.filename: /nowhere/alerts can't be written") == true)
    }

    @Test func `a good node has no problem`() {
        #expect(Self.findings { _ in } == [])
        let report = DoctorReport.make(Doctor.findings(of: Self.good), isJSON: false)
        #expect(report.status == .success)
        #expect(report.text.hasSuffix("\nNo problems.\n"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var fix: String
        var status = Finding.Status.problem
        var change: @Sendable (inout NodeFacts) -> Void
        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "without CONFIG_AUDITSYSCALL", fix: "kernel") { $0.kernelOptions?.remove("CONFIG_AUDITSYSCALL") },
        Case(text: "audit is switched off on the kernel's command line", fix: "audit=1") {
            $0.commandLine = "audit=1 audit=0"
        },
        Case(text: "not switched on at boot", fix: "audit=1", status: .note) { $0.commandLine = "quiet" },
        Case(text: "CAP_SYS_PTRACE is missing", fix: "capability") { $0.capabilities?.remove(.sysPtrace) },
        Case(text: "pid namespace is not the host's", fix: "hostPID") { $0.pidNamespace = .other },
        Case(text: "network namespace is not the host's", fix: "hostNetwork") { $0.netNamespace = .other },
        Case(text: "user namespace is not the host's", fix: "rootless") { $0.userNamespace = .other },
        Case(text: "can't be known: network", fix: "", status: .note) { $0.netNamespace = .unknown },
        Case(text: "pid 7 (/sbin/auditd) receives", fix: "", status: .note) {
            $0.audit?.owner = "pid 7 (/sbin/auditd)"
        },
        Case(text: "immutable", fix: "-e 2") { $0.audit?.state = .immutable },
        Case(text: "over 100 a second", fix: "auditctl -r 0") { $0.audit?.rateLimit = 100 },
        Case(text: "panics", fix: "auditctl -f 1", status: .note) { $0.audit?.failureMode = 2 },
        Case(text: "hides every process", fix: "auditctl") { $0.audit?.hiding = ["rule x hides every process"] },
        Case(text: "locked down (integrity)", fix: "", status: .note) {
            $0.lockdown = "none [integrity] confidentiality"
        },
        Case(text: "no control groups", fix: "mount") { $0.cgroups = .none },
        Case(text: "no container runtime", fix: "host_root", status: .note) { $0.runtimes = [] },
        Case(text: "source audit does not work: no", fix: "do") {
            $0.availabilities[0] = SourceAvailability(kind: .audit, isAvailable: false, reason: "no", fix: "do")
        },
        Case(text: "source audit works, but beside", fix: "", status: .note) {
            $0.availabilities[0] = SourceAvailability(kind: .audit, isAvailable: true, reason: "beside")
        },
    ]

    @Test(arguments: cases)
    func `a fact that matters is one finding with its fix`(example: Case) {
        let findings = Self.findings(example.change)
        #expect(findings.count == 1, "\(findings)")
        #expect(findings.first?.status == example.status)
        #expect(findings.first?.message.contains(example.text) == true, "\(findings)")
        #expect(findings.first?.fix.contains(example.fix) == true || example.fix.isEmpty, "\(findings)")
        let report = DoctorReport.make(findings, isJSON: false)
        #expect(report.status == (example.status == .problem ? .invalid : .success))
    }

    @Test func `what is wrong with a source that is not used is no problem`() {
        var facts = Self.good
        facts.capabilities = [.sysPtrace, .dacReadSearch, .bpf, .perfmon]
        facts.commandLine = "quiet"
        facts.audit?.state = .immutable
        facts.availabilities = [
            SourceAvailability(kind: .ebpf, isAvailable: true), SourceAvailability(kind: .procfs, isAvailable: true),
            SourceAvailability(kind: .audit, isAvailable: false, reason: "no permission"),
        ]
        let findings = Doctor.findings(of: facts, used: [.ebpf, .procfs])
        #expect(findings.allSatisfy { $0.status != .problem }, "\(findings)")
        #expect(!findings.contains { $0.check == "boot" })
        #expect(findings.contains { $0.message.hasPrefix("source audit does not work") && $0.status == .note })
        // Asked for by name it is one.
        #expect(Doctor.findings(of: facts, used: [.audit]).contains { $0.status == .problem && $0.check == "sources" })
    }

    @Test func `a capability without which its source works is not missed`() {
        #expect(Self.findings { $0.capabilities?.remove(.netAdmin) } == [])
        let findings = Self.findings {
            $0.capabilities?.remove(.auditControl)
            $0.availabilities[0] = SourceAvailability(
                kind: .audit, isAvailable: false, reason: "no permission", fix: "do")
        }
        #expect(findings.map(\.check) == ["capabilities", "sources"])
    }

    @Test func `an ordinary user is told why what works is not enough, and no longer that nothing works`() {
        let availabilities = [
            SourceAvailability(kind: .audit, isAvailable: false, reason: "no permission"),
            SourceAvailability(kind: .processConnector, isAvailable: true),
            SourceAvailability(
                kind: .procfs, isAvailable: true, reason: "may not look into other users' processes",
                fix: "needs CAP_SYS_PTRACE", isRestricted: true),
        ]
        let finding = coverage(ConfiguredRules.load(Configuration()), availabilities).first
        #expect(
            finding?.message
                == "nothing is watched: what works here (connector, scan) may not look into other users' processes")
        #expect(finding?.fix.contains("CAP_SYS_PTRACE") == true && finding?.fix.contains("--source proc") == true)
    }

    @Test func `what the rules come to in the kernel is told of the sources that would run`() {
        let available = [SourceKind.audit, .fanotify].map { SourceAvailability(kind: $0, isAvailable: true) }
        let rules = ConfiguredRules.load(Configuration())
        let findings = Doctor.arming(rules, selection(rules, available), hostRoot: "")
        #expect(findings.count == 1 && findings.first?.status == .ok, "\(findings)")
        let words = findings.first?.message.split(separator: " ") ?? []
        #expect(words.first == "audit:" && words.dropFirst().first.flatMap { Int($0) } ?? 0 > 0, "\(findings)")
        #expect(Doctor.arming(rules, selection(rules, []), hostRoot: "").isEmpty)
    }

    @Test func `rules that no source here can match are named`() {
        let rules = ConfiguredRules.load(
            {
                var configuration = Configuration(); configuration.rulesFiles = ["r"]; return configuration
            }(),
            from: InventedFiles(texts: [
                "r": """
                - rule: Deaf
                  desc: x
                  condition: evt.type = mount
                  output: x
                  priority: INFO
                - rule: Half
                  desc: x
                  condition: evt.type in (execve, connect)
                  output: x
                  priority: INFO
                """
            ]))
        let process = [SourceAvailability(kind: .processConnector, isAvailable: true)]
        let findings = coverage(rules, process)
        #expect(
            findings.first?.message.contains("connect, mount") == true
                || findings.first?.message.contains("mount, connect") == true, "\(findings)")
        #expect(findings.first?.message.contains("1 of 2 rules can't match, 1 see a part") == true, "\(findings)")
        #expect(findings.last?.message == "rules that can't match here: Deaf")
        #expect(coverage(rules, Self.good.availabilities).map(\.status) == [.ok])
        #expect(coverage(rules, []).map(\.status) == [.problem])
    }

    @Test func `rules that make a source tell of every open are named, with the clause`() {
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        let rules = ConfiguredRules.load(
            configuration,
            from: InventedFiles(texts: [
                "r": """
                - rule: Wide
                  desc: x
                  condition: evt.type = openat and fd.name contains id_rsa
                  output: x
                  priority: INFO
                - rule: Narrow
                  desc: x
                  condition: evt.type = openat and fd.name startswith /etc/
                  output: x
                  priority: INFO
                - rule: Rare
                  desc: x
                  condition: evt.type = mount and proc.name = mount
                  output: x
                  priority: INFO
                """
            ]))
        let findings = Doctor.cost(rules, selection(rules, Self.good.availabilities))
        #expect(findings.map(\.status) == [.note])
        let message = findings.first?.message ?? ""
        #expect(
            message.hasPrefix("the rule 'Wide' makes audit tell of every openat; it can't look up ")
                && message.hasSuffix(":3:36: fd.name contains id_rsa"), "\(message)")
        // The built-in rules know files in homes by how their names end, which audit can't look up and eBPF can.
        let defaults = ConfiguredRules.load(Configuration())
        let builtIn = Doctor.cost(defaults, selection(defaults, Self.good.availabilities))
        #expect(builtIn.allSatisfy { $0.status == .note && $0.message.contains("audit") })
    }

    @Test func `files that others can write are found, and so are directories on the way`() throws {
        // Not below /tmp: it is sticky, which is fine, but what is above the test's own directory is not the matter here.
        let directory = "/var/tmp/shrike-doctor-\(getpid())"
        try FileManager.default.createDirectory(atPath: "\(directory)/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = "\(directory)/sub/rules.yaml"
        try "[]".write(toFile: file, atomically: false, encoding: .utf8)
        chmod(directory, 0o755)
        chmod("\(directory)/sub", 0o755)
        chmod(file, 0o644)
        func found() -> [String] { Doctor.files([file]).filter { $0.message.contains(directory) }.map(\.message) }
        #expect(found() == [])
        chmod(file, 0o646)
        #expect(found().first?.hasPrefix("\(file) can be written by everybody") == true)
        chmod(file, 0o644)
        chmod("\(directory)/sub", 0o777)
        #expect(found().first?.hasPrefix("\(directory)/sub can be written by everybody") == true)
        chmod("\(directory)/sub", 0o1777)
        #expect(found() == [])
        if geteuid() == 0 {
            chown(file, 12345, 0)
            #expect(found().first?.contains("belongs to the user 12345") == true)
        }
    }

    @Test func `the kernel's configuration is read`() {
        let text = Array("# CONFIG_X is not set\nCONFIG_AUDIT=y\nCONFIG_CRC32=m\nCONFIG_NAME=\"y\"\nCONFIG_N=n\n".utf8)
        #expect(KernelConfiguration.options(in: text) == ["CONFIG_AUDIT", "CONFIG_CRC32"])
    }

    @Test func `JSON has every finding`() throws {
        let report = DoctorReport.make(
            [Finding("a", .problem, "b \"c\"", fix: "d"), Finding("e", .ok, "f")], isJSON: true)
        let object = try JSONSerialization.jsonObject(with: Data(report.bytes)) as? [String: Any]
        #expect(object?["problems"] as? Int == 1)
        let findings = object?["findings"] as? [[String: String]]
        #expect(findings?.first == ["check": "a", "status": "problem", "message": "b \"c\"", "fix": "d"])
        #expect(report.status == .invalid)
    }
}
