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
        let before = try EndToEndLifecycleTests.auditState()
        let first = try ShrikeProcess(["--source", "audit", "-o", "json_output=true"])
        let second = try ShrikeProcess(
            ["run", "--source", "audit", "--wait", "60", "-o", "json_output=true"], waitUntilArmed: false)
        defer { second.stop() }
        #expect(second.errorLine(containing: "waits for the end of") != nil)
        first.stop()
        #expect(second.errorLine(containing: "armed", within: 30) != nil, "\(second.standardError)")
        try Command.attack("memfd-exec", "/bin/true")
        #expect(second.alert("Program run from memory or a temporary directory") != nil)
        #expect(!(first.standardOutput + second.standardOutput).contains("tampered"))
        second.stop()
        #expect(second.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
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
        let before = try EndToEndLifecycleTests.auditState()
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
        let before = try EndToEndLifecycleTests.auditState()
        let settings = try AuditSettings()
        defer { settings.restore() }
        for restores in [true, false] {
            let shrike = try ShrikeProcess(["--source", "audit"])
            let children = try String(
                contentsOfFile: "/proc/\(shrike.pid)/task/\(shrike.pid)/children", encoding: .utf8)
            for child in children.split(separator: " ").compactMap({ Int32($0) }) { kill(child, SIGKILL) }
            kill(shrike.pid, SIGKILL)
            shrike.stop()
            #expect(try EndToEndLifecycleTests.auditState() != before)
            if restores {
                #expect(try ShrikeProcess.run(["restore"]).status == 0)
            } else {
                try ShrikeProcess(["--source", "audit"]).stop()
            }
            #expect(shrike.waits(seconds: 20) { (try? EndToEndLifecycleTests.auditState()) == before })
        }
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
