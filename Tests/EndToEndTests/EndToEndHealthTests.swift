import Foundation
import Testing

/// Health, versions and metrics as curl, Prometheus' own checker and an operator see them.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndHealthTests {
    private static func get(_ path: String, socket: String) throws -> (status: String, body: String) {
        let result = try Command.shell(
            "/usr/bin/curl -s --max-time 5 -w '\\n%{http_code}' --unix-socket \(socket) http://localhost\(path)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
    }

    private static func rules(_ directory: String) throws -> String {
        let path = "\(directory)/rules.yaml"
        try """
        - rule: Marker "read"
          desc: x
          condition: evt.type in (open, openat) and fd.name = \(directory)/marker
          output: "%fd.name"
          priority: WARNING
        """.write(toFile: path, atomically: false, encoding: .utf8)
        try "x".write(toFile: "\(directory)/marker", atomically: false, encoding: .utf8)
        return path
    }

    private static func options(_ directory: String) throws -> [String] {
        [
            "-r", try rules(directory), "-o", "json_output=true", "-o", "webserver.enabled=true", "-o",
            "webserver.listen_address=unix:\(directory)/health.sock", "-o", "webserver.prometheus_metrics_enabled=true",
        ]
    }

    @Test(.timeLimit(.minutes(2)))
    func `health, versions and metrics are served while it watches`() throws {
        try Command.withDirectory { directory in
            let socket = "\(directory)/health.sock"
            let shrike = try ShrikeProcess(Self.options(directory))
            defer { shrike.stop() }
            #expect(try Self.get("/healthz", socket: socket) == ("200", "{\"status\":\"ok\"}"))
            let versions = try Self.get("/versions", socket: socket)
            #expect(versions.body.contains("\"engine_version_semver\":\"0.63.0\""), "\(versions)")
            #expect(try Self.get("/nothing", socket: socket).status == "404")
            try Command.shell("cat \(directory)/marker")
            #expect(shrike.alert("Marker \"read\"") != nil)
            let metrics = try Self.get("/metrics", socket: socket)
            for text in [
                "shrike_rules_matches_total{rule_name=\"Marker \\\"read\\\"\"} 1", "shrike_rules_loaded 1\n",
                "shrike_source_up{source=\"audit\"} 1", "shrike_drops_total{source=\"audit\",cause=\"kernel\"} 0",
                "shrike_outputs_delivered_total{output=\"stdout\"} 1", "shrike_healthy 1\n",
                "shrike_source_queue_bytes{source=\"audit\"} ", "shrike_source_queue_limit_bytes{source=\"audit\"} ",
                "shrike_source_backlog_records{source=\"audit\"} ",
                "shrike_rule_evaluation_seconds_total{rule_name=\"Marker \\\"read\\\"\"} ",
                "shrike_rule_evaluations_total{rule_name=\"Marker \\\"read\\\"\"} ",
                "shrike_alerts_folded_total 0\n", "shrike_alerts_rate_limited_total 0\n",
            ] {
                #expect(metrics.body.contains(text), "no '\(text)' in \(metrics.body)")
            }
            // As many events in the histogram as were matched against rules.
            let counted = metrics.body.split(separator: "\n").filter { $0.hasPrefix("shrike_event_lag_seconds_count{") }
            let sum = counted.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
            #expect(sum > 0)
            #expect(metrics.body.contains("shrike_events_matched_against_rules_total \(sum)\n"), "\(metrics.body)")
            try (metrics.body + "\n").write(
                toFile: "\(directory)/metrics", atomically: false, encoding: .utf8)
            let checked = try Command.shell("/usr/bin/promtool check metrics < \(directory)/metrics")
            #expect(checked.status == 0, "\(checked.output)")
            #expect(checked.output.isEmpty, "\(checked.output)")
            #expect(shrike.stop() == 0)
            #expect(!FileManager.default.fileExists(atPath: socket))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [["audit", "connector"], ["connector", "fanotify"]])
    func `a test process goes through each source and its latency is told`(_ sources: [String]) throws {
        try Command.withDirectory { directory in
            let socket = "\(directory)/health.sock"
            let shrike = try ShrikeProcess(
                Self.options(directory) + (sources.contains("audit") ? [] : ["--source", "proc"]))
            defer { shrike.stop() }
            var metrics = ""
            let isTold = shrike.waits(seconds: 10) {
                metrics = (try? Self.get("/metrics", socket: socket).body) ?? ""
                return sources.allSatisfy { metrics.contains("shrike_canary_latency_seconds{source=\"\($0)\"}") }
            }
            #expect(isTold, "\(metrics)")
            for source in sources {
                #expect(metrics.contains("shrike_canary_missed_total{source=\"\(source)\"} 0"), "\(metrics)")
                let line = metrics.split(separator: "\n").first {
                    $0.hasPrefix("shrike_canary_latency_seconds{source=\"\(source)\"}")
                }
                let latency = line.flatMap { Double($0.split(separator: " ").last ?? "") } ?? 0
                #expect(latency > 0 && latency < 10)
            }
            #expect(shrike.alerts.isEmpty, "\(shrike.standardOutput)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a source that tells of no test process makes it unhealthy`() throws {
        try Command.withDirectory { directory in
            let socket = "\(directory)/health.sock"
            // Else it takes the rule out.
            let options = try Self.options(directory) + ["-o", "shrike.audit.hiding_rules=tell"]
            let shrike = try ShrikeProcess(options)
            defer { shrike.stop() }
            // Drops every process's system call records in the kernel, ours go on to look fine.
            let rule = "exclude,always -F msgtype=SYSCALL"
            try Command.shell("/sbin/auditctl -a \(rule)")
            defer { _ = try? Command.shell("/sbin/auditctl -d \(rule)") }
            let isUnhealthy = shrike.waits(seconds: 50) {
                let answer = try? Self.get("/healthz", socket: socket)
                return answer?.status == "503" && answer?.body.contains("a test process was not told of") == true
            }
            #expect(isUnhealthy, "\(shrike.standardError)")
            // The health says what the canary showed; the alert says why.
            let isAlerted = shrike.waits(seconds: 30) {
                shrike.alerts.contains { $0.rule == "Shrike internal: audit blind" && $0.output.contains("exclude") }
            }
            #expect(isAlerted, "\(shrike.standardOutput)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `queues of the other sources are told of, and the sandbox lets it`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(Self.options(directory) + ["--source", "proc"])
            defer { shrike.stop() }
            let metrics = try Self.get("/metrics", socket: "\(directory)/health.sock").body
            #expect(metrics.contains("shrike_source_queue_bytes{source=\"fanotify\"} "), "\(metrics)")
            #expect(metrics.contains("shrike_source_queue_limit_bytes{source=\"connector\"} "), "\(metrics)")
            #expect(!metrics.contains("shrike_source_queue_bytes{source=\"scan\"} "), "\(metrics)")
            usleep(300_000)
            #expect(!shrike.standardError.contains("tried the system call"), "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `the real Prometheus scrapes it`() throws {
        try Command.withDirectory { directory in
            let port = 20_000 + Int(getpid()) % 10_000
            let options = [
                "-r", try Self.rules(directory), "-o", "webserver.enabled=true", "-o", "webserver.listen_port=\(port)",
                "-o", "webserver.prometheus_metrics_enabled=true",
            ]
            let shrike = try ShrikeProcess(options)
            defer { shrike.stop() }
            try """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs: [{job_name: shrike, static_configs: [{targets: ['127.0.0.1:\(port)']}]}]
            """.write(toFile: "\(directory)/prometheus.yml", atomically: false, encoding: .utf8)
            let prometheus = Process()
            prometheus.executableURL = URL(fileURLWithPath: "/usr/bin/prometheus")
            prometheus.arguments = [
                "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
                "--web.listen-address=127.0.0.1:\(port + 1)", "--log.level=error",
            ]
            prometheus.standardOutput = FileHandle.nullDevice
            prometheus.standardError = FileHandle.nullDevice
            try prometheus.run()
            defer {
                kill(prometheus.processIdentifier, SIGKILL)
                prometheus.waitUntilExit()
            }
            for _ in 0..<5 { try Command.shell("cat \(directory)/marker") }
            // What it was told last, once the first scrapes are in.
            for (query, expected) in [
                ("up{job=\"shrike\"} == 1", "1"), ("shrike_rules_loaded", "1"),
                ("shrike_rules_matches_total", "5"), ("shrike_events_total >= 5", nil),
            ] {
                var answer = ""
                let isKnown = shrike.waits(seconds: 20) {
                    let arguments = [
                        "-sG", "--max-time", "5", "http://127.0.0.1:\(port + 1)/api/v1/query", "--data-urlencode",
                        "query=\(query)",
                    ]
                    answer = (try? Command.run("/usr/bin/curl", arguments).output) ?? ""
                    return answer.contains(expected.map { "\"\($0)\"]" } ?? "\"value\":[")
                }
                #expect(isKnown, "\(query): \(answer)")
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `an output that fails makes it unhealthy until it works again`() throws {
        try Command.withDirectory { directory in
            let socket = "\(directory)/health.sock"
            try Command.shell("mkdir \(directory)/out && mount -t tmpfs -o size=4k none \(directory)/out")
            defer { _ = try? Command.shell("umount \(directory)/out") }
            let file = ["-o", "file_output.enabled=true", "-o", "file_output.filename=\(directory)/out/alerts"]
            let shrike = try ShrikeProcess(Self.options(directory) + file + ["-o", "stdout_output.enabled=true"])
            defer { shrike.stop() }
            for _ in 0..<30 { try Command.shell("cat \(directory)/marker") }
            let isTold = shrike.waits(seconds: 10) { (try? Self.get("/healthz", socket: socket).status) == "503" }
            #expect(isTold, "\(shrike.standardError)")
            let health = try Self.get("/healthz", socket: socket)
            #expect(health.body.contains("output file \(directory)/out/alerts"), "\(health)")
            try Command.shell("mount -o remount,size=1m \(directory)/out")
            try Command.shell("cat \(directory)/marker")
            let isWell = shrike.waits(seconds: 10) { (try? Self.get("/healthz", socket: socket).status) == "200" }
            #expect(isWell, "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `idle and flooding clients do not hold up the watching`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(Self.options(directory))
            defer { shrike.stop() }
            let flood = Process()
            flood.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            flood.arguments = [
                "-c",
                """
                import socket
                idle = []
                while True:
                    s = socket.socket(socket.AF_UNIX); s.settimeout(0.2)
                    try:
                        s.connect('\(directory)/health.sock')
                        s.send(b'GET /metrics HTTP/1.0\\r\\n\\r\\n' if len(idle) % 2 else b'GET')
                    except OSError: pass
                    idle = (idle + [s])[-60:]
                """,
            ]
            flood.standardError = FileHandle.nullDevice
            try flood.run()
            defer {
                // The signals that Foundation blocks are blocked in what it starts too.
                kill(flood.processIdentifier, SIGKILL)
                flood.waitUntilExit()
            }
            usleep(500_000)
            for number in 1...20 {
                try Command.shell("cat \(directory)/marker")
                let isTold = shrike.waits(seconds: 1) {
                    shrike.alerts.count { $0.rule == "Marker \"read\"" } >= number
                }
                #expect(isTold, "alert \(number)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a taken port is told and does not keep it from watching`() throws {
        try Command.withDirectory { directory in
            let options = try Self.options(directory)
            let first = try ShrikeProcess(options + ["--source", "scan"])
            defer { first.stop() }
            _ = first.errorLine(containing: "health is told at")
            let second = try ShrikeProcess(options + ["--source", "scan", "--beside"])
            defer { second.stop() }
            #expect(second.errorLine(containing: "another program listens there") != nil)
            #expect(second.isRunning)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the periodic snapshot is an alert with numbers`() throws {
        try Command.withDirectory { directory in
            let shrike = try ShrikeProcess(
                Self.options(directory) + ["-o", "metrics.enabled=true", "-o", "metrics.interval=2s"])
            defer { shrike.stop() }
            try Command.shell("cat \(directory)/marker")
            let alert = try #require(shrike.alert("Shrike internal: metrics snapshot", within: 6))
            #expect(alert.priority == "Informational")
            #expect(
                alert.output.contains("Informational Shrike metrics snapshot (evt.source=internal "), "\(alert.output)")
            #expect(alert.text("shrike.rules.Marker__read_") == "1", "\(alert.line)")
            #expect(alert.text("shrike.version") == "0.1.0")
            #expect(Double(alert.text("shrike.memory_rss") ?? "").map { $0 > 1 && $0 < 1000 } == true, "\(alert.line)")
        }
    }
}
