import Foundation
import Testing

/// Network outputs that change while Shrike runs.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndNetworkReloadTests {
    /// A webhook receiver (the one that the forwarder's tests use).
    private final class Webhook {
        let port: Int
        private let process = Process()
        private let log: String

        init(_ directory: String, _ name: String, _ options: String...) throws {
            log = "\(directory)/\(name).received"
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../ForwarderTests/Receiver/receiver.py").standardized.path
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", script, "0", log] + options
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }

        /// The numbers of the markers in the alerts that it took, in order.
        var numbers: [Int] {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { line in
                guard let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                    entry["status"] as? Int == 200,
                    let file = EndToEndAlert(line: entry["body"] as? String ?? "")?.text("fd.name")
                else { return nil }
                return file.split(separator: "-").last.flatMap { Int($0) }
            }
        }
    }

    /// Shrike with a configuration that a test changes.
    private final class Scene {
        let directory: String
        let shrike: ShrikeProcess
        var path: String { "\(directory)/shrike.yaml" }

        init(_ directory: String, _ outputs: String) throws {
            self.directory = directory
            try """
            - rule: Marker read
              desc: A marker file was opened.
              condition: evt.type in (open, openat) and fd.name startswith \(directory)/marker
              output: marker %fd.name
              priority: WARNING
            """.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            try Self.write(outputs, directory)
            shrike = try ShrikeProcess(["-c", "\(directory)/shrike.yaml", "-r", "\(directory)/rules.yaml"])
        }

        deinit { shrike.stop() }

        static func write(_ outputs: String, _ directory: String) throws {
            let path = "\(directory)/shrike.yaml"
            try """
            json_output: true
            watch_config_files: false
            stdout_output: {enabled: true}
            webserver: {enabled: true, prometheus_metrics_enabled: true, listen_address: "unix:\(directory)/health.sock"}
            shrike:
              spool: {path: \(directory)/spool/spool.db}
              outputs: [\(outputs)]
            """.write(toFile: "\(path).new", atomically: false, encoding: .utf8)
            guard rename("\(path).new", path) == 0 else { throw EndToEndError("rename \(path): \(errno)") }
        }

        /// Takes other outputs over; gives the alert that says how that went.
        func reload(_ outputs: String) throws -> EndToEndAlert {
            try Self.write(outputs, directory)
            let before = reloads.count
            kill(shrike.pid, SIGHUP)
            guard shrike.waits(seconds: 10, until: { self.reloads.count > before }), let last = reloads.last else {
                throw EndToEndError("no reload: \(shrike.standardError)")
            }
            return last
        }

        private var reloads: [EndToEndAlert] {
            shrike.alerts.filter { $0.rule.hasPrefix("Shrike internal: configuration re") }
        }

        func touch(_ numbers: ClosedRange<Int>) throws {
            let names = numbers.map { "\(directory)/marker-\($0)" }.joined(separator: " ")
            try Command.shell("for name in \(names); do : > $name; done")
        }

        func metrics() throws -> String {
            try Command.shell(
                "/usr/bin/curl -s --max-time 5 --unix-socket \(directory)/health.sock http://localhost/metrics"
            ).output
        }

        func spool(_ arguments: String...) throws -> (status: Int32, output: String) {
            try Command.run(ShrikeProcess.binary.path, ["spool"] + arguments + ["-c", path])
        }
    }

    private func entry(_ name: String, _ webhook: Webhook, _ more: String = "") -> String {
        "{name: \(name), url: 'http://127.0.0.1:\(webhook.port)/'\(more)}"
    }

    @Test(.timeLimit(.minutes(2)))
    func `outputs are added and removed, and nothing is lost on the way`() throws {
        try Command.withDirectory { directory in
            let (first, second) = (try Webhook(directory, "first"), try Webhook(directory, "second"))
            let scene = try Scene(directory, entry("one", first))
            try scene.touch(1...20)
            #expect(scene.shrike.waits(seconds: 10) { first.numbers.count >= 20 })

            #expect(try scene.reload("\(entry("one", first)), \(entry("two", second))").rule.hasSuffix("reloaded"))
            try scene.touch(21...40)
            #expect(scene.shrike.waits(seconds: 10) { first.numbers.count >= 40 && second.numbers.count >= 20 })
            #expect(first.numbers == Array(1...40))
            // It begins now.
            #expect(second.numbers == Array(21...40))

            #expect(try scene.reload(entry("two", second)).rule.hasSuffix("reloaded"))
            try scene.touch(41...50)
            #expect(scene.shrike.waits(seconds: 10) { second.numbers.count >= 30 })
            #expect(scene.shrike.errorLine(containing: "output one was removed; 0 alerts") != nil)

            // The last goes and comes back.
            #expect(try scene.reload("").rule.hasSuffix("reloaded"))
            try scene.touch(51...55)
            usleep(500_000)
            #expect(try scene.reload(entry("two", second)).rule.hasSuffix("reloaded"))
            try scene.touch(56...60)
            #expect(scene.shrike.waits(seconds: 10) { second.numbers.count >= 35 })
            #expect(second.numbers == Array(21...50) + Array(56...60))
            #expect(first.numbers == Array(1...40))

            #expect(scene.shrike.stop() == 0)
            #expect(scene.shrike.standardError.contains("Network outputs:\n   two: "), "\(scene.shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `reloads under load lose nothing`() throws {
        try Command.withDirectory { directory in
            let (hook, other) = (try Webhook(directory, "hook"), try Webhook(directory, "other"))
            let scene = try Scene(directory, entry("hook", hook))
            var next = 1
            for round in 0..<8 {
                try scene.touch(next...next + 24)
                next += 25
                let more = round % 2 == 0 ? ", \(entry("other", other))" : ""
                let change = ", batch_size: \(round + 1)"
                #expect(try scene.reload(entry("hook", hook, change) + more).rule.hasSuffix("reloaded"))
            }
            // A batch is an array, which the helper does not read: the last plan sends one by one.
            #expect(try scene.reload(entry("hook", hook)).rule.hasSuffix("reloaded"))
            let shown = { scene.shrike.alerts.compactMap { $0.text("fd.name") }.count }
            #expect(scene.shrike.waits(seconds: 10) { shown() >= next - 1 })
            let received = {
                let text = (try? String(contentsOfFile: "\(directory)/hook.received", encoding: .utf8)) ?? ""
                return Set(text.matches(of: /marker-(\d+)/).compactMap { Int($0.1) })
            }
            #expect(
                scene.shrike.waits(seconds: 15) { received().count >= next - 1 }, "\(received().count) of \(next - 1)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `credentials that can't be read leave the old outputs in place`() throws {
        try Command.withDirectory { directory in
            let hook = try Webhook(directory, "hook")
            let scene = try Scene(directory, entry("hook", hook))
            let rejected = try scene.reload(
                "\(entry("hook", hook)), {name: tls, url: 'https://127.0.0.1:1/', tls: {ca_file: \(directory)/none}}")
            #expect(rejected.rule.hasSuffix("rejected"))
            #expect(rejected.output.contains("output tls: open(\(directory)/none)"), "\(rejected.output)")
            try scene.touch(1...5)
            #expect(scene.shrike.waits(seconds: 10) { hook.numbers == Array(1...5) })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `the first network output is refused with the reason`() throws {
        try Command.withDirectory { directory in
            let hook = try Webhook(directory, "hook")
            let scene = try Scene(directory, "")
            let rejected = try scene.reload(entry("hook", hook))
            #expect(
                rejected.rule.hasSuffix("rejected") && rejected.output.contains("needs a restart"), "\(rejected.output)"
            )
            try scene.touch(1...1)
            #expect(scene.shrike.alert("Marker read") != nil)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a new token is read although only root may`() throws {
        try Command.withDirectory { directory in
            let hook = try Webhook(directory, "hook", "--token", "right")
            let token = "\(directory)/token"
            try "wrong".write(toFile: token, atomically: false, encoding: .utf8)
            chmod(token, 0o600)
            let scene = try Scene(directory, entry("hook", hook, ", bearer_token_file: \(token)"))
            try scene.touch(1...5)
            #expect(scene.shrike.errorLine(containing: "HTTP status 401") != nil)
            #expect(try scene.metrics().contains("shrike_output_failing{output=\"hook\"} 1"))
            #expect(try scene.metrics().contains("shrike_spool_alerts 5"))
            try "right".write(toFile: token, atomically: false, encoding: .utf8)
            #expect(scene.shrike.waits(seconds: 15) { hook.numbers == Array(1...5) })
            let text = try scene.metrics()
            #expect(text.contains("shrike_output_rejected_total{output=\"hook\"} 0"), "\(text)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `an operator sees what was refused and sends it again while it runs`() throws {
        try Command.withDirectory { directory in
            let hook = try Webhook(directory, "hook", "--script", "422")
            let scene = try Scene(directory, entry("hook", hook))
            try scene.touch(1...3)
            #expect(scene.shrike.waits(seconds: 10) { hook.numbers == [2, 3] })
            #expect(scene.shrike.alert("Shrike internal: alerts refused") != nil)
            let refused = try scene.spool("rejected")
            #expect(refused.status == 0)
            #expect(refused.output.contains("Warning Marker read\n   hook: HTTP status 422: the receiver says no"))
            let retried = try scene.spool("retry", "--json")
            #expect(retried.output.contains("\"retried\": 1"), "\(retried.output)")
            #expect(scene.shrike.waits(seconds: 10) { hook.numbers == [2, 3, 1] })
            #expect(try scene.spool("status").output.contains("hook"))
            #expect(scene.shrike.stop() == 0)
            #expect(
                scene.shrike.standardError.contains("delivered, 1 refused, 0 queued"), "\(scene.shrike.standardError)")
            // Also when it does not run, and where there is nothing.
            let status = try scene.spool("status", "--json")
            #expect(status.status == 0 && status.output.contains("\"rejected\": 1"), "\(status.output)")
            let missing = try scene.spool("status", "-o", "shrike.spool.path=\(directory)/none.db")
            #expect(missing.status == 1 && missing.output.contains("there is no spool at \(directory)/none.db"))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a syslog server is added, with the sensor's process id and the alert's key`() throws {
        try Command.withDirectory { directory in
            let server = try DatagramReceiver()
            let hook = try Webhook(directory, "hook")
            let scene = try Scene(directory, entry("hook", hook))
            let syslog = "{name: log, url: 'syslog+udp://127.0.0.1:\(server.port)', format: text, facility: authpriv}"
            #expect(try scene.reload("\(entry("hook", hook)), \(syslog)").rule.hasSuffix("reloaded"))
            try scene.touch(1...1)
            // The alert that tells of the reload may come first.
            var messages: [String] = []
            #expect(
                scene.shrike.waits(seconds: 10) {
                    messages += server.take()
                    return messages.contains { $0.contains("Marker read") }
                })
            let message = try #require(messages.first { $0.contains("Marker read") })
            // authpriv is 10, Warning 4.
            #expect(message.hasPrefix("<84>1 2"))
            #expect(
                message.contains(#" shrike \#(scene.shrike.pid) alert [shrike@32473 rule="Marker read" "#), "\(message)"
            )
            #expect(message.hasSuffix(": Warning marker \(directory)/marker-1"))
        }
    }

    /// A UDP socket on the loopback interface.
    private final class DatagramReceiver {
        let port: Int
        private let descriptor: Int32

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            port = Int(in_port_t(bigEndian: address.sin_port))
            guard isBound, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw EndToEndError("bind: \(errno)") }
        }

        deinit { close(descriptor) }

        /// What came since the last call.
        func take() -> [String] {
            var found: [String] = []
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while case let count = recv(descriptor, &bytes, bytes.count, 0), count > 0 {
                found.append(String(decoding: bytes[..<count], as: UTF8.self))
            }
            return found
        }
    }
}
