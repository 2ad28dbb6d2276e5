import EventModel
import Foundation
import Glibc
import Synchronization
import TestNode
import Testing

@testable import NodeState

@Suite struct HostFilesTests {
    private let directory = FileManager.default.temporaryDirectory.path + "/shrike-\(UUID().uuidString)"

    private func make(_ name: String, _ content: String) throws {
        let path = "\(directory)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Makes a link and follows it once, as whoever is watched does: the first who does notes the time, which nobody does who asks
    /// for nothing but what is remembered (relatime, mount(8)).
    private func link(_ target: String, _ name: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/\(name)", withDestinationPath: target)
        usleep(20_000)
        var status = stat()
        stat("\(directory)/\(name)", &status)
    }

    @Test func `a name is followed from a root, out of which no link leads`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try make("root/etc/shadow", "x")
        try link("/etc/shadow", "root/link")
        try link("../../../../../etc/shadow", "root/etc/out")
        var buffer: [UInt8] = []
        for name in ["/link", "/etc/shadow", "/etc/out", "/etc/../link"] {
            let status = HostFiles().follow(
                Array(name.utf8), below: PathBuffer("\(directory)/root"), into: &buffer)
            #expect(text(buffer) == "\(directory)/root/etc/shadow", "\(name)")
            #expect(status?.size == 1)
        }
        for name in ["/missing", "", "/li\u{0}nk"] {
            #expect(HostFiles().follow(Array(name.utf8), below: PathBuffer("\(directory)/root"), into: &buffer) == nil)
        }
    }

    private final class Renames: Sendable {
        let isDone = Atomic(false)
        private let directory: String

        init(in directory: String) { self.directory = directory }

        @Sendable func run() {
            while !isDone.load(ordering: .relaxed) {
                rename("\(directory)/a", "\(directory)/b")
                rename("\(directory)/b", "\(directory)/a")
                usleep(1)
            }
        }
    }

    /// A rename anywhere makes the kernel give up a name with ".." (openat2(2), EAGAIN).
    @Test func `a name is followed while others rename`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try make("root/etc/shadow", "x")
        try make("a", "x")
        try link("../../../../../etc/shadow", "root/etc/out")
        let others = Renames(in: directory)
        defer { others.isDone.store(true, ordering: .relaxed) }
        Thread.detachNewThread(others.run)
        var buffer: [UInt8] = []
        let root = PathBuffer("\(directory)/root")
        let name = Array("/etc/out".utf8)
        let missed = (0..<2000).count { _ in HostFiles().follow(name, below: root, into: &buffer) == nil }
        #expect(missed == 0)
    }

    @Test func `a container's account file is read, and nothing that stands in for it`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = HostFiles()
        var buffer: [UInt8] = []
        func read(_ root: String, _ limit: Int = 1000) -> String? {
            files.readBeneath(
                root: PathBuffer("\(directory)/\(root)"), components: ["etc", "passwd"], upTo: limit, into: &buffer
            ).map { _ in text(buffer) }
        }
        try make("good/etc/passwd", "root:x:0:0:::\n")
        #expect(read("good") == "root:x:0:0:::\n")
        #expect(read("good", 3) == nil)
        #expect(read("missing") == nil)
        try make("link/etc/other", "x")
        #expect(symlink("/etc/shadow", "\(directory)/link/etc/passwd") == 0)
        #expect(read("link") == nil)
        try make("linkdir/x", "")
        #expect(symlink("/etc", "\(directory)/linkdir/etc") == 0)
        #expect(read("linkdir") == nil)
        try make("pipe/etc/x", "")
        #expect(mkfifo("\(directory)/pipe/etc/passwd", 0o600) == 0)
        #expect(read("pipe") == nil)
        #expect(files.readBeneath(root: PathBuffer("/etc\0x"), components: ["passwd"], upTo: 9, into: &buffer) == nil)
    }

    @Test func `files larger than one read are read to their end or the limit`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let content = String((0..<30_000).map { _ in "ab" }.joined())
        try make("big", content)
        var buffer: [UInt8] = []
        #expect(HostFiles().read(PathBuffer("\(directory)/big"), upTo: 1 << 20, into: &buffer))
        #expect(buffer.count == 60_000 && text(buffer) == content)
        #expect(HostFiles().read(PathBuffer("\(directory)/big"), upTo: 10_001, into: &buffer))
        #expect(buffer.count == 10_001)
        #expect(!HostFiles().read(PathBuffer("\(directory)/none"), upTo: 10, into: &buffer))
    }
}

