import AuditRecords
import EventModel
import LeastPrivilege
import Profiles
import Testing

@Suite("Calls that a profile lacks")
struct SeccompTrialTests {
    private func records(_ lines: [String]) -> [SeccompRecord] {
        var decoder = AuditDecoder(syscalls: SyscallTable([]), source: .auditLog)
        for line in lines { decoder.pushLine(Array(line.utf8).span) }
        var found: [SeccompRecord] = []
        while let record = decoder.nextSeccompRecord() { found.append(record) }
        return found
    }

    private func line(
        _ call: Int, code: String = "0x50001", exe: String = "/usr/sbin/nginx", arch: String = "c000003e",
        uid: Int = 33,
        pid: Int = 17
    ) -> String {
        "type=SECCOMP msg=audit(1795910400.530:7): auid=1 uid=\(uid) gid=33 ses=1 pid=\(pid) comm=\"nginx\" exe=\"\(exe)\" sig=0 "
            + "arch=\(arch) syscall=\(call) compat=0 ip=0x7f code=\(code)"
    }

    /// A trial of a workload whose user is 33.
    private func trial(_ lines: [String]) -> SeccompTrial {
        var scope = SeccompTrial.Scope()
        scope.users = [33]
        return trial(lines, scope)
    }

    private func trial(_ lines: [String], _ scope: SeccompTrial.Scope) -> SeccompTrial {
        var trial = SeccompTrial(scope)
        for record in records(lines) { trial.take(record) }
        return trial
    }

    private let profile = SeccompProfile(
        defaultAction: .errno, architectures: ["SCMP_ARCH_X86_64"],
        rules: [
            .init(names: ["accept4"], action: .allow), .init(names: ["sendfile"], action: .log),
            .init(names: ["write"], action: .allow),
        ])

    private func document() throws -> SeccompDocument { try SeccompDocument(json: Array(profile.json.utf8)) }

    @Test("Refused and logged calls become lines at their place, with who made them")
    func proposed() throws {
        let trial = trial([line(0), line(0), line(40, code: "0x7ffc0000"), line(1)])
        #expect(trial.violations.map(\.call) == ["read", "sendfile", "write"])
        #expect(trial.violations.map(\.count) == [2, 1, 1])
        #expect(trial.violations.map(\.isRefused) == [true, false, true])
        let proposal = trial.proposal(for: try document())
        #expect(proposal.added == ["read", "sendfile"] && proposal.remarks.isEmpty)
        let changed = try SeccompProfile(json: Array(proposal.json.utf8))
        #expect(changed.rules.map(\.names) == [["accept4"], ["read"], ["sendfile"], ["write"]])
        #expect(changed.allowed == ["accept4", "read", "sendfile", "write"])
        #expect(changed.rules[1].comment == "refused 2 times, last 2026-11-29, of /usr/sbin/nginx")
        #expect(changed.check().isEmpty)
        // Written as Shrike writes it.
        #expect(changed.json == proposal.json)
    }

    @Test("Other programs and other times are not the workload's")
    func scope() {
        var scope = SeccompTrial.Scope()
        scope.users = [33]
        scope.programs = ["/usr/sbin/nginx"]
        scope.since = 1_795_910_000_000_000_000
        #expect(trial([line(0, exe: "/bin/sh"), line(1)], scope).violations.map(\.call) == ["write"])
        scope.since += 1_000_000_000_000
        #expect(trial([line(1)], scope).violations.isEmpty)
        scope.since = 0
        scope.until = 1_795_910_000_000_000_000
        #expect(trial([line(1)], scope).violations.isEmpty)
    }

    @Test("What no line mends is said: calls of another ABI, and those without a name")
    func unmended() throws {
        let proposal = trial([line(11, arch: "40000003"), line(599), line(1023)]).proposal(for: try document())
        #expect(proposal.added.isEmpty)
        #expect(proposal.remarks.count == 3)
        #expect(proposal.remarks.contains { $0.contains("i386") && $0.contains("SCMP_ARCH_X86") })
        #expect(proposal.remarks.contains { $0.contains("#1023 has no name") })
        #expect(proposal.json == profile.json)
    }

    // MARK: Whose calls count

    @Test("Nothing is proposed of records that nobody can say whose they are")
    func unattributed() throws {
        let trial = trial([line(0), line(1), line(101, exe: "/usr/sbin/nginx", uid: 1000)], SeccompTrial.Scope())
        #expect(trial.violations.isEmpty)
        #expect(trial.unattributed.map(\.call) == ["ptrace", "read", "write"])
        let proposal = trial.proposal(for: try document())
        #expect(proposal.added.isEmpty && proposal.json == profile.json)
        #expect(proposal.remarks.count == 2)
        #expect(proposal.remarks.allSatisfy { $0.contains("not proposed") })
    }

