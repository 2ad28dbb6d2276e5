import EventModel
import NodeState
import TestNode
import Testing

/// A call and what `evt.arg` or `evt.rawarg` gives of it.
struct ArgumentCase: Sendable, CustomTestStringConvertible {
    var call: String
    var result: Int64? = 0
    var registers: [UInt64] = []
    var paths: [String] = []
    var field: String
    var expected: String?
    var testDescription: String { "\(call) \(field) = \(expected ?? "missing")" }

    init(
        _ call: String, _ registers: [UInt64] = [], result: Int64? = 0, paths: [String] = [], _ field: String,
        _ expected: String?
    ) {
        self.call = call
        self.result = result
        self.registers = registers
        self.paths = paths
        self.field = field
        self.expected = expected
    }
}

private let here: UInt64 = 0xffff_ff9c

@Suite struct ArgumentTests {
    static let flags: [ArgumentCase] = [
        .init("openat", [here, 0, 0o2000000, 0], result: 3, "evt.arg.flags", "O_RDONLY|O_CLOEXEC"),
        .init("openat", [here, 0, 0o1101, 0o644], result: 3, "evt.arg.flags", "O_TRUNC|O_CREAT|O_WRONLY"),
        .init("openat", [here, 0, 0o2, 0], result: 3, "evt.arg.flags", "O_RDWR"),
        .init(
            "openat", [here, 0, 0o20200002, 0o600], result: 3, "evt.arg.flags",
            "O_DIRECTORY|O_RDWR|O_TMPFILE|O_F_CREATED"),
        .init("openat", [here, 0, 0o4010001, 0], result: 3, "evt.arg.flags", "O_SYNC|O_DSYNC|O_WRONLY"),
        .init("openat", [here, 0, 0o100000, 0], result: 3, "evt.arg.flags", "O_LARGEFILE|O_RDONLY"),
        .init("openat", [here, 0, 0o1101, 0o644], result: 3, "evt.rawarg.flags", "262"),
        .init("openat", [here, 0, 0o1101, 0o644], result: 3, "evt.arg.mode", "0644"),
        .init("openat", [here, 0, 0, 0x7ffe], result: 3, "evt.arg.mode", "0"),
        .init("open", [0, 0o101, 0o755], result: 3, "evt.arg.flags", "O_CREAT|O_WRONLY"),
        .init("creat", [0, 0o755], result: 3, "evt.arg.mode", "0755"),
        .init("dup3", [1, 5, 0o2000000], result: 5, "evt.arg.flags", "O_CLOEXEC"),
        .init("socket", [2, 0o2000001, 6], result: 4, "evt.arg.flags", "O_CLOEXEC"),
        .init("clone", [0x11, 0], result: 900, "evt.arg.flags", nil),
        .init("unshare", [0x1002_0000], "evt.arg.flags", "CLONE_NEWNS|CLONE_NEWUSER"),
        .init("unshare", [0x1000_0000], "evt.rawarg.flags", "1048576"),
        .init("setns", [5, 0x4000_0000], "evt.arg.nstype", "CLONE_NEWNET"),
        .init("mount", [0, 0, 0, 0x5001], "evt.arg.flags", "RDONLY|BIND|REC"),
        .init("mount", [0, 0, 0, 0xc0ed_0000 | 0x1000], "evt.arg.flags", "BIND"),
        .init("umount2", [0, 2], "evt.arg.flags", "DETACH"),
        .init("unlinkat", [here, 0, 0x200], "evt.arg.flags", "AT_REMOVEDIR"),
        .init("unlinkat", [here, 0, 0], "evt.arg.flags", "0"),
        .init("mprotect", [0x7f00, 4096, 7], "evt.arg.prot", "PROT_READ|PROT_WRITE|PROT_EXEC"),
        .init("mprotect", [0x7f00, 4096, 0], "evt.arg.prot", "PROT_NONE"),
        .init("mprotect", [0x7f00, 4096, 0], "evt.arg.addr", "7F00"),
        .init("mprotect", [0x7f00, 4096, 0], "evt.arg.length", "4096"),
        .init("mmap", [0, 4096, 3, 0x22, 0xffff_ffff, 0], "evt.arg.flags", "MAP_PRIVATE|MAP_ANONYMOUS"),
        .init("access", [0, 4], "evt.arg.mode", "R_OK"),
        .init("access", [0, 0], "evt.arg.mode", "F_OK"),
        .init("delete_module", [0, 0o4000], "evt.arg.flags", "O_NONBLOCK"),
        .init("flock", [3, 6], "evt.arg.operation", "LOCK_EX|LOCK_NB"),
        .init("futex", [0, 0x81, 1], "evt.arg.op", "FUTEX_PRIVATE_FLAG|FUTEX_WAKE"),
        .init("semctl", [1, 0, 0x110, 5], "evt.arg.cmd", "SETVAL"),
        .init("quotactl", [0x8000_0200, 0, 2], "evt.arg.cmd", "Q_QUOTAON"),
        .init("quotactl", [0x8000_0201, 0, 2], "evt.arg.type", "GRPQUOTA"),
        .init("memfd_create", [0, 3], result: 5, "evt.arg.flags", "MFD_CLOEXEC|MFD_ALLOW_SEALING"),
    ]

