import Configuration
import Delivery
import ForwarderProtocol
import Outputs
import RuleLanguage

/// What a rehearsal (`--dry-run`) looks at and tells beyond what a run does on its way to its sources.
enum DryRun {
    /// What a run would refuse of the files and directories that are named; a sentence each.
    static func problems(_ options: RunOptions) -> [String] {
        options.configuration.placeProblems().map { "\($0.message); \($0.fix)" } + PIDFile.problems(options.pidFile)
    }

    /// What a run would do; a sentence each.
    ///
    /// - Parameters:
    ///   - rules: how many rules are in use.
    ///   - outputs: the names of the outputs that are open.
    ///   - holder: who watches the node already.
    static func lines(_ configuration: Configuration, rules: Int, outputs: [String], holder: String?) -> [String] {
        let files = configuration.rulesFiles?.flatMap(SystemConfigurationFiles().expand)
        let origin = files.map { "of \(Plural.counted($0.count, "file"))" } ?? "of the built-in ones"
        let network = configuration.forwarderPlan.outputs.map { "\($0.name) (network)" }
        var lines = [
            "\(Plural.counted(rules, "rule")) \(origin)", "alerts go to \((outputs + network).joined(separator: ", "))",
        ]
        if let holder {
            lines.append(
                "this node is watched by \(holder): a start beside it takes --beside, and one after it --wait SECONDS")
        }
        return lines
    }
}
