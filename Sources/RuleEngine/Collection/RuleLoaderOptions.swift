import RuleLanguage

/// What a load depends on besides the files.
public struct RuleLoaderOptions: Sendable {
    /// The version of Falco's rule engine that this one is compatible with.
    public static let falcoEngineVersion = SemanticVersion(0, 63, 0)
    /// Plugins whose fields and events Shrike has built in, with the versions that it is compatible with.
    public static let builtInPlugins = ["container": SemanticVersion(0, 7, 1)]

    /// The engine's version, for `required_engine_version`.
    public var engineVersion: SemanticVersion
    /// The plugins there are, for `required_plugin_versions`.
    public var plugins: [String: SemanticVersion]
    /// The event sources there are; rules of other sources are skipped.
    public var sources: Set<String>
    /// The names of all fields; nil: fields in exceptions are not checked.
    public var fields: FieldNameTable?
    /// Which rules the configuration enables and disables, in order.
    public var selection: [RuleSelection]
    /// What the configuration adds to rules' outputs, in order.
    public var outputAdditions: [OutputAddition]
    /// Fields that `suggested_output` adds, by their names.
    public var suggestedFields: [String]
    /// Fields that sum others up, with those others: an output that names one has the others beside it, in JSON.
    public var summaries: [String: [String]]

    /// Options; the standard ones are those of a plain Shrike.
    public init(
        engineVersion: SemanticVersion = falcoEngineVersion, plugins: [String: SemanticVersion] = builtInPlugins,
        sources: Set<String> = ["syscall"], fields: FieldNameTable? = nil, selection: [RuleSelection] = [],
        outputAdditions: [OutputAddition] = [], suggestedFields: [String] = [],
        summaries: [String: [String]] = [:]
    ) {
        self.engineVersion = engineVersion
        self.plugins = plugins
        self.sources = sources
        self.fields = fields
        self.selection = selection
        self.outputAdditions = outputAdditions
        self.suggestedFields = suggestedFields
        self.summaries = summaries
    }
}
