import CBPF
import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime

/// What the filter has stopped is known by what it looked at: another event than that one is filtered anew.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveDiscardersTests {
    /// Something that a rule means only after it has changed, while what the program asks for stays the same.
    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Python, in the directory, with `sub/file`, `wanted/other` and what `prepare` makes.
        var prepare = ""
        var act: String
        var change: String
        /// The dimension that is looked up, and the value for which the event is told; nil: the whole name `…/wanted/file`.
        var fill: (@Sendable (BPFSession, inout shrike_slot, String) throws -> Void)?
    }

    static let changes: [Change] = [
        Change(
            testDescription: "the file is renamed", prepare: "d = os.open('sub/file', 0)",
            act: "opening('/proc/self/fd/%d' % d)", change: "os.rename('sub/file', 'wanted/file')"),
        Change(
            testDescription: "its directory is renamed", prepare: "os.rmdir('wanted'); d = os.open('sub/file', 0)",
            act: "opening('/proc/self/fd/%d' % d)", change: "os.rename('sub', 'wanted')"),
        Change(
            testDescription: "a symbolic link leads elsewhere",
            prepare: "os.rename('sub/file', 'sub/x'); os.symlink('sub/x', 'way')",
            act: "opening('way')",
            change: "open('wanted/file', 'w').close(); os.unlink('way'); os.symlink('wanted/file', 'way')"),
        Change(
            testDescription: "the current directory is another", prepare: "os.chdir('sub')", act: "opening('file')",
            change: "os.chdir('../wanted')"),
        Change(
            testDescription: "the directory behind a number is another",
            prepare: "d = os.open('sub', 0); e = os.open('wanted', 0)",
            act: "attempt(lambda: os.open('file', 0, dir_fd=d))", change: "os.dup2(e, d)"),
        Change(
            testDescription: "a failed call's directory is another", prepare: "os.unlink('sub/file'); os.chdir('sub')",
            act: "opening('file')", change: "os.chdir('../wanted')"),
        Change(
            testDescription: "the mount is moved",
            prepare: """
                libc.unshare(0x20000); libc.mount(b'none', b'/', None, 0x44000, None); \
                libc.mount(b'none', b'sub', b'tmpfs', 0, None); open('sub/file', 'w').close(); d = os.open('sub/file', 0)
                """,
            act: "opening('/proc/self/fd/%d' % d)",
            change: "assert libc.mount(b'sub', b'wanted', None, 0x2000, None) == 0"),
        Change(
            testDescription: "the root directory is another", prepare: "d = os.open('sub', 0)",
            act: "attempt(lambda: os.open('file', 0, dir_fd=d))", change: "os.chroot('.')",
            fill: { session, slot, directory in
                try session.setText(1, SHRIKE_BY_NAME, "/sub/file", BPFSession.verdict(set: 1))
            }),
        Change(
            testDescription: "the program has another name", act: "opening('sub/file')",
            change: "open('/proc/self/comm', 'w').write('sh')",
            fill: { session, slot, directory in
                slot.tested = LiveFilterTests.tests(SHRIKE_BY_COMMAND)
                slot.missing.6 = BPFSession.bits(0)
                var key = session.hashKey
                let name = shrike_command_value(&key, UInt64(UInt8(ascii: "s")) | UInt64(UInt8(ascii: "h")) << 8, 0)
                try session.setValue(1, SHRIKE_BY_COMMAND, name, BPFSession.verdict(set: 1))
            }),
        Change(
            testDescription: "the user is another", act: "opening('sub/file')", change: "os.seteuid(65534)",
            fill: { session, slot, directory in
                slot.tested = LiveFilterTests.tests(SHRIKE_BY_USER)
                slot.missing.7 = BPFSession.bits(0)
                try session.setValue(1, SHRIKE_BY_USER, 65534, BPFSession.verdict(set: 1))
            }),
        Change(
            testDescription: "an argument is another", prepare: "flags = 0", act: "attempt(os.open, 'sub/file', flags)",
            change: "flags = os.O_CREAT",
            fill: { session, slot, directory in
                slot.tested = LiveFilterTests.tests(SHRIKE_BY_ARGUMENT) << 2
                slot.argument_mask.2 = UInt64(O_CREAT)
                slot.missing.13 = BPFSession.bits(0)
                let dimension = shrike_dimension(rawValue: SHRIKE_BY_ARGUMENT.rawValue + 2)
                try session.setValue(1, dimension, UInt64(O_CREAT), BPFSession.verdict(set: 1))
            }),
        Change(
            testDescription: "it is another file of that name", act: "opening('sub/file')",
            change: "os.rename('wanted/other', 'sub/file')",
            fill: { session, slot, directory in
                slot.tested = LiveFilterTests.tests(SHRIKE_BY_FILE)
                var status = stat()
                _ = stat("\(directory)/wanted/other", &status)
                let device = UInt32(status.st_dev >> 8 & 0xfff) << 20 | UInt32(status.st_dev & 0xff)
                try session.setValue(
                    1, SHRIKE_BY_FILE, shrike_file_value(UInt64(status.st_ino), device), BPFSession.verdict(set: 1))
            }),
    ]

    static func withProcess(_ prepare: String, _ body: (CommandedProcess, String) throws -> Void) throws {
        try LiveSession.withDirectory { directory in
            let process = try CommandedProcess()
            try process.run("os.chdir('\(directory)'); os.mkdir('sub'); os.mkdir('wanted')")
            try process.run("open('sub/file', 'w').close()")
            if !prepare.contains("rmdir") { try process.run("open('wanted/other', 'w').close()") }
            if !prepare.isEmpty { try process.run(prepare) }
            // Python's own files of a first time.
            for _ in 0..<3 { try process.run("opening('sub/none')") }
            try body(process, directory)
        }
    }

    static func live(_ names: [String], _ change: (BPFSession, inout shrike_slot) throws -> Void) throws -> LiveSession
    {
        let live = try LiveSession(calls: names)
        var failure: (any Error)?
        live.setSlot(1) { slot in
            slot.possible = BPFSession.bits(1)
            slot.tested = LiveFilterTests.tests(SHRIKE_BY_NAME)
            slot.name_default = BPFSession.bits(0)
            do { try change(live.session, &slot) } catch { failure = error }
        }
        if let failure { throw failure }
        return live
    }

    /// How many events are remembered as stopped.
    static func remembered(_ session: BPFSession) -> Int {
        let map = bpf_object__find_map_fd_by_name(session.object, "shrike_discarders")
        var entry = [UInt64](repeating: 0, count: 128)
        return (0..<UInt32(4096)).count { index in
            var index = index
            return bpf_map_lookup_elem(map, &index, &entry) == 0 && entry[0] != 0
        }
    }

    @Test("an event is stopped again, and told once something that counts is another", arguments: changes)
    func filtersAnew(_ change: Change) throws {
        try Self.withProcess(change.prepare) { process, directory in
            let live = try Self.live(["openat"]) { session, slot in
                if let fill = change.fill { return try fill(session, &slot, directory) }
                try session.setText(1, SHRIKE_BY_NAME, "\(directory)/wanted/file", BPFSession.verdict(set: 1))
            }
            func told(_ times: Int) throws -> Int {
                let before = live.collect { $0.head.tgid == process.pid }.count
                for _ in 0..<times { try process.run(change.act) }
                return live.collect { $0.head.tgid == process.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }.count
                    - before
            }
            #expect(try told(3) == 0)
            #expect(Self.remembered(live.session) > 0)
            try process.run(change.change)
            _ = live.collect()
            #expect(try told(3) == 3)
        }
    }

    @Test("a port that is asked for after another one is told") func filtersPortsAnew() throws {
        try Self.withProcess("import socket") { process, _ in
            let live = try Self.live(["connect"]) { session, slot in
                slot.tested = LiveFilterTests.tests(SHRIKE_BY_PORT)
                slot.missing.9 = BPFSession.bits(0)
                try session.setValue(1, SHRIKE_BY_PORT, 53, BPFSession.verdict(set: 1))
            }
            let connect =
                "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('127.0.0.1', %d)); s.close()"
            for port in [9, 9, 9, 53, 53, 9, 53] { try process.run(connect.replacing("%d", with: "\(port)")) }
            let told = live.collect { $0.head.tgid == process.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
            #expect(told.map { $0.socket?.peer_port } == [53, 53, 53])
            #expect(Self.remembered(live.session) > 0)
        }
    }

    @Test("with another filter all is tested again") func forgetsWithTheFilter() throws {
        try Self.withProcess("") { process, directory in
            let live = try Self.live(["openat"]) { _, _ in }
            for _ in 0..<3 { try process.run("opening('sub/file')") }
            #expect(live.collect { $0.head.tgid == process.pid }.isEmpty)
            try live.session.setText(1, SHRIKE_BY_NAME, "\(directory)/sub/file", BPFSession.verdict(set: 1))
            try process.run("opening('sub/file')")
            #expect(live.collect { $0.head.tgid == process.pid }.count == 1)
        }
    }

    @Test("no system call says that something was stopped") func isFrozen() throws {
        let session = try BPFSession(LiveSession.small)
        let map = bpf_object__find_map_fd_by_name(session.object, "shrike_discarders")
        var index: UInt32 = 0
        var entry = [UInt64](repeating: 0, count: 128)
        #expect(bpf_map_update_elem(map, &index, &entry, 0) == -EPERM)
    }
}