    static let enumerations: [ArgumentCase] = [
        .init("socket", [17, 3, 768], result: 4, "evt.arg.domain", "AF_PACKET"),
        .init("socket", [1, 1, 0], result: 4, "evt.arg.domain", "AF_LOCAL|AF_UNIX"),
        .init("socket", [16, 3, 0], result: 4, "evt.arg.domain", "AF_ROUTE|AF_NETLINK"),
        .init("socket", [2, 1, 6], result: 4, "evt.arg.proto", "6"),
        .init("ptrace", [16, 700, 0, 0], "evt.arg.request", "PTRACE_ATTACH"),
        .init("ptrace", [0x4206, 700, 0, 0], "evt.arg.request", "PTRACE_SEIZE"),
        .init("ptrace", [0, 0, 0, 0], "evt.arg.request", "PTRACE_TRACEME"),
        .init("ptrace", [0, 0, 0, 0], "evt.rawarg.request", "1"),
        .init("ptrace", [9999, 0, 0, 0], "evt.arg.request", "PTRACE_UNKNOWN"),
        .init("ptrace", [16, 700, 0xabc, 0], "evt.arg.addr", "ABC"),
        .init("bpf", [5, 0, 0], result: 4, "evt.arg.cmd", "BPF_PROG_LOAD"),
        .init("bpf", [10, 0, 0], "evt.arg.cmd", "BPF_PROG_TEST_RUN|BPF_PROG_RUN"),
        .init("prctl", [38, 1], "evt.arg.option", "PR_SET_NO_NEW_PRIVS"),
        .init("prctl", [77, 1], "evt.arg.option", "77"),
        .init("fcntl", [3, 1030, 10], result: 10, "evt.arg.cmd", "F_DUPFD_CLOEXEC"),
        .init("fcntl", [3, 4444, 10], "evt.arg.cmd", "UNKNOWN"),
        .init("shutdown", [3, 2], "evt.arg.how", "SHUT_RDWR"),
        .init("setsockopt", [3, 1, 2], "evt.arg.optname", "SO_REUSEADDR"),
        .init("setsockopt", [3, 6, 2], "evt.arg.optname", "UNKNOWN"),
        .init("setsockopt", [3, 6, 2], "evt.arg.level", "SOL_TCP"),
        .init("lseek", [3, 10, 2], "evt.arg.whence", "SEEK_END"),
        .init("setrlimit", [7], "evt.arg.resource", "RLIMIT_NOFILE"),
        .init("keyctl", [2], "evt.arg.operation", "KEYCTL_UPDATE"),
    ]

    static let modes: [ArgumentCase] = [
        .init("chmod", [0, 0o4755], "evt.arg.mode", "S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR|S_ISUID"),
        .init("fchmodat", [here, 0, 0o2000], "evt.arg.mode", "S_ISGID"),
        .init("fchmod", [3, 0o111], "evt.arg.mode", "S_IXOTH|S_IXGRP|S_IXUSR"),
        .init("mknod", [0, 0o140600, 0], "evt.arg.mode", "S_IWUSR|S_IRUSR|S_IFSOCK"),
        .init("mknod", [0, 0o20600, 0x103], "evt.arg.mode", "S_IWUSR|S_IRUSR|S_IFCHR"),
        .init("mkdir", [0, 0o777], "evt.arg.mode", "1FF"),
    ]

