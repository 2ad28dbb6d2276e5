import Foundation
import Synchronization

/// A webhook receiver in a process of its own (Receiver/receiver.py) on the loopback interface.
final class Receiver: Sendable {
    /// A request that it got.
    struct Request {
        let status: Int
        let time: Double
        let connection: Int
        let headers: [String: String]
        let body: String
        let peer: String?
    }

    let port: Int
    private let process = Process()
    private let log: String

    init(log: String, port: Int = 0, _ options: [String] = []) throws {
        self.log = log
        let script = Bundle.module.path(forResource: "receiver", ofType: "py", inDirectory: "Receiver") ?? ""
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

    var requests: [Request] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                return nil
            }
            return Request(
                status: entry["status"] as? Int ?? 0, time: entry["time"] as? Double ?? 0,
                connection: entry["connection"] as? Int ?? 0, headers: entry["headers"] as? [String: String] ?? [:],
                body: entry["body"] as? String ?? "", peer: entry["peer"] as? String)
        }
    }

    /// The numbers of the alerts in the bodies that were answered with success, in order.
    var numbers: [Int] {
        requests.filter { $0.status == 200 }.flatMap { request in
            request.body.matches(of: /"rule":"rule (\d+)"/).compactMap { Int($0.output.1) }
        }
    }
}
