import Foundation
import Testing

/// What a container does first, where its runtime creates and starts it in one go: file rules must hold by then.
@Suite(
    .serialized,
    .enabled(
        if: Command.isRoot && LocalRuntime.program != nil && LocalRuntime.hasBusybox,
        "needs root, runc or crun, and a static busybox"))
struct EndToEndFirstActTests {
    private static let firstRead = """
        - rule: First read
          desc: A secret was read in a container.
          condition: evt.type in (open, openat) and evt.is_open_read=true and fd.name = /etc/shadow and container.id != host
          output: read %fd.name in %container.id
          priority: WARNING
        """

    /// Bundles `b1` to `bN` whose only program reads a secret, writes a program and ends.
    private static func makeBundles(
        _ directory: String, _ count: Int, _ runtime: String,
        program: String = "/bin/busybox cat /etc/shadow; echo x >/bin/y"
    ) throws {
        let made = try Command.shell(
            """
            set -e; cd \(directory); mkdir -p b1/rootfs/bin b1/rootfs/etc b1/rootfs/proc b1/rootfs/dev b1/rootfs/sys
            cp /usr/bin/busybox b1/rootfs/bin; echo x >b1/rootfs/etc/shadow; cd b1; \(runtime) spec
            python3 - <<'END'
            import json
            c = json.load(open('config.json'))
            c['process']['terminal'] = False
            c['process']['args'] = ['/bin/busybox', 'sh', '-c', '\(program)']
            c['root']['readonly'] = False
            json.dump(c, open('config.json', 'w'))
            END
            cd ..; for i in $(seq 2 \(count)); do cp -r b1 b$i; done
            """)
        try #require(made.status == 0, "\(made.output)")
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["ebpf", "audit", "proc"])
    func `the first act of each container is told, though it is created and started in one`(source: String) throws {
        let runtime = try #require(LocalRuntime.program)
        let count = 10
        try Command.withDirectory { directory in
            try Self.makeBundles(directory, count, runtime)
            let rules = """
                \(Self.firstRead)
                - rule: First write
                  desc: A program was written in a container.
                  condition: evt.type in (open, openat) and evt.is_open_write=true and fd.name startswith /bin/ and container.id != host
                  output: wrote %fd.name in %container.id
                  priority: WARNING
                """
            try rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(
                ["--source", source, "-r", "\(directory)/rules.yaml", "-o", "json_output=true"])
            defer { shrike.stop() }
            for index in 1...count {
                let id = String(format: "%064x", index + 0xabc)
                let run = try Command.shell("\(runtime) run --bundle \(directory)/b\(index) \(id)")
                try #require(run.status == 0, "\(run.output)")
            }
            for rule in ["First read", "First write"] {
                #expect(
                    shrike.waits(seconds: 20) { shrike.alerts.count { $0.rule == rule } == count },
                    "\(rule): \(shrike.alerts.count { $0.rule == rule }) of \(count)\n\(shrike.standardError)")
            }
        }
    }

    /// The sensor stands still while the container starts, as it may where nothing gets a processor.
    @Test(.timeLimit(.minutes(2)), arguments: ["audit", "fanotify"])
    func `a program that began before its container's files were watched is told of, and for how long`(
        source: String
    ) throws {
        let runtime = try #require(LocalRuntime.program)
        try Command.withDirectory { directory in
            try Self.makeBundles(
                directory, 1, runtime, program: "/bin/busybox cat /etc/shadow; /bin/busybox sleep 7.3")
            try Self.firstRead.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(
                [
                    "--source", source, "--source", "connector", "-r", "\(directory)/rules.yaml", "-o",
                    "json_output=true",
                ])
            defer { shrike.stop() }
            kill(shrike.pid, SIGSTOP)
            let id = String(format: "%064x", 0x123)
            let run = try Command.shell(
                """
                (\(runtime) run --bundle \(directory)/b1 \(id) >/dev/null 2>&1 &)
                for i in $(seq 100); do pgrep -f '[b]usybox sleep 7.3' >/dev/null && break; sleep 0.1; done
                sleep 0.2; kill -CONT \(shrike.pid)
                """)
            try #require(run.status == 0, "\(run.output)")
            let isTold = shrike.waits(seconds: 10) {
                shrike.alerts.contains { $0.output.contains("were not watched for the first ") }
            }
            #expect(isTold, "\(shrike.standardOutput)\(shrike.standardError)")
            _ = try Command.shell("\(runtime) delete --force \(id)")
            shrike.stop()
            #expect(
                shrike.standardError.contains(
                    "\(source): containers whose files were not watched from their program's beginning: 1"),
                "\(shrike.standardError)")
        }
    }

    /// As with containerd in a container: what the runtime calls by a name is nothing where Shrike looks.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [("ebpf", true), ("ebpf", false), ("audit", true), ("audit", false)])
    func `files of containers whose runtime has mounts of its own are seen by eBPF, and missed aloud by audit`(
        source: String, hidesBundle: Bool
    ) throws {
        let runtime = try #require(LocalRuntime.program)
        try Command.withDirectory { directory in
            try Self.makeBundles(directory, 1, runtime)
            try Self.firstRead.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(
                ["--source", source, "-r", "\(directory)/rules.yaml", "-o", "json_output=true"])
            defer { shrike.stop() }
            let id = String(format: "%064x", 0xdef)
            let place = hidesBundle ? "hidden" : "hidden/rootfs"
            let run = try Command.shell(
                """
                set -e; cd \(directory); mkdir hidden hidden/rootfs; \(hidesBundle ? "" : "cp b1/config.json hidden")
                unshare -m --propagation private sh -ec 'mount -t tmpfs tmpfs \(place); cp -r \(
                    hidesBundle ? "b1/." : "b1/rootfs/.") \(place)
                \(runtime) run --bundle \(directory)/hidden \(id)'
                """)
            try #require(run.status == 0, "\(run.output)")
            if source == "ebpf" {
                #expect(shrike.alert("First read") != nil, "\(shrike.standardError)")
            } else {
                let alert = shrike.alert("Shrike internal: audit blind")
                #expect(alert?.output.contains("are not watched") == true, "\(shrike.standardError)")
            }
        }
    }
}
