import CBPF
import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime

/// Floods, a reader that stands still, and a reader that sleeps.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveFloodTests {
    /// A session that is told of one file alone.
    static func session(of path: String, _ settings: BPFSettings = LiveSession.small) throws -> LiveSession {
        let live = try LiveSession(calls: ["openat"], settings: settings)
        live.setSlot(1) { slot in
            slot.possible = BPFSession.bits(1)
            slot.tested = 1 << SHRIKE_BY_NAME.rawValue
            slot.name_default = BPFSession.bits(0)
        }
        try live.session.setText(1, SHRIKE_BY_NAME, path, BPFSession.verdict(set: 1))
        return live
    }

    @Test func holdsAFloodBackAndCountsIt() throws {
        try LiveSession.withDirectory { directory in
            let file = "\(directory)/flooded"
            try Data().write(to: URL(fileURLWithPath: file))
            let live = try Self.session(of: file)
            live.session.control.pointee.burst = 200
            live.session.control.pointee.rate = 10
            let process = try CommandedProcess()
            try process.run("opening('\(file)', 2000)")
            let told = live.collect { $0.asked == file }.count
            let held = Int(live.session.counters.missing.held)
            #expect(told + held == 2000)
            // What starts meanwhile in the same namespaces takes of the share, too.
            #expect((100...220).contains(told) && held > 1000, "\(told), \(held)")
            var counted: UInt64 = 0
            live.session.groups { _, group in counted += group.held }
            #expect(Int(counted) == held)
            // Processes are told of in any case.
            let answer = try LiveSession.run("/bin/true", [])
            #expect(!live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_EXEC.rawValue }.isEmpty)
        }
    }

    /// A share is of the ring's room, which long records take more of.
    @Test func countsALongRecordAsSeveralEvents() throws {
        try LiveSession.withDirectory { directory in
            let name = String(repeating: "x", count: 200)
            var path = directory
            for _ in 0..<10 { path += "/\(name)" }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = "\(path)/flooded"
            try Data().write(to: URL(fileURLWithPath: file))
            let live = try Self.session(of: file)
            live.session.control.pointee.burst = 50
            live.session.control.pointee.rate = 1
            let process = try CommandedProcess()
            try process.run("opening('\(file)', 1000)")
            let records = live.collect { $0.asked == file }
            let size = try #require(records.first.map { Int($0.head.size) })
            #expect(size > 4000)
            let events = size / (Int(SHRIKE_EVENT_BYTES) / 2)
            #expect((50 / events...50 / events + 3).contains(records.count), "\(records.count) of \(size) bytes")
        }
    }

    /// Programs that start are told in any case, but not at any length.
    @Test func cutsTheArgumentsOfAFlood() throws {
        let live = try LiveSession(calls: [])
        live.session.control.pointee.environment = 1
        live.session.control.pointee.burst = 3
        live.session.control.pointee.rate = 1
        let argument = String(repeating: "y", count: 20_000)
        var told: [Int] = []
        for _ in 0..<6 {
            let answer = try LiveSession.run("/bin/true", [argument])
            let exec = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_EXEC.rawValue }
            let record = try #require(exec.first)
            told.append(record[SHRIKE_PART_ARGUMENTS]?.bytes.count ?? 0)
            #expect((record[SHRIKE_PART_ENVIRONMENT] == nil) == (told.last == Int(SHRIKE_ARGUMENTS_SHORT)))
        }
        #expect(told.first ?? 0 > 20_000 || told.first == Int(SHRIKE_ARGUMENTS_SHORT))
        #expect(told.last == Int(SHRIKE_ARGUMENTS_SHORT))
        #expect(live.session.counters.told_short >= 3)
    }

    /// Where version 2 is mounted, also beside version 1.
    static let groups = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].first { access("\($0)/cgroup.procs", W_OK) == 0 }

    /// Who makes groups below its own sends no more by that.
    @Test(.enabled(if: groups != nil, "no control groups of version 2"))
    func givesGroupsWithinAGroupOneShare() throws {
        let top = "\(try #require(Self.groups))/shrike-test-\(getpid())"
        try LiveSession.withDirectory { directory in
            let file = "\(directory)/flooded"
            try Data().write(to: URL(fileURLWithPath: file))
            let live = try Self.session(of: file)
            live.session.control.pointee.burst = 20
            live.session.control.pointee.rate = 1
            try FileManager.default.createDirectory(atPath: top, withIntermediateDirectories: false)
            let process = try CommandedProcess()
            defer {
                try? process.run("move('\(Self.groups ?? "")')")
                for group in ["/a", "/b/c", "/b", ""] { rmdir(top + group) }
            }
            try process.run("def move(group): open(group + '/cgroup.procs', 'w').write('0')")
            try process.run("move('\(top)')")
            // The second one is made from the first, and no part of it.
            for group in ["a", "b", "b/c"] {
                try process.run("os.mkdir('\(top)/\(group)'); move('\(top)/\(group)'); opening('\(file)', 30)")
            }
            let told = live.collect { $0.asked == file }.count
            #expect((20...22).contains(told), "\(told)")
            var shares = 0
            live.session.groups { _, group in if group.held > 0 { shares += 1 } }
            #expect(shares == 1)
        }
    }

    /// A user's own service manager makes groups beside the one that it is in.
    @Test(.enabled(if: groups != nil, "no control groups of version 2"))
    func `groups below one that a user was given have one share, whoever made them`() throws {
        let top = "\(try #require(Self.groups))/shrike-test-\(getpid())"
        let groups = ["", "/a", "/b", "/b/c"]
        try FileManager.default.createDirectory(atPath: top, withIntermediateDirectories: false)
        for group in groups.dropFirst() {
            try FileManager.default.createDirectory(atPath: top + group, withIntermediateDirectories: false)
        }
        for group in groups { try #require(chown(top + group, 65534, 65534) == 0) }
        try LiveSession.withDirectory { directory in
            let file = "\(directory)/flooded"
            try Data().write(to: URL(fileURLWithPath: file))
            let live = try Self.session(of: file)
            live.session.control.pointee.burst = 20
            live.session.control.pointee.rate = 1
            let process = try CommandedProcess()
            defer {
                try? process.run("move('\(Self.groups ?? "")')")
                for group in groups.reversed() { rmdir(top + group) }
            }
            try process.run("def move(group): open(group + '/cgroup.procs', 'w').write('0')")
            for group in groups.dropFirst() { try process.run("move('\(top)\(group)'); opening('\(file)', 30)") }
            let told = live.collect { $0.asked == file }.count
            #expect((20...22).contains(told), "\(told)")
        }
    }

    @Test func countsWhatTheRingCouldNotTake() throws {
        try LiveSession.withDirectory { directory in
            let file = "\(directory)/flooded"
            try Data().write(to: URL(fileURLWithPath: file))
            var settings = LiveSession.small
            settings.ringBytes = 65_536
            let live = try Self.session(of: file, settings)
            let process = try CommandedProcess()
            _ = live.collect()
            try process.run("opening('\(file)', 1000)")
            let counters = live.session.counters
            var lost: UInt64 = 0
            live.session.groups { _, group in lost += group.lost }
            let told = live.collect { $0.asked == file }.count
            #expect(counters.missing.lost_full >= 500 && lost == counters.missing.lost_full)
            #expect(told + Int(counters.missing.lost_full) >= 1000 && live.damaged == 0)
            // It goes on when there is room.
            try process.run("opening('\(file)')")
            #expect(live.collect { $0.asked == file }.count == told + 1)
        }
    }

    @Test func wakesAReaderThatSleeps() throws {
        let live = try LiveSession(calls: [])
        live.session.willSleep()
        _ = live.collect()
        var poll = pollfd(fd: live.session.ring.descriptor, events: Int16(POLLIN), revents: 0)
        _ = try LiveSession.run("/bin/true", [])
        #expect(Glibc.poll(&poll, 1, 5000) == 1)
        #expect(live.session.control.pointee.sleeping == 0)
    }

    @Test func tellsNothingOfIgnoredProcesses() throws {
        try LiveSession.withDirectory { directory in
            let file = "\(directory)/file"
            try Data().write(to: URL(fileURLWithPath: file))
            let live = try Self.session(of: file)
            let process = try CommandedProcess()
            live.session.control.pointee.ignored = process.pid
            try process.run("opening('\(file)')")
            #expect(live.collect { $0.asked == file }.isEmpty)
        }
    }

    @Test func letsCanariesThrough() throws {
        let live = try Self.session(of: "/nowhere")
        let process = try CommandedProcess()
        try process.run("opening('/etc/hostname')")
        #expect(live.collect { $0.asked == "/etc/hostname" && $0.head.tgid == process.pid }.isEmpty)
        live.session.control.pointee.canary_parent = getpid()
        try process.run("opening('/etc/hostname')")
        #expect(live.collect { $0.asked == "/etc/hostname" && $0.head.tgid == process.pid }.count == 1)
    }

    @Test func attachesTwiceAndLeavesNothing() throws {
        let live = try LiveSession(calls: [])
        live.session.detach()
        _ = live.collect()
        let answer = try LiveSession.run("/bin/true", [])
        #expect(live.collect { $0.head.tgid == answer.pid }.isEmpty)
        try live.session.attach()
        let again = try LiveSession.run("/bin/true", [])
        #expect(!live.collect { $0.head.tgid == again.pid }.isEmpty)
    }

    /// All that is done after the start, on a thread without any capability.
    @Test func needsNoCapabilityAfterTheStart() throws {
        let live = try Self.session(of: "/etc/hostname")
        let process = try CommandedProcess()
        // Unsafe: the one thread uses both, and is waited for below before anybody else does.
        nonisolated(unsafe) let session = live.session
        nonisolated(unsafe) var problems: [String] = []
        let pid = process.pid
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            defer { isDone.signal() }
            guard let symbol = dlsym(nil, "capset") else { return problems.append("capset") }
            var header: [UInt32] = [0x2008_0522, 0]
            var data = [UInt32](repeating: 0, count: 6)
            typealias Capset = @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32
            if unsafeBitCast(symbol, to: Capset.self)(&header, &data) != 0 { problems.append("capset") }
            do {
                try session.setText(1, SHRIKE_BY_NAME, "/other", BPFSession.verdict(set: 1))
                try session.setPrefix(1, SHRIKE_BY_PREFIX, [47], bits: 8, BPFSession.verdict(set: 1))
            } catch { problems.append("\(error)") }
            guard let generation = session.beginBits(ofProcess: pid) else { return problems.append("begin") }
            if !session.setBits([], ofProcess: pid, generation: generation) { problems.append("set") }
            if session.drain(limit: 10, { _ in }) == 0 { problems.append("drain") }
            if !session.alterations().isEmpty { problems.append("alterations") }
            session.groups { _, _ in }
        }
        isDone.wait()
        #expect(problems.isEmpty)
    }
}
