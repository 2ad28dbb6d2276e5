import Foundation
import Testing

/// `shrike -c falco.yaml` as somebody who moves over types it.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndFalcoConfigurationTests {
    @Test(.timeLimit(.minutes(1)))
    func `it runs with the configuration file that Falco ships`() throws {
        try Command.withDirectory { directory in
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../ConfigurationTests/Fixtures/falco-0.44.yaml").standardized.path
            try FileManager.default.copyItem(atPath: file, toPath: "\(directory)/falco.yaml")
            _ = try MarkerScene(directory, url: "").arguments()
            let port = try Port.free()
            var options = [
                "-c", "\(directory)/falco.yaml", "-r", "\(directory)/rules.yaml", "-o", "json_output=true", "-o",
                "webserver.listen_address=127.0.0.1", "-o", "webserver.listen_port=\(port)",
            ]
            // What fails is told on standard error, and not every machine has a syslog daemon.
            if !FileManager.default.fileExists(atPath: "/dev/log") { options += ["-o", "syslog_output.enabled=false"] }
            let shrike = try ShrikeProcess(options)
            defer { shrike.stop() }
            try MarkerScene(directory, url: "").open(1...1)
            let alert = try #require(shrike.alert("Marker read"), "\(shrike.standardError)")
            #expect(alert.text("fd.name") == "\(directory)/marker-1")
            let health = try Command.run(
                "/usr/bin/curl", ["-s", "--max-time", "5", "http://127.0.0.1:\(port)/healthz"])
            #expect(health.output == "{\"status\":\"ok\"}")
            #expect(shrike.stop() == 0)
            let warnings = shrike.standardError.matches(
                of: /(?m)^\S+falco\.yaml:\d+:\d+: warning: '(\S+)' has no effect/
            )
            .map { String($0.output.1) }
            #expect(warnings.count == 19 && Set(warnings).count == 19, "\(warnings)")
            #expect(!shrike.standardError.contains("unknown key"))
        }
    }
}
