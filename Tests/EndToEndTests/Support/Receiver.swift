import Foundation

/// A webhook receiver in a process of its own, on the loopback interface: the one that the forwarder's tests use.
final class Receiver {
    /// A request that it got.
    struct Request {
        let status: Int
        /// Seconds since the epoch.
        let time: Double
        let headers: [String: String]
        let body: String

        /// The alerts in the body: one, or an array of them.
        var alerts: [EndToEndAlert] {
            if let alert = EndToEndAlert(line: body) { return [alert] }
            let parts = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [Any] ?? []
            return parts.compactMap { part in
                let line = try? JSONSerialization.data(withJSONObject: part)
                return line.flatMap { EndToEndAlert(line: String(decoding: $0, as: UTF8.self)) }
            }
        }
    }

    let port: Int
    private let process = Process()
    private let log: String
    /// How far `markerCount` has read.
    private var counted: (bytes: UInt64, markers: Int) = (0, 0)

    /// Starts one; it appends to `DIRECTORY/received`. Port 0 takes a free one.
    init(_ directory: String, port: Int = 0, _ options: String...) throws {
        log = "\(directory)/received"
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../ForwarderTests/Receiver/receiver.py").standardized.path
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, "\(port)", log] + options
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw EndToEndError("receiver.py printed '\(line)'")
        }
        self.port = port
    }

    deinit { stop() }

    /// Ends it at once, as a crash would.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// How many requests with a marker's alert it got: cheap, to be asked again and again.
    var markerCount: Int {
        guard let file = FileHandle(forReadingAtPath: log), (try? file.seek(toOffset: counted.bytes)) != nil,
            let new = try? file.readToEnd(), let end = new.lastIndex(of: UInt8(ascii: "\n"))
        else { return counted.markers }
        let marker = Data("/marker-".utf8)
        counted.bytes += UInt64(end + 1)
        counted.markers += new[...end].split(separator: UInt8(ascii: "\n")).count { $0.range(of: marker) != nil }
        return counted.markers
    }

    /// The requests that it got, in order.
    var requests: [Request] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                return nil
            }
            return Request(
                status: entry["status"] as? Int ?? 0, time: entry["time"] as? Double ?? 0,
                headers: entry["headers"] as? [String: String] ?? [:], body: entry["body"] as? String ?? "")
        }
    }

    /// The files named in the alerts that it took, in order.
    var files: [String] { requests.flatMap(\.alerts).compactMap { $0.text("fd.name") } }
}
