import Foundation
import Testing

/// From a false alarm to an exception that keeps it quiet, and nothing else.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndTuneTests {
    @Test(.timeLimit(.minutes(2)))
    func `what tune writes keeps the alert quiet and no other`() throws {
        try Command.withDirectory { directory in
            // A place that nobody else can write to: what is in /tmp could be anybody's.
            let place = "/opt/shrike-tune-\(UUID().uuidString)"
            try Command.shell("mkdir \(place) && cp /bin/cat \(place)/backup && echo x > \(directory)/secret")
            defer { try? FileManager.default.removeItem(atPath: place) }
            let rules = "\(directory)/rules.yaml"
            try """
            - rule: Secret read
              desc: x
              condition: evt.type in (open, openat) and fd.name = \(directory)/secret
              output: "%proc.exepath %fd.name %user.uid %proc.cmdline"
              priority: WARNING
            """.write(toFile: rules, atomically: false, encoding: .utf8)

            let first = try ShrikeProcess(["-r", rules, "-o", "json_output=true"])
            defer { first.stop() }
            try Command.shell("\(place)/backup \(directory)/secret")
            #expect(first.alert("Secret read") != nil)
            first.stop()
            let alerts = "\(directory)/alerts.json"
            try first.standardOutput.write(toFile: alerts, atomically: false, encoding: .utf8)

            let binary = ShrikeProcess.binary.path
            let tuned = "\(directory)/tuned.yaml"
            let written = try Command.shell(
                "grep '\"Secret read\"' \(alerts) | \(binary) tune - -r \(rules) --owner tests --history \(alerts) > \(tuned)"
            )
            #expect(written.status == 0, "\(written.output)")
            let text = try String(contentsOfFile: tuned, encoding: .utf8)
            #expect(text.contains("it would have hidden 1 of 1 alerts of the rule"), "\(text)")

            let second = try ShrikeProcess(["-r", rules, "-r", tuned, "-o", "json_output=true"])
            defer { second.stop() }
            // A program is what its path says when that is known, and the lists of packages are read after the start.
            usleep(2_000_000)
            try Command.shell("\(place)/backup \(directory)/secret")
            // Another program, and another one at that path for whoever has mounts of his own.
            try Command.shell("cat \(directory)/secret")
            #expect(second.alert("Secret read") { $0.text("proc.exepath") != "\(place)/backup" } != nil)
            try Command.shell(
                "unshare -m sh -c 'mount --bind /usr/bin/head \(place)/backup && \(place)/backup -n 1 \(directory)/secret'"
            )
            #expect(second.alert("Secret read") { $0.text("proc.exepath") == "\(place)/backup" } != nil)
            second.stop()
            #expect(second.alerts.count { $0.rule == "Secret read" } == 2)
        }
    }

    @Test func `what can't be tuned is told on standard error, and no file is begun`() throws {
        let result = try ShrikeProcess.run(["tune", "/nowhere/alerts.json"])
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains("/nowhere/alerts.json") && result.errors.contains("No such file"))
    }
}
