import Foundation
import Testing

/// Containers that live for a moment, and what their first act is.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndChurnTests {
    private static let programs = EndToEndServiceTests.repository.appendingPathComponent("Tests/containers").path
    private static let hasRuntime = ["/usr/sbin/runc", "/bin/busybox"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Ten containers a second, one of them an attacker: all is told, with its container, and nothing piles up. For how long the
    /// event thread stands still is a figure of the machine, and no test's.
    @Test(
        .enabled(if: hasRuntime, "runc or a static busybox is missing"), .timeLimit(.minutes(3)),
        arguments: [
            ["--seconds", "10"], ["--seconds", "6", "--named"], ["--seconds", "10", "--source", "ebpf"],
        ])
    func `every attack in containers that come and go is told`(_ options: [String]) throws {
        let done = try Command.run(
            "/usr/bin/env",
            ["python3", "\(Self.programs)/churn.py", "--shrike", ShrikeProcess.binary.path, "--longest-stall", "0"]
                + options)
        #expect(done.status == 0, "\(done.output)")
    }

    /// As a service manager starts a service: as the leader of a session, which is what shares the processors where there are groups
    /// of sessions. The command's own signals may be blocked, as they are for what threads of a test start.
    private static let ownSession = [
        "/usr/bin/env", "python3", "-c",
        """
        import signal, subprocess, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        sensor = subprocess.Popen(sys.argv[1:], start_new_session=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sensor.terminate())
        sys.exit(sensor.wait())
        """,
    ]

    /// A runtime may keep its state in a directory where everybody may make things, if its own is root's.
    @Test(
        .enabled(if: Pods.tool != nil, "SHRIKE_POD_TOOL is not set"), .timeLimit(.minutes(5)),
        arguments: [
            ("/run/shrike-test-pods", "audit"), ("/tmp/shrike-test-pods", "audit"), ("/run/shrike-test-pods", "ebpf"),
        ])
    func `both acts of a pod that ends at once are told, with the pod's name`(_ home: String, _ source: String) throws {
        setenv("POD_HOME", home, 1)
        defer {
            try? Pods.down()
            unsetenv("POD_HOME")
            _ = try? Command.shell(
                "sleep 0.5; grep -o ' \(home)[^ ]*' /proc/mounts | xargs -r umount -l; rm -rf \(home)")
        }
        try Pods.up()
        let warm = try Pods.run("warm", "--namespace", "shop")
        try Pods.remove(warm)
        let shrike = try ShrikeProcess(["--source", source, "-o", "json_output=true"], launcher: Self.ownSession)
        defer { shrike.stop() }
        let done = try Command.run("/usr/bin/env", ["python3", "\(Self.programs)/short_pods.py", home, "20", "2"])
        try #require(done.status == 0, "\(done.output)")
        let pods = done.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        try #require(pods.count == 20, "\(done.output)")
        let expected = Set(pods.flatMap { pod in ["/etc/shadow", "/bin/y"].map { "\(pod) \($0)" } })
        var missing = expected
        _ = shrike.waits(seconds: 10) {
            let told = shrike.alerts.filter { $0.text("k8s.ns.name") == "shop" }
            missing = expected.subtracting(
                told.map { "\($0.text("k8s.pod.name") ?? "") \($0.text("fd.name") ?? "")" })
            return missing.isEmpty
        }
        #expect(missing.isEmpty, "not told: \(missing.sorted())\n\(shrike.standardError)")
    }

    @Test func `the event thread goes before others, and nothing that it left behind does`() throws {
        let shrike = try ShrikeProcess([
            "--source", "audit", "-o", "http_output.enabled=true", "-o", "http_output.url=http://127.0.0.1:9/",
        ])
        defer { shrike.stop() }
        let own = try nice(of: "self")
        #expect(try nice(of: "\(shrike.pid)") == max(-20, own - 10))
        let children = try Command.shell("pgrep -P \(shrike.pid)").output.split(separator: "\n")
        #expect(!children.isEmpty)
        // The canary is one for a moment; it may have ended by now.
        let others = children.compactMap { try? nice(of: String($0)) }
        #expect(others.contains(own))
    }

    /// Field 19 of /proc/PID/stat (proc_pid_stat(5)).
    private func nice(of process: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return try #require(fields.count > 16 ? Int(fields[16]) : nil)
    }
}
