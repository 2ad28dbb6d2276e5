import Foundation
import Testing

/// Repeats folded and rules limited, as an operator sees it.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndRepeatsTests {
    private static func options(_ directory: String, _ settings: [String]) throws -> [String] {
        try """
        - rule: Marker read
          desc: x
          condition: evt.type in (open, openat) and fd.name = \(directory)/marker
          output: "read | file=%fd.name command=%proc.cmdline pid=%proc.pid"
          priority: WARNING
        """.write(toFile: "\(directory)/rules.yaml", atomically: false, encoding: .utf8)
        try "x".write(toFile: "\(directory)/marker", atomically: false, encoding: .utf8)
        return ["-r", "\(directory)/rules.yaml", "-o", "json_output=true", "--source", "audit"]
            + settings.flatMap { ["-o", $0] }
    }

    /// Reads the file with one process for each time.
    private static func read(_ directory: String, times: Int) throws {
        try Command.shell("i=0; while [ $i -lt \(times) ]; do cat \(directory)/marker >/dev/null; i=$((i+1)); done")
    }

    private static func markers(_ shrike: ShrikeProcess) -> [EndToEndAlert] {
        shrike.alerts.filter { $0.rule == "Marker read" }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a loop of reads is two alerts`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(Self.options(directory, ["shrike.repeats.window=6s"]))
            defer { shrike.stop() }
            try Self.read(directory, times: 200)
            let told = try #require(shrike.alert("Marker read", within: 15) { $0.text("shrike.repeats") != nil })
            #expect(told.text("shrike.repeats") == "199")
            #expect(told.output.contains("shrike.repeats=199 shrike.first_time=2"), "\(told.line)")
            let times = ["shrike.first_time", "shrike.last_time", "evt.time"].map { UInt64(told.text($0) ?? "") ?? 0 }
            #expect(times[0] < times[1] && times[1] == times[2], "\(told.line)")
            #expect(Self.markers(shrike).count == 2)
            #expect(shrike.stop() == 0)
            #expect(shrike.standardError.contains("Repeats folded: 199"), "\(shrike.standardError)")
            #expect(shrike.standardError.contains("Marker read: 200"), "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGHUP])
    func `a stop or a reload in the middle of the window tells too`(signal: Int32) throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(Self.options(directory, ["shrike.repeats.window=1h"]))
            defer { shrike.stop() }
            try Self.read(directory, times: 10)
            #expect(shrike.alert("Marker read") != nil)
            // The last of the ten is with it by now.
            usleep(500_000)
            kill(shrike.pid, signal)
            let told = shrike.alert("Marker read") { $0.text("shrike.repeats") != nil }
            #expect(told?.text("shrike.repeats") == "9", "\(shrike.standardOutput)")
            #expect(Self.markers(shrike).count == 2)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is over the limit of its rule is told of`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(
                Self.options(directory, ["shrike.rate_limit.per_rule=5", "shrike.rate_limit.interval=1h"]))
            defer { shrike.stop() }
            try Self.read(directory, times: 50)
            usleep(500_000)
            #expect(shrike.stop() == 0)
            let alerts = Self.markers(shrike)
            #expect(alerts.count == 6, "\(shrike.standardOutput)")
            #expect(alerts.last?.text("shrike.rate_limited") == "45", "\(shrike.standardOutput)")
            #expect(alerts.last?.output.contains("45 alerts of rule Marker read were held back") == true)
            #expect(shrike.standardError.contains("Held back by the rate limit: 45"), "\(shrike.standardError)")
        }
    }
}
