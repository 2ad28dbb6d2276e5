import EventModel
import KernelInterface
import Testing

@testable import EventSources

@Suite final class OpenTrackerTests {
    private var tracker = OpenTracker()
    private var ready: [ObservedOpen] = []

    private static func open(_ pid: Int32 = 1, inode: UInt64 = 5, flags: Int32 = 0) -> ObservedOpen {
        var open = ObservedOpen(
            pid: pid, path: Array("/x".utf8), device: 1, inode: inode, wanted: .any, timeNanoseconds: 0)
        open.flags = flags
        return open
    }

    private func take(
        _ events: FanotifyGroup.Events, pid: Int32 = 1, found flags: Int32? = nil, now: UInt64 = 0
    ) -> [String] {
        ready = []
        tracker.take(Self.open(pid, flags: flags ?? 0), events, isFound: flags != nil, now: now, into: &ready)
        return told
    }

    private var told: [String] {
        ready.map { ["read", "write", "readwrite"][Int($0.flags & 3)] + " \($0.pid)" }
    }

    @Test func `an open whose descriptor is found is told at once`() {
        #expect(take(.open, found: 0o100000) == ["read 1"])
        #expect(take(.open, found: 0o100002) == ["readwrite 1"])
    }

    @Test func `a close in the same record tells how it was opened`() {
        #expect(take([.open, .closeNoWrite]) == ["read 1"])
        #expect(take([.open, .closeWrite]) == ["write 1"])
        #expect(take([.open, .closeWrite, .closeNoWrite]) == ["write 1", "read 1"])
    }

    @Test func `an open that is closed later waits for the close`() {
        #expect(take(.open) == [])
        #expect(take(.closeWrite) == ["write 1"])
        #expect(take(.open) == [])
        #expect(take(.closeNoWrite) == ["read 1"])
        #expect(take(.closeNoWrite) == [], "it was told")
    }

    @Test func `an open without a close counts as a read after a while`() {
        #expect(take(.open, now: 1_000) == [])
        tracker.expire(now: 2_000, into: &ready)
        #expect(told == [])
        tracker.expire(now: 1_000 + OpenTracker.patienceNanoseconds, into: &ready)
        #expect(told == ["read 1"])
        #expect(tracker.guessed == 1)
    }

    @Test func `a writer is told once, whoever closes it`() {
        #expect(take(.open, found: 1) == ["write 1"])
        #expect(take(.closeWrite) == [])
        #expect(take(.open, found: 1) == ["write 1"])
        #expect(take(.closeWrite, pid: 2) == [], "a child closed what it inherited")
        #expect(take(.closeWrite, pid: 2) == ["write 2"], "this one nobody told of")
    }

    @Test func `a child's close tells how the parent opened it`() {
        #expect(take(.open) == [])
        #expect(take(.closeWrite, pid: 2) == ["write 1"])
    }

    @Test func `the start of a program is no open`() {
        #expect(take([.open, .openExec]) == [])
        #expect(take(.closeNoWrite) == [])
        tracker.expire(now: .max, into: &ready)
        #expect(told == [])
        #expect(!OpenTracker.needsDescriptor([.open, .openExec]))
    }

    @Test func `the tables are bounded`() {
        for inode in 0..<UInt64(OpenTracker.waitingLimit + 10) {
            tracker.take(Self.open(inode: inode), .open, isFound: false, now: 0, into: &ready)
        }
        #expect(ready.count == 10)
        #expect(tracker.guessed == 10)
        for inode in 0..<UInt64(OpenTracker.writerLimit * 2) {
            tracker.take(Self.open(inode: inode, flags: 1), .open, isFound: true, now: 0, into: &ready)
        }
        ready = []
        let last = UInt64(OpenTracker.writerLimit * 2 - 1)
        tracker.take(Self.open(inode: last), .closeWrite, isFound: false, now: 0, into: &ready)
        #expect(ready.isEmpty, "the newest are still known")
    }
}
