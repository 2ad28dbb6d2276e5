import CBPFRecords
import Foundation
import Testing

@testable import BPFRuntime

/// Bits that were evaluated for a process alone, and what makes all of them count again.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveProcessBitsTests {
    static let watched = "/etc/hostname"

    static func session() throws -> LiveSession {
        let live = try LiveSession(calls: ["openat"])
        live.setSlot(1) { slot in
            slot.possible = BPFSession.bits(1)
            (slot.process_word, slot.process_words) = (5, 1)
        }
        return live
    }

    static func told(_ live: LiveSession, _ process: CommandedProcess) -> Int {
        live.collect { $0.head.tgid == process.pid && $0.asked == watched }.count
    }

    /// Evaluates the process as one that no rule can mean.
    static func silence(_ live: LiveSession, _ process: CommandedProcess) throws {
        let generation = try #require(live.session.beginBits(ofProcess: process.pid))
        #expect(live.session.setBits(Array(repeating: 0, count: 64), ofProcess: process.pid, generation: generation))
    }

    @Test func silencesAProcessThatNoRuleCanMean() throws {
        let live = try Self.session()
        let process = try CommandedProcess()
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 1)
        try Self.silence(live, process)
        try process.run("opening('\(Self.watched)', 100)")
        #expect(Self.told(live, process) == 1)
        // Another number is to be had then; the one of before stays void.
        let generation = try #require(live.session.beginBits(ofProcess: process.pid))
        live.session.forgetBits()
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 2)
        _ = live.session.setBits(Array(repeating: 0, count: 64), ofProcess: process.pid, generation: generation)
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 3)
        try Self.silence(live, process)
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 3)
    }

    @Test func countsOnlyTheWordsOfTheSlot() throws {
        let live = try Self.session()
        let process = try CommandedProcess()
        let generation = try #require(live.session.beginBits(ofProcess: process.pid))
        var words = [UInt64](repeating: 0, count: 64)
        words[5] = 1
        #expect(live.session.setBits(words, ofProcess: process.pid, generation: generation))
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 1)
    }

    @Test(arguments: [
        "os.setresuid(0, 0, 0)", "os.setresgid(0, 0, 0)", "os.setgroups([])", "attempt(os.setsid)",
        "attempt(os.setpgid, 0, 0)",
        "libc.unshare(0x04000000)", "libc.prctl(15, b'renamed', 0, 0, 0)", "attempt(os.chroot, '/')",
        "open('/proc/self/comm', 'w').write('other')", "libc.capset(None, None)", "libc.setfsuid(0)",
        "os.execv('/usr/bin/python3', ['python3', '-c', 'import os, sys\\nprint(\"done\", flush=True)\\n"
            + "for line in sys.stdin:\\n os.open(\"/etc/hostname\", 0)\\n print(\"done\", flush=True)'])",
    ])
    func resetsBeforeTheNextEvent(_ change: String) throws {
        let live = try Self.session()
        let process = try CommandedProcess()
        try Self.silence(live, process)
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 0)
        try process.run(change)
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 1)
    }

    @Test func refusesBitsForWhatItWasBefore() throws {
        let live = try Self.session()
        let process = try CommandedProcess()
        let generation = try #require(live.session.beginBits(ofProcess: process.pid))
        try process.run("os.setresuid(0, 0, 0)")
        #expect(!live.session.setBits([], ofProcess: process.pid, generation: generation))
        #expect(!live.session.setBits([], ofProcess: 0x3fff_fff0, generation: 1))
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 1)
    }

    @Test func leavesChildrenTheirBits() throws {
        let live = try Self.session()
        let process = try CommandedProcess()
        try Self.silence(live, process)
        try process.run(
            "pid = os.fork(); opening('\(Self.watched)') if pid == 0 else os.waitpid(pid, 0); pid or os._exit(0)")
        let told = live.collect { $0.head.ppid == process.pid && $0.asked == Self.watched }
        #expect(told.count == 1)
        try process.run("opening('\(Self.watched)')")
        #expect(Self.told(live, process) == 0)
    }
}
