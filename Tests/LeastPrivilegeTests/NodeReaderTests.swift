import CommandOutput
import KernelInterface
import LeastPrivilege
import NodeState
import Profiles
import TestNode
import Testing

/// What is read of /proc and of bundles, with invented ones.
@Suite("What runs on a node")
struct NodeReaderTests {
    private static let id = String(repeating: "ab12", count: 16)
    private static let secondID = String(repeating: "cd34", count: 16)
    private static let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"

    private static func bundle(_ extra: String = "") -> String {
        """
        {"process":{"user":{"uid":0}},"root":{"path":"/x"},"annotations":{"io.kubernetes.cri.container-type":"container",
        "io.kubernetes.cri.container-name":"nginx","io.kubernetes.cri.sandbox-name":"web-1","io.kubernetes.cri.sandbox-namespace":"shop",
        "io.kubernetes.cri.image-name":"web:1"},"linux":{"namespaces":[{"type":"mount"}]}\(extra)}
        """
    }

    private let files = ScriptedFiles()

    init() {
        add(1, "systemd", executable: "/usr/lib/systemd/systemd")
        files.links["/proc/1/ns/pid"] = "pid:[4026531836]"
        files["/proc/sys/kernel/osrelease"] = "6.12.0\n"
        files["/sys/devices/system/cpu/vulnerabilities/l1tf"] = "Not affected\n"
    }

    private func add(
        _ pid: Int32, _ command: String, executable: String, cgroup: String = "0::/init.scope", uid: UInt32 = 0,
        effective: UInt64 = 0, bounding: UInt64 = 0, seccomp: Int = 2, label: String? = nil
    ) {
        files.addProcess(pid, command: command, cgroup: cgroup + "\n", executable: executable, uid: uid)
        files["/proc/\(pid)/status"] = """
            Name:\t\(command)
            Tgid:\t\(pid)
            Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)
            Gid:\t0\t0\t0\t0
            CapEff:\t\(String(effective, radix: 16))
            CapBnd:\t\(String(bounding, radix: 16))
            NoNewPrivs:\t1
            Seccomp:\t\(seccomp)

            """
        if let label { files["/proc/\(pid)/attr/current"] = label + "\n" }
    }

    private func survey() -> NodeAuditReader.Survey {
        NodeAuditReader(NodeStateOptions(), files: files).survey()
    }

    @Test("Of a workload the process with the most power is named, whichever came first")
    func strongest() throws {
        let group = "0::/system.slice/web.service"
        add(20, "web", executable: "/usr/sbin/web", cgroup: group, uid: 33, label: "web (enforce)")
        add(
            21, "helper", executable: "/usr/sbin/helper", cgroup: group, uid: 33, effective: 1 << 21, bounding: 1 << 21,
            seccomp: 0)
        add(22, "log", executable: "/usr/sbin/log", cgroup: group, uid: 33, effective: 0b11, label: "web (enforce)")
        let survey = survey()
        #expect(survey.unread.isEmpty)
        let facts = try #require(survey.workloads.first { $0.workload == .unit("web.service") })
        #expect(facts.processes == 3 && !facts.hasRoot)
        #expect(facts.strongest?.pid == 21 && facts.strongest?.program == "/usr/sbin/helper")
        #expect(facts.held == CapabilitySet(rawValue: 1 << 21 | 0b11))
        #expect(facts.seccomp == WorkloadFacts.SeccompMode.none)
        // One of them is not confined, so the workload is not.
        #expect(facts.confinement.isEmpty)
        #expect(Set(survey.processes(of: .unit("web.service")).keys) == [20, 21, 22])
        let report = NodeAuditReport.make(
            host: HostFacts(), rows: [NodeAudit.judge(facts, observed: nil)], form: .text)
        #expect(report.text.contains("most privileged: process 21, /usr/sbin/helper, user 33, CAP_SYS_ADMIN"))
    }

    @Test("What root's bounding set has, it can use; others' is no power")
    func held() throws {
        add(20, "a", executable: "/usr/sbin/a", cgroup: "0::/system.slice/a.service", uid: 33, bounding: 1 << 21)
        add(21, "b", executable: "/usr/sbin/b", cgroup: "0::/system.slice/b.service", bounding: 1 << 21)
        let workloads = survey().workloads
        #expect(workloads.first { $0.workload == .unit("a.service") }?.held == [])
        #expect(workloads.first { $0.workload == .unit("b.service") }?.held == .sysAdmin)
    }

    @Test("Every container of a workload is read, not only the first one")
    func containers() throws {
        files["\(Self.task)/\(Self.id)/config.json"] = Self.bundle()
        files["\(Self.task)/\(Self.secondID)/config.json"] = Self.bundle(
            #","mounts":[{"destination":"/host","source":"/etc","type":"bind","options":["rw"]}]"#)
        add(30, "nginx", executable: "/usr/sbin/nginx", cgroup: "0::/kubepods/podx/\(Self.id)")
        add(31, "nginx", executable: "/usr/sbin/nginx", cgroup: "0::/kubepods/pody/\(Self.secondID)")
        let survey = survey()
        let facts = try #require(survey.workloads.first { $0.workload.isContainer })
        #expect(facts.workload == .kubernetes(namespace: "shop", owner: "web", container: "nginx"))
        #expect(facts.containers == [Self.id, Self.secondID])
        #expect(facts.hostMounts.map(\.source) == ["/etc"])
        #expect(facts.image == "web:1")
    }

    @Test("What can't be read is said: processes, bundles, another /proc")
    func unread() throws {
        add(20, "web", executable: "/usr/sbin/web")
        files.links["/proc/20/exe"] = nil
        // A thread of the kernel's and one that has ended have no executable.
        files["/proc/2/stat"] = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 0\n"
        files["/proc/3/stat"] = "3 (gone) Z 1 3 3 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 0\n"
        #expect(survey().unread.count == 1)
        #expect(survey().unread.first?.contains("processes can't be looked at (20)") == true)
        add(30, "nginx", executable: "/usr/sbin/nginx", cgroup: "0::/kubepods/podx/\(Self.id)")
        #expect(survey().unread.last?.contains("containers ab12ab12ab12") == true)
        files.links["/proc/1/ns/pid"] = "pid:[4026532200]"
        #expect(survey().unread.contains { $0.contains("pid namespace of its own") })
    }

    @Test("A place without processes is no node", arguments: ["", "/host"])
    func nothing(hostRoot: String) {
        var options = NodeStateOptions()
        options.hostRoot = hostRoot
        let reader = NodeAuditReader(options, files: ScriptedFiles())
        #expect(
            reader.survey().unread
                == reader.survey().unread.filter { $0.hasPrefix("\(hostRoot)/proc has no processes") })
        #expect(reader.survey().unread.count == 1)
        #expect(reader.host().unread.count == 2)
        #expect(NodeAuditReport.make(host: reader.host(), rows: [], form: .text).status == .cannotWatch)
    }

    @Test("Without process 1 others are hidden")
    func hidden() {
        let files = ScriptedFiles()
        files.addProcess(40, command: "sh")
        let survey = NodeAuditReader(NodeStateOptions(), files: files).survey()
        #expect(survey.unread.first?.contains("process 1 is not seen") == true)
    }
}
