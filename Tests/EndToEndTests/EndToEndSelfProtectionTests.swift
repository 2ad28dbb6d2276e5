import Foundation
import Testing

/// Attempts to blind the sensor, for real: each ends in an alert, at once or at the next start.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndSelfProtectionTests {
    private func start(_ directory: String, _ arguments: String...) throws -> ShrikeProcess {
        try ShrikeProcess(["-o", "json_output=true", "-o", "shrike.state_directory=\(directory)"] + arguments)
    }

    @Test(.timeLimit(.minutes(2)))
    func `after a kill the next start says from when to when nobody watched`() throws {
        try Command.withDirectory { directory in
            let first = try start(directory)
            #expect(first.alert("Shrike internal: not watched", within: 0.5) == nil)
            kill(first.pid, SIGKILL)
            first.stop()
            sleep(3)
            let second = try start(directory)
            let gap = try #require(second.alert("Shrike internal: not watched", within: 5), "\(second.standardOutput)")
            #expect(gap.priority == "Critical")
            let seconds = try #require(gap.number("seconds"))
            #expect((2...30).contains(seconds), "\(seconds)")
            #expect(second.stop() == 0)
            let third = try start(directory)
            defer { third.stop() }
            #expect(third.alert("Shrike internal: not watched", within: 5)?.priority == "Notice")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `stopped and continued, it says for how long and by whom`() throws {
        try Command.withDirectory { directory in
            let shrike = try start(directory)
            defer { shrike.stop() }
            usleep(300_000)
            kill(shrike.pid, SIGSTOP)
            sleep(2)
            kill(shrike.pid, SIGCONT)
            let alert = try #require(
                shrike.alert("Shrike internal: stood still", within: 5), "\(shrike.standardOutput)")
            #expect(alert.output.contains("by process \(getpid())"), "\(alert.output)")
            #expect((1...10).contains(try #require(alert.number("seconds"))))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a tracer is told of while it traces`() throws {
        try Command.withDirectory { directory in
            let shrike = try start(directory)
            defer { shrike.stop() }
            let tracer = Process()
            tracer.executableURL = URL(fileURLWithPath: try Command.attacks.get())
            tracer.arguments = ["trace", "\(shrike.pid)", "8"]
            try tracer.run()
            defer { tracer.waitUntilExit() }
            let alert = try #require(shrike.alert("Shrike internal: traced", within: 7), "\(shrike.standardOutput)")
            #expect(alert.number("pid") == Int(tracer.processIdentifier))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a program file, a spool and a record that are replaced are told of`() throws {
        try Command.withDirectory { directory in
            let program = "\(directory)/shrike"
            for (from, to) in [(ShrikeProcess.binary, program), (ShrikeProcess.forwarder, "\(program)-forward")] {
                try FileManager.default.copyItem(at: from, to: URL(fileURLWithPath: to))
            }
            let shrike = try ShrikeProcess(command: [
                program, "-o", "json_output=true", "-o", "stdout_output.enabled=true", "-o",
                "shrike.state_directory=\(directory)/state", "-o", "shrike.spool.path=\(directory)/spool/spool.db",
                "-o", "http_output.enabled=true", "-o", "http_output.url=http://127.0.0.1:9/",
            ])
            defer { shrike.stop() }
            sleep(3)
            #expect(shrike.alert("Shrike internal: file replaced", within: 0.1) == nil)
            for file in [program, "\(directory)/state/watching", "\(directory)/spool/spool.db"] {
                try Command.shell("cp \(file) \(file).new && mv \(file).new \(file)")
            }
            let end = Date().addingTimeInterval(8)
            var told: Set<String> = []
            while told.count < 3, Date() < end {
                told = Set(
                    shrike.alerts.filter { $0.rule == "Shrike internal: file replaced" }.compactMap { $0.text("file") })
                usleep(50_000)
            }
            #expect(told.count == 3, "\(told) \(shrike.standardError)")
            // What waits for the receiver that is away is in the file that the next start finds.
            let status = try Command.run(
                ShrikeProcess.binary.path,
                ["spool", "status", "--json", "-o", "shrike.spool.path=\(directory)/spool/spool.db"])
            let found = try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any]
            #expect((found?["alerts"] as? Int ?? 0) >= 3, "\(status.output)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `who ends it is told of`() throws {
        try Command.withDirectory { directory in
            let shrike = try start(directory)
            let killer = try Command.shell("echo $$; kill -TERM \(shrike.pid)").output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let alert = try #require(shrike.alert("Shrike internal: stopping", within: 5), "\(shrike.standardError)")
            #expect(alert.number("pid") == Int(killer))
            #expect(shrike.stop() == 0)
        }
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            ("socket", [Int(AF_INET), Int(SOCK_DGRAM.rawValue), 0]),
            ("connect", [0, 0, 0]),
            ("mmap", [0, 4096, Int(PROT_READ | PROT_EXEC)]), ("kill", [1, 0, 0]),
        ])
    func `code that runs in the sensor is refused what the sensor never does, and that is told`(
        _ name: String, _ arguments: [Int]
    ) throws {
        try Command.withDirectory { directory in
            let shrike = try start(directory)
            let attack = try Command.run(
                Command.attacks.get(), ["inject", "\(shrike.pid)", name] + arguments.map(String.init))
            #expect(attack.output == "result -1\n", "\(attack.output)")
            let alert = try #require(
                shrike.alert("Shrike internal: system call refused", within: 8), "\(shrike.standardError)")
            #expect(alert.text("syscall") == name)
            // Goes on as if nothing had been.
            try Command.attack("open", "openat", "/etc/shadow")
            #expect(shrike.alert("Sensitive file read by an untrusted program") != nil)
            kill(shrike.pid, SIGKILL)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `code that starts a program in the sensor ends it`() throws {
        try Command.withDirectory { directory in
            let shrike = try start(directory)
            let attack = try Command.attack("inject", "\(shrike.pid)", "execve", "0", "0", "0")
            #expect(attack.output == "ended by signal \(SIGSYS)\n")
            #expect(shrike.waits(seconds: 5) { !shrike.isRunning })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `with its launcher killed it goes on watching, says so, and the next start delivers`() throws {
        try Command.withDirectory { directory in
            var receiver = try Receiver(directory)
            let port = receiver.port
            receiver.stop()
            let options = [
                "-o", "stdout_output.enabled=true", "-o", "shrike.spool.path=\(directory)/spool/spool.db", "-o",
                "http_output.enabled=true", "-o", "http_output.url=http://127.0.0.1:\(port)/", "-o",
                "webserver.enabled=true",
                "-o", "webserver.listen_address=unix:\(directory)/health.sock",
            ]
            let shrike = try ShrikeProcess(["-o", "json_output=true"] + options)
            defer { shrike.stop() }
            #expect(shrike.waits(seconds: 3) { shrike.forwarderPID != nil })
            let launcher = try #require(shrike.launcherPID)
            let forwarder = try #require(shrike.forwarderPID)
            for pid in [launcher, forwarder] {
                let status = try Command.shell("cat /proc/\(pid)/status").output
                #expect(status.contains("NoNewPrivs:\t1"), "\(pid) \(status)")
            }
            try Command.shell("kill -9 \(launcher)")
            #expect(shrike.alert("Shrike internal: delivery ended", within: 5) != nil, "\(shrike.standardError)")
            #expect(shrike.waits(seconds: 3) { access("/proc/\(forwarder)", F_OK) != 0 })
            let health = try Command.shell(
                "curl -s -o /dev/null -w '%{http_code}' --unix-socket \(directory)/health.sock http://x/healthz"
            ).output
            #expect(health == "503")
            try Command.attack("open", "openat", "/etc/shadow")
            #expect(shrike.alert("Sensitive file read by an untrusted program") != nil)
            #expect(shrike.stop() == 0)
            receiver = try Receiver(directory, port: port)
            let next = try ShrikeProcess(["-o", "json_output=true"] + options)
            defer { next.stop() }
            let isDelivered = next.waits(seconds: 15) {
                receiver.requests.contains { $0.alerts.contains { $0.text("fd.name") == "/etc/shadow" } }
            }
            #expect(isDelivered, "\(next.standardError)")
        }
    }
}
