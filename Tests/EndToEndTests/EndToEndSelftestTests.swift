import Foundation
import Testing

/// `shrike selftest`: what it says of attacks made for the test, and that all attacks of this repository are seen.
@Suite(.enabled(if: Command.isRoot, "needs root"), .serialized) struct EndToEndSelftestTests {
    private static let rules = """
        - rule: Marker opened
          desc: d
          condition: evt.type in (open, openat) and fd.name contains selftest-marker
          output: opened %fd.name
          priority: WARNING
        - rule: Never
          desc: d
          condition: evt.type = openat and fd.name = /nowhere/at/all
          output: never
          priority: WARNING
        - rule: Off
          desc: d
          condition: evt.type = openat and fd.name contains selftest-marker
          output: off
          priority: WARNING
          enabled: false
        """

    /// A case's file, its head, and what the test must say of it.
    private static let cases: [(name: String, head: String, body: String, outcome: String)] = [
        ("seen", "rule: Marker opened", "cat \"$ATTACK_DIRECTORY\"/../selftest-marker 2>/dev/null; exit 0", "seen"),
        // Its parent is gone before it acts, and would outlive the case.
        (
            "orphan", "rule: Marker opened",
            "setsid sh -c '(sleep 0.2; : > selftest-marker; sleep 6177) &' ; sleep 0.5",
            "seen"
        ),
        ("quiet", "quiet: Marker opened", "cat /dev/null", "quiet"),
        ("alarm", "quiet: Marker opened", ": > selftest-marker", "false_alarm"),
        ("missed", "rule: Never", ": > selftest-marker", "missed"),
        ("disabled", "rule: Off", ": > selftest-marker", "missed"),
        ("unknown", "rule: Marker openedd", "true", "missed"),
        ("broken", "rule: Marker opened", "echo no such thing >&2; exit 3", "missed"),
        ("elsewhere", "rule: Marker opened", "echo not on this node; exit 77", "skipped"),
        ("needy", "rule: Marker opened\n# needs: no-such-program", "true", "skipped"),
        ("broken_quiet", "quiet: Marker opened", "exit 4", "failed"),
    ]

    private struct Result: Decodable {
        var attack: String
        var rule: String
        var result: String
        var milliseconds: Int?
        var reason: String?
    }

    private struct Document: Decodable {
        var complete: Bool
        var results: [Result]
    }

    private func selftest(_ arguments: String) throws -> (status: Int32, document: Document) {
        let run = try Command.shell("\(ShrikeProcess.binary.path) selftest --json \(arguments) 2>/dev/null")
        let line = try #require(run.output.split(separator: "\n").last, "\(run.output)")
        return (run.status, try JSONDecoder().decode(Document.self, from: Data(line.utf8)))
    }

    private func withScene(_ body: (_ directory: String) throws -> Void) throws {
        try Command.withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: "\(directory)/attacks/a", withIntermediateDirectories: true)
            try Self.rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            for (name, head, script, _) in Self.cases {
                try "#!/bin/sh\n# \(head)\n# case: \(name)\n\(script)\n".write(
                    toFile: "\(directory)/attacks/a/\(name).sh", atomically: true, encoding: .utf8)
            }
            try body(directory)
        }
    }

    @Test func `each case is told as what it is, and nothing of it is left`() throws {
        try withScene { directory in
            let (status, document) = try selftest("-r \(directory)/rules.yaml --attacks \(directory)/attacks")
            #expect(status == 1)
            #expect(document.complete)
            for (name, _, _, outcome) in Self.cases {
                let result = try #require(document.results.first { $0.attack == "a/\(name)" })
                #expect(result.result == outcome, "\(name): \(result)")
                #expect((result.milliseconds != nil) == (outcome == "seen"))
            }
            func reason(_ name: String) -> String { document.results.first { $0.attack == "a/\(name)" }?.reason ?? "" }
            #expect(reason("disabled") == "the rule is disabled; other rules alerted: Marker opened")
            #expect(reason("unknown") == "no rule has this name; did you mean 'Marker opened'?")
            #expect(reason("broken") == "the attack failed: it ended with 3: no such thing")
            #expect(reason("elsewhere") == "not on this node")
            #expect(reason("needy") == "needs no-such-program")
            #expect(reason("missed").hasPrefix("no event of the attack satisfied the rule"))
            #expect(try Command.shell("pgrep -f '[s]leep 6177'").output.isEmpty)
            #expect(try Command.shell("ls -d /tmp/shrike-selftest-*").status != 0)
        }
    }

    @Test func `one case is picked by its rule, its layer or its name`() throws {
        try withScene { directory in
            let (status, document) = try selftest("-r \(directory)/rules.yaml --attacks \(directory)/attacks a/seen")
            #expect(status == 0)
            #expect(document.results.map(\.attack) == ["a/seen"])
            let unknown = try Command.shell(
                "\(ShrikeProcess.binary.path) selftest --attacks \(directory)/attacks nothing 2>&1")
            #expect(unknown.status == 1)
            #expect(unknown.output.contains("no attack is of a rule, layer or case 'nothing'"))
        }
    }

    @Test func `attacks that others can change are not run`() throws {
        try withScene { directory in
            try Command.shell("chmod o+w \(directory)/attacks/a/seen.sh")
            let run = try Command.shell(
                "\(ShrikeProcess.binary.path) selftest -r \(directory)/rules.yaml --attacks \(directory)/attacks 2>&1")
            #expect(run.status == 1)
            #expect(run.output.contains("\(directory)/attacks/a/seen.sh:1:1:"), "\(run.output)")
        }
    }

    @Test func `an attack that is stopped puts back what it changed`() throws {
        try Command.withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: "\(directory)/attacks/a", withIntermediateDirectories: true)
            try Self.rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let script = """
                #!/bin/sh
                # rule: Marker opened
                # case: long
                trap 'rm -f \(directory)/changed' EXIT
                : > \(directory)/changed
                : > \(directory)/begun
                timeout 6178 sleep 6178
                """
            try script.write(toFile: "\(directory)/attacks/a/long.sh", atomically: true, encoding: .utf8)
            let run = try Command.shell(
                """
                \(ShrikeProcess.binary.path) selftest -r \(directory)/rules.yaml --attacks \(directory)/attacks 2>&1 &
                for i in $(seq 300); do [ -e \(directory)/begun ] && break; sleep 0.1; done
                ls \(directory)/changed; kill $!; wait $!; echo "status $?"
                """)
            #expect(run.output.contains("\(directory)/changed\n"), "\(run.output)")
            #expect(run.output.contains("stopped before the end"), "\(run.output)")
            #expect(run.output.hasSuffix("status 1\n"), "\(run.output)")
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/changed"))
            #expect(try Command.shell("pgrep -f '[s]leep 6178'").output.isEmpty)
        }
    }

    /// Of every attack in samples/attacks, and of every case that must stay quiet.
    @Test(arguments: ["ebpf", "audit,connector,scan"])
    func `all attacks of the repository are seen`(sources: String) throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let arguments =
            "-r \(repository.standardized.path)/rules --source \(sources) "
            + "--attacks \(repository.standardized.path)/samples/attacks"
        let (status, document) = try selftest(arguments)
        #expect(document.complete)
        // What can't run here may be skipped, but not nearly everything.
        let skipped = document.results.filter { $0.result == "skipped" }
        #expect(
            skipped.count * 2 < document.results.count,
            "\(skipped.count) of \(document.results.count) were skipped: \(Set(skipped.map { $0.reason ?? "" }).sorted())"
        )
        for result in document.results {
            #expect(
                ["seen", "quiet", "skipped"].contains(result.result),
                "\(result.attack): \(result.rule): \(result.result): \(result.reason ?? "")")
        }
        #expect(status == 0)
    }
}
