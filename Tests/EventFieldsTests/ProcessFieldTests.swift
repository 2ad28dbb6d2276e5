import EventModel
import NodeState
import TestNode
import Testing

@Suite struct ProcessFieldTests {
    @Test(
        arguments: [
            ("proc.name", "cat"), ("proc.exe", "cat"), ("proc.exepath", "/usr/bin/cat"),
            ("proc.args", "/etc/shadow -n"),
            ("proc.args[0]", "/etc/shadow"), ("proc.args[1]", "-n"), ("proc.args[2]", ""),
            ("proc.cmdline", "cat /etc/shadow -n"),
            ("proc.exeline", "cat /etc/shadow -n"), ("proc.cmdnargs", "2"), ("proc.cmdlenargs", "13"),
            ("proc.cwd", "/home/user/"),
            ("proc.pname", "bash"), ("proc.pexe", "-bash"), ("proc.pexepath", "/usr/bin/bash"),
            ("proc.pcmdline", "bash"),
            ("proc.pid", "800"), ("proc.ppid", "700"), ("proc.vpid", "800"), ("proc.pvpid", "700"),
            ("proc.tty", "34816"),
            ("proc.env", "HOME=/root LANG=C"), ("proc.env[HOME]", "/root"), ("proc.env[NONE]", ""),
            ("proc.env[HO]", ""),
            ("proc.aname[0]", "cat"), ("proc.aname[1]", "bash"), ("proc.aname[2]", "sshd"),
            ("proc.aname[3]", "systemd"),
            ("proc.aname", "(bash,sshd,systemd)"), ("proc.apid[2]", "500"), ("proc.apid", "(700,500,1)"),
            ("proc.aexe[2]", "/usr/sbin/sshd"), ("proc.aexepath[1]", "/usr/bin/bash"), ("proc.acmdline[2]", "sshd -D"),
            ("proc.aargs[2]", "-D"), ("proc.aargs", " -D "), ("proc.aenv[HOME]", "/root"),
            ("proc.aenv[1]", "HOME=/root LANG=C"),
            ("proc.loginshellid", "700"), ("proc.sid", "800"), ("proc.pgid", "800"), ("proc.vpgid", "800"),
            ("proc.sname", "cat"), ("proc.vpgid.name", "cat"), ("proc.pgid.exepath", "/usr/bin/cat"),
            ("proc.is_sid_leader", "true"), ("proc.is_vpgid_leader", "true"), ("proc.is_pgid_leader", "true"),
            ("proc.duration", "10000000000"), ("proc.pid.ts", "990000000000"), ("proc.ppid.duration", "997000000000"),
            ("proc.is_exe_from_memfd", "false"), ("proc.is_exe_upper_layer", "false"), ("proc.nthreads", "3"),
            ("proc.nchilds", "2"), ("proc.vmsize", "3060"), ("proc.vmswap", "12"), ("thread.pfmajor", "7"),
            ("thread.tid", "800"), ("thread.ismain", "true"), ("thread.vtid", "800"),
            ("thread.cap_effective", "CAP_CHOWN CAP_DAC_OVERRIDE"), ("thread.cap_inheritable", ""),
            ("thread.cgroups", "cpuset=/ cpu=/ cpuacct=/ io=/ memory=/"), ("thread.cgroup.memory", "/"),
            ("user.uid", "1001"), ("user.name", "user"), ("user.homedir", "/home/user"), ("user.shell", "/bin/zsh"),
            ("user.puid", "1001"), ("proc.tree.loginuid", "-1"), ("user.loginuid", "-1"), ("user.loginname", "<NA>"),
            ("group.gid", "101"), ("group.name", "users"),
        ] as [(String, String)])
    func `attribute of a process`(field: String, expected: String) {
        let scene = FieldScene()
        scene.apply("unlink")
        #expect(scene[field] == expected)
    }

    @Test(arguments: [
        "proc.name", "proc.args", "proc.aname", "proc.aname[1]", "proc.pname", "proc.tty", "user.name", "user.uid",
        "group.gid", "container.id", "thread.tid", "thread.cap_effective", "fd.num", "proc.duration", "k8s.pod.name",
        "proc.is_exe_from_memfd", "fd.name", "proc.stdin.type",
    ])
    func `everything of an unknown process is missing`(field: String) {
        let scene = FieldScene()
        scene.apply("procexit", pid: 4444)
        #expect(scene[field] == nil)
    }

    @Test func `chains end`() {
        let scene = FieldScene()
        scene.apply("unlink")
        #expect(scene["proc.aname[4]"] == nil)
        #expect(scene["proc.aenv[NONE]"] == nil)
        scene.apply("unlink", pid: 1)
        #expect(scene["proc.pname"] == nil)
        #expect(scene["proc.aname"] == nil)
        #expect(scene["proc.loginshellid"] == nil)
        #expect(scene["proc.ppid"] == "0")
    }

    @Test func `a process in a pid namespace has ids of its own`() {
        let scene = FieldScene()
        scene.files.addProcess(900, parent: 700, command: "nginx", ticks: 400, namespaceIDs: [900, 1])
        scene.apply("unlink", pid: 900)
        #expect(scene["proc.vpid"] == "1")
        #expect(scene["thread.vtid"] == "1")
        #expect(scene["proc.pid"] == "900")
    }

