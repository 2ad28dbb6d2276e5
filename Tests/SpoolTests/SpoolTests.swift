import EventModel
import Foundation
import Testing

@testable import Spool

/// A directory for one spool, gone with the test.
final class SpoolDirectory {
    let path: String
    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var file: String { path + "/spool.db" }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func alert(_ number: Int, _ priority: Priority = .warning, bytes: Int = 100, seconds: UInt64 = 1_000) -> SpooledAlert {
    SpooledAlert(
        timeNanoseconds: seconds * 1_000_000_000, priority: priority, rule: "rule \(number)", tags: ["a", "b c"],
        source: "syscall", payload: Array(repeating: UInt8(ascii: "x"), count: bytes))
}

@Suite struct SpoolTests {
    let directory = try? SpoolDirectory()

    private func writer(_ limits: SpoolLimits = SpoolLimits(), outputs: [String] = ["one"]) throws -> SpoolWriter {
        try SpoolWriter(path: #require(directory).file, limits: limits, outputs: outputs)
    }
    private func reader() throws -> SpoolReader { try SpoolReader(path: #require(directory).file) }
    private func rules(_ reader: SpoolReader, after id: Int64 = 0) throws -> [String] {
        try reader.alerts(after: id, limit: 10_000, byteLimit: 1 << 30).map(\.rule)
    }

    @Test func `alerts come out in order with all their parts and different keys`() throws {
        let writer = try writer()
        for number in 1...3 { writer.append(alert(number)) }
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .committed(3))
        let found = try reader().alerts(after: 0, limit: 10, byteLimit: 1 << 20)
        #expect(found.map(\.rule) == ["rule 1", "rule 2", "rule 3"])
        #expect(found.first?.tags == ["a", "b c"])
        #expect(found.first?.priority == .warning)
        #expect(found.first?.payload.count == 100)
        #expect(Set(found.map(\.key)).count == 3)
        #expect(try reader().alerts(after: 0, limit: 10, byteLimit: 150).count == 2)
    }

    @Test(arguments: [true, false])
    func `a file that was taken away takes nothing with it`(isReplaced: Bool) throws {
        let directory = try #require(directory)
        let writer = try writer(outputs: ["one", "two"])
        for number in 1...4 { writer.append(alert(number)) }
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        let keys = try reader().alerts(after: 0, limit: 10, byteLimit: 1 << 20).map(\.key)
        try reader().advance("one", to: 3, delivered: 3)
        try reader().advance("two", to: 1, delivered: 1)
        writer.append(alert(5))
        for name in directory.names { try FileManager.default.removeItem(atPath: directory.path + "/" + name) }
        if isReplaced { try "no spool".write(toFile: directory.file, atomically: true, encoding: .utf8) }
        writer.moveOn(because: "test", monotonic: 1)
        #expect(writer.commit(monotonic: 1, wallClockSeconds: 1_000) == .committed(4))
        let found = try reader().alerts(after: 0, limit: 10, byteLimit: 1 << 20)
        #expect(found.map(\.rule) == ["rule 2", "rule 3", "rule 4", "rule 5"])
        #expect(found.prefix(3).map(\.key) == Array(keys.dropFirst()), "receivers know what they have")
        #expect(writer.generation == 1)
        #expect(directory.names.contains { $0.contains(".corrupt-") } == isReplaced)
    }

    @Test func `an alert is kept until every output is done with it`() throws {
        let writer = try writer(outputs: ["one", "two"])
        for number in 1...4 { writer.append(alert(number)) }
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        let reader = try reader()
        try reader.advance("one", to: 4, delivered: 4)
        try reader.advance("two", to: 2, delivered: 2)
        writer.commit(monotonic: 5_000_000_000, wallClockSeconds: 1_000)
        #expect(try rules(reader) == ["rule 3", "rule 4"])
        #expect(try reader.position(of: "one") == 4)
        // An output that is configured no more holds nothing back, and ids are not used again.
        let later = try self.writer(outputs: ["one"])
        later.append(alert(5))
        later.commit(monotonic: 0, wallClockSeconds: 1_000)
        #expect(try reader.alerts(after: 0, limit: 9, byteLimit: 999).map(\.id) == [5])
        #expect(later.progress().map(\.output) == ["one"])
    }

    @Test func `the least severe alerts go first and are counted`() throws {
        let writer = try writer(SpoolLimits(bytes: 6_000))
        writer.append(alert(1, .critical, bytes: 900))
        writer.append(alert(2, .debug, bytes: 900))
        writer.append(alert(3, .warning, bytes: 900))
        writer.append(alert(4, .debug, bytes: 900))
        writer.append(alert(5, .critical, bytes: 900))
        writer.append(alert(6, .warning, bytes: 900))
        writer.append(alert(7, .error, bytes: 900))
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        #expect(try rules(reader()) == ["rule 1", "rule 3", "rule 5", "rule 6", "rule 7"])
        #expect(writer.takeReports(monotonic: 0) == [.lost(count: 2, reason: .size)])
        #expect(writer.takeReports(monotonic: 0).isEmpty)
    }

    @Test func `alerts that waited too long are given up and counted`() throws {
        let writer = try writer(SpoolLimits(ageSeconds: 100))
        writer.append(alert(1, seconds: 1_000))
        writer.append(alert(2, seconds: 1_090))
        writer.commit(monotonic: 0, wallClockSeconds: 1_101)
        #expect(try rules(reader()) == ["rule 2"])
        #expect(writer.takeReports(monotonic: 0) == [.lost(count: 1, reason: .age)])
    }

    @Test(arguments: [true, false])
    func `a damaged file is set aside and a new one begun`(isHeaderDamaged: Bool) throws {
        let directory = try #require(directory)
        do {
            let writer = try writer()
            for number in 1...200 { writer.append(alert(number, bytes: 500)) }
            writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: directory.file))
        let damaged = isHeaderDamaged ? 0..<64 : 8_192..<40_000
        bytes.replaceSubrange(damaged, with: Data(repeating: 0xa5, count: damaged.count))
        try bytes.write(to: URL(fileURLWithPath: directory.file))
        let writer = try writer()
        writer.append(alert(1))
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .committed(1))
        #expect(try rules(reader()) == ["rule 1"])
        let reports = writer.takeReports(monotonic: 0)
        guard case .setAside(let path?, _)? = reports.first else {
            Issue.record("\(reports)")
            return
        }
        #expect(path.hasPrefix(directory.file + ".corrupt-"))
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(writer.generation == 1)
    }

