public import Configuration
public import ConfiguredRules
import Detection
import EventModel
public import Recording
import RuleEngine

/// What a proposed exception keeps quiet of what a recording holds.
public struct RecordedTrial: Sendable {
    /// How many alerts the rule raises on the recording without the exception.
    public private(set) var raised = 0
    /// The command lines of those that it doesn't raise with it.
    public private(set) var hidden: [String] = []

    /// Runs the rule over the recording, without the exception and with it.
    ///
    /// - Parameters:
    ///   - rules: the configured rules, loaded without errors.
    ///   - exception: the rules file that adds it.
    public init(
        _ path: String, rule name: String, rules: ConfiguredRules, exception: String, configuration: Configuration,
        from files: any ConfigurationFiles = SystemConfigurationFiles()
    ) throws(RecordingError) {
        let tuned = ConfiguredRules.load(
            configuration, from: files, adding: [("the exception", Array(exception.utf8))])
        guard let without = rules.compiledRule(named: name), let with = tuned.compiledRule(named: name) else { return }
        let before = try Self.alerts(path, without, rules, configuration)
        let after = Set(try Self.alerts(path, with, tuned, configuration).map(\.act))
        raised = before.count
        hidden = before.filter { !after.contains($0.act) }.map(\.command)
    }

    /// The acts of the recording that the rule alerts on.
    private static func alerts(
        _ path: String, _ rule: CompiledRule, _ rules: ConfiguredRules, _ configuration: Configuration
    ) throws(RecordingError) -> [(act: Int, command: String)] {
        var run = try RecordedDetection(
            path: path, rules: RuleEvaluation(RuleSet([rule], catalogue: rules.catalogue), mode: .all),
            RecordedDetection.Settings(state: configuration.stateOptions(rules.needs, rules.catalogue)))
        var found: [(act: Int, command: String)] = []
        var act = 0
        while true {
            var raised: Alert?
            guard try run.stepIfWhole(send: { raised = $0 }) != nil else { return found }
            if let raised { found.append((act, command(of: raised))) }
            act += 1
        }
    }

    private static func command(of alert: Alert) -> String {
        for field in ["proc.cmdline", "proc.exepath"] {
            if case .string(let bytes)? = alert.fields.first(where: { $0.key == field })?.value {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return "(no command)"
    }
}
