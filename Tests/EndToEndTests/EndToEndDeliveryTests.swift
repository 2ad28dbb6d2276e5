import Foundation
import Testing

/// Alerts of a real run at a real webhook.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndDeliveryTests {
    /// A webhook receiver (the one that the forwarder's tests use).
    private final class Receiver {
        let port: Int
        private let process = Process()
        private let log: String

        init(_ directory: String, port: Int = 0, _ options: String...) throws {
            log = "\(directory)/received"
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../ForwarderTests/Receiver/receiver.py").standardized.path
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", script, "\(port)", log] + options
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            self.port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
        deinit { stop() }
        func stop() {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }

        /// The files named in the alerts that it took, in order.
        var files: [String] {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { line in
                let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return EndToEndAlert(line: entry?["body"] as? String ?? "")?.text("fd.name")
            }
        }
    }

    /// Writes rules and a configuration; gives the arguments.
    private func arguments(_ directory: String, _ receiver: Receiver) throws -> [String] {
        try """
        - rule: Marker read
          desc: A marker file was opened.
          condition: evt.type in (open, openat) and fd.name startswith \(directory)/marker
          output: marker %fd.name
          priority: WARNING
        """.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        try """
        json_output: true
        stdout_output: {enabled: true}
        http_output: {enabled: true, url: "http://127.0.0.1:\(receiver.port)/"}
        shrike: {spool: {path: \(directory)/spool/spool.db}}
        """.write(toFile: "\(directory)/shrike.yaml", atomically: true, encoding: .utf8)
        return ["-c", "\(directory)/shrike.yaml", "-r", "\(directory)/rules.yaml"]
    }

    private func touch(_ directory: String, _ numbers: ClosedRange<Int>) throws {
        let names = numbers.map { "\(directory)/marker-\($0)" }.joined(separator: " ")
        try Command.shell("for name in \(names); do : > $name; done")
    }

    private func wait(_ seconds: Double, until condition: () -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if condition() { return true }
            usleep(20_000)
        }
        return false
    }

    private func shown(_ shrike: ShrikeProcess) -> [String] { shrike.alerts.compactMap { $0.text("fd.name") } }

    @Test(.timeLimit(.minutes(2)))
    func `what is shown arrives at the webhook in the same order`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory)
            let shrike = try ShrikeProcess(arguments(directory, receiver))
            defer { shrike.stop() }
            try touch(directory, 1...30)
            #expect(wait(10) { receiver.files.count >= 30 })
            #expect(receiver.files == (1...30).map { "\(directory)/marker-\($0)" })
            #expect(wait(2) { shown(shrike) == receiver.files })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `killed at any time, it loses nothing that was shown`() throws {
        try Command.withDirectory { directory in
            var receiver = try Receiver(directory)
            let port = receiver.port
            receiver.stop()
            var everShown: [String] = []
            for round in 0..<4 {
                let shrike = try ShrikeProcess(arguments(directory, receiver))
                try touch(directory, round * 100 + 1...round * 100 + 40)
                usleep(useconds_t.random(in: 0...60_000))
                kill(shrike.pid, SIGKILL)
                shrike.stop()
                everShown += shown(shrike)
            }
            receiver = try Receiver(directory, port: port)
            let shrike = try ShrikeProcess(arguments(directory, receiver))
            defer { shrike.stop() }
            #expect(!everShown.isEmpty)
            #expect(wait(15) { Set(everShown).isSubset(of: receiver.files) }, "\(everShown.count) shown")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a receiver that never answers stalls nothing`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory, "--delay", "60")
            let shrike = try ShrikeProcess(arguments(directory, receiver))
            defer { shrike.stop() }
            let start = Date()
            try touch(directory, 1...100)
            #expect(wait(10) { shown(shrike).count >= 100 })
            #expect(Date().timeIntervalSince(start) < 5)
            #expect(shrike.stop() == 0)
        }
    }
}
