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
        for rule in loaded.rules {
            let compilation = compiler.compile(rule)
            for problem in compilation.problems { report(problem, in: rule) }
            guard let compiledRule = compilation.rule else { continue }
            compiled.append(compiledRule)
            if rule.isEnabled, compiledRule.priority <= threshold { activeNames.insert(rule.name) }
        }
    }

    private mutating func report(_ problem: CompileProblem, in rule: ResolvedRule) {
        var range = problem.range
        switch problem.subject {
        case .condition: break
        case .output: range.text = rule.outputTextID
        // The text stands in the configuration; the loader knows the rule's place only.
        case .extraField: range = TextRange(0, 0)
        }
        loaded.report(
            problem.severity, problem.code, problem.message, range: range, suggestion: problem.suggestion,
            rule: rule.name)
    }

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
