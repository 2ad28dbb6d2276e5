import Foundation
import Testing

/// Where programs come from, on the real kernel: `proc.exe.origin` and its kin.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndOriginTests {
    private static let rule = """
        - rule: Marker read
          desc: A marker file was opened.
          condition: evt.type in (open, openat) and evt.is_open_read=true and fd.name contains "/marker-"
          output: file %fd.name read by %proc.exepath %proc.exe.origin %proc.pexe.origin %proc.aexe.origin[2]
          priority: WARNING
        - rule: Marker read by what is trusted
          desc: A marker file was opened by a program that is what its path says.
          condition: evt.type in (open, openat) and evt.is_open_read=true and fd.name contains "/marker-" and proc.exe.origin in (package, image)
          output: file %fd.name read by %proc.exepath
          priority: WARNING
        """

    private static func start(_ directory: String, _ source: String, launcher: [String] = []) throws -> ShrikeProcess {
        try rule.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        return try ShrikeProcess(
            ["--source", source, "-r", "\(directory)/rules.yaml", "-o", "json_output=true", "-o", "rule_matching=all"],
            launcher: launcher)
    }

    /// Expects that the program that read a marker is what the marker's name says.
    private static func expect(
        _ shrike: ShrikeProcess, _ marker: String, _ field: String = "proc.exe.origin", is origin: String?
    ) {
        let alert = shrike.alert("Marker read", within: 15) {
            $0.text("fd.name")?.hasSuffix("/marker-\(marker)") == true
        }
        #expect(
            alert != nil && alert?.text(field) == origin,
            "\(marker): \(alert?.text(field) ?? "no value"), \(shrike.standardError)\n\(shrike.standardOutput)")
        guard field == "proc.exe.origin", let origin else { return }
        let isTrusted = shrike.waits(seconds: origin == "package" || origin == "image" ? 5 : 0) {
            shrike.alerts.contains {
                $0.rule == "Marker read by what is trusted"
                    && $0.text("fd.name")?.hasSuffix("/marker-\(marker)") == true
            }
        }
        #expect(isTrusted == (origin == "package" || origin == "image"), "\(marker)")
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["ebpf", "audit", "audit,connector,scan"])
    func `a copy of a program is not the program, whatever it is called`(source: String) throws {
        try Command.withDirectory { directory in
            let temporary = "/tmp/shrike-origin-\(getpid())"
            defer { try? FileManager.default.removeItem(atPath: temporary) }
            let shrike = try Self.start(directory, source)
            defer { shrike.stop() }
            let run = try Command.shell(
                """
                set -e; cd \(directory); mkdir \(temporary)
                for name in package writable local memory gone namespace parent; do echo x >marker-$name; done
                /usr/bin/cat marker-package
                cp /usr/bin/cat \(temporary)/sshd; \(temporary)/sshd marker-writable
                cp /usr/bin/cat sshd; ./sshd marker-local
                python3 - <<'END'
                import os
                pid = os.fork()
                if not pid:
                    fd = os.memfd_create("sshd")
                    os.write(fd, open("/usr/bin/cat", "rb").read())
                    os.execve(fd, ["sshd", "marker-memory"], {})
                os.waitpid(pid, 0)
                pid = os.fork()
                if not pid:
                    fd = os.open("sshd", os.O_RDONLY)
                    os.unlink("sshd")
                    os.execve(fd, ["sshd", "marker-gone"], {})
                os.waitpid(pid, 0)
                END
                unshare --mount sh -c 'mount --bind \(temporary)/sshd /usr/bin/yes; /usr/bin/yes marker-namespace'
                cp /bin/sh \(temporary)/dash; \(temporary)/dash -c '/usr/bin/cat marker-parent; true'
                """)
            #expect(run.status == 0, "\(run.output)")
            Self.expect(shrike, "package", is: "package")
            Self.expect(shrike, "writable", is: "writable")
            Self.expect(shrike, "local", is: "local")
            Self.expect(shrike, "memory", is: "memory")
            if source == "ebpf" { Self.expect(shrike, "gone", is: "memory") }
            Self.expect(shrike, "namespace", is: "writable")
            Self.expect(shrike, "parent", is: "package")
            Self.expect(shrike, "parent", "proc.pexe.origin", is: "writable")
            Self.expect(shrike, "parent", "proc.aexe.origin[2]", is: "package")
            #expect(
                !shrike.alerts.contains {
                    $0.rule == "Marker read by what is trusted" && $0.text("fd.name")?.hasSuffix("gone") == true
                })
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["ebpf", "audit"])
    func `a package's file that was overwritten is not the package's any more`(source: String) throws {
        try Command.withDirectory { directory in
            // On a layer of its own, which only this mount namespace sees: the package's file stays what it is.
            let keeper = Process()
            keeper.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            keeper.arguments = [
                "--mount", "/bin/sh", "-c",
                """
                set -e; cd \(directory); mkdir layers; mount -t tmpfs none layers; mkdir layers/upper layers/work
                mount -t overlay -o lowerdir=/usr/bin,upperdir=layers/upper,workdir=layers/work none /usr/bin
                cp /usr/bin/cat layers/cat; cp layers/cat /usr/bin/yes; touch ready; exec sleep 100
                """,
            ]
            try keeper.run()
            defer {
                keeper.terminate()
                keeper.waitUntilExit()
            }
            try #require(
                MarkerScene.wait(10) { FileManager.default.fileExists(atPath: "\(directory)/ready") },
                "overlayfs could not be mounted")
            let enter = ["/usr/bin/nsenter", "--mount=/proc/\(keeper.processIdentifier)/ns/mnt"]
            let shrike = try Self.start(directory, source, launcher: enter)
            defer { shrike.stop() }
            let run = try Command.run(
                enter[0],
                [
                    enter[1], "/bin/sh", "-c",
                    "cd \(directory); echo x >marker-package; echo x >marker-replaced; yes marker-replaced; cat marker-package",
                ])
            #expect(run.status == 0, "\(run.output)")
            Self.expect(shrike, "replaced", is: "replaced")
            Self.expect(shrike, "package", is: "package")
        }
    }

    /// Installs a package whose script starts a program of its, which reads a marker every two seconds.
    private static func install(_ directory: String) throws {
        let installed = try Command.shell(
            """
            set -e; cd \(directory); mkdir -p deb/DEBIAN deb/usr/bin; echo x >marker-started; echo x >marker-later
            cp /bin/sh deb/usr/bin/shrike-origin-test
            printf '%s\\n' 'Package: shrike-origin-test' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <n@localhost>' \\
                'Description: a package of a test' >deb/DEBIAN/control
            cat >deb/DEBIAN/postinst <<'END'
            #!/bin/sh
            setsid /usr/bin/shrike-origin-test -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep 2; exec 3<\(directory)/marker-started; done' </dev/null >/dev/null 2>&1 &
            echo $! >\(directory)/pid
            END
            chmod 755 deb/DEBIAN/postinst; chmod -R go-w deb; dpkg-deb --root-owner-group --build deb test.deb; dpkg -i test.deb
            """)
        try #require(installed.status == 0, "\(installed.output)")
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/dpkg-deb"), "needs dpkg"),
        .timeLimit(.minutes(2)))
    func `a package that is installed while the node is watched is known, and what it started then`() throws {
        try Command.withDirectory { directory in
            let shrike = try Self.start(directory, "ebpf")
            defer {
                shrike.stop()
                _ = try? Command.shell("kill $(cat \(directory)/pid); dpkg --purge shrike-origin-test")
            }
            try Self.install(directory)
            let alert = shrike.alert("Marker read", within: 20) {
                $0.text("fd.name")?.hasSuffix("/marker-started") == true && $0.text("proc.exe.origin") == "package"
            }
            #expect(alert != nil, "\(shrike.standardError)\n\(shrike.standardOutput)")
            try Command.shell("/usr/bin/shrike-origin-test -c 'exec 3<\(directory)/marker-later; sleep 0.2'")
            Self.expect(shrike, "later", is: "package")
        }
    }

    @Test(
        .enabled(if: Pods.tool != nil, "needs SHRIKE_POD_TOOL"), .timeLimit(.minutes(3)), arguments: ["ebpf", "audit"])
    func `in a pod the image's programs are told from those that were dropped`(source: String) throws {
        try Command.withDirectory { directory in
            try Pods.up()
            defer { try? Pods.down() }
            let early = try Pods.run("early")
            let shrike = try Self.start(directory, source)
            defer { shrike.stop() }
            let late = try Pods.run("late")
            for pod in [early, late] {
                let name = pod.name
                try Pods.exec(
                    pod, "/bin/sh", "-c",
                    """
                    cd /tmp; echo x >marker-\(name)-image; echo x >marker-\(name)-container; sleep 0.2
                    /bin/cat marker-\(name)-image; cp /bin/cat /tmp/cat; /tmp/cat marker-\(name)-container; sleep 0.2
                    """)
                Self.expect(shrike, "\(name)-image", is: "image")
                Self.expect(shrike, "\(name)-container", is: "container")
            }
        }
    }

    @Test(
        .enabled(
            if: LocalRuntime.program != nil && LocalRuntime.hasBusybox, "needs runc or crun, and a static busybox"),
        .timeLimit(.minutes(2)))
    func `where a container's root has no layers the time of change tells`() throws {
        let runtime = try #require(LocalRuntime.program)
        try Command.withDirectory { directory in
            let script =
                "/bin/busybox cat /etc/marker-image; /bin/busybox cp /bin/busybox /etc/busybox; "
                + "/etc/busybox cat /etc/marker-container; /bin/busybox sleep 0.2"
            let made = try Command.shell(
                """
                set -e; cd \(directory); mkdir -p b/rootfs/bin b/rootfs/etc b/rootfs/proc b/rootfs/dev b/rootfs/sys
                cp /usr/bin/busybox b/rootfs/bin; cd b; echo x >rootfs/etc/marker-image; echo x >rootfs/etc/marker-container
                \(runtime) spec
                python3 - <<'END'
                import json
                c = json.load(open('config.json'))
                c['process']['terminal'] = False
                c['process']['args'] = ['/bin/busybox', 'sh', '-c', '\(script)']
                c['root']['readonly'] = False
                json.dump(c, open('config.json', 'w'))
                END
                """)
            try #require(made.status == 0, "\(made.output)")
            let shrike = try Self.start(directory, "ebpf")
            defer { shrike.stop() }
            let run = try Command.shell(
                "sleep 0.1; \(runtime) run --bundle \(directory)/b \(String(format: "%064x", 0x0419))")
            try #require(run.status == 0, "\(run.output)")
            Self.expect(shrike, "image", is: "image")
            Self.expect(shrike, "container", is: "container")
        }
    }
}
