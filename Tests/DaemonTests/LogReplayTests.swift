import CommandOutput
import Configuration
import EventModel
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Daemon

@Suite struct LogReplayTests {
    /// How many alerts a replay of a program in /tmp with this process id writes.
    private func alerts(pid: Int) throws -> Int {
        let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var log = AuditLogBuilder()
        log.exec("/tmp/miner", ["./miner"], pid: pid, parent: 1)
        try log.text.write(toFile: directory + "/audit.log", atomically: true, encoding: .utf8)
        var configuration = Configuration()
        configuration.logLevel = .error
        configuration.outputs.file.isEnabled = true
        configuration.outputs.file.target = directory + "/alerts"
        let options = ReplayOptions(configuration: configuration, files: [directory + "/audit.log"])
        #expect(LogReplay.run(options) == .success)
        return try String(contentsOfFile: directory + "/alerts", encoding: .utf8).split(separator: "\n").count
    }

    @Test func `a process of the log that has the replay's own number is another one`() throws {
        #expect(try alerts(pid: Int(getpid())) == 1)
        #expect(try alerts(pid: Int(getpid()) &+ 1) == 1)
    }
}