    @Test("Another user's program of the same path adds nothing")
    func poisoned() throws {
        let trial = trial([line(0), line(101, uid: 1000), line(165, exe: "/tmp/x", uid: 1000)])
        #expect(trial.violations.map(\.call) == ["read"] && trial.unattributed.isEmpty)
        #expect(trial.proposal(for: try document()).added == ["read"])
    }

    @Test("Of a workload's processes those count that began before the record")
    func processes() throws {
        let time: UInt64 = 1_795_910_400_530_000_000
        var scope = SeccompTrial.Scope()
        scope.processes = [17: time - 1_000_000_000, 18: time + 60_000_000_000]
        let trial = trial([line(0, pid: 17), line(101, pid: 18), line(165, pid: 19)], scope)
        #expect(trial.violations.map(\.call) == ["read"])
        #expect(trial.unattributed.map(\.call) == ["mount", "ptrace"])
        let proposal = trial.proposal(for: try document())
        #expect(proposal.added == ["read"] && proposal.remarks.count == 2)
    }

    // MARK: What is there stays

    /// Parts of Docker's profile (moby, profiles/seccomp/default.json), with conditions that only the engine understands.
    private static let docker = #"""
        {
        	"defaultAction": "SCMP_ACT_ERRNO",
        	"defaultErrnoRet": 1,
        	"archMap": [ { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] } ],
        	"syscalls": [
        		{ "names": ["accept", "write"], "action": "SCMP_ACT_ALLOW" },
        		{ "names": ["personality"], "action": "SCMP_ACT_ALLOW",
        		  "args": [ { "index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_EQ" } ] },
        		{ "names": ["mount", "umount2", "bpf"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } },
        		{ "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [ { "index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" } ],
        		  "excludes": { "caps": ["CAP_SYS_ADMIN"] } },
        		{ "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": { "minKernel": "4.8" } },
        		{ "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "excludes": {} }
        	]
        }
        """#

    @Test("A call that the profile has with conditions, or refuses by name, is never allowed by a proposal")
    func conditions() throws {
        let document = try SeccompDocument(json: Array(Self.docker.utf8))
        // personality, mount, clone, ptrace, clone3 and, which it lacks, getpid.
        let proposal = trial([line(135), line(165), line(56), line(101), line(435), line(39)]).proposal(for: document)
        #expect(proposal.added == ["getpid"])
        #expect(proposal.remarks.count == 5)
        #expect(proposal.remarks.contains { $0.hasPrefix("mount ") && $0.contains("includes") })
        #expect(proposal.remarks.contains { $0.hasPrefix("personality ") && $0.contains("arguments") })
        #expect(proposal.remarks.contains { $0.hasPrefix("clone3 ") && $0.contains("SCMP_ACT_ERRNO") })
    }

    @Test("A proposal is the file with lines added, and every other byte as it was")
    func unchanged() throws {
        let document = try SeccompDocument(json: Array(Self.docker.utf8))
        let proposal = trial([line(39), line(0)]).proposal(for: document)
        let before = Self.docker.split(separator: "\n", omittingEmptySubsequences: false)
        var rest = before[...]
        var added = 0
        for line in proposal.json.split(separator: "\n", omittingEmptySubsequences: false) {
            // The last rule gets a comma.
            if line == rest.first || rest.first.map({ "\($0)," == line }) ?? false {
                rest = rest.dropFirst()
            } else {
                added += 1
            }
        }
        #expect(rest.isEmpty && added > 0, "\(proposal.json)")
        let changed = try SeccompDocument(json: Array(proposal.json.utf8)).profile
        #expect(changed.rules.prefix(6).elementsEqual(document.profile.rules))
        #expect(changed.rules.dropFirst(6).map(\.names) == [["getpid"], ["read"]])
    }

    @Test(
        "Names are taken out of rules that only log, whatever their form",
        arguments: [
            #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","sendfile","write"],"action":"SCMP_ACT_LOG"}]}"#,
            #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"action":"SCMP_ACT_LOG","comment":"a \"b\"","names":[ "sendfile" , "read" ]}]}"#,
            #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","comment":"x"},{"names":["sendfile"],"action":"SCMP_ACT_LOG"}]}"#,
            #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[ ]}"#,
        ])
    func logged(text: String) throws {
        let document = try SeccompDocument(json: Array(text.utf8))
        let proposal = trial([line(0), line(40)]).proposal(for: document)
        #expect(proposal.added == ["read", "sendfile"])
        let changed = try SeccompProfile(json: Array(proposal.json.utf8))
        #expect(changed.allowed == ["read", "sendfile"])
        #expect(changed.rules.filter { $0.action == .log }.allSatisfy { $0.names == ["write"] })
        #expect(changed.check().isEmpty)
    }

    @Test("A profile without a list of rules gets none")
    func without() throws {
        let text = #"{"defaultAction":"SCMP_ACT_ERRNO"}"#
        let proposal = trial([line(0)]).proposal(for: try SeccompDocument(json: Array(text.utf8)))
        #expect(proposal.json == text && proposal.added.isEmpty && proposal.remarks.count == 1)
    }
}
