import EventModel
import NodeState
import TestNode
import Testing

@Suite struct DescriptorFieldTests {
    private let here: UInt64 = 0xffff_ff9c

    @Test func `an opened file`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [here, 0, 0, 0], paths: ["../user//x/./hosts"])
        #expect(scene["fd.num"] == "3")
        #expect(scene["fd.type"] == "file")
        #expect(scene["fd.typechar"] == "f")
        #expect(scene["fd.name"] == "/home/user/x/hosts")
        #expect(scene["fd.nameraw"] == "../user/x/./hosts")
        #expect(scene["fd.directory"] == "/home/user/x")
        #expect(scene["fd.filename"] == "hosts")
        #expect(scene["fd.uid"] == "8003")
        #expect(scene["fd.containername"] == "host:/home/user/x/hosts")
        #expect(scene["fd.containerdirectory"] == "host:/home/user/x")
        #expect(scene["fd.name_changed"] == "true")
        #expect(scene["evt.arg.fd"] == "<f>/home/user/x/hosts")
        #expect(scene["fd.l4proto"] == "<NA>")
        #expect(scene["fd.sockfamily"] == nil)
        #expect(scene["fd.sip"] == nil)
        #expect(scene["fd.ip"] == nil)
        #expect(scene["fs.path.name"] == "/home/user/x/hosts")
        #expect(scene["fs.path.nameraw"] == "../user//x/./hosts")
    }

    @Test func `a file at the root, and a directory`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [here, 0, 0, 0], paths: ["/vmlinuz"])
        #expect(scene["fd.directory"] == "/")
        #expect(scene["fd.filename"] == "vmlinuz")
        scene.apply("openat", result: 4, registers: [here, 0, 0o200000, 0]) { $0.add(path: "/etc", mode: 0o40755) }
        #expect(scene["fd.type"] == "directory")
        #expect(scene["fd.typechar"] == "d")
        #expect(scene["fd.directory"] == "/etc")
        #expect(scene["fd.filename"] == nil)
    }

    @Test func `a failed open has a name but no descriptor`() {
        let scene = FieldScene()
        scene.apply("openat", result: -2, registers: [here, 0, 0, 0], paths: ["x/../shadow"])
        #expect(scene["fd.num"] == "-1")
        #expect(scene["fd.name"] == "/home/user/shadow")
        #expect(scene["fd.nameraw"] == "x/../shadow")
        #expect(scene["fd.directory"] == "/home/user")
        #expect(scene["fd.filename"] == nil)
        #expect(scene["fd.type"] == nil)
        #expect(scene["fd.typechar"] == "f")
        #expect(scene["fd.connected"] == nil)
        #expect(scene["fs.path.name"] == "/home/user/shadow")
        scene.apply("openat", result: -1, registers: [here, 0, 0, 0], paths: ["x"])
        #expect(scene["fs.path.name"] == nil)
    }

    @Test(
        arguments: [
            ("open", "o"), ("openat", "f"), ("openat2", "f"), ("creat", "f"), ("open_by_handle_at", "o"),
            ("socket", "4"),
            ("accept4", "4"), ("pipe2", "p"), ("eventfd2", "e"), ("signalfd4", "s"), ("timerfd_create", "t"),
            ("inotify_init1", "i"), ("memfd_create", "o"),
        ] as [(String, String)])
    func `kind guessed of a failed call`(call: String, expected: String) {
        let scene = FieldScene()
        scene.apply(call, result: -24, registers: [0, 0, 0, 0])
        #expect(scene["fd.typechar"] == expected)
        #expect(scene["fd.type"] == nil)
    }

    @Test(arguments: [
        "fd.num", "fd.name", "fd.nameraw", "fd.typechar", "fd.directory", "fd.filename", "fd.uid", "fd.types",
    ])
    func `events without a descriptor`(field: String) {
        let scene = FieldScene()
        scene.apply("unlink", paths: ["/x"])
        #expect(scene[field] == nil)
    }

    @Test func `a client's connection`() {
        let scene = FieldScene()
        scene.apply("socket", result: 4, registers: [2, 1, 0])
        #expect(scene["fd.type"] == "ipv4")
        #expect(scene["fd.l4proto"] == "<NA>")
        #expect(scene["fd.name"] == "")
        scene.apply("connect", result: -115, registers: [4, 0, 16]) { $0.setAddress(93, 184, 216, 34, port: 443) }
        #expect(scene["fd.sip"] == "93.184.216.34")
        #expect(scene["fd.rip"] == "93.184.216.34")
        #expect(scene["fd.snet"] == "93.184.216.34")
        #expect(scene["fd.sport"] == "443")
        #expect(scene["fd.rport"] == "443")
        #expect(scene["fd.sproto"] == "443")
        #expect(scene["fd.l4proto"] == "tcp")
        #expect(scene["fd.connected"] == "true")
        #expect(scene["fd.name_changed"] == "true")
        #expect(scene["fd.name"]?.hasSuffix("->93.184.216.34:443") == true)
        #expect(scene["fd.port"] == "(443)")
        #expect(scene["fd.ip"] == "(93.184.216.34)")
        #expect(scene["fd.sockfamily"] == "ip")
        #expect(scene["fd.is_server"] == "false")
        #expect(scene["evt.arg.fd"]?.hasPrefix("<4>") == true)
        #expect(scene["evt.category"] == "net")
    }

    @Test func `a listening socket has one end`() {
        let scene = FieldScene()
        scene.apply("socket", result: 4, registers: [2, 1, 0])
        scene.apply("bind", registers: [4, 0, 16]) { $0.setAddress(0, 0, 0, 0, port: 8080) }
        #expect(scene["fd.name"] == "0.0.0.0:8080")
        #expect(scene["fd.sport"] == "8080")
        #expect(scene["fd.port"] == "(8080)")
        #expect(scene["fd.cport"] == nil)
        #expect(scene["fd.rport"] == nil)
        #expect(scene["fd.lport"] == nil)
        #expect(scene["fd.is_server"] == "true")
        #expect(scene["fd.l4proto"] == "tcp")
    }

    @Test func `an accepted connection`() {
        let scene = FieldScene()
        scene.apply("socket", result: 4, registers: [2, 1, 0])
        scene.apply("bind", registers: [4, 0, 16]) { $0.setAddress(10, 0, 0, 1, port: 80) }
        scene.apply("accept4", result: 5, registers: [4, 0, 0, 0]) { $0.setAddress(10, 9, 8, 7, port: 40000) }
        #expect(scene["fd.name"] == "10.9.8.7:40000->10.0.0.1:80")
        #expect(scene["fd.cip"] == "10.9.8.7")
        #expect(scene["fd.cport"] == "40000")
        #expect(scene["fd.lport"] == "80")
        #expect(scene["fd.rip"] == "10.9.8.7")
        #expect(scene["fd.port"] == "(40000,80)")
        #expect(scene["fd.is_server"] == "true")
        #expect(scene["evt.arg.tuple"] == "10.9.8.7:40000->10.0.0.1:80")
    }

    @Test func `kinds of all descriptors of a process`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [here, 0, 0, 0], paths: ["/etc/hosts"])
        scene.apply("openat", result: 5, registers: [here, 0, 0, 0], paths: ["/etc/passwd"])
        scene.apply("eventfd2", result: 4, registers: [0, 0])
        #expect(scene["fd.types"] == "(file,event)")
        #expect(scene["fd.types[4]"] == "(event)")
        #expect(scene["fd.types[77]"] == nil)
    }

    @Test(
        arguments: [
            ("rename", ["a", "/b"], "/home/user/a", "/b"), ("link", ["a", "/b"], "/b", "/home/user/a"),
            ("symlink", ["../a", "/b"], "/b", "../a"), ("mount", ["/mnt", "/dev/sda1"], "/dev/sda1", "/mnt"),
        ] as [(String, [String], String, String)])
    func `source and target`(call: String, paths: [String], source: String, target: String) {
        let scene = FieldScene()
        scene.apply(call, registers: [0, 0, 0, 0], paths: paths)
        #expect(scene["fs.path.source"] == source)
        #expect(scene["fs.path.target"] == target)
        #expect(scene["fs.path.name"] == nil)
        scene.apply(call, result: -1, registers: [0, 0, 0, 0], paths: paths)
        #expect(scene["fs.path.source"] == nil)
        #expect(scene["fs.path.target"] == nil)
    }

    @Test(
        arguments: [
            (0x0000_0801 as UInt64, "8", "1", "2049"), (0x1_0355, "259", "85", "66389"),
            (0x1000_0805, "8", "65541", "268437509"),
        ] as [(UInt64, String, String, String)])
    func `device numbers`(device: UInt64, major: String, minor: String, encoded: String) {
        let scene = FieldScene()
        var status = FileStatus()
        status.device = device
        status.inode = 42
        status.mode = 0o100644
        scene.files.links["/proc/800/fd/9"] = "/etc/hosts"
        scene.files.statuses["/proc/800/fd/9"] = status
        scene.apply("read", result: 1, registers: [9, 0, 1])
        #expect(scene["fd.name"] == "/etc/hosts")
        #expect(scene["fd.dev.major"] == major)
        #expect(scene["fd.dev.minor"] == minor)
        #expect(scene["fd.dev"] == encoded)
        #expect(scene["fd.ino"] == "42")
    }

    @Test func `standard streams`() {
        let scene = FieldScene()
        scene.files.links["/proc/800/fd/0"] = "pipe:[77]"
        scene.files.links["/proc/800/fd/1"] = "/tmp/out"
        scene.apply("unlink")
        #expect(scene["proc.stdin.type"] == "pipe")
        #expect(scene["proc.stdout.name"] == "/tmp/out")
        #expect(scene["proc.stderr.type"] == nil)
    }

    @Test func `a write to the system log`() {
        let scene = FieldScene()
        scene.apply("socket", result: 4, registers: [1, 2, 0])
        scene.apply("connect", registers: [4, 0, 16]) { $0.setUnixAddress("/dev/log") }
        #expect(scene["fd.name"] == "0->0 /dev/log")
        #expect(scene["fd.sockfamily"] == "unix")
        scene.apply("sendto", result: 5, registers: [4, 0, 5, 0])
        #expect(scene["evt.is_syslog"] == "true")
        #expect(scene["evt.category"] == "ipc")
    }
}
