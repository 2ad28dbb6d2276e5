import Configuration
import EventFields
public import EventModel
import Glibc
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
    /// The compiled rules in the order in which they take events, whether enabled or not; those with errors, and those that are
    /// skipped because of an unknown field, are left out.
    public private(set) var compiled: [CompiledRule] = []
    /// The names of the rules that events are to be matched against: enabled, and severe enough.
    public private(set) var activeNames: Set<String> = []
    /// Configured rules files and directories that are not there, and are skipped as Falco does.
    public private(set) var missingPaths: [String] = []
    /// Which matching rule's alert an event raises. Unless configured: as in Falco, whose users know the order of their files; of
    /// Shrike's own rules, which have an order by layers only, the most severe one's.
    public private(set) var matching = RuleMatching.first
    /// Whether something is learned.
    private let learns: Bool
    /// What can't be used at all: files that could not be read, additions to outputs with errors.
    private let unusable: [LoadResult]

    /// What each file came to: first what can't be used at all.
    public var results: [LoadResult] { unusable + loaded.results }
    /// Whether all rules can be used.
    public var isSuccessful: Bool { unusable.isEmpty && loaded.isSuccessful }

    /// The rules that events are to be matched against, in order.
    public var active: [CompiledRule] { compiled.filter { activeNames.contains($0.name) } }

    /// Fields that `suggested_output` adds: those that say where in a cluster an event happened.
    static let suggestedFields = [
        "container.id", "container.name", "container.image.repository", "container.image.tag", "k8s.pod.name",
        "k8s.ns.name",
    ]

    /// When exceptions of rules that are in use end to hold.
    public var expirations: [ExceptionExpiration] {
        loaded.rules.filter { activeNames.contains($0.name) }.flatMap(ExceptionExpiration.of)
    }

    /// Loads the rules files of a configuration, or the built-in rules when it names none.
    ///
    /// - Parameter others: rules files that are loaded behind those.
    public static func load(
        _ configuration: Configuration, from files: any ConfigurationFiles = SystemConfigurationFiles(),
        adding others: [(name: String, bytes: [UInt8])] = []
    ) -> ConfiguredRules {
        let staticNames = configuration.staticFields.map(\.name)
        let catalogue = EventFields.catalogue(
            staticFields: staticNames, learns: configuration.learning.isEnabled)
        let compiler = RuleCompiler(catalogue: catalogue, services: ServiceNames.port(of:))
        let additions = CheckedAdditions(configuration.outputAdditions, compiler, files)
        var loader = RuleLoader(
            options: RuleLoaderOptions(
                fields: FieldNameTable(catalogue.fields.map(\.name)),
                selection: noveltySelections(configuration) + configuration.ruleSelections,
                outputAdditions: additions.usable,
                suggestedFields: suggestedFields + staticNames.map { "static.\($0)" },
                summaries: ["container.place": suggestedFields]))
        var unusable = additions.results
        var contents = contents(configuration, from: files)
        if configuration.learning.isEnabled, configuration.learning.setting != .none {
            // Before the user's, so that those can add exceptions.
            contents.insert((DefaultRules.novelty.name, .success(DefaultRules.novelty.bytes)), at: 0)
        }
        contents += others.map { ($0.name, .success($0.bytes)) }
        for (name, content) in contents {
            switch content {
            case .success(let bytes):
                let source = SourceText(name: name, bytes: bytes)
                loader.add(RuleFileReader.read(source, file: loader.nextFile), source: source)
            case .failure(let problem):
                let location = SourceLocation(file: name, line: 1, column: 1)
                let diagnostic = Diagnostic(
                    severity: .error, code: .errFileRead, message: problem.message, location: location)
                unusable.append(LoadResult(name: name, diagnostics: [diagnostic]))
            }
        }
        var rules = ConfiguredRules(
            loaded: loader.finish(), catalogue: catalogue, learns: configuration.learning.isEnabled,
            unusable: unusable)
        if !configuration.mustRulesFilesExist {
            rules.missingPaths = (configuration.rulesFiles ?? []).filter(files.isMissing)
        }
        rules.matching = configuration.ruleMatching ?? (rules.areShrikesOwn(configuration) ? .severest : .first)
        rules.compile(
            with: compiler, threshold: configuration.priorityThreshold, severestFirst: rules.matching == .severest)
        if rules.matching != .all { rules.warnOfHiddenRules() }
        return rules
    }

    private init(loaded: LoadedRules, catalogue: FieldCatalogue, learns: Bool, unusable: [LoadResult]) {
        self.loaded = loaded
        self.catalogue = catalogue
        self.learns = learns
        self.unusable = unusable
    }

    /// Whether what is loaded is mostly the built-in rules or an installed copy of them, whatever of one's own comes beside them.
    private func areShrikesOwn(_ configuration: Configuration) -> Bool {
        guard configuration.rulesFiles != nil else { return true }
        let own = DefaultRules.ruleNames
        return loaded.rules.count { own.contains($0.name) } * 2 > own.count
    }

    /// Compiles all rules, the disabled ones too: what is wrong with them should show before they are enabled.
    private mutating func compile(with compiler: RuleCompiler, threshold: Priority, severestFirst: Bool) {
        compiled = loaded.compile(with: compiler)
        if severestFirst {
            compiled = compiled.enumerated()
                .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }.map(\.element)
        }
        // What is new may also be something that a rule has a word for: where one alert an event is raised, that one is.
        let isNovelty = { (rule: CompiledRule) in rule.tags.contains(DefaultRules.noveltyTag) }
        compiled = compiled.filter { !isNovelty($0) } + compiled.filter(isNovelty)
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
        // Nobody has to have the rules about something new that are left out here.
        let unmatched = loaded.unmatchedSelections.filter { selection in
            selection.isEnabling || !NoveltySetting.tags.contains { $0 == selection.tag }
        }
        var remarks = unmatched.map { selection in
            let what = [selection.rule.map { "name '\($0)'" }, selection.tag.map { "tag '\($0)'" }].compactMap { $0 }
            let aim = selection.isEnabling ? "enabled" : "disabled"
            return "no rule has the \(what.joined(separator: " or ")) that is to be \(aim)"
        }
        if active.isEmpty { remarks.append("no rule is enabled: nothing can be detected") }
        return remarks
    }

    /// How many rules about something new are not used since nothing is learned; nil when there are none.
    public var noveltyRemark: String? {
        guard !learns else { return nil }
        let count = loaded.rules.count { rule in
            !rule.isEnabled && rule.tags.contains { NoveltySetting.tags.contains($0) }
        }
        guard count > 0 else { return nil }
        return
            "\(count) rules about what is new to a workload are not used, since nothing is learned (shrike.learning.enabled)"
    }

    /// What is missing of the configured files; a sentence each.
    public var fileRemarks: [String] {
        missingPaths.map { "\($0) of rules_files is not there, and is skipped: its rules are not in use" }
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

    private static func counted(_ names: [String]) -> String { Plural.counted(names.count, "rule") }

    /// Leaves out the rules about something new that the configuration is too quiet for: all of them where nothing is learned, also
    /// where `anomaly.yaml` is among the files.
    private static func noveltySelections(_ configuration: Configuration) -> [RuleSelection] {
        let learning = configuration.learning
        let tags = learning.isEnabled ? learning.setting.unusedTags : NoveltySetting.tags
        return tags.map { RuleSelection(isEnabling: false, tag: $0) }
    }

    private struct Unreadable: Error { var message: String }

    /// The files in order, with what is in them.
    private static func contents(
        _ configuration: Configuration, from files: any ConfigurationFiles
    ) -> [(name: String, Result<[UInt8], Unreadable>)] {
        guard let paths = configuration.rulesFiles else {
            return DefaultRules.files.map { ($0.name, .success($0.bytes)) }
        }
        var contents: [(name: String, Result<[UInt8], Unreadable>)] = []
        for path in paths {
            let found = files.expand(path)
            for file in found {
                contents.append((file, files.read(file).mapError { Unreadable(message: "can't be read: \($0)") }))
            }
            if found.isEmpty, configuration.mustRulesFilesExist {
                contents.append(
                    (path, .failure(Unreadable(message: files.absence(of: path)))))
            }
        }
        if contents.isEmpty {
            let names = paths.isEmpty ? "rules_files" : paths.joined(separator: ", ")
            contents.append(
                (
                    names,
                    .failure(
                        Unreadable(
                            message:
                                "none of the configured rules files is there: expected files, or directories with .yaml or .yml files"
                        ))
                ))
        }
        return contents
    }
}
