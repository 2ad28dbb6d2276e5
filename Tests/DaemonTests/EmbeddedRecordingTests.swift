import CommandOutput
import Configuration
import EventModel
import EventSources
import Foundation
import Recording
import TestSupport
import Testing

@testable import Daemon

/// A whole run that is written down, and its replay.
@Suite struct EmbeddedRecordingTests {
    private static let rules = """
        - rule: Program in /tmp
          desc: A program in /tmp.
          condition: evt.type = execve and proc.exepath startswith /tmp/
          output: run %proc.exepath by %proc.pname of %proc.aname[2] in %container.id cwd=%proc.cwd sid=%proc.sid
          priority: WARNING
        - rule: Shadow read
          desc: The file is read.
          condition: evt.type in (open, openat) and fd.name = /etc/shadow
          output: read by %proc.name cgroup=%thread.cgroups
          priority: NOTICE
        """

    /// Runs, with repeats held back and processes of a container, and gives the alerts that rules raised.
    private static func record(_ directory: String, limit: UInt64 = 1 << 30) throws -> EmbeddedRun {
        let audit = ScriptedSource(.audit)
        let node = ScriptedNode()
        let group = "/kubepods/besteffort/podx/" + String(repeating: "ab", count: 32)
        _ = node.addContainer(String(repeating: "ab", count: 32), group: group)
        node.start(500, "/usr/bin/sh", group: group)
        let recorder = try Recorder(path: "\(directory)/run.rec", limit: limit)
        let run = try EmbeddedRun(
            [audit.driver(.systemCalls)], rules: rules, configuration: "shrike: {repeats: {window: 5s}}", in: directory,
            node: node, recorder: recorder)
        for index in 0..<12 {
            run.at(1 + Double(index)) {
                let pid = 1000 + index
                // Every other one is gone before it can be asked.
                if index % 2 == 0 { node.start(pid, "/tmp/a", parent: 500, group: group) }
                audit.put { log in
                    log.exec("/tmp/a", ["a", "\(index / 4)"], pid: pid, parent: 500)
                    log.open("/etc/shadow", flags: 0)
                }
            }
        }
        run.run(until: 20)
        return run
    }

    private static func replay(_ directory: String, _ path: String) throws -> (
        status: CommandOutput.ExitStatus, lines: [String]
    ) {
        var request = ConfigurationRequest()
        request.path = "\(directory)/shrike.yaml"
        request.rulesFiles = ["\(directory)/rules.yaml"]
        let output = "\(directory)/alerts-\(UUID().uuidString)"
        request.overrides = [
            "stdout_output.enabled=false", "file_output.enabled=true", "file_output.filename=\(output)",
        ]
        var configuration = request.load().configuration
        configuration.logLevel = .error
        let status = LogReplay.run(ReplayOptions(configuration: configuration, files: [path]))
        let text = try String(contentsOfFile: output, encoding: .utf8)
        return (status, text.split(separator: "\n").map { String($0.split(separator: ": ", maxSplits: 1)[1]) })
    }

    private static func lines(_ run: EmbeddedRun) -> [String] {
        run.output.alerts.filter { $0.source != "internal" }.map {
            "\($0.priority.displayName) \(String(decoding: $0.message, as: UTF8.self))"
        }
    }

    @Test func `a replay raises the run's alerts, in its order, folded as they were`() throws {
        try withDirectory { directory in
            let run = try Self.record(directory)
            let live = Self.lines(run)
            #expect(live.count >= 6 && live.contains { $0.contains("in abababababab") }, "\(live)")
            let replayed = try Self.replay(directory, "\(directory)/run.rec")
            #expect(replayed.status == .success)
            #expect(replayed.lines == live)
        }
    }

    @Test func `what was cut off is replayed as far as it goes, and told`() throws {
        try withDirectory { directory in
            let live = Self.lines(try Self.record(directory))
            let whole = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/run.rec"))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: "\(directory)/cut.rec"))
            let replayed = try Self.replay(directory, "\(directory)/cut.rec")
            #expect(replayed.status == .invalid)
            #expect(!replayed.lines.isEmpty && replayed.lines.count < live.count)
        }
    }

    @Test func `a recording that must end is told of, and the run goes on`() throws {
        try withDirectory { directory in
            let run = try Self.record(directory, limit: 100)
            #expect(run.messages(of: "Shrike internal: recording ended").count == 1, "\(run.rules)")
            #expect(Self.lines(run).count >= 6)
        }
    }
}