    @Test func `while the file can't be written alerts wait in memory within a bound`() throws {
        let directory = try #require(directory)
        let writer = try writer(SpoolLimits(pendingBytes: 2_000))
        let blocker = try Database(path: directory.file, busyMilliseconds: 0)
        try blocker.execute("BEGIN IMMEDIATE")
        for number in 1...12 { writer.append(alert(number, number % 2 == 0 ? .debug : .error)) }
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .waiting)
        #expect(writer.lockedSince == 0)
        try blocker.execute("ROLLBACK")
        let reports = writer.takeReports(monotonic: 0)
        #expect(reports.contains { if case .failing = $0 { true } else { false } })
        #expect(writer.commit(monotonic: 1_000_000_000, wallClockSeconds: 1_000) == .committed(8))
        #expect(writer.lockedSince == nil)
        #expect(try rules(reader()) == [1, 3, 5, 7, 9, 10, 11, 12].map { "rule \($0)" })
        #expect(writer.takeReports(monotonic: 20_000_000_000).contains(.recovered))
    }

    @Test func `numbers that the forwarder writes wrongly are no harm`() throws {
        let directory = try #require(directory)
        let writer = try writer()
        for number in 1...3 { writer.append(alert(number)) }
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .committed(3))
        let other = try Database(path: directory.file, busyMilliseconds: 1000)
        for (column, number) in [("position", Int64.min), ("delivered", .min), ("rejected", .min), ("position", .max)] {
            try other.execute("UPDATE cursors SET \(column) = \(number)")
            #expect(writer.progress().allSatisfy { $0.queued >= 0 && $0.delivered >= 0 && $0.rejected >= 0 })
            _ = writer.status()
        }
        try other.execute("UPDATE sqlite_sequence SET seq = \(Int64.max)")
        writer.append(alert(4))
        writer.commit(monotonic: 1_000_000_000, wallClockSeconds: 1_000)
        _ = try SpoolWriter(path: directory.file, limits: SpoolLimits(), outputs: ["a"]).status()
    }

    @Test func `many alerts that wait are written in order, a few at a time`() throws {
        let directory = try #require(directory)
        let writer = try writer()
        let blocker = try Database(path: directory.file, busyMilliseconds: 0)
        try blocker.execute("BEGIN IMMEDIATE")
        for number in 1...1500 { writer.append(alert(number, number % 2 == 0 ? .debug : .error)) }
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .waiting)
        try blocker.execute("ROLLBACK")
        #expect(writer.commit(monotonic: 1_000_000_000, wallClockSeconds: 1_000) == .committed(1500))
        #expect(try rules(reader()) == (1...1500).map { "rule \($0)" })
    }

    @Test func `what can't be read of a file that was removed is told as lost`() throws {
        let directory = try #require(directory)
        let writer = try writer()
        for number in 1...3 { writer.append(alert(number)) }
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .committed(3))
        let other = try Database(path: directory.file, busyMilliseconds: 0)
        try other.execute("ALTER TABLE alerts RENAME COLUMN payload TO other")
        try FileManager.default.removeItem(atPath: directory.file)
        writer.moveOn(because: "removed", monotonic: 0)
        #expect(writer.lost.map(\.count) == [3])
    }

    @Test func `damage that the other end meets is found and the spool begun anew`() throws {
        let directory = try #require(directory)
        let writer = try writer()
        for number in 1...200 { writer.append(alert(number, bytes: 500)) }
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        try reader().checkpoint()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: directory.file))
        try file.seek(toOffset: 12_288)
        try file.write(contentsOf: Data(repeating: 0xa5, count: 30_000))
        try file.close()
        writer.verify()
        for _ in 0..<1000 where writer.generation == 0 {
            writer.commit(monotonic: 0, wallClockSeconds: 1_000)
            usleep(10_000)
        }
        #expect(writer.generation == 1)
        writer.append(alert(1))
        #expect(writer.commit(monotonic: 1_000_000_000, wallClockSeconds: 1_000) == .committed(1))
        #expect(try rules(reader()) == ["rule 1"])
    }

    @Test func `a directory that others may write to is refused`() throws {
        let directory = try #require(directory)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: directory.path)
        #expect(throws: SpoolError.self) { try writer() }
    }

    @Test func `refused alerts are kept with the reason`() throws {
        let writer = try writer()
        writer.append(alert(1))
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
        let reader = try reader()
        let refused = try #require(try reader.alerts(after: 0, limit: 1, byteLimit: 1).first)
        try reader.reject("one", refused, status: 400, reason: "no")
        #expect(writer.progress() == [OutputProgress(output: "one", position: 1, delivered: 0, rejected: 1)])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount a small disk"))
    func `a full disk loses nothing that fits in memory, and the spool works again when there is room`() throws {
        let directory = try #require(directory)
        let disk = directory.path + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        #expect(mount("tmpfs", disk, "tmpfs", 0, "size=512k,mode=700") == 0)
        defer { umount2(disk, 2) }
        let writer = try SpoolWriter(path: disk + "/spool.db", limits: SpoolLimits(), outputs: ["one"])
        writer.append(alert(0))
        #expect(writer.commit(monotonic: 0, wallClockSeconds: 1_000) == .committed(1))
        let filler = fopen(disk + "/filler", "w")
        var chunk = [UInt8](repeating: 1, count: 4096)
        while fwrite(&chunk, 1, chunk.count, filler) == chunk.count, fflush(filler) == 0 {}
        for number in 1...50 { writer.append(alert(number, bytes: 2_000)) }
        #expect(writer.commit(monotonic: 1_000_000_000, wallClockSeconds: 1_000) == .waiting)
        #expect(writer.takeReports(monotonic: 0) == [.failing(reason: "the disk is full")])
        fclose(filler)
        unlink(disk + "/filler")
        #expect(writer.commit(monotonic: 2_000_000_000, wallClockSeconds: 1_000) == .committed(50))
        #expect(writer.takeReports(monotonic: 0) == [.recovered])
        #expect(try rules(SpoolReader(path: disk + "/spool.db")) == (0...50).map { "rule \($0)" })
    }
}
