import Foundation
import Glibc
import Testing

extension ShrikeProcess {
    /// Whether the kernel has what eBPF takes. Where it has, programs that don't load are a failure.
    static let canUseBPF = Command.isRoot && access("/sys/kernel/btf/vmlinux", R_OK) == 0
}

/// The eBPF source alone, as a user runs it: `--source ebpf`.
@Suite(.serialized, .enabled(if: ShrikeProcess.canUseBPF, "needs root and a kernel with BTF"))
struct EndToEndBPFTests {
    /// The names of the eBPF programs in the kernel.
    private static func programs() throws -> [String] {
        let shown = try Command.shell("/usr/sbin/bpftool prog show")
        try #require(shown.status == 0, "\(shown.output)")
        return shown.output.split(separator: "\n").filter { $0.contains("name shrike_") }.map(String.init)
    }

    private static func rules(_ directory: String, _ condition: String) throws -> [String] {
        let path = "\(directory)/rules.yaml"
        try """
        - rule: Marker
          desc: x
          condition: evt.type in (open, openat, openat2, open_by_handle_at) and (\(condition))
          output: "file=%fd.name raw=%fd.nameraw program=%proc.name args=%proc.args"
          priority: WARNING
        """.write(toFile: path, atomically: false, encoding: .utf8)
        return ["-r", path, "-o", "json_output=true", "--source", "ebpf"]
    }

