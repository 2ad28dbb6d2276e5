import Foundation
import Testing

/// What a workload does is learned on the real kernel, kept over a restart, and something new is told.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndLearningTests {
    /// Learns quickly: windows of a second, five quiet ones in a row.
    private static func options(_ directory: String, source: String) -> [String] {
        [
            "-o", "json_output=true", "--source", source, "-o", "rule_matching=all", "-o",
            "shrike.learning.enabled=true", "-o",
            "shrike.learning.directory=\(directory)/profiles", "-o", "shrike.learning.window=1", "-o",
            "shrike.learning.unseen_percent=60", "-o", "shrike.learning.whole_day=false", "-o",
            "shrike.learning.start_runs=0", "-o", "shrike.learning.save_interval=1", "-o",
            "shrike.learning.rules=quiet",
            "-o", "shrike.learning.workloads_by=program",
        ]
    }

    /// A program of its own that runs another one, again and again.
    private static func work(_ directory: String, times: Int, _ command: String = "/bin/true") throws {
        let worker = "\(directory)/worker"
        if !FileManager.default.fileExists(atPath: worker) {
            try FileManager.default.copyItem(atPath: "/bin/dash", toPath: worker)
        }
        try Command.shell("\(worker) -c 'i=0; while [ $i -lt \(times) ]; do \(command); sleep 0.4; i=$((i+1)); done'")
    }

    private static func news(_ shrike: ShrikeProcess) -> [EndToEndAlert] {
        shrike.alerts.filter { $0.rule == "Program new to the workload" && isOfWorker($0) }
    }

    private static func isOfWorker(_ alert: EndToEndAlert) -> Bool {
        alert.text("novel.workload")?.hasSuffix("/worker") == true
    }

    @Test(.timeLimit(.minutes(2)))
    func `a workload is learned, known after a kill, and what is new is told: on audit`() throws {
        try Self.learnAndTell(source: "audit,connector,scan")
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: ShrikeProcess.canUseBPF, "needs a kernel that takes eBPF programs"))
    func `a workload is learned, known after a kill, and what is new is told: on eBPF`() throws {
        try Self.learnAndTell(source: "ebpf")
    }

    private static func learnAndTell(source: String) throws {
        try Command.withDirectory { directory in
            let options = Self.options(directory, source: source)
            let first = try ShrikeProcess(options)
            defer { first.stop() }
            try Self.work(directory, times: 30)
            #expect(Self.news(first).isEmpty, "\(first.standardOutput)")
            usleep(2_500_000)
            kill(first.pid, SIGKILL)
            #expect(first.waits(seconds: 20) { !first.isRunning })
            let listed = try Command.shell(
                "\(ShrikeProcess.binary.path) profile list \(options.dropFirst(6).joined(separator: " "))")
            #expect(listed.output.contains("/worker"), "\(listed.output)")

            let second = try ShrikeProcess(options)
            defer { second.stop() }
            try Self.work(directory, times: 4)
            #expect(Self.news(second).isEmpty, "\(second.standardOutput)")
            try Self.work(directory, times: 1, "/usr/bin/factor 6")
            let alert = try #require(
                second.alert("Program new to the workload", where: Self.isOfWorker),
                "\(second.standardOutput)\n\(second.standardError)")
            #expect(alert.output.contains("/usr/bin/factor in program/0"), "\(alert.output)")
            #expect(alert.output.contains("expected=programs: "), "\(alert.output)")
            #expect(alert.output.contains("true"), "\(alert.output)")
            #expect(second.stop() == 0)
        }
    }
}