    static let numbers: [ArgumentCase] = [
        .init("unlink", result: -2, "evt.arg.res", "ENOENT"),
        .init("unlink", result: 0, "evt.arg.res", "0"),
        .init("unlink", result: nil, "evt.arg.res", "<NA>"),
        .init("unlink", result: -4000, "evt.arg[0]", "-4000"),
        .init("openat", [here, 0, 0, 0], result: -13, "evt.arg.fd", "EACCES"),
        .init("openat", [here, 0, 0, 0], result: -13, "evt.arg.dirfd", "AT_FDCWD"),
        .init("openat", [0xffff_ffff_ffff_ff9c, 0, 0, 0], result: -13, "evt.rawarg.dirfd", "-100"),
        .init("kill", [700, 9], "evt.arg.sig", "SIGKILL"),
        .init("kill", [700, 9], "evt.rawarg.sig", "9"),
        .init("kill", [700, 9], "evt.arg.pid", "bash"),
        .init("kill", [0xffff_ffff, 9], "evt.arg.pid", "-1"),
        .init("kill", [4242, 40], "evt.arg.sig", "40"),
        .init("setuid", [0], "evt.arg.uid", "root"),
        .init("setuid", [1001], "evt.arg.uid", "user"),
        .init("setuid", [4711], "evt.arg.uid", "<NA>"),
        .init("setuid", [0xffff_ffff], "evt.arg.uid", "<NONE>"),
        .init("setuid", [1001], "evt.rawarg.uid", "1001"),
        .init("setgid", [101], "evt.arg.gid", "users"),
        .init("chown", [0, 0, 0], "evt.arg.uid", "0"),
        .init("chown", [0, 0xffff_ffff, 0], "evt.arg.uid", "-1"),
        .init("chown", [0, 0xffff_ffff, 0], "evt.rawarg.uid", "4294967295"),
        .init("linkat", [here, 0, here, 0], "evt.arg.flags", "<NA>"),
        .init("read", [0, 0, 512], result: 10, "evt.arg.data", "NULL"),
        .init("read", [0, 0, 512], result: 10, "evt.arg.size", "512"),
        .init("read", [0, 0, 512], "evt.arg.nothing", nil),
        .init("read", [0, 0, 512], "evt.arg[9]", nil),
        .init("prlimit", [0xffff_ffff_ffff_ffff, 7], "evt.arg.pid", "-1"),
    ]

    static let paths: [ArgumentCase] = [
        .init("unlink", paths: ["/tmp/../etc/x"], "evt.arg.path", "/tmp/../etc/x"),
        .init("unlink", paths: ["a/../b"], "evt.arg.path", "/home/user/b"),
        .init("unlink", paths: ["a/../b"], "evt.rawarg.path", "a/../b"),
        .init("unlink", [], "evt.arg.path", "<NA>"),
        .init("rename", paths: ["old", "new"], "evt.arg.oldpath", "/home/user/old"),
        .init("rename", paths: ["old", "new"], "evt.arg.newpath", "/home/user/new"),
        .init("renameat", [here, 0, here, 0], paths: ["/a/b", "c"], "evt.arg.newpath", "/home/user/c"),
        .init("unlinkat", [77, 0, 0], paths: ["x"], "evt.arg.name", "<UNKNOWN>/x"),
        .init("symlink", paths: ["/etc/shadow", "/tmp/x"], "evt.arg.target", "/etc/shadow"),
        .init("symlink", paths: ["/etc/shadow", "/tmp/x"], "evt.arg.linkpath", "/tmp/x"),
        .init("chdir", paths: ["/tmp"], "evt.arg.path", "/tmp"),
        .init("mount", [0, 0, 0, 0], paths: ["/mnt"], "evt.arg.dir", "/mnt"),
        .init("mount", [0, 0, 0, 0], paths: ["/mnt"], "evt.arg.dev", "<NA>"),
        .init("renameat", [here, 0, here, 0], paths: ["/a/b", "c"], "evt.abspath.dst", "/home/user/c"),
        .init("renameat", [here, 0, here, 0], paths: ["/a/b", "c"], "evt.abspath.src", "/a/b"),
        .init("unlink", paths: ["/a"], "evt.abspath.src", nil),
    ]

