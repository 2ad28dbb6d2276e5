import AlertReduction
import EventModel
import EventSources
import Outputs
import RuleLanguage

/// Turns the tree of settings into a `Configuration`: looks each key up in the table of keys, converts values, and collects
/// every problem.
struct ConfigurationReader {
    private(set) var configuration = Configuration()
    var diagnostics: ConfigurationDiagnostics
    let environment: EnvironmentExpansion

    init(diagnostics: ConfigurationDiagnostics, environment: EnvironmentExpansion) {
        self.diagnostics = diagnostics
        self.environment = environment
    }

    /// Reads all settings of the tree.
    mutating func read(_ root: Setting) {
        if let old = root.entries.first(where: { $0.key == "rules_file" }), root["rules_files"] != nil {
            diagnostics.error("'rules_file' and 'rules_files' are the same setting; give only one", at: old.keyLocation)
        }
        read(root, prefix: "")
        checkOutputs(root)
        checkRateLimit(root)
        checkWebServer(root)
        checkLearning(root)
        checkAbsolutePaths(root)
    }

    private mutating func read(_ section: Setting, prefix: String) {
        for entry in section.entries {
            let path = prefix + entry.key
            if let key = ConfigurationKey.byPath[path] {
                apply(key, entry)
            } else if case let names = ConfigurationKey.names(after: path + "."), !names.isEmpty {
                switch entry.value.content {
                case .mapping: read(entry.value, prefix: path + ".")
                case .null: break
                case .scalar, .sequence:
                    diagnostics.error(
                        "'\(path)' is a section; expected a mapping with \(list(names))", at: entry.value.location)
                }
            } else {
                let names = ConfigurationKey.names(after: prefix)
                diagnostics.unknownKey(path, entry: entry, known: names)
            }
        }
    }

    private mutating func apply(_ key: ConfigurationKey, _ entry: Setting.Entry) {
        let value = entry.value
        switch key.effect {
        case .bool(let target): if let bool = bool(value, key.path) { configuration[keyPath: target] = bool }
        case .optionalBool(let target): if let bool = bool(value, key.path) { configuration[keyPath: target] = bool }
        case .text(let target): if let text = text(value, key.path) { configuration[keyPath: target] = text }
        case .integer(let target, let range):
            if let number = integer(value, key.path, range) { configuration[keyPath: target] = number }
        case .optionalInteger(let target, let range):
            if let number = integer(value, key.path, range) { configuration[keyPath: target] = number }
        case .priority(let target):
            if let priority = choice(
                value, key.path, Priority.allCases.map { $0.displayName.lowercased() }, Priority.init)
            {
                configuration[keyPath: target] = priority
            }
        case .hidingRules:
            let names = HidingRules.allCases.map(\.rawValue)
            if let rules = choice(value, key.path, names, HidingRules.init(rawValue:)) {
                configuration.hidingRules = rules
            }
        case .noveltySetting:
            let names = NoveltySetting.allCases.map(\.rawValue)
            if let setting = choice(value, key.path, names, NoveltySetting.init(rawValue:)) {
                configuration.learning.setting = setting
            }
        case .ruleMatching:
            let names = RuleMatching.allCases.map(\.rawValue)
            if let matching = choice(value, key.path, names, RuleMatching.init(rawValue:)) {
                configuration.ruleMatching = matching
            }
        case .rulesFiles: configuration.rulesFiles = texts(value, key.path)
        case .ruleSelections: configuration.ruleSelections = ruleSelections(value)
        case .outputAdditions: configuration.outputAdditions = outputAdditions(value)
        case .staticFields: configuration.staticFields = staticFields(value)
        case .duration(let target, let range):
            if let seconds = duration(value, key.path, range) { configuration[keyPath: target] = seconds }
        case .milliseconds(let target, let range):
            if let time = milliseconds(value, key.path, range) { configuration[keyPath: target] = time }
        case .syslogForm:
            let names = SyslogForm.allCases.map(\.rawValue)
            if let form = choice(value, key.path, names, SyslogForm.init(rawValue:)) {
                configuration.outputs.syslogForm = form
            }
        case .networkOutputs: configuration.outputs.network = networkOutputs(value)
        case .texts(let target): configuration[keyPath: target] = texts(value, key.path)
        case .repeatOverrides: configuration.repeats.overrides = repeatOverrides(value)
        case .rateLimitOverrides: configuration.rateLimit.overrides = rateLimitOverrides(value)
        case .sources: readSources(value, key.path)
        case .includedFiles: break
        case .ignored(let reason):
            if let enabled = value["enabled"], scalar(enabled).flatMap(Self.parseBool) == false { return }
            diagnostics.warning(
                "'\(key.path)' has no effect: \(reason)", at: entry.keyLocation, length: entry.key.count)
        }
    }

