import RuleLanguage

/// A macro as `rules show` tells it.
public struct ResolvedMacro: Sendable {
    /// The macro's name.
    public var name: String
    /// Its condition as written.
    public var writtenCondition: String
    /// Its condition with no macro left in it; nil when it has an error.
    public var condition: Condition?
    /// Whether a rule or another macro refers to it.
    public var isUsed: Bool
    /// The macros that its condition itself refers to, sorted.
    public var macros: [String]
    /// The lists that its condition itself refers to, sorted.
    public var lists: [String]
    /// Where it begins.
    public var location: SourceLocation
}

/// A list as `rules show` tells it.
public struct ResolvedList: Sendable {
    /// The list's name.
    public var name: String
    /// Its items as written.
    public var items: [String]
    /// Its items with earlier lists put in.
    public var compiledItems: [String]
    /// Whether a condition, another list or an exception refers to it.
    public var isUsed: Bool
    /// The lists among its written items, sorted.
    public var lists: [String]
    /// Where it begins.
    public var location: SourceLocation
}

/// What loading rules files gave: everything that is usable, and everything that is wrong.
public struct LoadedRules: Sendable {
    /// The rules in the order of their first definition; those with errors and those of unknown sources are left out.
    public internal(set) var rules: [ResolvedRule] = []
    /// The macros in the order of their first definition.
    public internal(set) var macros: [ResolvedMacro] = []
    /// The lists in the order of their first definition.
    public internal(set) var lists: [ResolvedList] = []
    /// Rules with an error that does not touch the condition, such as a bad priority. They are to be compiled for their other
    /// problems only.
    public internal(set) var unusableRules: [ResolvedRule] = []
    /// Names of rules that are skipped because no such event source is here.
    public internal(set) var skippedRules: [String] = []
    /// The configured selections that no rule is meant by.
    public internal(set) var unmatchedSelections: [RuleSelection] = []
    /// The highest engine version that the files require.
    public internal(set) var requiredEngineVersion: SemanticVersion?
    /// What the files require of plugins.
    public internal(set) var requiredPlugins: [PluginRequirement] = []
    var log = DiagnosticLog()
    var texts = TextRegistry()
    var places: [String: ItemPlace] = [:]

    /// All problems so far, by file and place.
    public var diagnostics: [Diagnostic] { results.flatMap(\.diagnostics) }

    /// Whether nothing is wrong enough to make the files unusable.
    public var isSuccessful: Bool { !log.hasErrors }

    /// What each file came to, in the order of loading.
    public var results: [LoadResult] {
        log.sources.map { source in
            let diagnostics = log.diagnostics.filter { $0.location.file == source.name }
            return LoadResult(
                name: source.name, diagnostics: diagnostics.sorted { $0.location.offset < $1.location.offset }
            )
        }
    }

    /// Adds a problem that was found in a rule after resolving: `range` is of the rule's condition or output. It is
    /// reported where the user wrote the text, be it in a macro, list or exception; the same problem once.
    public mutating func report(
        _ severity: Diagnostic.Severity, _ code: LoadCode, _ message: String, range: TextRange,
        suggestion: String? = nil, rule: String
    ) {
        guard let place = places[rule] else { return }
        let isOfRule = range == TextRange(0, 0) || range.start == range.end
        let span = (isOfRule ? nil : texts.span(of: range)) ?? place.span
        let part = code == .errCompileOutput ? "rule output" : "rule condition"
        let partSpan = texts.span(of: TextRange(0, 1, text: range.text))
        log.report(
            severity, code, message, at: span, suggestion: suggestion, in: isOfRule ? place : place.at(part, partSpan)
        )
    }

    /// The files in the order of loading.
    public var sources: [SourceText] { log.sources }

    /// Where the user wrote what a range of a rule's condition stands for, be it in a macro, list or exception.
    public func location(of range: TextRange) -> SourceLocation? { texts.span(of: range).map(log.location(of:)) }

    /// Takes out a rule, such as one that does not compile.
    public mutating func remove(rule name: String) { rules.removeAll { $0.name == name } }
}