    static let lines: [ArgumentCase] = [
        .init(
            "openat", [here, 0, 0o101, 0o600], result: -2, paths: ["x"], "evt.args",
            "fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=x(/home/user/x) flags=6(O_CREAT|O_WRONLY) mode=0600 dev=<NA> ino=<NA>"
        ),
        .init("kill", [700, 15], "evt.args", "res=0 pid=700(bash) sig=15(SIGTERM)"),
        .init("chmod", [0, 0o200], paths: ["/x"], "evt.args", "res=0 filename=/x mode=0200(S_IWUSR)"),
        .init("getppid", result: 5, "evt.args", ""),
    ]

    /// Calls that are generic to Falco.
    static let extended: [ArgumentCase] = [
        .init("fchmodat2", [here, 0, 0o2000, 0x100], "evt.arg.mode", "S_ISGID"),
        .init("fchmodat2", [here, 0, 0o2000, 0x100], "evt.arg.flags", "AT_SYMLINK_NOFOLLOW"),
        .init("fchmodat2", [here, 0, 0o2000, 0], paths: ["/srv/x"], "evt.arg.filename", "/srv/x"),
        .init("truncate", [0, 10], paths: ["/srv/x"], "evt.arg.path", "/srv/x"),
        .init("truncate", [0, 10], paths: ["/srv/x"], "evt.arg.length", "10"),
        .init("ftruncate", [3, 10], "evt.arg.length", "10"),
        .init("move_mount", [here, 0, here, 0, 4], paths: ["/a", "/b"], "evt.arg.from", "/a"),
        .init("move_mount", [here, 0, here, 0, 4], paths: ["/a", "/b"], "evt.arg.to", "/b"),
        .init("pivot_root", paths: ["/a", "/b"], "evt.arg.put_old", "/b"),
        .init("setxattr", paths: ["/srv/x"], "evt.arg.path", "/srv/x"),
        .init("swapoff", result: -1, paths: ["/srv/x"], "evt.arg.res", "EPERM"),
        .init("reboot", [0, 0, 0x123_4567], "evt.arg.cmd", "1234567"),
        .init("pidfd_send_signal", [5, 9, 0, 0], "evt.arg.sig", "SIGKILL"),
        .init("rt_sigqueueinfo", [700, 9], "evt.arg.pid", "bash"),
        .init("rt_tgsigqueueinfo", [700, 701, 15], "evt.arg.sig", "SIGTERM"),
    ]

    @Test(arguments: flags + enumerations + modes + numbers + paths + lines + extended)
    func `argument of a call`(_ test: ArgumentCase) {
        let scene = FieldScene()
        scene.apply(test.call, result: test.result, registers: test.registers, paths: test.paths)
        // A clone without flags shows its number, which is 0.
        #expect(scene[test.field] == (test.expected ?? (test.call == "clone" ? "0" : nil)))
    }

    @Test func `flags of openat2 come from its structure`() {
        let scene = FieldScene()
        scene.apply("openat2", result: 3, registers: [here, 0, 0x7ffc, 24], paths: ["/tmp/x"]) {
            $0.openHow = OpenHow(flags: 0o101, mode: 0o700, resolve: 8)
        }
        #expect(scene["evt.arg.flags"] == "O_CREAT|O_WRONLY")
        #expect(scene["evt.arg.mode"] == "0700")
        #expect(scene["evt.arg.resolve"] == "RESOLVE_BENEATH")
        #expect(scene["evt.is_open_write"] == "true")
        #expect(scene["evt.is_open_exec"] == "true")
        scene.apply("openat2", result: 3, registers: [here, 0, 0x7ffc, 24], paths: ["/tmp/x"])
        #expect(scene["evt.arg.flags"] == "<NA>")
        #expect(scene["evt.is_open_read"] == "false")
    }

