import Foundation
import Testing

/// What makes least privilege of profiles, programs and logs, as a user calls it.
@Suite struct EndToEndLeastPrivilegeTests {
    private static let times =
        "count: 3, windows: 3, runs: 1, first: 2026-11-20T00:00:00Z, last: 2026-11-28T00:00:00Z, phases: [steady]"

    /// A profile as it is kept, frozen, so that all of it is settled.
    private static func profile(_ workload: String, _ behaviours: [(String, [String])]) -> String {
        var text = """
            shrike_profile: 1
            workload: \(workload)
            frozen: true
            first_seen: 2026-11-20T00:00:00Z
            last_seen: 2026-11-28T00:00:00Z
            runs: 1
            days: 9
            windows: 900
            hours: []
            kinds: {}
            behaviours:

            """
        for (kind, texts) in behaviours {
            text += "  \(kind):\n" + texts.sorted().map { "    - {what: \"\($0)\", \(times)}\n" }.joined()
        }
        return text + "quarantined: {}\n"
    }

    private static let web = profile(
        "unit/web.service",
        [
            ("exec", ["/bin/true", "/opt/a%22,%20/%2A%2A%20rwx,"]), ("listen", ["tcp 80"]),
            ("connect", ["tcp 192.0.2.7:443"]),
            ("syscall", ["#1023", "read", "write"]), ("capability", ["CAP_NET_BIND_SERVICE"]), ("user", ["33"]),
        ])

    private let directory = NSTemporaryDirectory() + "shrike-privilege-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }

    private func run(_ arguments: String..., seconds: Double = 60) throws -> (
        status: Int32, output: String, errors: String
    ) {
        try ShrikeProcess.run(arguments, seconds: seconds)
    }

    private func write(_ text: String, _ name: String) throws -> String {
        try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        return "\(directory)/\(name)"
    }

    private func cleanUp() { try? FileManager.default.removeItem(atPath: directory) }

    // MARK: Profiles

