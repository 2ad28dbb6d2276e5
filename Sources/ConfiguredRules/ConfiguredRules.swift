import Configuration
import EventFields
public import EventModel
import KernelInterface
public import RuleEngine
import RuleFiles
public import RuleLanguage

/// The rules that a configuration names: read, resolved and checked.
public struct ConfiguredRules: Sendable {
    /// The rules, and what was found wrong with them.
    public internal(set) var loaded: LoadedRules
    /// The fields that rules may name, the configuration's own included.
    public let catalogue: FieldCatalogue
    /// The compiled rules in order, whether enabled or not; those with errors, and those that are skipped because of an
    /// unknown field, are left out.
    public private(set) var compiled: [CompiledRule] = []
    /// The names of the rules that events are to be matched against: enabled, and severe enough.
    public private(set) var activeNames: Set<String> = []
    /// The results of files that could not be read at all.
    private let unreadable: [LoadResult]

    /// What each file came to: first those that could not be read.
    public var results: [LoadResult] { unreadable + loaded.results }
    /// Whether all rules can be used.
    public var isSuccessful: Bool { unreadable.isEmpty && loaded.isSuccessful }

    /// The rules that events are to be matched against, in order.
    public var active: [CompiledRule] { compiled.filter { activeNames.contains($0.name) } }

    /// Fields that `suggested_output` adds: those that say where in a cluster an event happened.
    static let suggestedFields = [
        "container.id", "container.name", "container.image.repository", "container.image.tag", "k8s.pod.name",
        "k8s.ns.name",
    ]

    /// Loads the rules files of a configuration, or the built-in rules when it names none.
    public static func load(
        _ configuration: Configuration, from files: any ConfigurationFiles = SystemConfigurationFiles()
    ) -> ConfiguredRules {
        let staticNames = configuration.staticFields.map(\.name)
        let catalogue = EventFields.catalogue(staticFields: staticNames)
        var loader = RuleLoader(
            options: RuleLoaderOptions(
                fields: FieldNameTable(catalogue.fields.map(\.name)), selection: configuration.ruleSelections,
                outputAdditions: configuration.outputAdditions,
                suggestedFields: suggestedFields + staticNames.map { "static.\($0)" },
                summaries: ["container.place": suggestedFields]))
        var unreadable: [LoadResult] = []
        for (name, content) in contents(configuration, from: files) {
            switch content {
            case .success(let bytes):
                let source = SourceText(name: name, bytes: bytes)
                loader.add(RuleFileReader.read(source, file: loader.nextFile), source: source)
            case .failure(let problem):
                let location = SourceLocation(file: name, line: 1, column: 1)
                let diagnostic = Diagnostic(
                    severity: .error, code: .errFileRead, message: problem.message, location: location)
                unreadable.append(LoadResult(name: name, diagnostics: [diagnostic]))
            }
        }
        var rules = ConfiguredRules(loaded: loader.finish(), catalogue: catalogue, unreadable: unreadable)
        rules.compile(threshold: configuration.priorityThreshold)
        if configuration.ruleMatching == .first { rules.warnOfHiddenRules() }
        return rules
    }

    private init(loaded: LoadedRules, catalogue: FieldCatalogue, unreadable: [LoadResult]) {
        self.loaded = loaded
        self.catalogue = catalogue
        self.unreadable = unreadable
    }

    /// Compiles all rules, the disabled ones too: what is wrong with them should show before they are enabled.
    private mutating func compile(threshold: Priority) {
        let compiler = RuleCompiler(catalogue: catalogue, services: ServiceNames.port(of:))
        compiled = loaded.compile(with: compiler)
        let enabled = Set(loaded.rules.filter(\.isEnabled).map(\.name))
        activeNames = Set(compiled.filter { enabled.contains($0.name) && $0.priority <= threshold }.map(\.name))
    }

    /// Warns of rules that never raise an alert, since an earlier one always does where one rule an event counts.
    private mutating func warnOfHiddenRules() {
        for pair in HiddenRules.find(in: active) {
            loaded.report(
                .warning, .hiddenRule,
                "rule '\(pair.hidden)' never raises an alert: '\(pair.hider)', which comes first, matches whatever it matches",
                range: TextRange(0, 0), suggestion: "put it before the other, or set rule_matching to all",
                rule: pair.hidden)
        }
    }

    /// What the selections come to where that is probably not meant; a sentence each.
    public var selectionRemarks: [String] {
        var remarks = loaded.unmatchedSelections.map { selection in
            let what = [selection.rule.map { "name '\($0)'" }, selection.tag.map { "tag '\($0)'" }].compactMap { $0 }
            let aim = selection.isEnabling ? "enabled" : "disabled"
            return "no rule has the \(what.joined(separator: " or ")) that is to be \(aim)"
        }
        if active.isEmpty { remarks.append("no rule is enabled: nothing can be detected") }
        return remarks
    }

    /// Which of the active rules can't match here, or only partly, for want of fields; nil when all can.
    public var reachRemark: (text: String, hasUnmatchable: Bool)? {
        let reaches = active.map { (name: $0.name, verdict: RuleReach($0, catalogue: catalogue).verdict) }
        let never = reaches.filter { $0.verdict == .never }.map(\.name)
        let partial = reaches.filter { $0.verdict == .partial }.map(\.name)
        var parts: [String] = []
        if !never.isEmpty { parts.append("\(Self.counted(never)) can't match here (\(never.joined(separator: ", ")))") }
        if !partial.isEmpty {
            parts.append("\(Self.counted(partial)) only partly (\(partial.joined(separator: ", ")))")
        }
        return parts.isEmpty ? nil : (parts.joined(separator: ", "), !never.isEmpty)
    }

    private static func counted(_ names: [String]) -> String { names.count == 1 ? "1 rule" : "\(names.count) rules" }

    private struct Unreadable: Error { var message: String }

    /// The files in order, with what is in them.
    private static func contents(
        _ configuration: Configuration, from files: any ConfigurationFiles
    ) -> [(name: String, Result<[UInt8], Unreadable>)] {
        guard let paths = configuration.rulesFiles else { return [(DefaultRules.name, .success(DefaultRules.bytes))] }
        var contents: [(name: String, Result<[UInt8], Unreadable>)] = []
        for path in paths {
            let found = files.expand(path)
            for file in found {
                contents.append((file, files.read(file).mapError { Unreadable(message: "can't be read: \($0)") }))
            }
            if found.isEmpty, configuration.mustRulesFilesExist {
                contents.append(
                    (path, .failure(Unreadable(message: "there is no such file, and no directory with .yaml files"))))
            }
        }
        if contents.isEmpty {
            let names = paths.isEmpty ? "rules_files" : paths.joined(separator: ", ")
            contents.append((names, .failure(Unreadable(message: "none of the configured rules files is there"))))
        }
        return contents
    }
}
