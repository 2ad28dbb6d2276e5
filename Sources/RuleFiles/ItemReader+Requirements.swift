import RuleLanguage
import YAMLTree

extension ItemReader {
    /// `required_engine_version`; nil after an error.
    mutating func engineVersion() -> RuleFileItem? {
        enter("required_engine_version", "", at: span)
        guard let (text, node) = requiredText("required_engine_version") else { return nil }
        guard let version = SemanticVersion(engineVersion: text) else {
            error(
                "unable to parse engine version '\(text)'; expected a number or three numbers with dots", at: node,
                suggestion: "write 0.31.0, or 31"
            )
            return nil
        }
        return .requiredEngineVersion(Sourced(version, at: span(of: node)))
    }

    /// `required_plugin_versions`: the requirements that are well formed.
    mutating func pluginVersions() -> [RuleFileItem] {
        enter("required plugin versions", "", at: span)
        checkKeys(["required_plugin_versions"])
        guard let node = node("required_plugin_versions"),
            let elements = elements(of: node, what: "'required_plugin_versions'")
        else { return [] }
        var items: [RuleFileItem] = []
        for element in elements {
            if let requirement = requirement(element) { items.append(.requiredPlugin(requirement)) }
        }
        return items
    }

    private mutating func requirement(_ node: YAMLNode) -> PluginRequirement? {
        guard let main = alternative(node, allowingAlternatives: true) else { return nil }
        var alternatives = [main]
        if let list = node["alternatives"], !list.isNull {
            guard let elements = elements(of: list, what: "'alternatives'") else { return nil }
            for element in elements {
                guard let alternative = alternative(element, allowingAlternatives: false) else { return nil }
                guard !alternatives.contains(where: { $0.name == alternative.name }) else {
                    error("the plugin '\(alternative.name)' is named twice in one requirement", at: element)
                    return nil
                }
                alternatives.append(alternative)
            }
        }
        return PluginRequirement(alternatives: alternatives, span: span(of: node))
    }

    private mutating func alternative(
        _ node: YAMLNode, allowingAlternatives: Bool
    ) -> PluginRequirement.Alternative? {
        guard let pairs = node.pairs else {
            error("a required plugin is \(node.kindInWords), expected a mapping with 'name' and 'version'", at: node)
            return nil
        }
        let known = ["name", "version"] + (allowingAlternatives ? ["alternatives"] : [])
        for entry in distinct(pairs) where !known.contains(entry.key) {
            warn(
                .unknownKey, "unknown key '\(entry.key)', it is ignored", at: entry.keyNode,
                suggestion: Suggestion.question(for: entry.key, in: known)
            )
        }
        for key in ["name", "version"] where node[key] == nil {
            error("a required plugin has no '\(key)'", at: node)
            return nil
        }
        guard let nameNode = node["name"], let (name, _) = text(of: nameNode, what: "the plugin's name"),
            let versionNode = node["version"], let (text, _) = text(of: versionNode, what: "the plugin's version")
        else { return nil }
        guard let version = SemanticVersion(text) else {
            error("'\(text)' is no plugin version; expected three numbers with dots, such as 0.7.1", at: versionNode)
            return nil
        }
        return PluginRequirement.Alternative(name: name, version: version)
    }
}
