import Foundation
import Testing

/// Starting, stopping and living beside others: what Shrike changes in the kernel is put back.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndLifecycleTests {
    /// The audit settings that Shrike may change while it runs.
    static func auditState() throws -> String {
        let status = try Command.shell(
            "/sbin/auditctl -s | grep -E '^(enabled|pid|backlog_limit|backlog_wait_time|failure) '")
        let rules = try Command.shell("/sbin/auditctl -l")
        return status.output + rules.output
    }

    /// The same when nobody changes it any more: what the Shrike of the test before left to do, a process does that outlives it.
    static func settledAuditState() throws -> String {
        var (state, since) = (try auditState(), Date())
        while Date().timeIntervalSince(since) < 1 {
            usleep(100_000)
            let now = try auditState()
            if now != state { (state, since) = (now, Date()) }
        }
        return state
    }

    @Test(.timeLimit(.minutes(2)))
    func `Ctrl-C puts the audit rules and settings back and prints the counts`() throws {
        // A run that was killed leaves its rules, and Shrike takes those back too.
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try Self.settledAuditState()
        let shrike = try ShrikeProcess(["-o", "json_output=true"])
        let during = try Self.auditState()
        #expect(during != before)
        try Command.attack("open", "openat", "/etc/shadow")
        _ = shrike.alerts
        usleep(500_000)
        #expect(shrike.stop() == 0)
        // The kernel takes some 15 ms for each rule; what is not done when Shrike ends, a process does that outlives it.
        #expect(shrike.waits(seconds: 20) { (try? Self.auditState()) == before })
        let all = shrike.standardOutput + shrike.standardError
        #expect(all.contains("Events detected:"))
        #expect(all.contains("Triggered rules by rule name:"))
    }

    @Test(.timeLimit(.minutes(2)))
    func `a foreign rule is left alone and a deleted rule of ours comes back with an alert`() throws {
        try Command.shell("/sbin/auditctl -a always,exit -F arch=b64 -S acct -k foreign")
        defer { _ = try? Command.shell("/sbin/auditctl -d always,exit -F arch=b64 -S acct -k foreign") }
        let shrike = try ShrikeProcess(["-o", "json_output=true"])
        defer { shrike.stop() }
        let rules = try Command.shell("/sbin/auditctl -l").output
        #expect(rules.contains("foreign"))
        let ours = rules.split(separator: "\n").filter { $0.contains("shrike") }.count
        #expect(ours > 0)
        try Command.shell("/sbin/auditctl -D -k shrike")
        #expect(shrike.alert("Shrike internal: audit tampered", within: 15) != nil, "\(shrike.standardOutput)")
        usleep(500_000)
        let after = try Command.shell("/sbin/auditctl -l").output
        #expect(after.contains("foreign"))
        #expect(after.split(separator: "\n").filter { $0.contains("shrike") }.count == ours)
    }

    @Test(.timeLimit(.minutes(2)))
    func `beside a running auditd it listens by multicast and leaves auditd its ownership`() throws {
        try Command.withDirectory { directory in
            try """
            log_file = \(directory)/audit.log
            log_format = RAW
            write_logs = yes
            local_events = yes
            flush = NONE
            space_left = 75
            space_left_action = SYSLOG
            admin_space_left = 50
            admin_space_left_action = SYSLOG
            disk_full_action = SYSLOG
            disk_error_action = SYSLOG
            """.write(toFile: "\(directory)/auditd.conf", atomically: true, encoding: .utf8)
            let before = try Self.settledAuditState()
            let auditd = Process()
            auditd.executableURL = URL(fileURLWithPath: "/sbin/auditd")
            auditd.arguments = ["-n", "-c", directory]
            auditd.standardOutput = FileHandle.nullDevice
            auditd.standardError = FileHandle.nullDevice
            try auditd.run()
            defer {
                auditd.terminate()
                // auditd asks the kernel who sent the signal before it ends, and may wait for the answer for ever.
                usleep(500_000)
                kill(auditd.processIdentifier, SIGKILL)
                auditd.waitUntilExit()
                _ = try? Command.shell(
                    "/sbin/auditctl -D; /sbin/auditctl -e 0; /sbin/auditctl -b 64; /sbin/auditctl --backlog_wait_time 15000"
                )
            }
            usleep(700_000)
            let owner = try Command.shell("/sbin/auditctl -s | grep ^pid").output
            try #require(owner.contains("\(auditd.processIdentifier)"), "auditd did not start: \(owner) \(before)")
            let shrike = try ShrikeProcess(["-o", "json_output=true"])
            #expect(shrike.standardError.contains("beside pid \(auditd.processIdentifier)"))
            #expect(try Command.shell("/sbin/auditctl -s | grep ^pid").output == owner)
            try Command.attack("memfd-exec", "/bin/true")
            let alert = shrike.alert("Program run from memory or a temporary directory", within: 10)
            #expect(alert != nil, "\(shrike.standardError)")
            shrike.stop()
            #expect(try Command.shell("/sbin/auditctl -s | grep ^pid").output == owner)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `without root it says what is missing and exits with the documented code`() throws {
        let result = try Command.run(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", ShrikeProcess.binary.path,
            ])
        #expect(result.status == 3)
        #expect(result.output.contains("root") || result.output.contains("CAP_"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `without proc no command is taken for the one that watches`() throws {
        let script = "mount -t tmpfs none /proc && exec timeout -s KILL 20 \(ShrikeProcess.binary.path) --version"
        let result = try Command.run("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", script])
        #expect(result.status == 2, "\(result.output)")
        #expect(result.output.contains("/proc is not mounted"))
    }
}