    @Test func `what a source brings ready-made goes before registers and paths`() throws {
        let scene = FieldScene()
        func position(_ name: String, of type: String) throws -> UInt8 {
            UInt8(try #require(EventType(name: type)?.arguments.firstIndex { $0.name == name }))
        }
        let name = try position("name", of: "openat")
        let flags = try position("flags", of: "openat")
        scene.apply("openat", result: 3, registers: [here, 0, 0o40000, 0], paths: ["/from/path"]) { event in
            event.append(argument: ArgumentFact(index: name, bytes: event.store(Array("/brought".utf8))))
            event.append(argument: ArgumentFact(index: flags, number: 1))
        }
        #expect(scene["evt.arg.name"] == "/brought" && scene["evt.rawarg.name"] == "/brought")
        #expect(scene["evt.rawarg.flags"] == "1" && scene["evt.arg.flags"] == "O_RDONLY")
        let data = try position("data", of: "write")
        scene.apply("write", result: 3, registers: [1, 0, 3]) { event in
            event.append(argument: ArgumentFact(index: data, bytes: event.store([0x61, 0x01, 0x62])))
        }
        #expect(scene["evt.arg.data"] == "a.b")
        // Nothing of it is left for the next event.
        scene.apply("openat", result: 3, registers: [here, 0, 0, 0], paths: ["/from/path"])
        #expect(scene["evt.arg.name"] == "/from/path")
    }

    @Test func `the event says of which source rules see it`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3)
        #expect(scene["evt.source"] == "syscall")
        scene.apply("openat", result: 3) { $0.ruleSource = .kubernetesAudit }
        #expect(scene["evt.source"] == "k8s_audit")
    }

    @Test func `open flags of ARM have their own numbers`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [here, 0, 0o40000, 0]) { $0.architecture = .aarch64 }
        #expect(scene["evt.arg.flags"] == "O_DIRECTORY|O_RDONLY")
        scene.apply("openat", result: 3, registers: [here, 0, 0o40000, 0])
        #expect(scene["evt.arg.flags"] == "O_DIRECT|O_RDONLY")
    }

    @Test func `registers of a 32-bit call have 32 bits`() {
        let scene = FieldScene()
        scene.apply("mprotect", registers: [0x1_0000_7f00, 4096, 1]) { $0.architecture = .i386 }
        #expect(scene["evt.arg.addr"] == "7F00")
    }

    @Test func `arguments of an exec are the new program's`() {
        let scene = FieldScene()
        scene.apply("execve", paths: ["/usr/bin/curl"]) { event in
            event.process.command = event.store(Array("curl".utf8))
            event.process.executable = event.store(Array("/usr/bin/curl".utf8))
            event.process.arguments = event.store(Array("curl\0-s\0http://x\0".utf8))
        }
        #expect(scene["evt.arg.exe"] == "curl")
        #expect(scene["evt.arg.args"] == "-s.http://x.")
        #expect(scene["evt.arg.comm"] == "curl")
        #expect(scene["evt.arg.filename"] == "/usr/bin/curl")
        #expect(scene["evt.arg.pid"] == "curl")
        #expect(scene["evt.rawarg.pid"] == "800")
        #expect(scene["evt.arg.flags"] == "0")
        #expect(scene["evt.arg.cap_effective"] == "3")
    }

    @Test func `the new process of a fork is named`() {
        let scene = FieldScene()
        scene.files.addProcess(900, parent: 700, command: "bash", ticks: 99_999)
        scene.apply("clone", pid: 700, result: 900, registers: [0x1200000, 0]) { $0.childPID = 900 }
        #expect(scene["evt.arg.flags"] == "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID")
        #expect(scene["evt.arg.res"] == "bash")
        #expect(scene["evt.rawarg.res"] == "900")
    }

    @Test func `parts of an exit's wait status`() {
        let scene = FieldScene()
        scene.apply("procexit", result: nil) { $0.exitStatus = 0x0300 }
        #expect(scene["evt.arg.ret"] == "3")
        #expect(scene["evt.arg.sig"] == "0")
        scene.apply("procexit", pid: 700, result: nil) { $0.exitStatus = 0x8b }
        #expect(scene["evt.arg.sig"] == "SIGSEGV")
        #expect(scene["evt.arg.core"] == "1")
        #expect(scene["evt.arg.status"] == "139")
    }

    @Test func `an address and a connection`() {
        let scene = FieldScene()
        scene.apply("connect", result: -111, registers: [9, 0, 16]) { $0.setAddress(1, 2, 3, 4, port: 443) }
        #expect(scene["evt.arg.addr"] == "1.2.3.4:443")
        #expect(scene["evt.arg.tuple"] == "0.0.0.0:0->1.2.3.4:443")
        scene.apply("bind", registers: [9, 0, 16]) { $0.setUnixAddress("/run/x.sock") }
        #expect(scene["evt.arg.addr"] == "/run/x.sock")
        scene.apply("bind", registers: [9, 0, 28]) {
            $0.socketAddress = $0.store(
                [10, 0, 0, 80, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1, 0, 0, 0, 0])
        }
        #expect(scene["evt.arg.addr"] == "2001:db8::1:80")
    }

    /// What the kernel writes of calls that fail (6.18): the names that nobody can tell apart are better missing.
    @Test(
        arguments: [
            ("mkdir", [("/tmp", .parent)], ["path": "<NA>"]), ("rmdir", [("/tmp", .parent)], ["path": "<NA>"]),
            ("unlink", [("/tmp", .parent)], ["path": "<NA>"]),
            ("unlink", [("/tmp", .parent), ("/tmp/dir", .delete)], ["path": "/tmp/dir"]),
            ("mkdir", [("/no/such", .unknown)], ["path": "/no/such"]),
            ("rename", [("/a", .parent), ("/b", .parent)], ["oldpath": "<NA>", "newpath": "<NA>"]),
            ("rename", [("/b/new", .unknown), ("/a", .parent)], ["oldpath": "<NA>", "newpath": "<NA>"]),
            (
                "rename", [("/a", .parent), ("/b", .parent), ("/a/x", .delete), ("/b/y", .normal)],
                ["oldpath": "/a/x", "newpath": "/b/y"]
            ), ("link", [("/new", .unknown), ("/old", .unknown)], ["oldpath": "<NA>", "newpath": "<NA>"]),
            ("link", [("/new", .unknown), ("/old", .normal)], ["oldpath": "/old", "newpath": "<NA>"]),
            (
                "symlink", [("/tmp", .parent), ("/etc/shadow", .unknown)],
                ["target": "/etc/shadow", "linkpath": "<NA>"]
            ),
            ("openat", [("/tmp", .parent)], ["name": "<NA>"]), ("openat", [("/tmp/x", .unknown)], ["name": "/tmp/x"]),
        ] as [(String, [(String, PathFact.Role)], [String: String])])
    func `the paths of a failed call`(call: String, paths: [(String, PathFact.Role)], expected: [String: String]) {
        let scene = FieldScene()
        scene.apply(call, result: -2, registers: [here, 0, 0, 0]) { event in
            for (name, role) in paths { event.add(path: name, role: role) }
        }
        for (argument, value) in expected { #expect(scene["evt.arg.\(argument)"] == value, "\(argument)") }
    }

    @Test func `a symbolic link of which only the link is told`() {
        let scene = FieldScene()
        scene.apply("symlink") {
            $0.add(path: "/tmp/", role: .parent, mode: 0o40755)
            $0.add(path: "/tmp/x", role: .create)
        }
        #expect(scene["evt.arg.linkpath"] == "/tmp/x")
        #expect(scene["evt.arg.target"] == "<NA>")
        #expect(scene["fs.path.source"] == "/tmp/x")
        #expect(scene["fs.path.target"] == nil)
    }

    @Test func `a memory file has the name that it was made with`() {
        let scene = FieldScene()
        scene.files.links["/proc/800/fd/5"] = "/memfd:evil (deleted)"
        scene.apply("memfd_create", result: 5, registers: [0, 1])
        #expect(scene["fd.typechar"] == "m")
        #expect(scene["evt.arg.name"]?.contains("evil") == true)
        #expect(scene["fd.name"] == scene["evt.arg.name"])
    }
}
