import EventModel
import Foundation
import NodeState
import TestNode
import Testing

@Suite struct SyscallEventTests {
    private let here: UInt64 = 0xffff_ff9c

    @Test(
        arguments: [
            ("unlink", 0, "SUCCESS"), ("unlink", -1, "EPERM"), ("openat", 5, "SUCCESS"), ("openat", -2, "ENOENT"),
            ("connect", -115, "EINPROGRESS"), ("read", -11, "EAGAIN"), ("execve", -8, "ENOEXEC"),
            ("unlink", -999, "-999"),
        ] as [(String, Int64, String)])
    func `result as text`(call: String, result: Int64, expected: String) {
        let scene = FieldScene()
        scene.apply(call, result: result)
        #expect(scene["evt.res"] == expected)
        #expect(scene["evt.rawres"] == String(result))
        #expect(scene["evt.failed"] == (result < 0 ? "true" : "false"))
    }

    @Test(arguments: ["getppid", "procexit", "getuid"])
    func `events without a result`(type: String) {
        let scene = FieldScene()
        scene.apply(type, result: -1)
        #expect(scene["evt.res"] == nil)
        #expect(scene["evt.rawres"] == nil)
        #expect(scene["evt.failed"] == "false")
    }

    @Test func `names and directions`() {
        let scene = FieldScene()
        scene.apply("openat2")
        #expect(scene["evt.type"] == "openat2")
        #expect(scene["syscall.type"] == "openat2")
        #expect(scene["evt.dir"] == "<")
        #expect(scene["evt.type.is[openat2]"] == "1")
        #expect(scene["evt.type.is[open]"] == "0")
        scene.apply("procexit")
        #expect(scene["evt.type"] == "procexit")
        #expect(scene["syscall.type"] == nil)
        #expect(scene["evt.dir"] == ">")
        #expect(scene["evt.num"] == "2")
        scene.apply("keyctl")
        #expect(scene["evt.category"] == "other")
    }

    @Test(
        arguments: [
            ("openat", [0xffff_ff9c, 0, 0, 0], true, false), ("openat", [0xffff_ff9c, 0, 1, 0], false, true),
            ("openat", [0xffff_ff9c, 0, 2, 0], true, true), ("open", [0, 0o101, 0], false, true),
            ("open_by_handle_at", [3, 0, 0], true, false), ("creat", [0, 0o644], false, false),
            ("read", [0, 0, 0], false, false), ("openat", [0xffff_ff9c], false, false),
        ] as [(String, [UInt64], Bool, Bool)])
    func `access of an open`(call: String, registers: [UInt64], reads: Bool, writes: Bool) {
        let scene = FieldScene()
        scene.apply(call, result: 3, registers: registers, paths: ["/etc/hosts"])
        #expect(scene["evt.is_open_read"] == String(reads))
        #expect(scene["evt.is_open_write"] == String(writes))
    }

    @Test(
        arguments: [
            ("openat", [0xffff_ff9c, 0, 0o101, 0o755], true), ("openat", [0xffff_ff9c, 0, 0o101, 0o644], false),
            ("openat", [0xffff_ff9c, 0, 0, 0o755], false), ("open", [0, 0o100, 0o100], true),
            ("openat", [0xffff_ff9c, 0, 0o20200001, 0o700], true), ("creat", [0, 0o711], true),
            ("creat", [0, 0o600], false),
            ("chmod", [0, 0o755], false),
        ] as [(String, [UInt64], Bool)])
    func `executable made by an open`(call: String, registers: [UInt64], expected: Bool) {
        let scene = FieldScene()
        scene.apply(call, result: 3, registers: registers, paths: ["/tmp/x"])
        #expect(scene["evt.is_open_exec"] == String(expected))
    }

    @Test func `created file`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [here, 0, 0o101, 0o644]) {
            $0.add(path: "/tmp/", role: .parent, mode: 0o40755)
            $0.add(path: "/tmp/x", role: .create)
        }
        #expect(scene["evt.is_open_create"] == "true")
        #expect(scene["evt.arg.flags"] == "O_CREAT|O_WRONLY|O_F_CREATED")
        #expect(scene["fd.name"] == "/tmp/x")
        scene.apply("openat", result: 3, registers: [here, 0, 0o101, 0o644], paths: ["/tmp/x"])
        #expect(scene["evt.is_open_create"] == "false")
    }

    @Test func `counts and transfers`() {
        let scene = FieldScene()
        scene.apply("read", result: 10, registers: [0, 0, 100])
        #expect(scene["evt.is_io"] == "true")
        #expect(scene["evt.is_io_read"] == "true")
        #expect(scene["evt.io_dir"] == "read")
        #expect(scene["evt.buflen"] == "10")
        #expect(scene["evt.count"] == "1")
        #expect(scene["evt.count.error"] == nil)
        #expect(scene["evt.category"] == "unknown")
        scene.apply("openat", result: -13, registers: [here, 0, 0, 0], paths: ["/etc/shadow"])
        #expect(scene["evt.count.error"] == "1")
        #expect(scene["evt.count.error.file"] == "1")
        #expect(scene["evt.count.error.net"] == nil)
        #expect(scene["evt.category"] == "file")
        scene.apply("mmap", result: -12)
        #expect(scene["evt.count.error.memory"] == "1")
        #expect(scene["evt.count.error.other"] == nil)
        scene.apply("poll", result: 0)
        #expect(scene["evt.is_wait"] == "true")
        #expect(scene["evt.io_dir"] == nil)
        scene.apply("read", result: -11, registers: [0, 0, 100])
        #expect(scene["evt.count.error"] == nil)
    }

    @Test func `times`() {
        setenv("TZ", "UTC-2", 1)
        defer { unsetenv("TZ") }
        let scene = FieldScene()
        scene.apply("read") { $0.timeNanoseconds = 1_700_000_000_000_000_000 }
        scene.apply("read") { $0.timeNanoseconds = 1_700_000_001_012_345_678 }
        #expect(scene["evt.time"] == "00:13:21.012345678")
        #expect(scene["evt.time.s"] == "00:13:21")
        #expect(scene["evt.datetime"] == "2023-11-15 00:13:21.012345678")
        #expect(scene["evt.datetime.s"] == "2023-11-15 00:13:21")
        #expect(scene["evt.time.iso8601"] == "2023-11-14T22:13:21.012345678+0000")
        #expect(scene["evt.rawtime"] == "1700000001012345678")
        #expect(scene["evt.rawtime.s"] == "1700000001")
        #expect(scene["evt.rawtime.ns"] == "12345678")
        #expect(scene["evt.reltime"] == "1012345678")
        #expect(scene["evt.deltatime"] == "1012345678")
        #expect(scene["evt.deltatime.s"] == "1")
        #expect(scene["evt.around[1700000000000000000]"] == "1012")
        scene.apply("read") { $0.timeNanoseconds = 1_700_000_000_500_000_000 }
        #expect(scene["evt.deltatime"] == "0")
        #expect(scene["evt.reltime.ns"] == "500000000")
    }

    @Test func `what is the same for all events`() {
        let scene = FieldScene()
        scene.apply("read")
        #expect(scene["evt.source"] == "syscall")
        #expect(scene["evt.hostname"] == "node1")
        #expect(scene["evt.is_async"] == "false")
        #expect(scene["evt.asynctype"] == nil)
        #expect(scene["evt.latency.human"] == "0ns")
        #expect(scene["util.cnt"] == "0")
        #expect(scene["util.cnt"] == "1")
    }
}