/// The real /proc, with processes of our own.
@Suite struct LiveProcessTests {
    private func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private func spawn(_ path: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["SHRIKE_TEST": "yes"]
        process.currentDirectoryURL = URL(fileURLWithPath: "/usr")
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func event(_ type: String, _ pid: Int32) -> RawEvent {
        var event = RawEvent()
        event.type = EventType(name: type) ?? EventType(index: 0)
        event.timeNanoseconds = now()
        event.hasResult = true
        event.process.pid = pid
        return event
    }

    @Test func `a child of ours as /proc shows it`() throws {
        let child = try spawn("/bin/sleep", ["30"])
        let pid = child.processIdentifier
        defer { kill(pid, SIGKILL) }
        let state = NodeState(files: HostFiles())
        // Until the exec has happened the child is still a copy of this process.
        var tries = 0
        while tries < 200, (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline")))?.first != 0x2f {
            usleep(5000)
            tries += 1
        }
        var raw = event("chmod", pid)
        _ = state.apply(&raw)
        let process = try #require(state.current.process)
        #expect(text(process.command) == "sleep")
        #expect(text(process.arguments) == "30\0" && text(process.argumentZero).hasSuffix("sleep"))
        #expect(text(process.executablePath).hasSuffix("sleep") && text(process.currentDirectory) == "/usr/")
        #expect(text(process.environment).contains("SHRIKE_TEST=yes\0"))
        #expect(process.credentials.uid == getuid() && process.virtualPID > 0)
        #expect(process.executable.inode != 0 && process.executable.changeTimeNanoseconds > 0)
        #expect(state.parentID(of: process) == getpid())
        let age = now() &- process.startTimeNanoseconds
        #expect(age < 60_000_000_000)
        #expect(process.descriptorLimit != 0 && process.openDescriptorCount >= 3 && process.memory != nil)
        #expect(state.descriptor(0, of: process).map { text($0.path) } == "/dev/null")
        #expect(state.isKnown(pid: pid, startTicks: process.startTicks))
        #expect(!state.isKnown(pid: pid, startTicks: process.startTicks + 1))
        kill(pid, SIGKILL)
        child.waitUntilExit()
        var exit = event("procexit", pid)
        _ = state.apply(&exit)
        #expect(state.current.process?.hasExited == true && text(process.command) == "sleep")
    }

    @Test func `a real connection: our end of a socket by its inode`() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(listener)
            close(client)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.bind(listener, raw, length) == 0 && Glibc.listen(listener, 1) == 0
                    && getsockname(listener, raw, &length) == 0 && Glibc.connect(client, raw, length) == 0
            }
        }
        try #require(isConnected)
        let state = NodeState(files: HostFiles())
        var raw = event("fchmod", getpid())
        raw.registers[0] = UInt64(client)
        raw.registerCount = 4
        _ = state.apply(&raw)
        let descriptor = try #require(state.current.descriptor)
        #expect(descriptor.kind == .ipv4 && descriptor.transport == .tcp && descriptor.isConnected)
        var name: [UInt8] = []
        state.appendName(of: descriptor, into: &name)
        let port = UInt16(bigEndian: address.sin_port)
        #expect(text(name).contains("127.0.0.1:\(port)") && text(name).contains("->"))
        #expect(state.isLocalAddress(descriptor.remote))
        #expect(state.descriptor(listener, of: try #require(state.current.process))?.server.port == port)
    }

    @Test func `the whole of /proc at start`() {
        let state = NodeState(files: HostFiles())
        let began = now()
        let found = state.loadAll(nowNanoseconds: began)
        let took = now() - began
        #expect(found > 1 && state.process(pid: getpid()) != nil && state.process(pid: 1) != nil)
        // 0.2 ms a process on an idle machine without optimisation; the bound leaves room for a busy one.
        #expect(took < UInt64(found) * 5_000_000, "\(found) processes took \(took / 1000) µs")
    }

    @Test func `accounts of this machine`() {
        let state = NodeState(files: HostFiles())
        #expect(state.user(0, of: nil).map { text($0.name) } == "root")
        #expect(state.group(0, of: nil).map { text($0.name) } == "root")
    }
}
