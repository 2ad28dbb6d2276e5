import EventModel
import Foundation
import KernelInterface
import TestSupport
import Testing

@testable import Daemon

/// The record of when a node was watched, and the watch over the sensor itself.
struct SelfProtectionTests {
    @Test(arguments: [
        ("shrike 1 watching 1700000000000000000 b00t \n", false), ("shrike 1 stopped 1700000000000000000 b00t", true),
    ])
    func `a line is read`(line: String, isStopped: Bool) throws {
        let entry = try #require(WatchRecord.Entry(line.utf8))
        #expect(
            entry == WatchRecord.Entry(isStopped: isStopped, timeNanoseconds: 1_700_000_000_000_000_000, boot: "b00t"))
        #expect(WatchRecord.Entry(entry.bytes) == entry)
        #expect(entry.bytes.count == 96)
    }

    @Test(arguments: [
        "", "shrike", "shrike 2 watching 1 b", "shrike 1 asleep 1 b", "shrike 1 watching -1 b", "shrike 1 watching 1",
        "shrike 1 watching 99999999999999999999999 b", "shrike 1 watching 1 b c", "\0\0\0\0", "falco 1 watching 1 b",
    ])
    func `what is no line of ours is none`(line: String) { #expect(WatchRecord.Entry(line.utf8) == nil) }

    @Test func `the first start tells of no gap, the second does`() throws {
        try withDirectory { directory in
            let second: UInt64 = 1_000_000_000
            let first = try WatchRecord(directory: directory, boot: "a")
            #expect(first.gapAlert(wallClock: 5) == nil)
            first.tick(now: 1, wallClock: 1_700_000_000 * second)
            // Not yet due.
            first.tick(now: second, wallClock: 1_700_000_100 * second)
            let killed = try #require(
                try WatchRecord(directory: directory, boot: "a").gapAlert(wallClock: 1_700_000_060 * second))
            #expect(killed.priority == .critical)
            let text = String(decoding: killed.message, as: UTF8.self)
            #expect(text.contains("from 2023-11-14T22:13:20Z to 2023-11-14T22:14:20Z"), "\(text)")
            #expect(killed.fields.contains { $0.key == "seconds" && $0.value == .unsigned(60) })
            first.end(wallClock: 1_700_000_000 * second)
            let stopped = try #require(
                try WatchRecord(directory: directory, boot: "b").gapAlert(wallClock: 1_600_000_000 * second))
            #expect(stopped.priority == .notice)
            let told = String(decoding: stopped.message, as: UTF8.self)
            // The clock was set back: no negative time.
            #expect(stopped.fields.contains { $0.key == "seconds" && $0.value == .unsigned(0) })
            #expect(told.contains("the node was booted in between"))
        }
    }

    @Test func `a record in a directory that is a link elsewhere is refused`() throws {
        try withDirectory { directory in
            symlink("/etc/passwd", "\(directory)/watching")
            #expect(throws: KernelError.self) { try WatchRecord(directory: directory, boot: "a") }
        }
    }

    private func rules(_ alerts: [Alert]) -> [String] { alerts.map(\.rule) }

    @Test func `standing still is told once, a busy moment is not`() {
        let tenth: UInt64 = 100_000_000
        var watch = TamperWatch(now: 1000 * tenth, files: [])
        func tick(_ now: UInt64) -> [Alert] { watch.tick(now: now * tenth, wallClock: 10 * now * tenth) }
        #expect(tick(1015).isEmpty && tick(1016).isEmpty)
        #expect(tick(1056).isEmpty)
        #expect(rules(tick(1057)) == ["Shrike internal: stood still"])
        #expect(tick(1058).isEmpty)
    }

    @Test(arguments: [true, false])
    func `stopped and continued is told with who did it, whenever that is read`(isBefore: Bool) {
        let tenth: UInt64 = 100_000_000
        var watch = TamperWatch(now: 1000 * tenth, files: [])
        let signal = SignalDescriptor.Signal(number: SIGCONT, sender: (getpid(), 0))
        if isBefore { watch.continued(by: signal) }
        #expect(watch.tick(now: 1015 * tenth, wallClock: 1).isEmpty)
        if !isBefore { watch.continued(by: signal) }
        let alerts = watch.tick(now: 1016 * tenth, wallClock: 12)
        #expect(rules(alerts) == ["Shrike internal: stood still"])
        #expect(alerts.allSatisfy { String(decoding: $0.message, as: UTF8.self).contains("process \(getpid())") })
        #expect(watch.tick(now: 1032 * tenth, wallClock: 13).isEmpty)
        #expect(watch.tick(now: 1033 * tenth, wallClock: 13).isEmpty)
    }

    @Test func `a guarded file that is removed or replaced is told of, one that is written to is not`() throws {
        try withDirectory { directory in
            let second: UInt64 = 1_000_000_000
            let path = "\(directory)/spool"
            try "a".write(toFile: path, atomically: false, encoding: .utf8)
            var watch = TamperWatch(now: 0, files: [(what: "the spool", path: path)])
            var now: UInt64 = 0
            func look() -> [String] {
                var found: [String] = []
                for _ in 0..<3 {
                    now += second
                    found += watch.tick(now: now, wallClock: now).map { String(decoding: $0.message, as: UTF8.self) }
                }
                return found
            }
            #expect(look().isEmpty)
            let handle = try #require(FileHandle(forWritingAtPath: path))
            handle.write(Data("bbb".utf8))
            #expect(look().isEmpty)
            try "c".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(look().map { $0.contains("was replaced") } == [true])
            #expect(look().isEmpty)
            try FileManager.default.removeItem(atPath: path)
            #expect(look().map { $0.contains("was removed") } == [true])
            #expect(look().isEmpty)
            try "d".write(toFile: path, atomically: true, encoding: .utf8)
            watch.accept(path)
            #expect(look().isEmpty)
        }
    }
}
