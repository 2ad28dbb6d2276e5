import Foundation
import Testing

/// `shrike bench alerts` as a user runs it, against real receivers.
@Suite(.serialized) final class AlertBenchCommandTests {
    private let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func bench(_ options: String..., interruptedAfter seconds: Double? = nil) throws -> (
        status: Int32, report: [String: Any], text: String
    ) {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: ForwarderScene.binary)
        process.arguments =
            ["bench", "alerts", "-o", "shrike.spool.path=\(directory)/spool/spool.db", "-o", "json_output=true"]
            + options
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        if let seconds {
            usleep(useconds_t(seconds * 1e6))
            process.interrupt()
        }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let report = (try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any] ?? [:]
        return (process.terminationStatus, report, String(decoding: bytes, as: UTF8.self) + said)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is sent arrives and is measured, and the spool is gone`() throws {
        let receiver = try Receiver(log: directory + "/log")
        let result = try bench(
            "--json", "--rate", "400", "--count", "200", "--rule", "Shell", "--tag", "process",
            "-o", "http_output.enabled=true", "-o", "http_output.url=http://127.0.0.1:\(receiver.port)/")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.report["sent"] as? Int == 200 && result.report["complete"] as? Bool == true)
        let output = try #require((result.report["outputs"] as? [[String: Any]])?.first)
        #expect(output["name"] as? String == "http" && output["delivered"] as? Int == 200)
        let spool = try #require(result.report["spool"] as? [String: Any])
        #expect(spool["accepted"] as? Int == 200)
        for part in [output, spool] {
            let latency = try #require(part["latency_ms"] as? [String: Double])
            let (median, high) = (try #require(latency["p50"]), try #require(latency["p99"]))
            #expect(median > 0 && median <= high && high <= latency["max"] ?? 0, "\(latency)")
        }
        let rate = try #require(result.report["rate"] as? Double)
        #expect(rate < 450, "it keeps to the rate: \(rate)")
        let bodies = receiver.requests.map(\.body)
        #expect(bodies.count == 200)
        for body in bodies {
            #expect(body.contains(#""rule":"Shell (synthetic)""#) && body.contains(#""tags":["process","synthetic"]"#))
            #expect(body.contains("nothing happened") && body.contains(#""shrike.synthetic":true"#))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/spool").isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing is missing from the report when the receiver is away and the spool too small`() throws {
        let result = try bench(
            "--json", "--rate", "0", "--count", "500", "--patience", "1", "-o", "shrike.spool.max_bytes=100000",
            "-o", "http_output.enabled=true", "-o", "http_output.url=http://127.0.0.1:9/")
        #expect(result.status == 1)
        let lost = try #require(result.report["lost"] as? Int)
        let output = try #require((result.report["outputs"] as? [[String: Any]])?.first)
        #expect(lost > 300 && output["undelivered"] as? Int == 500 - lost, "\(result.text)")
        #expect(output["left_out"] as? Int == 0 && output["delivered"] as? Int == 0)
        #expect(result.text.contains("alerts wait in the spool"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `refusals and filters are counted`() throws {
        let receiver = try Receiver(log: directory + "/log", ["--script", "200,422,422"])
        try """
        shrike:
          outputs:
            - {name: all, url: "http://127.0.0.1:\(receiver.port)/"}
            - {name: errors, url: "http://127.0.0.1:\(receiver.port)/", priority: error}
        """.write(toFile: directory + "/shrike.yaml", atomically: true, encoding: .utf8)
        let result = try bench("--json", "--count", "20", "-c", directory + "/shrike.yaml")
        #expect(result.status == 1)
        let outputs = try #require(result.report["outputs"] as? [[String: Any]])
        #expect(outputs.map { $0["delivered"] as? Int } == [18, 0], "\(result.text)")
        #expect(outputs.map { $0["refused"] as? Int } == [2, 0] && outputs.map { $0["left_out"] as? Int } == [0, 20])
        #expect(outputs.allSatisfy { $0["undelivered"] as? Int == 0 })
    }

    @Test(.timeLimit(.minutes(1)))
    func `interrupted, it tells what it has measured so far`() throws {
        let receiver = try Receiver(log: directory + "/log")
        let result = try bench(
            "--json", "--rate", "50", "--count", "1000000", "-o", "http_output.enabled=true", "-o",
            "http_output.url=http://127.0.0.1:\(receiver.port)/", interruptedAfter: 1.5)
        let sent = try #require(result.report["sent"] as? Int, "\(result.text)")
        #expect(sent > 10 && sent < 1000)
        let output = try #require((result.report["outputs"] as? [[String: Any]])?.first)
        #expect(output["delivered"] as? Int == sent && receiver.requests.count == sent)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/spool").isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an output without a spool is measured too`() throws {
        let result = try bench(
            "--count", "30", "--rate", "0", "-o", "file_output.enabled=true", "-o",
            "file_output.filename=\(directory)/alerts")
        #expect(result.status == 0 && result.text.contains("Sent 30 synthetic alerts"), "\(result.text)")
        let written = try String(contentsOfFile: directory + "/alerts", encoding: .utf8)
        #expect(written.split(separator: "\n").count == 30)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spool that is there is left alone, and without an output there is nothing to measure`() throws {
        try "x".write(toFile: directory + "/spool.db", atomically: true, encoding: .utf8)
        let taken = try bench("--spool", directory + "/spool.db", "-o", "syslog_output.enabled=true")
        #expect(taken.status == 1 && taken.text.contains("--spool names a new file"), "\(taken.text)")
        #expect(try String(contentsOfFile: directory + "/spool.db", encoding: .utf8) == "x")
        let none = try bench()
        #expect(none.status == 1 && none.text.contains("no output but standard output is configured"), "\(none.text)")
    }
}
