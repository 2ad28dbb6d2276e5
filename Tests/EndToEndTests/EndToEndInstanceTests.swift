import Foundation
import Glibc
import Testing

/// One Shrike a node, and what it leaves behind when it is killed.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndInstanceTests {
    @Test(.timeLimit(.minutes(2)))
    func `a second one says who watches and ends with its own status, and the first goes on`() throws {
        let first = try ShrikeProcess(["--source", "audit", "-o", "json_output=true"])
        defer { first.stop() }
        let second = try ShrikeProcess.run(["run", "--source", "audit"])
        #expect(second.status == 5, "\(second.errors)")
        #expect(second.errors.contains("pid \(first.pid)"))
        #expect(second.errors.contains("--beside"))
        // What only reads is not affected.
        #expect(try ShrikeProcess.run(["rules", "list"]).status == 0)
        try Command.attack("memfd-exec", "/bin/true")
        #expect(first.alert("Program run from memory or a temporary directory") != nil)
        #expect(!first.standardOutput.contains("tampered"))
    }

    @Test(.timeLimit(.minutes(2)))
    func `one that waits takes over when the other ends`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.settledAuditState()
        let first = try ShrikeProcess(["--source", "audit", "-o", "json_output=true"])
        let second = try ShrikeProcess(
            ["run", "--source", "audit", "--wait", "60", "-o", "json_output=true"], waitUntilArmed: false)
        defer { second.stop() }
        #expect(second.errorLine(containing: "waits for the end of") != nil)
        first.stop()
        #expect(second.errorLine(containing: "armed", within: 30) != nil, "\(second.standardError)")
        let rule = "Program run from memory or a temporary directory"
        let alert = try second.alert(rule, of: { try Command.attack("memfd-exec", "/bin/true") }, where: { _ in true })
        #expect(alert != nil)
        #expect(!(first.standardOutput + second.standardOutput).contains("tampered"))
        second.stop()
        #expect(second.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
    }

    /// Opens a file each 20 ms.
    private static func beginMarkers(_ directory: String, _ count: Int) throws -> Process {
        let script = "for i in $(seq \(count)); do : <\(directory)/marker-$i; sleep 0.02; done"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "for i in $(seq \(count)); do echo >\(directory)/marker-$i; done; " + script]
        try process.run()
        return process
    }

    @Test(.timeLimit(.minutes(3)))
    func `while one takes over from another nothing is missed or told twice, and there is no alarm`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.auditState()
        try Command.withDirectory { directory in
            let rules = """
                - rule: Marker read
                  desc: A marker was read.
                  condition: evt.type in (open, openat) and evt.is_open_read=true and fd.name startswith \(directory)/marker-
                  output: read %fd.name
                  priority: WARNING
                """
            try rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let state = "shrike.state_directory=\(directory)/state"
            let arguments = [
                "run", "--source", "audit", "--wait", "60", "-r", "\(directory)/rules.yaml", "-o", "json_output=true",
                "-o", state,
            ]
            let count = 500
            var all = [try ShrikeProcess(arguments)]
            let markers = try Self.beginMarkers(directory, count)
            defer { markers.terminate() }
            // The third takes over from one that has taken over.
            for _ in 0..<2 {
                let next = try ShrikeProcess(arguments, waitUntilArmed: false)
                all.append(next)
                let current = all[all.count - 2]
                #expect(next.errorLine(containing: "waits for the end of", within: 20) != nil)
                let seen = current.alerts.count
                #expect(current.waits(seconds: 20) { current.alerts.count > seen + 20 }, "attacks go on")
                current.stop()
                #expect(next.errorLine(containing: "armed", within: 30) != nil, "\(next.standardError)")
            }
            markers.waitUntilExit()
            let last = try #require(all.last)
            #expect(
                last.waits(seconds: 20) {
                    last.alerts.contains { $0.text("fd.name") == "\(directory)/marker-\(count)" }
                })
            last.stop()
            let told = all.map { $0.alerts.filter { $0.rule == "Marker read" }.compactMap { $0.text("fd.name") } }
            #expect(told.allSatisfy { $0.count > 20 }, "each has watched")
            let names = (1...count).map { "\(directory)/marker-\($0)" }
            #expect(Set(names).subtracting(told.joined()).isEmpty, "missed")
            #expect(told.joined().count == count, "told twice")
            let own = Set(all.flatMap(\.alerts).map(\.rule).filter { $0.hasPrefix("Shrike internal") })
            #expect(own.isSubset(of: ["Shrike internal: stopping"]), "\(own)")
            #expect(last.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `where the one that waits is killed, the other puts everything back`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.auditState()
        let first = try ShrikeProcess(["--source", "audit"])
        let second = try ShrikeProcess(["run", "--source", "audit", "--wait", "60"], waitUntilArmed: false)
        #expect(second.errorLine(containing: "waits for the end of") != nil)
        kill(second.pid, SIGKILL)
        second.stop()
        first.stop()
        #expect(first.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
    }

    @Test(.timeLimit(.minutes(2)))
    func `one beside has rules of its own, and neither disturbs the other`() throws {
        let first = try ShrikeProcess(["--source", "audit", "-o", "json_output=true"])
        defer { first.stop() }
        let second = try ShrikeProcess(["run", "--beside", "--source", "audit", "-o", "json_output=true"])
        defer { second.stop() }
        // Longer than the time between two looks at the rules.
        sleep(20)
        try Command.attack("memfd-exec", "/bin/true")
        for shrike in [first, second] {
            #expect(shrike.alert("Program run from memory or a temporary directory") != nil)
            #expect(!shrike.standardOutput.contains("tampered"), "\(shrike.standardOutput)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `after a kill the audit rules and settings are as before`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.settledAuditState()
        let settings = try AuditSettings()
        defer { settings.restore() }
        let shrike = try ShrikeProcess(["--source", "audit"])
        #expect(try EndToEndLifecycleTests.auditState() != before)
        kill(shrike.pid, SIGKILL)
        #expect(shrike.waits(seconds: 30) { (try? EndToEndLifecycleTests.auditState()) == before })
        shrike.stop()
    }

    @Test(.timeLimit(.minutes(2)))
    func `where the guard was killed too, the next run or shrike restore puts everything back`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.settledAuditState()
        let settings = try AuditSettings()
        defer { settings.restore() }
        for restores in [true, false] {
            let shrike = try ShrikeProcess(["--source", "audit"])
            Self.killWithGuard(shrike)
            #expect(try EndToEndLifecycleTests.auditState() != before)
            if restores {
                #expect(try ShrikeProcess.run(["restore"]).status == 0)
            } else {
                try ShrikeProcess(["--source", "audit"]).stop()
            }
            #expect(shrike.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `what another one had in audit is put back at once where who takes over runs without audit`() throws {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.settledAuditState()
        let settings = try AuditSettings()
        defer { settings.restore() }
        let first = try ShrikeProcess(["--source", "audit"])
        let second = try ShrikeProcess(["run", "--wait", "60"], waitUntilArmed: false)
        defer { second.stop() }
        #expect(second.errorLine(containing: "waits for the end of") != nil)
        first.stop()
        #expect(second.errorLine(containing: "armed", within: 30) != nil, "\(second.standardError)")
        #expect(second.waits(seconds: 5) { (try? EndToEndLifecycleTests.auditState()) == before })
        #expect(second.isRunning)
    }

    @Test(.timeLimit(.minutes(2)))
    func `what a killed one and its killed guard left in audit is put back at once by one that runs without audit`()
        throws
    {
        try Command.shell("/sbin/auditctl -D -k shrike")
        let before = try EndToEndLifecycleTests.settledAuditState()
        let settings = try AuditSettings()
        defer { settings.restore() }
        let first = try ShrikeProcess(["--source", "audit"])
        Self.killWithGuard(first)
        #expect(try EndToEndLifecycleTests.auditState() != before)
        let second = try ShrikeProcess(["run", "--source", "proc"])
        defer { second.stop() }
        #expect(second.waits(seconds: 5) { (try? EndToEndLifecycleTests.auditState()) == before })
        #expect(second.isRunning)
    }

    /// Kills a process and those that it started, so that nobody puts anything back.
    private static func killWithGuard(_ shrike: ShrikeProcess) {
        let path = "/proc/\(shrike.pid)/task/\(shrike.pid)/children"
        let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for child in children.split(separator: " ").compactMap({ Int32($0) }) { kill(child, SIGKILL) }
        kill(shrike.pid, SIGKILL)
        shrike.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a file that may not grow is an error of its output, and the end is in order`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(
                command: [
                    "/bin/sh", "-c", "ulimit -f 1; exec \"$@\"", "sh", ShrikeProcess.binary.path, "--source", "audit",
                    "-o",
                    "json_output=true", "-o", "stdout_output.enabled=true", "-o", "file_output.enabled=true", "-o",
                    "file_output.filename=\(directory)/alerts",
                ])
            for _ in 0..<5 { try Command.attack("memfd-exec", "/bin/true") }
            #expect(shrike.errorLine(containing: "output file \(directory)/alerts") != nil, "\(shrike.standardError)")
            #expect(shrike.isRunning)
            #expect(shrike.stop() == 0)
        }
    }
}
