import EventModel
import TestNode
import Testing

@testable import NodeState

/// The event's own word of its program against what the table has.
@Suite struct ProgramTests {
    private func open(
        _ scene: StateScene, _ pid: Int32, at seconds: Double, _ command: String, _ executable: String,
        login: UInt32? = nil
    ) {
        scene.apply("openat", pid: pid) { event in
            event.timeNanoseconds = UInt64(seconds * 1_000_000_000)
            event.process.command = event.store(Array(command.utf8))
            event.process.executable = event.store(Array(executable.utf8))
            event.add(path: "/etc/shadow")
            event.result = 3
            if let login {
                event.process.loginUID = login
                event.process.known.insert(.loginUser)
            }
        }
    }

    private func shown(_ scene: StateScene) -> [String] {
        guard let process = scene.state.current.process else { return [] }
        return [
            text(process.command), text(process.executablePath), text(process.arguments).replacing("\0", with: " "),
        ]
    }

    @Test func `what a process did before its exec is not laid to the program that it became`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "sshd")
        scene.files.addProcess(60, parent: 50, command: "bash", ticks: 99_000)
        scene.exec(pid: 60, parent: 50, "/bin/bash", ["bash", "-c", "sudo -V </etc/shadow"])
        scene.seconds = 1001
        // The connector's word of the exec is quicker than audit's of the open.
        scene.files.addProcess(60, parent: 50, command: "sudo", arguments: ["sudo", "-V"], ticks: 99_000)
        scene.apply("execve", pid: 60, source: .processConnector)
        #expect(shown(scene) == ["sudo", "/usr/bin/sudo", "-V "])
        open(scene, 60, at: 1000.9, "bash", "/bin/bash")
        #expect(shown(scene) == ["bash", "/bin/bash", "-c sudo -V </etc/shadow "])
        // Its own word again for what comes after, and audit's word of the exec is the same exec.
        open(scene, 60, at: 1001.1, "sudo", "/usr/bin/sudo")
        #expect(shown(scene) == ["sudo", "/usr/bin/sudo", "-V "])
    }

    @Test func `what a fork did as its parent's program before its exec is that program's`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/sbin/runc", ["runc", "init"], command: "runc:[2:INIT]")
        scene.fork(60, to: 61, source: .processConnector)
        scene.seconds = 1001
        scene.apply("execve", pid: 61, source: .processConnector)
        scene.exec(pid: 61, parent: 60, "/bin/sh", ["sh"])
        open(scene, 61, at: 1000.5, "runc:[2:INIT]", "/usr/sbin/runc")
        #expect(shown(scene) == ["runc:[2:INIT]", "/usr/sbin/runc", "init "])
        open(scene, 61, at: 1001.5, "sh", "/bin/sh")
        #expect(shown(scene) == ["sh", "/bin/sh", ""])
    }

    @Test func `a parent is what it was when its child began, though it is another program by now`() {
        let scene = StateScene()
        scene.exec(pid: 50, parent: 1, "/bin/sh", ["sh", "./configure"])
        scene.seconds = 1001
        // (uname; date): a child of the shell, which becomes date. All is over when audit tells of uname.
        scene.fork(50, to: 60, source: .processConnector)
        scene.fork(60, to: 61, source: .processConnector)
        scene.apply("execve", pid: 61, source: .processConnector)
        scene.exit(61, source: .processConnector)
        // Other programs of the list run before that, and audit lags behind.
        scene.seconds += 0.25
        scene.apply("execve", pid: 60, source: .processConnector)
        scene.exit(60, source: .processConnector)
        func parent() -> [String] {
            guard let parent = scene.state.current.process.flatMap({ scene.state.parent(of: $0) }) else { return [] }
            return [text(parent.command), text(parent.executablePath), text(parent.arguments)]
        }
        scene.seconds -= 0.252
        scene.exec(pid: 61, parent: 60, "/bin/uname", ["uname", "-a"])
        #expect(parent() == ["sh", "/bin/sh", "./configure\0"])
        scene.seconds += 0.248
        #expect(parent() == ["sh", "/bin/sh", "./configure\0"])
        scene.exec(pid: 60, parent: 50, "/bin/date", ["date"])
        #expect(text(scene.state.current.process?.command ?? []) == "date")
        #expect(parent() == ["sh", "/bin/sh", "./configure\0"])
        // Once audit has told of it, too, it is that program to whatever comes.
        scene.fork(60, to: 62)
        scene.exec(pid: 62, parent: 60, "/bin/true", ["true"])
        #expect(parent() == ["date", "/bin/date", ""])
    }

    @Test func `a program that nothing is known of but the event has no other's arguments`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/bin/env", ["env", "x"])
        scene.seconds = 1001
        scene.exec(pid: 60, parent: 1, "/bin/cat", ["cat", "secret"])
        open(scene, 60, at: 1000.5, "odd", "/opt/odd")
        #expect(shown(scene) == ["odd", "/opt/odd", ""])
        open(scene, 60, at: 1001.5, "cat", "/bin/cat")
        #expect(shown(scene) == ["cat", "/bin/cat", "secret "])
    }

    @Test func `an exec that no event told of is known by the next event`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash", "-l"])
        open(scene, 60, at: 1002, "vim", "/usr/bin/vim")
        #expect(shown(scene) == ["vim", "/usr/bin/vim", ""])
        scene.fork(60, to: 61)
        scene.apply("chmod", pid: 61)
        #expect(scene.ancestry(61).prefix(2) == ["vim", "vim"])
    }

    @Test func `its arguments are read where it still runs`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "bash", ticks: 99_000)
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash", "-l"])
        scene.files.addProcess(60, command: "vim", arguments: ["vim", "/etc/shadow"], ticks: 99_000)
        open(scene, 60, at: 1002, "vim", "/usr/bin/vim")
        #expect(shown(scene) == ["vim", "/usr/bin/vim", "/etc/shadow "])
    }

    @Test func `a thread's own name is its event's, not its process's`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/bin/java", ["java", "-jar", "x"])
        open(scene, 60, at: 1001, "pool-1", "/usr/bin/java")
        #expect(shown(scene) == ["pool-1", "/usr/bin/java", "-jar x "])
        scene.fork(60, to: 61)
        scene.apply("chmod", pid: 61)
        #expect(scene.ancestry(61).dropFirst().first == "java")
    }

    @Test func `a process in a root directory of its own has not changed its program`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "named", arguments: ["named", "-g"], executable: "/srv/dns/bin/named")
        open(scene, 60, at: 1001, "named", "/bin/named")
        #expect(shown(scene) == ["named", "/bin/named", "-g "])
    }

    @Test func `another program with another login is another process`() {
        let scene = StateScene()
        scene.apply("execve", pid: 500) { event in
            event.process.command = event.store(Array("ls".utf8))
            event.process.executable = event.store(Array("/usr/bin/ls".utf8))
            event.process.arguments = event.store(Array("ls\0-l\0".utf8))
            event.process.loginUID = 1000
            event.process.known.insert(.loginUser)
        }
        open(scene, 500, at: 87_400, "evil", "/tmp/evil", login: .max)
        #expect(shown(scene) == ["evil", "/tmp/evil", ""])
        #expect(scene.state.current.process?.loginUID == .max)
        #expect(scene.state.counters.identityMismatches == 1)
    }

    @Test func `after an exec of which nothing can be read the parent's program is not shown`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash", "-c", "x"])
        scene.fork(60, to: 61, source: .processConnector)
        scene.apply("execve", pid: 61, source: .processConnector)
        #expect(shown(scene) == ["", "", ""])
    }
}
