public import CommandOutput
public import Configuration
import ConfiguredRules
import EventModel
import InternalAlerts
import KernelInterface
import Recording
import RuleEngine
import RuleLanguage
import RuleTesting
import Tuning

/// `shrike tune`.
extension RulesReport {
    /// What is to be kept quiet, and how.
    public struct Tuning: Sendable {
        /// The alerts that were false: a file's name and what is in it.
        public var alerts: (name: String, bytes: [UInt8])
        /// Files of earlier alerts.
        public var history: [(name: String, bytes: [UInt8])] = []
        /// Recordings, by path.
        public var recordings: [String] = []
        /// Of alerts of several rules those of this one.
        public var rule: String?
        /// What the exception is to rest on; nil: on all that says something.
        public var fields: [String]?
        /// Whether Falco must take it too.
        public var isForFalco = false
        /// Who answers for it.
        public var owner: String
        /// When it ends to hold, nanoseconds since the epoch; nil: never.
        public var expiry: UInt64?
        /// The present time, nanoseconds since the epoch.
        public var now: UInt64

        /// To keep alerts quiet.
        public init(alerts: (name: String, bytes: [UInt8]), owner: String, expiry: UInt64?, now: UInt64) {
            (self.alerts, self.owner, self.expiry, self.now) = (alerts, owner, expiry, now)
        }
    }

    /// Why no exception was written.
    public struct TuningFailure: Error, Equatable {
        /// What is wrong, what was expected, how to mend it.
        public var message: String
    }

