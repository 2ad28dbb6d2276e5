import Foundation
import Glibc
import Testing

/// Readers that stand still: of standard output, standard error and a program's input, all at once.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndStalledReaderTests {
    private static let count = 400

    /// The limit of 3 s for the end is what is promised, whatever the receivers do.
    @Test(.timeLimit(.minutes(2)))
    func `they hold up neither detection nor the end`() throws {
        try Command.withDirectory { directory in
            // Opened for reading too, so that the pipes have a reader that never reads.
            let script = """
                mkfifo \(directory)/out; exec 7<>\(directory)/out; exec "$@" >&7 7>&-
                """
            let shrike = try ShrikeProcess(
                command: [
                    "/bin/sh", "-c", script, "sh", ShrikeProcess.binary.path, "--source", "audit", "-o",
                    "json_output=true", "-o", "stdout_output.enabled=true", "-o", "program_output.enabled=true", "-o",
                    "program_output.keep_alive=true", "-o", "program_output.program=exec sleep 20", "-o",
                    "file_output.enabled=true", "-o", "file_output.filename=\(directory)/alerts",
                ])
            try Command.shell(
                "d=$(mktemp -d /tmp/shrike-test.XXXXXX); cp /bin/true $d/dropper; "
                    + "for i in $(seq \(Self.count)); do $d/dropper $i; done; rm -r $d")
            let rule = "Program run from memory or a temporary directory"
            func alerts() -> Int {
                let text = (try? String(contentsOfFile: "\(directory)/alerts", encoding: .utf8)) ?? ""
                return text.split(separator: "\n").count { $0.contains("\"rule\":\"\(rule)\"") }
            }
            #expect(shrike.waits(seconds: 20) { alerts() == Self.count }, "\(alerts()) of \(Self.count)")
            #expect(shrike.errorLine(containing: "output stdout: its reader has taken nothing") != nil)
            #expect(shrike.errorLine(containing: "output program exec sleep 20: its reader has taken nothing") != nil)
            let start = Date()
            kill(shrike.pid, SIGTERM)
            // Foundation takes it for running as long as the program that it started has what it inherited.
            #expect(shrike.waits(seconds: 10) { Self.hasEnded(shrike.pid) })
            #expect(Date().timeIntervalSince(start) < 3)
            shrike.stop()
            #expect(shrike.standardError.contains("output stdout: alerts lost: "))
        }
    }

    /// Whether a process is gone, or waits only for its parent to ask how it ended (proc_pid_stat(5)).
    private static func hasEnded(_ pid: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
        return stat.split(separator: ")").last?.hasPrefix(" Z") == true
    }
}