    @Test func `a program from memory`() {
        let scene = FieldScene()
        scene.files.addProcess(900, parent: 700, command: "3", ticks: 400, executable: "/memfd:evil (deleted)")
        scene.apply("execve", pid: 900)
        #expect(scene["proc.is_exe_from_memfd"] == "true")
        #expect(scene["proc.exepath"]?.hasPrefix("memfd:evil") == true)
        #expect(scene["evt.arg.flags"] == "EXE_FROM_MEMFD")
    }

    @Test(
        arguments: [
            ("proc.exe.origin", "package"), ("proc.pexe.origin", "local"), ("proc.aexe.origin[0]", "package"),
            ("proc.aexe.origin[2]", "replaced"), ("proc.aexe.origin", "(local,replaced,writable)"),
            ("proc.aexe.origin[4]", nil), ("proc.aexe", "(-bash,/usr/sbin/sshd,systemd)"),
            ("proc.exepath.trusted", "/usr/bin/cat"), ("proc.pexepath.trusted", nil),
            ("proc.aexepath.trusted[0]", "/usr/bin/cat"), ("proc.aexepath.trusted[2]", nil),
            ("proc.aexepath.trusted", nil), ("proc.aexepath", "(/usr/bin/bash,/usr/bin/sshd,/usr/bin/systemd)"),
        ] as [(String, String?)])
    func `where programs come from`(field: String, expected: String?) {
        let scene = FieldScene()
        scene.files.addPackage("base", ["/usr/bin/cat", "/usr/bin/sshd"], written: 100)
        for (pid, path, changed) in [
            (800, "/usr/bin/cat", 10), (700, "/usr/bin/bash", 10), (500, "/usr/bin/sshd", 10_000),
        ] as [(Int32, String, UInt64)] {
            scene.files.statuses["/proc/\(pid)/exe"] = scene.files.addProgram(path, changed: changed)
        }
        scene.state.want(ProcessDetails(field: "proc.exe.origin"), files: [])
        for _ in 0..<2 { scene.state.tick(nowNanoseconds: 1_000_000_000_000) }
        scene.apply("unlink")
        #expect(scene[field] == expected)
    }

    @Test func `ids that have no account`() {
        let scene = FieldScene()
        scene.files["/etc/passwd"] = ""
        scene.files["/etc/group"] = ""
        scene.apply("setuid", registers: [0]) {
            $0.process.known = [.userIDs, .groupIDs, .loginUser]
            $0.process.loginUID = 1234
        }
        #expect(scene["user.uid"] == "0")
        #expect(scene["user.name"] == "root")
        #expect(scene["user.homedir"] == "/root")
        #expect(scene["user.shell"] == "<NA>")
        #expect(scene["group.name"] == "root")
        #expect(scene["user.loginuid"] == "1234")
        #expect(scene["user.loginname"] == "<NA>")
    }

    @Test func `the event's own names of accounts come first`() {
        let scene = FieldScene()
        scene.apply("setuid", registers: [1001]) {
            $0.process.known = [.userIDs, .groupIDs, .loginUser]
            ($0.process.effectiveUID, $0.process.effectiveGID, $0.process.loginUID) = (1001, 101, 1002)
            $0.process.userName = $0.store(Array("carol".utf8))
            $0.process.loginUserName = $0.store(Array("dave".utf8))
            $0.process.groupName = $0.store(Array("ops".utf8))
        }
        #expect(scene["user.name"] == "carol")
        #expect(scene["user.loginname"] == "dave")
        #expect(scene["group.name"] == "ops")
        // They are not kept for events that don't say them.
        scene.apply("unlink")
        #expect(scene["user.name"] == "user")
        #expect(scene["group.name"] == "users")
    }

    @Test(
        arguments: [
            ("12:cpu,cpuacct:/a\n11:memory:/b\n0::/c\n", "cpu=/a cpuacct=/a memory=/b cpuset=/c io=/c"),
            ("1:name=systemd:/init.scope\n", "name=systemd=/init.scope"), ("", ""),
            ("garbage\n\n::\n", "cpuset= cpu= cpuacct= io= memory="),
        ] as [(String, String)])
    func `control groups`(lines: String, expected: String) {
        let scene = FieldScene()
        scene.files.addProcess(900, parent: 700, command: "x", ticks: 400, cgroup: lines)
        scene.apply("unlink", pid: 900)
        #expect(scene["thread.cgroups"] == expected)
    }

    /// A log of another machine: /proc tells nothing, and what only it can tell is missing, not made up.
    @Test(
        arguments: [
            ("proc.name", "curl"), ("proc.args", "-s"), ("container.id", nil), ("container.name", nil),
            ("container.image", nil),
            ("container.privileged", nil), ("proc.sid", nil), ("proc.vpgid", nil), ("proc.is_vpgid_leader", nil),
            ("proc.vpid", nil), ("proc.vmsize", nil), ("proc.exe_ino", nil), ("proc.duration", nil),
            ("user.name", "root"),
            ("evt.arg.uid", "root"), ("evt.arg.vm_size", "<NA>"), ("evt.arg.fdlimit", "-1"),
        ] as [(String, String?)])
    func `what only this machine's files tell is missing in a replay`(field: String, expected: String?) {
        let state = NodeState(files: NoFiles())
        let scene = FieldScene(state: state)
        scene.apply("execve", pid: 4242, paths: ["/usr/bin/curl"]) { event in
            event.process.known = [.parent, .userIDs, .groupIDs]
            event.process.parentPID = 1
            event.process.command = event.store(Array("curl".utf8))
            event.process.executable = event.store(Array("/usr/bin/curl".utf8))
            event.process.arguments = event.store(Array("curl\0-s\0".utf8))
        }
        #expect(scene[field] == expected)
    }
}