    /// Writes the narrowest exception that covers alerts, as a rules file; not one that hides a case which the rule's tests have.
    ///
    /// - Parameter program: the path of this program, which the tests of the built-in rules are found by.
    public static func tune(
        _ tuning: Tuning, configuration: Configuration, program: String = ProgramPlace.thisProgram ?? ""
    ) throws(TuningFailure) -> Report {
        let alerts = try chosen(tuning)
        let name = alerts[0].rule
        if let own = InternalRule.catalogue.first(where: { $0.name == name }) {
            throw TuningFailure(
                message: "'\(name)' is about Shrike itself and takes no exception. What to do: \(own.remedy)")
        }
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else {
            throw TuningFailure(message: problems(of: rules, isJSON: false).text)
        }
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            throw TuningFailure(message: unknown(rule: name, among: rules, isJSON: false).text)
        }
        guard rule.correlation == nil else {
            throw TuningFailure(
                message:
                    "'\(name)' joins several events: its alert doesn't say which of them was the harmless one. Write the "
                    + "exception for the step that it is of ('shrike rules show' has the steps)")
        }
        var exception: ProposedException
        do throws(ProposedException.Refusal) {
            exception = try ProposedException(covering: alerts, fields: tuning.fields)
        } catch {
            throw TuningFailure(message: "\(tuning.alerts.name): \(error.message)")
        }
        exception.asksForTrust = !tuning.isForFalco
        let places = RuleTestSuite.places(of: configuration, program: program)
        let trial = TuningTrial(
            exception, of: alerts, rules: rules, configuration: configuration,
            tests: places + configuration.ruleTests.filter { !places.contains($0) })
        try check(trial, alerts.count)
        let recorded = try recorded(exception, tuning, rules, configuration)
        return Report(
            lines: remarks(exception, tuning, alerts, hasTests: !places.isEmpty) + recorded
                + [exception.rulesFile(owner: tuning.owner, expiry: tuning.expiry).trimmedEnd])
    }

    /// The alerts of one rule.
    private static func chosen(_ tuning: Tuning) throws(TuningFailure) -> [RaisedAlert] {
        let (all, others) = RaisedAlert.all(in: tuning.alerts.bytes)
        guard !all.isEmpty else {
            throw TuningFailure(
                message: "\(tuning.alerts.name):1:1: no alert as JSON, a line each with 'rule' and 'output_fields'"
                    + (others > 0 ? "; \(others) other lines. Alerts are written so with json_output: true" : ""))
        }
        let chosen = all.filter { $0.rule == tuning.rule ?? $0.rule }
        var counts: [(rule: String, count: Int)] = []
        for alert in all {
            if let index = counts.firstIndex(where: { $0.rule == alert.rule }) {
                counts[index].count += 1
            } else {
                counts.append((alert.rule, 1))
            }
        }
        let listing = counts.map { "'\($0.rule)' (\($0.count))" }.joined(separator: ", ")
        guard let first = chosen.first else {
            throw TuningFailure(
                message: "\(tuning.alerts.name): no alert of '\(tuning.rule ?? "")'; there are \(listing)")
        }
        guard chosen.allSatisfy({ $0.rule == first.rule }) else {
            throw TuningFailure(
                message: "\(tuning.alerts.name): alerts of several rules, name one with --rule: \(listing)")
        }
        return chosen
    }

    private static func check(_ trial: TuningTrial, _ count: Int) throws(TuningFailure) {
        guard trial.problems.isEmpty else {
            throw TuningFailure(
                message: "the rule takes no such exception: \(trial.problems.joined(separator: "\n"))")
        }
        guard trial.uncovered == 0 else {
            throw TuningFailure(
                message:
                    "\(trial.uncovered) of \(count) alerts would be raised all the same: what the rule's output tells is "
                    + "not what its condition sees. Name what to rest on with --fields")
        }
        guard trial.hiddenCases.isEmpty else {
            let cases = trial.hiddenCases.prefix(8).map { "  \($0)" }.joined(separator: "\n")
            throw TuningFailure(
                message:
                    "refused: attacks that the rule must tell of would be hidden, \(trial.hiddenCases.count) of its tests:\n"
                    + cases + "\nGive alerts that differ less, or name more to rest on with --fields")
        }
    }

    /// What the exception keeps quiet of recordings, as comments of the file.
    private static func recorded(
        _ exception: ProposedException, _ tuning: Tuning, _ rules: ConfiguredRules, _ configuration: Configuration
    ) throws(TuningFailure) -> [String] {
        var lines: [String] = []
        for path in tuning.recordings {
            do throws(RecordingError) {
                let trial = try RecordedTrial(
                    path, rule: exception.rule, rules: rules,
                    exception: exception.rulesFile(owner: tuning.owner, expiry: tuning.expiry),
                    configuration: configuration)
                lines += hidden(trial.hidden, of: trial.raised, in: path)
            } catch {
                throw TuningFailure(message: "\(path): \(error)")
            }
        }
        return lines.map { "# " + $0.singleLine }
    }

    /// Whether a file of `history` is a recording.
    public static func isRecording(_ path: String) -> Bool { path != "-" && RecordingReader.isRecording(path) }

    /// What a reviewer wants to know, as comments of the file.
    private static func remarks(
        _ exception: ProposedException, _ tuning: Tuning, _ alerts: [RaisedAlert], hasTests: Bool
    ) -> [String] {
        var lines = [
            "An exception to '\(exception.rule)', made on \(day(tuning.now)) by 'shrike tune' from \(alerts.count) "
                + "alert\(alerts.count == 1 ? "" : "s"). Load it behind the rules that it is for (rules_files, or a further -r).",
            "Owner: \(tuning.owner). It holds "
                + (tuning.expiry.map { "for what happens before \(day($0)); Shrike tells when that is over." }
                    ?? "until somebody takes it out."),
            hasTests
                ? "None of the rule's tests is hidden by it."
                : "The rule has no tests: nothing was found out about attacks that it may hide.",
        ]
        for file in tuning.history {
            let (all, _) = RaisedAlert.all(in: file.bytes)
            let ofRule = all.filter { $0.rule == exception.rule }
            let commands = ofRule.filter { exception.covers($0) }
                .map { $0.fields["proc.cmdline"] ?? $0.fields["proc.exepath"] ?? "(no command)" }
            lines += hidden(commands, of: ofRule.count, in: file.name)
        }
        return lines.map { "# " + $0.singleLine }
    }

    /// How many of a rule's alerts are hidden, and the most frequent of their commands.
    private static func hidden(_ hidden: [String], of count: Int, in name: String) -> [String] {
        var lines = [
            "In \(name) it would have hidden \(hidden.count) of \(count) alerts of the rule"
                + (hidden.isEmpty ? "." : ":")
        ]
        var commands: [(text: String, count: Int)] = []
        for text in hidden {
            if let index = commands.firstIndex(where: { $0.text == text }) {
                commands[index].count += 1
            } else {
                commands.append((text, 1))
            }
        }
        commands.sort { ($1.count, $0.text) < ($0.count, $1.text) }
        lines += commands.prefix(10).map { "  \($0.count) × \($0.text)" }
        if commands.count > 10 { lines.append("  and \(commands.count - 10) other commands") }
        return lines
    }

    private static func day(_ nanoseconds: UInt64) -> String {
        var text: [UInt8] = []
        CalendarTime(nanoseconds, isLocal: false).appendDate(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension String {
    /// The text on one line, so that a comment ends where it should, whatever a process called itself.
    fileprivate var singleLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value)
                        || $0 == "\u{2028}" || $0 == "\u{2029}" ? "\u{FFFD}" : $0
                }))
    }

    /// Without line ends behind it.
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