    @Test func `profile seccomp makes a profile and tells of what it leaves out`() throws {
        defer { cleanUp() }
        let file = try write(Self.web, "web.yaml")
        let made = try run("profile", "seccomp", file)
        #expect(made.status == 0, "\(made.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any]
        #expect(object?["defaultAction"] as? String == "SCMP_ACT_ERRNO")
        #expect(object?["architectures"] as? [String] != nil)
        #expect(!made.output.contains("#1023") && made.errors.contains("#1023"))
        let trial = try run("profile", "seccomp", file, "--trial", "--possible", "deny")
        #expect(
            trial.status == 0 && trial.output.contains(#""SCMP_ACT_LOG""#)
                && trial.output.contains("SCMP_ARCH_X86\"") == isX86)
        let reasons = try run("profile", "seccomp", file, "--reasons")
        #expect(
            reasons.output.contains("seen 3 times, last 2026-11-28")
                && reasons.output.contains("possible, not seen: "))
    }

    private var isX86: Bool {
        #if arch(x86_64)
            true
        #else
            false
        #endif
    }

    @Test func `profile capabilities, rules, apparmor and podsecurity print documents alone`() throws {
        defer { cleanUp() }
        // By its name, from the directory that the configuration names.
        let profiles = "\(directory)/profiles"
        try FileManager.default.createDirectory(atPath: profiles, withIntermediateDirectories: true)
        _ = try write(Self.web, "profiles/unit=web.service.yaml")
        func make(_ kind: String) throws -> (status: Int32, output: String, errors: String) {
            try run("profile", kind, "unit/web.service", "-o", "shrike.learning.directory=\(profiles)")
        }
        let capabilities = try make("capabilities")
        #expect(capabilities.status == 0 && capabilities.output.contains("CapabilityBoundingSet=CAP_NET_BIND_SERVICE"))
        let rules = try make("rules")
        #expect(rules.status == 0)
        let checked = try run("rules", "check", try write(rules.output, "rules.yaml"))
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        let appArmor = try make("apparmor")
        #expect(
            appArmor.status == 0 && appArmor.output.contains(##"  "/opt/a\", /\*\* rwx," rmix,"##), "\(appArmor.output)"
        )
        let pod = try make("podsecurity")
        #expect(pod.status == 0 && pod.output.contains("port: 80\n") && pod.output.contains("cidr: \"192.0.2.7/32\""))
        let unknown = try run("profile", "rules", "unit/other.service", "-o", "shrike.learning.directory=\(profiles)")
        #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.errors.contains("there is no profile"))
    }

    @Test(arguments: ["seccomp", "capabilities", "rules", "apparmor", "podsecurity"])
    func `what is no profile is an error on standard error`(kind: String) throws {
        defer { cleanUp() }
        for (name, file) in [
            ("missing", "\(directory)/none.yaml"), ("broken", try write("a: [\u{1b}[31m", "broken.yaml")),
        ] {
            let result = try run("profile", kind, file)
            #expect(result.status == 1 && result.output.isEmpty, "\(name): \(result.output)")
            #expect(result.errors.hasPrefix("Error: ") && !result.errors.contains("\u{1b}"))
        }
    }

    // MARK: The node

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func `audit node says what it could not read, and fails`() throws {
        defer { cleanUp() }
        let wrong = try run("audit", "node", "--host-root", directory)
        #expect(wrong.status == 3)
        #expect(wrong.output.contains("not read  \(directory)/proc has no processes"))
        let profiles = "shrike.learning.directory=\(directory)/none"
        let nobody = try ShrikeProcess(
            ["audit", "node", "-o", profiles], waitUntilArmed: false,
            launcher: ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
        #expect(nobody.waits(seconds: 60) { !nobody.isRunning })
        #expect(nobody.stop() == 3)
        #expect(nobody.standardOutput.contains("processes can't be looked at"))
        // Into a file: it is one long line, of which a pipe's reader may have a part only when the program has ended.
        let file = "\(directory)/node.json"
        let root = try ShrikeProcess(
            command: [
                "/bin/sh", "-c", #"exec "$0" audit node --json -o "$1" > "$2""#, ShrikeProcess.binary.path, profiles,
                file,
            ], waitUntilArmed: false)
        #expect(root.waits(seconds: 60) { !root.isRunning })
        let status = root.stop()
        let json = try Data(contentsOf: URL(fileURLWithPath: file))
        let object = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        let node = try #require(object?["node"] as? [String: Any])
        let unread = try #require(node["unread"] as? [String])
        #expect((status == 3) == !unread.isEmpty, "\(unread)")
        let workloads = try #require(object?["workloads"] as? [[String: Any]])
        #expect(workloads.contains { ($0["most_privileged"] as? [String: Any])?["program"] != nil })
    }

    // MARK: Programs

    @Test func `audit calls lists the calls of a program`() throws {
        defer { cleanUp() }
        let found = try run("audit", "calls", "/bin/true")
        #expect(found.status == 0 && found.output.contains("exit_group ") && found.errors.isEmpty)
        let json = try run("audit", "calls", "--json", "/bin/true")
        #expect(json.output.hasPrefix(#"{"program":"/bin/true""#))
        let script = try write("#!/usr/bin/env sh\necho x\n", "script")
        let interpreted = try run("audit", "calls", script)
        #expect(interpreted.status == 0 && interpreted.output.contains("/usr/bin/env"), "\(interpreted.errors)")
    }

    @Test(
        arguments: [
            (["/tmp"], "a directory, expected a file"), (["/none"], "no such file"),
            (["/etc/passwd"], "not an ELF file"),
            (["/bin/true", "--library", "/none.so"], "no such file: /none.so"),
            (["/bin/true", "--library", "/tmp"], "a directory"),
            (["/bin/true", "--root", "/none"], "No such file or directory"), (["/none\u{1b}[31m"], "/none\\u001b[31m"),
        ] as [([String], String)])
    func `what can't be looked at is an error on standard error`(arguments: [String], message: String) throws {
        let result = try ShrikeProcess.run(["audit", "calls"] + arguments)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains(message) && !result.errors.contains("\u{1b}"), "\(result.errors)")
    }

    // MARK: Seccomp

    private static func record(_ call: Int, uid: Int = 33, exe: String = "\"/usr/sbin/nginx\"") -> String {
        "type=SECCOMP msg=audit(1795910400.530:7): auid=1 uid=\(uid) gid=33 ses=1 pid=999999 comm=\"nginx\" exe=\(exe) sig=0 "
            + "arch=c000003e syscall=\(call) compat=0 ip=0x7f code=0x7ffc0000\n"
    }

    private static let profile =
        #"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["write"], "action": "SCMP_ACT_ALLOW"}]}"#

    @Test func `audit seccomp counts and proposes what is the workload's`() throws {
        defer { cleanUp() }
        // The name of the second program is one with an escape sequence.
        let log = try write(
            Self.record(0) + Self.record(39) + Self.record(101, uid: 1000, exe: "2F746D702F1B5B33316D"), "audit.log")
        let profile = try write(Self.profile + "\n", "web.json")
        let all = try run("audit", "seccomp", log)
        #expect(all.status == 0 && all.output.contains("not known to be the workload's"))
        #expect(
            all.output.contains("ptrace: ") && all.output.contains("/tmp/\\u001b[31m") && !all.output.contains("\u{1b}")
        )
        let unproven = try run("audit", "seccomp", "--profile", profile, "--proposal", log)
        #expect(unproven.output == Self.profile && unproven.errors.contains("read was let pass"))
        let lacking = try run("audit", "seccomp", "--profile", profile, "--uid", "33", log)
        #expect(lacking.status == 1 && lacking.output.contains(#"+ {"names": ["getpid"]"#))
        #expect(!lacking.output.contains("ptrace"))
        let proposal = try run("audit", "seccomp", "--profile", profile, "--uid", "33", "--proposal", log)
        #expect(proposal.status == 0 && proposal.output.contains("getpid") && !proposal.output.contains("ptrace"))
        let again = try run("audit", "seccomp", "--profile", try write(proposal.output, "new.json"), "--uid", "33", log)
        #expect(again.status == 0, "\(again.output)\(again.errors)")
        let later = try run("audit", "seccomp", "--uid", "33", "--since", "2026-11-30", log)
        #expect(later.output == "no call was refused or told of")
        let gone = try run(
            "audit", "seccomp", "--profile", profile, "--workload", "unit/none.service", "--proposal", log)
        #expect(gone.output == Self.profile && gone.errors.contains("no process of unit/none.service runs"))
    }

    @Test func `a wrong log or profile is an error, not nothing found`() throws {
        defer { cleanUp() }
        let log = try write(Self.record(0), "audit.log")
        let cases = [
            [try write("hello\nworld\n", "text.log")], [try write("", "empty.log")], ["\(directory)/none.log"],
            [directory],
            ["--profile", "\(directory)/none.json", log], ["--profile", try write("{}", "empty.json"), log],
            ["--workload", "nginx", log],
        ]
        for arguments in cases {
            let result = try ShrikeProcess.run(["audit", "seccomp"] + arguments)
            #expect(result.status == 1 && result.output.isEmpty, "\(arguments): \(result.output)")
            #expect(result.errors.hasPrefix("Error: "), "\(arguments): \(result.errors)")
        }
        #expect(try run("audit", "seccomp", "--since", "yesterday", log).status == 2)
        #expect(try run("audit", "seccomp", "--since", "2026-02-31", log).status == 2)
    }
}
