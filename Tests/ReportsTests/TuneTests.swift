import CommandOutput
import Configuration
import ConfiguredRules
import Foundation
import RuleEngine
import RuleLanguage
import Testing

@testable import Reports

/// `shrike tune`, from alerts to a rules file that keeps them quiet.
@Suite struct TuneTests {
    private static let rules = """
        - rule: Shadow read
          desc: The password file is read.
          condition: evt.type = openat and fd.name = /etc/shadow and not proc.name = sshd
          output: "%proc.exepath"
          priority: WARNING
        """

    private static func alert(_ exe: String, uid: Int = 0, rule: String = "Shadow read") -> String {
        """
        {"rule":"\(rule)","output_fields":{"proc.exepath":"\(exe)","fd.name":"/etc/shadow","user.uid":\(uid),\
        "proc.cmdline":"\(exe) --all"}}

        """
    }

    /// In a directory with the rules, and with tests of them if there are any.
    private static func tune(
        _ alerts: String, tests: String? = nil, history: String? = nil, expiry: UInt64? = 2_000_000_000_000_000_000,
        _ change: (inout RulesReport.Tuning) -> Void = { _ in }
    ) throws -> (text: String, configuration: Configuration) {
        let directory = "\(FileManager.default.temporaryDirectory.path())shrike-tune-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(directory)/tests", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        try tests?.write(toFile: "\(directory)/tests/tests.yaml", atomically: true, encoding: .utf8)
        if tests == nil { try FileManager.default.removeItem(atPath: "\(directory)/tests") }
        var configuration = Configuration()
        configuration.rulesFiles = ["\(directory)/rules.yaml"]
        var tuning = RulesReport.Tuning(
            alerts: ("alerts.json", Array(alerts.utf8)), owner: "ops", expiry: expiry, now: 1_790_000_000_000_000_000)
        if let history { tuning.history = [("history.json", Array(history.utf8))] }
        change(&tuning)
        let text = try RulesReport.tune(tuning, configuration: configuration, program: "").text
        // What was written is taken, and ends when it should.
        try text.write(toFile: "\(directory)/tuned.yaml", atomically: true, encoding: .utf8)
        configuration.rulesFiles?.append("\(directory)/tuned.yaml")
        let tuned = ConfiguredRules.load(configuration)
        #expect(tuned.results.flatMap(\.diagnostics).map(\.line) == [])
        #expect(tuned.expirations.map(\.timeNanoseconds) == [expiry].compactMap { $0 })
        return (text, configuration)
    }

    private static func failure(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch let error as RulesReport.TuningFailure {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    @Test func `an exception is written with what it would have hidden`() throws {
        let history =
            Self.alert("/usr/sbin/backup") + Self.alert("/usr/sbin/backup") + Self.alert("/usr/bin/cat")
            + Self.alert("/usr/sbin/backup", rule: "Other")
        let text = try Self.tune(Self.alert("/usr/sbin/backup"), history: history).text
        #expect(text.contains("# In history.json it would have hidden 2 of 3 alerts of the rule:"))
        #expect(text.contains("#   2 × /usr/sbin/backup --all"))
        #expect(text.contains("# The rule has no tests"))
        #expect(text.contains("# Owner: ops. It holds for what happens before 2033-05-18"))
    }

    @Test func `for ever is said so`() throws {
        #expect(try Self.tune(Self.alert("/usr/sbin/backup"), expiry: nil).text.contains("until somebody takes it out"))
    }

    @Test func `one that hides an attack of the rule's tests is refused`() {
        let tests = """
            - rule: Shadow read
              alerts:
                - case: a copy of the backup program
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: x, proc.exepath: /usr/sbin/backup,
                    user.uid: 0, proc.cmdline: /usr/sbin/backup --all}
                - case: read by cat
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: cat, proc.exepath: /usr/bin/cat}
            """
        let refused = Self.failure { _ = try Self.tune(Self.alert("/usr/sbin/backup"), tests: tests) }
        #expect(refused.contains("would be hidden, 1 of its tests") && refused.contains("a copy of the backup program"))
        let passed = Self.failure { _ = try Self.tune(Self.alert("/usr/sbin/other"), tests: tests) }
        #expect(passed == "")
    }

    @Test(arguments: [
        ("", "no alert as JSON"), ("12:00 Warning x\n", "1 other lines"),
        (alert("/usr/sbin/a") + alert("/usr/sbin/a", rule: "B"), "name one with --rule: 'Shadow read' (1), 'B' (1)"),
        (alert("/usr/sbin/a", rule: "Shadow raed"), "Shadow read"), (alert("/tmp/a"), "anybody can put a program"),
        (alert("/usr/sbin/a", rule: "Shrike internal: stood still"), "about Shrike itself"),
    ])
    func `what is no ground for an exception is told`(_ alerts: String, _ expected: String) {
        let message = Self.failure { _ = try Self.tune(alerts) }
        #expect(message.contains(expected), "\(message)")
    }

    /// An open of an invented descriptor: the output tells it, the condition doesn't see it.
    @Test func `an exception that would not hold is not written`() {
        let message = Self.failure {
            _ = try Self.tune(Self.alert("/usr/sbin/a")) { $0.fields = ["k8s.ns.name"] }
        }
        #expect(message.contains("no value of 'k8s.ns.name'"), "\(message)")
    }

    @Test func `the built-in rules take one too`() throws {
        var configuration = Configuration()
        let name = try #require(
            ConfiguredRules.load(configuration).loaded.rules.first { $0.name.hasPrefix("Sensitive file read") }?.name)
        let tuning = RulesReport.Tuning(
            alerts: ("a", Array(Self.alert("/opt/backup/agent", rule: name).utf8)), owner: "o", expiry: nil, now: 0)
        let text = try RulesReport.tune(tuning, configuration: configuration, program: "").text
        configuration.learning.isEnabled = false
        let tuned = ConfiguredRules.load(configuration, adding: [("t", Array(text.utf8))])
        #expect(tuned.isSuccessful)
    }
}
