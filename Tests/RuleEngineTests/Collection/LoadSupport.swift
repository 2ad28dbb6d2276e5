import RuleEngine
import RuleFiles
import RuleLanguage

/// Loads rules texts as files `1.yaml`, `2.yaml` … in order.
func load(_ texts: String..., options: RuleLoaderOptions = RuleLoaderOptions()) -> LoadedRules {
    var loader = RuleLoader(options: options)
    for (index, text) in texts.enumerated() {
        let source = SourceText(name: "\(index + 1).yaml", text: text)
        loader.add(RuleFileReader.read(source, file: index), source: source)
    }
    return loader.finish()
}

/// A rule with a condition; the rest does not matter.
func ruleText(_ condition: String, name: String = "r", more: String = "") -> String {
    "- rule: \(name)\n  desc: d\n  condition: \(condition)\n  output: o\n  priority: INFO\n\(more)"
}

extension LoadedRules {
    /// Code and place of each problem, `1.yaml:2:3 LOAD_…`.
    var places: [String] { diagnostics.map { "\($0.location.described) \($0.code.rawValue)" } }

    /// The codes of all problems.
    var codes: [LoadCode] { diagnostics.map(\.code) }

    /// The canonical text of a rule's condition.
    func canonical(_ rule: String = "r") -> String? { rules.first { $0.name == rule }?.condition.canonicalText }
}

/// Adds files one by one.
struct FileLoader {
    private var loader: RuleLoader
    private var count = 0

    init(options: RuleLoaderOptions = RuleLoaderOptions()) { loader = RuleLoader(options: options) }

    mutating func add(_ text: String) {
        count += 1
        let source = SourceText(name: "\(count).yaml", text: text)
        loader.add(RuleFileReader.read(source, file: count - 1), source: source)
    }

    mutating func finish() -> LoadedRules { loader.finish() }
}