    private mutating func readSources(_ value: Setting, _ path: String) {
        var elements = [value]
        if case .sequence(let sequence) = value.content { elements = sequence }
        if elements.isEmpty {
            diagnostics.error("'\(path)' is an empty list; expected auto, or the names of sources", at: value.location)
        }
        var names: [String] = []
        for element in elements {
            guard let name = text(element, path) else { continue }
            do throws(SourceChoiceError) {
                _ = try SourceChoice(names: [name])
                names.append(name)
            } catch {
                diagnostics.error("'\(path)': \(error), audit-log", at: element.location)
            }
        }
        if !names.isEmpty, names.count == elements.count, let choice = try? SourceChoice(names: names) {
            configuration.sources = choice
        }
    }

    /// Channels that are on need their target, and something must be on.
    private mutating func checkOutputs(_ root: Setting) {
        let outputs = configuration.outputs
        for (section, key, channel) in [
            ("file_output", "filename", outputs.file), ("program_output", "program", outputs.program),
        ] where channel.isEnabled && channel.target.isEmpty {
            let place = root[section]?["enabled"]?.location ?? root.location
            diagnostics.error("'\(section)' is enabled, but '\(section).\(key)' is not set", at: place)
        }
        checkHTTPOutput(root)
        let isAnyOn =
            outputs.syslog || outputs.file.isEnabled || outputs.program.isEnabled || outputs.http.isEnabled
            || !outputs.network.isEmpty
        if outputs.standardOutput == false, !isAnyOn {
            diagnostics.error(
                "no output is enabled, so alerts would go nowhere; enable one of stdout_output, syslog_output, "
                    + "file_output, program_output, http_output, shrike.outputs",
                at: root["stdout_output"]?["enabled"]?.location ?? root.location)
        }
    }

    // MARK: Values

    /// A scalar's text with its variables replaced; nil for other values.
    func scalar(_ value: Setting) -> String? {
        if case .scalar(let text) = value.content { environment.expand(text) } else { nil }
    }

    mutating func text(_ value: Setting, _ path: String) -> String? {
        if let text = scalar(value) { return text }
        if case .null = value.content { return nil }
        diagnostics.error("'\(path)' must be a text", at: value.location)
        return nil
    }

    /// A sequence of texts, or one text in its place.
    mutating func texts(_ value: Setting, _ path: String) -> [String] {
        switch value.content {
        case .null: []
        case .sequence(let elements): elements.compactMap { text($0, path) }
        case .scalar, .mapping: text(value, path).map { [$0] } ?? []
        }
    }

    mutating func bool(_ value: Setting, _ path: String) -> Bool? {
        if case .null = value.content { return nil }
        if let bool = scalar(value).flatMap(Self.parseBool) { return bool }
        diagnostics.error("'\(path)' must be true or false\(found(value))", at: value.location)
        return nil
    }

    mutating func integer(_ value: Setting, _ path: String, _ range: ClosedRange<Int>) -> Int? {
        if case .null = value.content { return nil }
        if let number = scalar(value).flatMap({ Int($0) }), range.contains(number) { return number }
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        diagnostics.error("'\(path)' must be \(expected)\(found(value))", at: value.location)
        return nil
    }

    mutating func choice<Choice>(
        _ value: Setting, _ path: String, _ names: [String], _ make: (String) -> Choice?
    ) -> Choice? {
        if let choice = scalar(value).flatMap(make) { return choice }
        let suggestion = scalar(value).flatMap { Suggestion.nearest(to: $0, in: names) }
        diagnostics.error(
            "'\(path)' must be one of \(list(names))\(found(value))", at: value.location, suggestion: suggestion)
        return nil
    }

    func found(_ value: Setting) -> String {
        switch value.content {
        case .null: ", found nothing"
        case .scalar(let written):
            ", found '\(scalar(value) ?? "")'"
                + environment.unset(in: written).map { "; the environment variable \($0) is not set" }.joined()
        case .sequence: ", found a sequence"
        case .mapping: ", found a mapping"
        }
    }

    func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

    /// The words that YAML 1.1 reads as truth values, in any capitalisation.
    static func parseBool(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "y": true
        case "false", "no", "off", "n": false
        default: nil
        }
    }
}
