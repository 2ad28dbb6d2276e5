import Foundation
import Testing

/// What is told of live calls, beside another reader and beside what really happened.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndAnswersTests {
    private static func attack(_ name: String, _ arguments: String...) throws -> String {
        let file = try #require(Bundle.module.url(forResource: name, withExtension: "py", subdirectory: "Attacks"))
        let result = try Command.run("/usr/bin/python3", [file.path] + arguments)
        try #require(result.status == 0, "\(result.output)")
        return result.output
    }

    @Test(arguments: ["auto", "audit"])
    func `strace and Shrike say the same of 200 processes' calls`(_ source: String) throws {
        let program = EndToEndServiceTests.repository.appendingPathComponent("Tests/packaging/compare_strace.py").path
        let result = try Command.run("/usr/bin/python3", [program, ShrikeProcess.binary.path, "200", source])
        #expect(result.status == 0, "\(result.output)")
    }

    /// The upstream rule "Redirect STDOUT/STDIN to Network Connection in Container", on the host too.
    private static let redirected = """
        - rule: Stream on a connection
          desc: A standard stream is a network connection.
          condition: evt.type in (dup, dup2, dup3) and evt.rawres in (0, 1, 2) and fd.type in (ipv4, ipv6)
          output: "%evt.rawres %fd.name pid=%proc.pid %proc.cmdline"
          priority: NOTICE
        """

    private static func watching<T>(_ source: String, _ body: (ShrikeProcess) throws -> T) throws -> T {
        try Command.withDirectory { directory in
            try redirected.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let shrike = try ShrikeProcess(
                ["-r", "\(directory)/rules.yaml", "--source", source, "-o", "json_output=true"])
            defer { shrike.stop() }
            return try body(shrike)
        }
    }

    @Test(arguments: ["auto", "audit"])
    func `every reverse shell is seen, whatever its language's way to copy descriptors`(_ source: String) throws {
        try Self.watching(source) { shrike in
            let shells = try Self.attack("reverse_shells", "15").split(separator: "\n").map { $0.split(separator: " ") }
            try #require(shells.count == 45)
            let missed = { () -> [[Substring]] in
                let seen = Set(
                    shrike.alerts.filter { $0.number("evt.rawres") == 0 }.compactMap { $0.number("proc.pid") })
                return shells.filter { !seen.contains(Int($0[0]) ?? 0) }
            }
            _ = shrike.waits(seconds: 10) { missed().isEmpty }
            #expect(missed().isEmpty)
        }
    }

    @Test(arguments: ["auto", "audit"])
    func `login shells raise no alarm about connections that they do not have`(_ source: String) throws {
        try Self.watching(source) { shrike in
            _ = try Self.attack("logins", "20")
            // The proof that all before it has been told.
            _ = try Self.attack("reverse_shells", "1")
            let last = shrike.alert("Stream on a connection") {
                $0.text("proc.cmdline")?.contains("--norc -i") ?? false
            }
            #expect(last != nil)
            let alarms = shrike.alerts.filter { $0.text("proc.cmdline")?.contains("--noprofile") ?? false }
            #expect(alarms.map(\.output).isEmpty)
        }
    }

    @Test(
        .enabled(if: EndToEndUpstreamRulesTests.rules != nil, "SHRIKE_FALCO_RULES is not set"),
        arguments: ["submit", "poller", "below"], EndToEndUpstreamRulesTests.sources)
    func `a file that is opened through io_uring is seen by the rule that names it`(
        _ way: String, _ source: String
    ) throws {
        let directory = try #require(EndToEndUpstreamRulesTests.rules)
        let program = try Command.ringOpen.get()
        let shrike = try ShrikeProcess([
            "-r", "\(directory)/falco_rules.yaml", "-o", "json_output=true", "--source", source,
        ])
        defer { shrike.stop() }
        let alert = try shrike.alert("Read sensitive file untrusted") {
            let opened = try Command.run(program, [way, "/etc/shadow"])
            try #require(opened.status == 0, "\(opened.output)")
        } where: {
            $0.output.contains("ring_open") && $0.output.contains("file=/etc/shadow")
        }
        #expect(alert != nil)
    }
}
