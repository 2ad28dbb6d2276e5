import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct AccountTests {
    private static let passwd = """
        root:x:0:0:root:/root:/bin/bash
        # comment
        +nis
        daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
        twice:x:1:1::/:/bin/sh
        bad uid:x:9:9::/:/bin/sh
        big:x:4294967296:0::/:/bin/sh
        short:x:5

        """

    @Test func `the host's accounts, and again when the file changes`() {
        let scene = StateScene()
        scene.files["/etc/passwd"] = Self.passwd
        scene.files["/etc/group"] = "adm:x:4:syslog\nwheel:x:10:\n"
        #expect(scene.state.user(0, of: nil).map { text($0.name) } == "root")
        #expect(scene.state.user(1, of: nil).map { text($0.shell) } == "/usr/sbin/nologin")
        #expect(scene.state.user(9, of: nil) == nil)
        #expect(scene.state.group(4, of: nil).map { text($0.name) } == "adm")
        #expect(scene.state.counters.malformedAccountLines == 4)
        scene.files["/etc/passwd"] = "toor:x:0:0::/:/bin/sh\n"
        scene.seconds += 10
        scene.apply("chmod", pid: 1)
        #expect(scene.state.user(0, of: nil).map { text($0.name) } == "root")
        var changed = FileStatus()
        changed.inode = 77
        scene.files.statuses["/etc/passwd"] = changed
        scene.seconds += 10
        scene.apply("chmod", pid: 1)
        #expect(scene.state.user(0, of: nil).map { text($0.name) } == "toor")
    }

    @Test func `a clock that is set back by a day stops nothing`() {
        let scene = StateScene()
        scene.seconds = 200_000
        scene.files["/etc/passwd"] = "root:x:0:0::/:/bin/sh\n"
        scene.exec(pid: 60, "/bin/sh", ["sh"])
        #expect(scene.state.user(0, of: nil).map { text($0.name) } == "root")
        scene.seconds -= 86_400
        scene.state.tick(nowNanoseconds: scene.now)
        scene.exit(60)
        scene.files["/etc/passwd"] = "toor:x:0:0::/:/bin/sh\n"
        var changed = FileStatus()
        changed.inode = 77
        scene.files.statuses["/etc/passwd"] = changed
        scene.seconds += 3
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.user(0, of: nil).map { text($0.name) } == "toor")
        scene.seconds += 3600
        scene.apply("chmod", pid: 1)
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.process(60) == nil)
    }

    @Test func `a container's processes have the container's accounts`() {
        let scene = StateScene { $0.accountTableLimit = 2 }
        scene.files["/etc/passwd"] = Self.passwd
        for number in 1...4 as ClosedRange<Int32> {
            let pid = 60 + number
            let id = String(repeating: "\(number)", count: 64)
            scene.files.addProcess(pid, command: "app", cgroup: "0::/docker/\(id)\n")
            scene.files["/proc/\(pid)/root/etc/passwd"] = "app\(number):x:0:0::/:/bin/sh\n"
            scene.apply("chmod", pid: pid)
            #expect(scene.state.user(0, of: scene.state.current.process).map { text($0.name) } == "app\(number)")
        }
        #expect(scene.state.user(0, of: scene.process(1)).map { text($0.name) } == "root")
        #expect(scene.state.counters.accountTablesEvicted == 2)
    }

    @Test func `a hostile account file costs no more than its bound`() {
        var file = AccountFile()
        file.addUsers(Array(repeating: UInt8(ascii: ":"), count: 1 << 20))
        file.addUsers(Array(repeating: 0, count: 1 << 16))
        file.addUsers(
            Array("a:x:1:1:::\nroot\u{1b}[2J:x:0:0::/:/bin/sh\n\(String(repeating: "n", count: 300)):x:7:0:::\n".utf8))
        var many: [UInt8] = []
        for number in 0..<40_000 { many.append(contentsOf: "u\(number):x:\(number + 10):0:::\n".utf8) }
        file.addUsers(many)
        file.addGroups(Array("g:x:-1:\ng:x:99999999999999999999:\ng:x:3\n".utf8))
        #expect(file.users[1].map { text($0.name) } == "a")
        #expect(file.users[0] == nil && file.users[7] == nil)
        #expect(file.users.count == 16384)
        #expect(file.groups[3] != nil && file.groups.count == 1)
    }
}
