import CommandOutput
import KernelInterface
import LeastPrivilege
import Profiles
import Testing

@Suite("What workloads may do beyond what they do")
struct NodeAuditTests {
    /// A container as a careful cluster runs it.
    private static var careful: WorkloadFacts {
        var facts = WorkloadFacts(.kubernetes(namespace: "shop", owner: "web", container: "nginx"))
        facts.processes = 3
        facts.seccomp = .filter
        facts.confinement = "cri-containerd.apparmor.d (enforce)"
        return facts
    }

    private func checks(_ facts: WorkloadFacts, _ observed: ObservedPrivileges? = .invented()) -> [String] {
        NodeAudit.judge(facts, observed: observed).findings.map(\.check)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var severity: NodeAudit.Severity
        var change: @Sendable (inout WorkloadFacts) -> Void
    }

    @Test(
        "Each power is a finding of its own",
        arguments: [
            Case(testDescription: "privileged", severity: .critical) { $0.isPrivileged = true },
            Case(testDescription: "host-pid", severity: .high) { $0.hostNamespaces = ["pid"] },
            Case(testDescription: "host-net", severity: .medium) { $0.hostNamespaces = ["net"] },
            Case(testDescription: "host-mount", severity: .critical) {
                $0.hostMounts = [.init(source: "/run/containerd/containerd.sock", destination: "/s", isWritable: false)]
            },
            Case(testDescription: "host-mount", severity: .critical) {
                $0.hostMounts = [.init(source: "/", destination: "/host", isWritable: true)]
            },
            Case(testDescription: "host-mount", severity: .low) {
                $0.hostMounts = [.init(source: "/srv/data", destination: "/data", isWritable: false)]
            },
            Case(testDescription: "service-account-token", severity: .medium) { $0.hasToken = true },
            Case(testDescription: "root-user", severity: .medium) { $0.hasRoot = true },
            Case(testDescription: "no-seccomp", severity: .high) { $0.seccomp = WorkloadFacts.SeccompMode.none },
            Case(testDescription: "unconfined", severity: .low) { $0.confinement = "" },
            Case(testDescription: "privilege-escalation", severity: .medium) { $0.hasNoNewPrivileges = false },
            Case(testDescription: "capabilities", severity: .high) { $0.hold(.sysAdmin) },
            Case(testDescription: "capabilities", severity: .medium) { $0.hold(CapabilitySet(bit: 0)) },
        ])
    func finding(test: Case) throws {
        var facts = Self.careful
        #expect(checks(facts).isEmpty)
        test.change(&facts)
        let findings = NodeAudit.judge(facts, observed: .invented()).findings
        #expect(findings.map(\.check) == [test.testDescription])
        #expect(findings.first?.severity == test.severity)
        #expect(findings.allSatisfy { !$0.fix.isEmpty && !$0.message.isEmpty })
    }

    @Test("What is used is none, and without a profile it is said that nobody knows")
    func profile() {
        var facts = Self.careful
        facts.hold(CapabilitySet(bit: 10))
        #expect(checks(facts).isEmpty)
        facts.hold(.sysAdmin)
        let unknown = NodeAudit.judge(facts, observed: nil)
        #expect(unknown.findings.first?.message.contains("no profile") == true)
        #expect(!unknown.hasProfile)
        var observed = ObservedPrivileges.invented()
        observed.unsettled = ["capability"]
        #expect(NodeAudit.judge(facts, observed: observed).findings.first?.message.contains("not settled") == true)
        facts = Self.careful
        facts.hasToken = true
        observed = .invented()
        observed.files.append(.init(.read, "/run/secrets/kubernetes.io/serviceaccount/token"))
        #expect(checks(facts, observed).isEmpty)
    }

    @Test("The node: weaknesses of the processor that are open, settings that are loose")
    func host() {
        var facts = HostFacts()
        facts.vulnerabilities = [
            "l1tf": "Not affected", "retbleed": "Vulnerable", "mds": "Mitigation: Clear CPU buffers",
        ]
        facts.settings = ["kernel.kptr_restrict": "0", "kernel.yama.ptrace_scope": "2"]
        #expect(NodeAudit.judge(facts).map(\.check) == ["cpu-retbleed", "kernel.kptr_restrict"])
    }

    @Test("The report: text, JSON and HTML say the same, and names can't break them")
    func report() {
        var bad = Self.careful
        bad.isPrivileged = true
        bad.workload = .container(name: "<script>\u{1b}[31m", image: "x")
        let rows = [
            NodeAudit.judge(Self.careful, observed: .invented()), NodeAudit.judge(bad, observed: nil),
        ]
        let text = NodeAuditReport.make(host: HostFacts(), rows: rows, form: .text)
        #expect(text.status == .invalid)
        #expect(text.text.contains("nothing found") && text.text.contains("no profile"))
        #expect(!text.text.contains("\u{1b}"))
        let html = NodeAuditReport.make(host: HostFacts(), rows: rows, form: .html).text
        #expect(html.contains("&lt;script&gt;") && !html.contains("<script>"))
        #expect(
            NodeAuditReport.make(host: HostFacts(), rows: rows, form: .json).text.contains(#""check":"privileged""#))
        #expect(NodeAuditReport.make(host: HostFacts(), rows: Array(rows.prefix(1)), form: .text).status == .success)
        var partial = HostFacts()
        partial.unread = ["3 of 9 processes can't be looked at\u{1b}"]
        for form in [NodeAuditReport.Form.text, .json, .html] {
            let report = NodeAuditReport.make(host: partial, rows: Array(rows.prefix(1)), form: form)
            #expect(report.status == .cannotWatch && report.text.contains("3 of 9 processes"))
            #expect(!report.text.contains("\u{1b}"))
        }
    }

    @Test("This node's workloads are found, with this test's own programs")
    func live() {
        let reader = NodeAuditReader()
        let workloads = reader.workloads()
        #expect(!workloads.isEmpty)
        #expect(workloads.allSatisfy { $0.processes > 0 && !$0.programs.isEmpty && $0.strongest != nil })
        #expect(!reader.host().kernel.isEmpty)
    }
}

extension WorkloadFacts {
    fileprivate mutating func hold(_ capabilities: CapabilitySet) { (effective, held) = (capabilities, capabilities) }
}