    @Test(.timeLimit(.minutes(2)))
    func `audit stays as it is, and nothing stays in the kernel, also after a kill`() throws {
        let audit = try EndToEndLifecycleTests.auditState()
        for signal in [SIGINT, SIGKILL] {
            let shrike = try ShrikeProcess(["--source", "ebpf", "-o", "json_output=true"])
            #expect(try !Self.programs().isEmpty)
            #expect(try EndToEndLifecycleTests.auditState() == audit)
            try Command.attack("memfd-exec", "/bin/true")
            #expect(shrike.alert("Program run from memory or a temporary directory") != nil)
            kill(shrike.pid, signal)
            #expect(shrike.waits(seconds: 20) { !shrike.isRunning })
            shrike.stop()
            #expect(shrike.waits(seconds: 10) { (try? Self.programs().isEmpty) == true })
            #expect(try EndToEndLifecycleTests.auditState() == audit)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `auto takes eBPF, with the look at processes beside it, and leaves audit alone`() throws {
        let audit = try EndToEndLifecycleTests.auditState()
        let shrike = try ShrikeProcess(["--source", "auto", "-o", "json_output=true"])
        defer { shrike.stop() }
        #expect(
            shrike.errorLine(containing: "watching with ebpf (system calls), scan (") != nil, "\(shrike.standardError)")
        try Command.attack("memfd-exec", "/bin/true")
        #expect(shrike.alert("Program run from memory or a temporary directory") != nil)
        #expect(try EndToEndLifecycleTests.auditState() == audit)
        // The built-in rules fit into the kernel's tables: nothing is to be said of them.
        #expect(!shrike.standardError.contains("ways to match"), "\(shrike.standardError)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `no name hides a file that a rule names`() throws {
        try Command.withDirectory { directory in
            let secret = "\(directory)/secret"
            try "x".write(toFile: secret, atomically: false, encoding: .utf8)
            let shrike = try ShrikeProcess(try Self.rules(directory, "fd.name = \(secret)"))
            defer { shrike.stop() }
            let ways = [
                ("plain", "cat \(secret)"), ("symbolic link", "ln -s \(secret) \(directory)/s; cat \(directory)/s"),
                ("hard link", "ln \(secret) \(directory)/h; cat \(directory)/h"),
                ("relative", "cd \(directory)/..; cat ./$(basename \(directory))/./secret"),
                ("through /proc", "cat /proc/self/root\(secret)"),
                ("directory's link", "ln -s \(directory) \(directory)/d; cat \(directory)/d/secret"),
                (
                    "bind mount",
                    "mkdir \(directory)/m; unshare -m sh -c 'mount --bind \(directory) \(directory)/m; cat \(directory)/m/secret'"
                ),
                ("openat2", "$A open openat2 \(secret)"), ("directory descriptor", "$A open dirfd \(secret)"),
            ]
            for (name, script) in ways {
                let before = shrike.alerts.count
                try Command.shell(script, environment: ["A": try Command.attacks.get()])
                #expect(shrike.waits(seconds: 5) { shrike.alerts.count > before }, "\(name)")
            }
            let last = shrike.alerts.count
            try Command.shell("touch \(directory)/other; cat \(directory)/other")
            usleep(500_000)
            #expect(shrike.alerts.count == last)
            #expect(shrike.alerts.allSatisfy { $0.output.contains("file=\(secret)") })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `what no rule can mean of a program stays in the kernel, and the next program is seen`() throws {
        try Command.withDirectory { directory in
            let (file, evil) = ("\(directory)/file", "\(directory)/evil")
            try "x".write(toFile: file, atomically: false, encoding: .utf8)
            try Command.shell("cp /bin/cat \(evil); chmod 755 \(evil)")
            let shrike = try ShrikeProcess(
                try Self.rules(directory, "fd.name startswith \(directory)/ and proc.exepath = \(evil)"))
            let script = """
                import os, time
                for number in range(5000):
                    os.close(os.open('\(file)', 0))
                    if number % 50 == 0: time.sleep(0.002)
                os.execv('\(evil)', ['evil', '\(file)'])
                """
            try script.write(toFile: "\(directory)/loop.py", atomically: false, encoding: .utf8)
            try Command.shell("python3 \(directory)/loop.py")
            #expect(shrike.waits(seconds: 5) { shrike.alerts.count == 1 })
            shrike.stop()
            let line = shrike.standardError.split(separator: "\n").first { $0.contains("Events examined: ") }
            let count = try #require(line?.split(separator: " ").last.flatMap { Int($0) })
            #expect(count < 2500)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a second one ends with its own status, and one beside sees the same`() throws {
        let first = try ShrikeProcess(["--source", "ebpf", "-o", "json_output=true"])
        defer { first.stop() }
        #expect(try ShrikeProcess.run(["run", "--source", "ebpf"]).status == 5)
        let second = try ShrikeProcess(["run", "--beside", "--source", "ebpf", "-o", "json_output=true"])
        defer { second.stop() }
        try Command.attack("memfd-exec", "/bin/true")
        for shrike in [first, second] {
            #expect(shrike.alert("Program run from memory or a temporary directory") != nil)
            #expect(!shrike.standardOutput.contains("tampered"), "\(shrike.standardOutput)")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a flood in one place hides no attack in another, and is told`() throws {
        try Command.withDirectory { directory in
            for name in ["flooded", "secret"] {
                try "x".write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
            }
            let shrike = try ShrikeProcess(
                // Told of, since the kernel filters by no descriptor's number, and no alert: the flood is of events.
                try Self.rules(
                    directory,
                    "fd.name = \(directory)/secret or fd.name = \(directory)/flooded and fd.num > 1000000"
                ))
            defer { shrike.stop() }
            let loop = "import os\nfor _ in range(1000000): os.close(os.open('\(directory)/flooded', 0))"
            let flood = Process()
            flood.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            flood.arguments = ["-m", "python3", "-c", loop]
            try flood.run()
            defer { flood.terminate() }
            usleep(1_500_000)
            let attack = try Command.shell("cat \(directory)/secret")
            #expect(attack.status == 0)
            #expect(shrike.alert("Marker", within: 60) { $0.output.contains("/secret") } != nil)
            flood.terminate()
            flood.waitUntilExit()
            #expect(
                shrike.alert("Shrike internal: ebpf events lost", within: 20) { $0.output.contains("held back") }
                    != nil,
                "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a reload follows other rules, and what both name is never missed`() throws {
        try Command.withDirectory { directory in
            for name in ["one", "two"] {
                try "x".write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
            }
            let shrike = try ShrikeProcess(try Self.rules(directory, "fd.name = \(directory)/one"))
            defer { shrike.stop() }
            try Command.shell("cat \(directory)/one \(directory)/two")
            #expect(shrike.alert("Marker") { $0.output.contains("/one") } != nil)
            _ = try Self.rules(directory, "fd.name in (\(directory)/one, \(directory)/two)")
            #expect(shrike.errorLine(containing: "reloaded", within: 20) != nil, "\(shrike.standardError)")
            try Command.shell("cat \(directory)/two")
            #expect(shrike.alert("Marker") { $0.output.contains("/two") } != nil)
        }
    }

    @Test(
        .timeLimit(.minutes(2)), .enabled(if: ShrikeProcess.isReleaseBinary, "a debug build compiles them for minutes"))
    func `ten thousand rules fit into the kernel's tables, and each kind of them matches`() throws {
        try Command.withDirectory { directory in
            let opens = "evt.type in (open, openat, openat2)"
            let kinds: [(Int) -> String] = [
                {
                    "\(opens) and evt.is_open_read = true and fd.name = \(directory)/file\($0) and not proc.name in (p\($0 % 50), q)"
                },
                { "\(opens) and evt.is_open_write = true and fd.name startswith \(directory)/dir\($0)/" },
                { "evt.type in (execve, execveat) and proc.name = tool\($0) and not proc.pname in (p\($0 % 20), q)" },
                { "evt.type = connect and fd.sport = \(1 + $0) and not proc.name = client\($0 % 100)" },
                { "evt.type in (unlink, unlinkat) and fs.path.name = \(directory)/gone\($0)" },
                { "evt.type in (execve, execveat) and proc.cmdline contains secret\($0)" },
            ]
            let path = "\(directory)/rules.yaml"
            try (0..<10_000).map { number in
                """
                - rule: Rule \(number)
                  desc: x
                  condition: \(kinds[number % kinds.count](number))
                  output: "program=%proc.name"
                  priority: WARNING
                """
            }.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
            try "x".write(toFile: "\(directory)/file9990", atomically: false, encoding: .utf8)
            let shrike = try ShrikeProcess(["-r", path, "-o", "json_output=true", "--source", "ebpf"])
            defer { shrike.stop() }
            try Command.shell(
                """
                cd \(directory); cat file9990; mkdir dir9991; echo x >dir9991/a; cp /bin/true tool9992; ./tool9992
                bash -c ': <>/dev/tcp/127.0.0.1/9994' 2>/dev/null; touch gone9994; rm gone9994; sh -c ': secret9995'
                """)
            for number in 9990...9995 {
                #expect(shrike.alert("Rule \(number)") != nil, "rule \(number): \(shrike.standardError)")
            }
        }
    }
}
