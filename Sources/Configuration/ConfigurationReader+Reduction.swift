import AlertReduction
import EventModel
import RuleLanguage

/// The settings that make fewer alerts of many: `shrike.repeats`, `shrike.rate_limit`, and Falco's old `outputs`.
extension ConfigurationReader {
    private static let selectionKeys = ["rules", "tags", "priority"]
    static let repeatOverrideKeys = selectionKeys + ["window", "fields"]
    static let rateLimitOverrideKeys = selectionKeys + ["per_rule", "interval", "burst"]

    /// `shrike.repeats.overrides`.
    mutating func repeatOverrides(_ value: Setting) -> [RepeatSettings.Override] {
        overrides(value, "shrike.repeats.overrides", "{rules: [Read *], window: 10m}").map { element in
            var override = RepeatSettings.Override()
            for entry in element.entries {
                let path = "shrike.repeats.overrides: \(entry.key)"
                switch entry.key {
                case "window": override.windowSeconds = duration(entry.value, path, 0...86_400)
                case "fields": override.fields = texts(entry.value, path)
                default: readSelection(entry, path, into: &override.selection, known: Self.repeatOverrideKeys)
                }
            }
            return override
        }
    }

    /// `shrike.rate_limit.overrides`.
    mutating func rateLimitOverrides(_ value: Setting) -> [RateLimitSettings.Override] {
        overrides(value, "shrike.rate_limit.overrides", "{rules: [Read *], per_rule: 10}").map { element in
            var override = RateLimitSettings.Override()
            for entry in element.entries {
                let path = "shrike.rate_limit.overrides: \(entry.key)"
                switch entry.key {
                case "per_rule": override.alertsPerRule = integer(entry.value, path, 0...1_000_000)
                case "interval": override.intervalSeconds = duration(entry.value, path, 1...86_400)
                case "burst": override.burst = integer(entry.value, path, 0...1_000_000)
                default: readSelection(entry, path, into: &override.selection, known: Self.rateLimitOverrideKeys)
                }
            }
            return override
        }
    }

    /// The elements that say which alerts they are for, and something about them.
    private mutating func overrides(_ value: Setting, _ path: String, _ example: String) -> [Setting] {
        elements(of: value, path).filter { element in
            let keys = element.entries.map(\.key)
            let hasSelection = keys.contains(where: Self.selectionKeys.contains)
            if !hasSelection || keys.allSatisfy(Self.selectionKeys.contains) {
                diagnostics.error(
                    "an entry of '\(path)' must be a mapping with one of 'rules', 'tags', 'priority', and what is "
                        + "different for them, e.g. \(example)", at: element.location)
                return false
            }
            return true
        }
    }

    private mutating func readSelection(
        _ entry: Setting.Entry, _ path: String, into selection: inout AlertSelection, known: [String]
    ) {
        switch entry.key {
        case "rules": selection.rules = texts(entry.value, path)
        case "tags": selection.tags = texts(entry.value, path)
        case "priority":
            let names = Priority.allCases.map { $0.displayName.lowercased() }
            set(&selection.minimumPriority, choice(entry.value, path, names) { Priority(ruleText: $0) })
        default: diagnostics.unknownKey(path, entry: entry, known: known)
        }
    }

    /// One limit is enough.
    mutating func checkRateLimit(_ root: Setting) {
        guard configuration.falcoRateLimit.rate > 0, configuration.rateLimit.alertsPerRule > 0,
            let rate = root["outputs"]?["rate"]
        else { return }
        diagnostics.warning(
            "'outputs.rate' has no effect beside 'shrike.rate_limit.per_rule'", at: rate.location)
    }
}
