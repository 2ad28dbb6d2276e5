import Foundation
import Testing

/// Rules and configuration that change while Shrike runs.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndReloadTests {
    private static func rule(_ name: String, _ file: String) -> String {
        """
        - rule: \(name)
          desc: A marker file was opened.
          condition: evt.type in (open, openat) and fd.name = \(file)
          output: "%fd.name"
          priority: WARNING

        """
    }

    /// Replaces a file as editors do: by a rename.
    private static func replace(_ path: String, _ text: String) throws {
        try text.write(toFile: "\(path).new", atomically: false, encoding: .utf8)
        guard rename("\(path).new", path) == 0 else { throw EndToEndError("rename \(path): \(errno)") }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a rule that is added works, a broken file changes nothing, and both are told`() throws {
        try Command.withDirectory { directory in
            let rules = "\(directory)/rules.yaml"
            for name in ["one", "two"] {
                try "x".write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
            }
            try Self.replace(rules, Self.rule("One read", "\(directory)/one"))
            let shrike = try ShrikeProcess(["-r", rules, "-o", "json_output=true"])
            defer { shrike.stop() }
            try Command.shell("cat \(directory)/one \(directory)/two")
            #expect(shrike.alert("One read") != nil)

            try Self.replace(
                rules, Self.rule("One read", "\(directory)/one") + Self.rule("Two read", "\(directory)/two"))
            #expect(shrike.alert("Shrike internal: configuration reloaded") != nil, "\(shrike.standardError)")
            try Command.shell("cat \(directory)/two")
            #expect(shrike.alert("Two read") != nil, "\(shrike.standardError)")

            try Self.replace(
                rules, "- rule: Broken\n  desc: x\n  condition: evt.tpye = open\n  output: x\n  priority: INFO\n")
            let rejected = try #require(shrike.alert("Shrike internal: configuration rejected"))
            #expect(rejected.output.contains("\(rules):3:14"), "\(rejected.output)")
            let before = shrike.alerts.count { $0.rule == "Two read" }
            try Command.shell("cat \(directory)/two")
            #expect(shrike.alert("Two read") { _ in shrike.isRunning } != nil)
            usleep(500_000)
            #expect(shrike.alerts.count { $0.rule == "Two read" } > before)
        }
    }

    /// Every way to name the files, seen from a directory of the user's.
    @Test(
        .timeLimit(.minutes(3)),
        arguments: [
            "-c DIR/named.yaml", "-c named.yaml", "-c ./relative.yaml", "-c DIR/relative.yaml", "-r DIR/rules.d/a.yaml",
            "-r rules.d/a.yaml", "-r rules.d", "-c named.yaml -r ../DIRNAME/rules.d/a.yaml",
        ])
    func `a sandboxed sensor reloads from wherever it was started`(_ start: String) throws {
        try Command.withDirectory { directory in
            let rules = "\(directory)/rules.d/a.yaml"
            try Command.shell("mkdir \(directory)/rules.d && touch \(directory)/audit.log")
            try Self.replace(rules, Self.rule("One read", "\(directory)/one"))
            try Self.replace("\(directory)/named.yaml", "rules_files: [\(directory)/rules.d]\n")
            try Self.replace("\(directory)/relative.yaml", "rules_files: [rules.d]\n")
            let name = directory.split(separator: "/").last.map(String.init) ?? ""
            let arguments = start.replacing("DIRNAME", with: name).replacing("DIR", with: directory)
            let shrike = try ShrikeProcess(command: [
                "/bin/sh", "-c",
                "cd \(directory) && exec \(ShrikeProcess.binary.path) run \(arguments) --source audit-log --beside "
                    + "-o shrike.audit_log.path=\(directory)/audit.log -o json_output=true",
            ])
            defer { shrike.stop() }
            try Self.replace(rules, Self.rule("Two read", "\(directory)/two"))
            #expect(shrike.alert("Shrike internal: configuration reloaded") != nil, "\(shrike.standardError)")
            #expect(!shrike.alerts.contains { $0.rule == "Shrike internal: system call refused" })
            #expect(!shrike.alerts.contains { $0.rule == "Shrike internal: configuration rejected" })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `the swapped link of a mounted ConfigMap is a change`() throws {
        try Command.withDirectory { directory in
            try "x".write(toFile: "\(directory)/one", atomically: false, encoding: .utf8)
            for version in ["1", "2"] {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/..\(version)", withIntermediateDirectories: true)
                let text = Self.rule("Version \(version)", "\(directory)/one")
                try text.write(toFile: "\(directory)/..\(version)/rules.yaml", atomically: false, encoding: .utf8)
            }
            try Command.shell("cd \(directory) && ln -s ..1 ..data && ln -s ..data/rules.yaml rules.yaml")
            let shrike = try ShrikeProcess(["-r", "\(directory)/rules.yaml", "-o", "json_output=true"])
            defer { shrike.stop() }
            try Command.shell("cat \(directory)/one")
            #expect(shrike.alert("Version 1") != nil)
            try Command.shell("cd \(directory) && ln -s ..2 ..tmp && mv -T ..tmp ..data")
            #expect(shrike.alert("Shrike internal: configuration reloaded") != nil, "\(shrike.standardError)")
            try Command.shell("cat \(directory)/one")
            #expect(shrike.alert("Version 2") != nil)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `50 reloads under load lose no event of a rule that is in all versions`() throws {
        try Command.withDirectory { directory in
            let rules = "\(directory)/rules.yaml"
            let opens = 2000
            let condition = "evt.type in (open, openat) and fd.name startswith \(directory)/m"
            func write(_ version: Int) throws {
                try Self.replace(
                    rules,
                    "- rule: Marker read\n  desc: x\n  condition: \(condition)\n  output: \"%fd.name\"\n  priority: WARNING\n"
                        + Self.rule("Version \(version)", "/nonexistent/\(version)"))
            }
            try write(0)
            try "x".write(toFile: "\(directory)/marker", atomically: false, encoding: .utf8)
            let shrike = try ShrikeProcess(["-r", rules, "-o", "json_output=true", "-o", "watch_config_files=false"])
            defer { shrike.stop() }
            let load = Process()
            load.executableURL = URL(fileURLWithPath: "/bin/sh")
            load.arguments = [
                "-c",
                "i=0; while [ $i -lt \(opens) ]; do read x < \(directory)/marker; i=$((i+1)); [ $((i%20)) = 0 ] && sleep 0.05; done; true",
            ]
            try load.run()
            for version in 1...50 {
                try write(version)
                kill(shrike.pid, SIGHUP)
                let isDone = shrike.waits(seconds: 10) {
                    shrike.alerts.count { $0.rule == "Shrike internal: configuration reloaded" } >= version
                }
                #expect(isDone, "reload \(version): \(shrike.standardError)")
            }
            load.waitUntilExit()
            _ = shrike.waits(seconds: 10) { shrike.alerts.count { $0.rule == "Marker read" } >= opens }
            #expect(shrike.alerts.count { $0.rule == "Marker read" } == opens)
        }
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: access("/dev/log", F_OK) != 0, "there is a syslog daemon"))
    func `syslog is turned on while it runs, and its daemon may be started anew`() throws {
        try Command.withDirectory { directory in
            try Self.replace("\(directory)/rules.yaml", Self.rule("One", "\(directory)/marker"))
            let file = "\(directory)/shrike.yaml"
            let base = "json_output: true\nstdout_output: {enabled: true}\nrules_files: [\(directory)/rules.yaml]\n"
            try base.write(toFile: file, atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(["-c", file])
            defer { shrike.stop() }
            let log = "\(directory)/received"
            func daemon() throws -> Process {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = [
                    "python3", "-c",
                    """
                    import os, socket, sys
                    if os.path.lexists("/dev/log"): os.unlink("/dev/log")
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    s.bind("/dev/log")
                    while True:
                        with open(sys.argv[1], "ab") as f: f.write(s.recv(65536) + b"\\n")
                    """, log,
                ]
                try process.run()
                #expect(shrike.waits(seconds: 5) { access("/dev/log", F_OK) == 0 })
                usleep(200_000)
                return process
            }
            func end(_ process: Process) {
                // Others are blocked in what Foundation starts.
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            func received() -> Int {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").count { $0.hasPrefix("<") && $0.contains("\"One\"") }
            }
            // A link to where a daemon would listen is there without one, too.
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/dev/log")
            var running = try daemon()
            defer {
                end(running)
                unlink("/dev/log")
                if let link { symlink(link, "/dev/log") }
            }
            try (base + "syslog_output: {enabled: true}\n").write(toFile: file, atomically: true, encoding: .utf8)
            try #require(
                shrike.alert("Shrike internal: configuration reloaded", within: 5) != nil, "\(shrike.standardError)")
            try Command.shell(": > \(directory)/marker")
            #expect(shrike.waits(seconds: 5) { received() >= 1 })
            end(running)
            unlink("/dev/log")
            running = try daemon()
            let before = received()
            try Command.shell(": < \(directory)/marker")
            #expect(shrike.waits(seconds: 5) { received() > before }, "\(shrike.standardError)")
        }
    }
}
