import Foundation
import Testing

/// A budget that the sensor can't keep while it watches everything.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndSheddingTests {
    @Test(.timeLimit(.minutes(3)))
    func `over its budget it gives up the least severe rules, says so, and keeps the severe ones`() throws {
        try Command.withDirectory { directory in
            try """
            - rule: Noise
              desc: Opens of a busy file.
              condition: evt.type in (open, openat) and fd.name startswith \(directory)/noise
              output: noise %fd.name
              priority: DEBUG
            - rule: Secret
              desc: Opens of a secret file.
              condition: evt.type in (open, openat) and fd.name = \(directory)/secret
              output: secret %fd.name
              priority: CRITICAL
            """.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            for name in ["noise", "secret"] { try Command.shell(": > \(directory)/\(name)") }
            let shrike = try ShrikeProcess([
                "-r", "\(directory)/rules.yaml", "-o", "json_output=true", "-o", "shrike.limits.cpu_percent=2",
            ])
            defer { shrike.stop() }
            let noise = Process()
            noise.executableURL = URL(fileURLWithPath: "/bin/sh")
            noise.arguments = ["-c", "while :; do : < \(directory)/noise; done"]
            try noise.run()
            defer { noise.terminate() }
            let alert = try #require(
                shrike.alert("Shrike internal: load shed", within: 60) {
                    $0.output.contains("rules less severe than Critical")
                }, "\(shrike.standardError)")
            #expect(alert.priority == "Error")
            #expect(alert.output.contains("2 % are allowed"), "\(alert.output)")
            usleep(500_000)
            let before = shrike.alerts.count { $0.rule == "Noise" }
            #expect(before > 0)
            usleep(500_000)
            #expect(shrike.alerts.count { $0.rule == "Noise" } == before)
            try Command.shell(": < \(directory)/secret")
            #expect(shrike.alert("Secret") != nil, "\(shrike.standardError)")
        }
    }
}
