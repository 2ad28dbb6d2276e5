import AlertReduction
import CommandOutput
import EventModel
import EventSources
import ForwarderProtocol
import NodeState
import Outputs
import RuleEngine
import RuleLanguage

extension Configuration {
    /// The values of all keys as they are in effect, in the order of the table of keys. What loading that gives is this
    /// configuration again, but for what is not shown: values of headers, which often are secrets.
    public var listing: ValueTree {
        var tree = ValueTree.map([])
        for key in ConfigurationKey.all {
            guard let value = value(of: key) else { continue }
            tree.insert(value.escapingVariables, at: key.path.split(separator: ".")[...])
        }
        return tree
    }

    /// What is shown in place of a secret.
    static let hidden = "(hidden)"

    /// The value of a key; nil for a key that has none of its own.
    private func value(of key: ConfigurationKey) -> ValueTree? {
        switch key.effect {
        case .bool(let target): .bool(self[keyPath: target])
        // There is one key of this kind: unset, it depends on the other outputs.
        case .optionalBool(let target): .bool(self[keyPath: target] ?? outputs.usesStandardOutput)
        case .text(let target): .text(self[keyPath: target])
        case .integer(let target, _): .integer(self[keyPath: target])
        case .optionalInteger(let target, _): self[keyPath: target].map { .integer($0) } ?? unset(target)
        case .duration(let target, _): .text("\(self[keyPath: target])s")
        case .milliseconds(let target, _):
            .text(self[keyPath: target] % 1000 == 0 ? "\(self[keyPath: target] / 1000)s" : "\(self[keyPath: target])ms")
        case .priority(let target): .text(self[keyPath: target].displayName.lowercased())
        case .ruleMatching: ruleMatching.map { .text($0.rawValue) }
        case .hidingRules: .text(hidingRules.rawValue)
        case .noveltySetting: .text(learning.setting.rawValue)
        case .rulesFiles: key.path == "rules_files" ? rulesFiles.map { .texts($0) } : nil
        case .ruleSelections: .list(ruleSelections.map(\.listing))
        case .outputAdditions: .list(outputAdditions.map(\.listing))
        case .staticFields: .map(staticFields.map { ValueTree.Member($0.name, .text($0.value)) })
        case .sources: sources.listing
        case .syslogForm: .text(outputs.syslogForm.rawValue)
        case .networkOutputs: .list(outputs.network.map(\.listing))
        case .texts(let target): .texts(self[keyPath: target])
        case .repeatOverrides: .list(repeats.overrides.map(\.listing))
        case .rateLimitOverrides: .list(rateLimit.overrides.map(\.listing))
        case .includedFiles, .ignored: nil
        }
    }
}

extension Configuration {
    /// What holds while a number is not set: the process table has a bound of its own, others have none.
    private func unset(_ target: ConfigurationKey.Target<Int?>) -> ValueTree {
        target == \Configuration.processLimit ? .integer(NodeStateOptions().processLimit) : .null
    }
}

extension OutputSettings {
    /// Whether alerts go to standard output.
    public var usesStandardOutput: Bool {
        standardOutput
            ?? (!syslog && !file.isEnabled && !program.isEnabled && !http.isEnabled && network.isEmpty)
    }
}

extension RuleSelection {
    fileprivate var listing: ValueTree {
        var criteria: [ValueTree.Member] = []
        if let rule { criteria.append(ValueTree.Member("rule", .text(rule))) }
        if let tag { criteria.append(ValueTree.Member("tag", .text(tag))) }
        return .map([ValueTree.Member(isEnabling ? "enable" : "disable", .map(criteria))])
    }
}

extension OutputAddition {
    fileprivate var listing: ValueTree {
        var match: [ValueTree.Member] = []
        if let source { match.append(ValueTree.Member("source", .text(source))) }
        if let rule { match.append(ValueTree.Member("rule", .text(rule))) }
        if !tags.isEmpty { match.append(ValueTree.Member("tags", .texts(tags))) }
        var members: [ValueTree.Member] = []
        if !match.isEmpty { members.append(ValueTree.Member("match", .map(match))) }
        if let output { members.append(ValueTree.Member("extra_output", .text(output))) }
        if !fields.isEmpty {
            let fields = fields.map { field in
                field.isRaw
                    ? ValueTree.text(field.key) : .map([ValueTree.Member(field.key, .text(field.template))])
            }
            members.append(ValueTree.Member("extra_fields", .list(fields)))
        }
        if addsSuggestedFields { members.append(ValueTree.Member("suggested_output", .bool(true))) }
        return .map(members)
    }
}

extension AlertSelection {
    fileprivate var listing: [ValueTree.Member] {
        [
            ValueTree.Member("rules", .texts(rules)), ValueTree.Member("tags", .texts(tags)),
            ValueTree.Member("priority", .text(minimumPriority.displayName.lowercased())),
        ]
    }
}

extension RepeatSettings.Override {
    fileprivate var listing: ValueTree {
        var members = selection.listing
        if let windowSeconds { members.append(ValueTree.Member("window", .text("\(windowSeconds)s"))) }
        if let fields { members.append(ValueTree.Member("fields", .texts(fields))) }
        return .map(members)
    }
}

extension RateLimitSettings.Override {
    fileprivate var listing: ValueTree {
        var members = selection.listing
        if let alertsPerRule { members.append(ValueTree.Member("per_rule", .integer(alertsPerRule))) }
        if let intervalSeconds { members.append(ValueTree.Member("interval", .text("\(intervalSeconds)s"))) }
        if let burst { members.append(ValueTree.Member("burst", .integer(burst))) }
        return .map(members)
    }
}

extension SourceChoice {
    fileprivate var listing: ValueTree {
        switch self {
        case .auto: .text("auto")
        case .only(let kinds): .texts(kinds.map { $0 == .procfs ? "scan" : $0.name })
        }
    }
}

extension ValueTree {
    /// The tree with `${` in its texts written so that it is read as itself, and not as a variable.
    fileprivate var escapingVariables: ValueTree {
        switch self {
        case .text(let text): .text(Self.escaping(text))
        case .list(let values): .list(values.map(\.escapingVariables))
        case .map(let members): .map(members.map { Member($0.key, $0.value.escapingVariables) })
        case .null, .bool, .integer, .unsigned: self
        }
    }

    private static func escaping(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let place = rest.firstRange(of: "${") {
            result += rest[..<place.lowerBound] + "$${"
            rest = rest[place.upperBound...]
        }
        return result + rest
    }
}
