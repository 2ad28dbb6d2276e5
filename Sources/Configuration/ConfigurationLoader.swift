public import RuleLanguage
import YAMLTree

/// Loads the configuration: the main file, the files that it includes, the command line's overrides, in this order. Errors
/// don't stop it; it collects all of them.
public struct ConfigurationLoader {
    /// What a load gave.
    public struct Result: Sendable {
        /// The configuration; use it only without errors.
        public var configuration: Configuration
        /// All problems, in the order they were found.
        public var diagnostics: [Diagnostic]
        /// The files that were read, in order.
        public var files: [String]
        /// Whether the configuration can't be used.
        public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
    }

    private let files: any ConfigurationFiles
    private let environment: EnvironmentExpansion
    private var diagnostics = ConfigurationDiagnostics()
    private var filesRead: [String] = []

    /// A loader that reads the node's files and the process's environment.
    public init() { self.init(files: SystemConfigurationFiles(), environment: SystemConfigurationFiles.variable) }

    init(files: any ConfigurationFiles, environment: @escaping @Sendable (String) -> String?) {
        self.files = files
        self.environment = EnvironmentExpansion(variable: environment)
    }

    /// Loads the file at `path` (none: the defaults) and applies `overrides`, each `KEY=VALUE`.
    ///
    /// - Parameter checksPlaces: whether to warn of files and directories that are named and that a run would refuse.
    public consuming func load(path: String?, overrides: [String] = [], checksPlaces: Bool = false) -> Result {
        var tree = Setting(content: .null, location: SourceLocation(file: path ?? "-o", line: 1, column: 1))
        if let path { tree = readTree(path) ?? tree }
        // Which files are included may be said by the command line; what they say is overridden by the rest of it.
        let parsed = overrides.compactMap { parse(override: $0) }
        for override in parsed where override.includesFiles { apply(override, to: &tree) }
        include(into: &tree, from: path)
        for override in parsed where !override.includesFiles { apply(override, to: &tree) }

        var reader = ConfigurationReader(diagnostics: diagnostics, environment: environment)
        reader.read(tree)
        reader.checkLearningKey(tree, files)
        if checksPlaces { reader.checkPlaces(tree, files) }
        return Result(
            configuration: reader.configuration, diagnostics: reader.diagnostics.diagnostics, files: filesRead)
    }

    // MARK: Files

    /// The one document of a file; nil, with an error noted, when it can't be read or is no mapping.
    private mutating func readTree(_ path: String) -> Setting? {
        let start = SourceLocation(file: path, line: 1, column: 1)
        let bytes: [UInt8]
        switch files.read(path) {
        case .success(let read): bytes = read
        case .failure(let error):
            diagnostics.error("can't read the configuration: \(error)", code: .errFileRead, at: start)
            return nil
        }
        filesRead.append(path)
        diagnostics.addText(String(decoding: bytes, as: UTF8.self), of: path)
        do throws(YAMLSyntaxError) {
            let documents = try YAMLDocument.parse(bytes: bytes)
            guard let document = documents.first, !document.isNull else {
                return Setting(content: .null, location: start)
            }
            let tree = Setting(document, file: path)
            guard case .mapping = tree.content else {
                diagnostics.error("a configuration must be a mapping of keys to values", at: tree.location)
                return nil
            }
            if documents.count > 1 {
                let second = SourceLocation(file: path, line: documents[1].line, column: documents[1].column)
                diagnostics.warning("only the first document of a configuration file is read", at: second)
            }
            return tree
        } catch {
            let place = SourceLocation(file: path, line: error.line, column: error.column, offset: error.offset)
            diagnostics.error(error.message, code: .errYAMLParse, at: place, hint: error.hint)
            return nil
        }
    }

    /// How an included file's keys join those that are there.
    private enum Strategy: String, CaseIterable {
        /// Sequences are joined, other values replaced.
        case append
        /// Each key replaces the one that is there.
        case override
        /// Only keys that are not there are taken.
        case addOnly = "add-only"
    }

    private mutating func include(into tree: inout Setting, from main: String?) {
        guard let list = tree["config_files"] else { return }
        var elements: [Setting] = []
        switch list.content {
        case .null: return
        case .sequence(let sequence): elements = sequence
        case .scalar, .mapping: elements = [list]
        }
        for element in elements {
            guard let (path, strategy) = inclusion(element) else { continue }
            if files.isMissing(path) {
                diagnostics.warning(
                    "'config_files': \(files.absence(of: path)), and it is skipped", at: element.location)
            }
            for file in files.expand(path) {
                if file == main {
                    diagnostics.error("'\(file)' includes itself", at: element.location)
                    continue
                }
                guard let included = readTree(file) else { continue }
                for entry in included.entries where entry.key == "config_files" {
                    diagnostics.error("an included file may not include others", at: entry.keyLocation)
                }
                merge(included, into: &tree, strategy)
            }
        }
    }

    /// A path, or a mapping of `path` and `strategy`.
    private mutating func inclusion(_ element: Setting) -> (path: String, Strategy)? {
        if case .scalar(let path) = element.content { return (environment.expand(path), .append) }
        guard case .scalar(let path) = element["path"]?.content else {
            diagnostics.error(
                "an entry of 'config_files' must be a path or a mapping with 'path' and 'strategy'",
                at: element.location)
            return nil
        }
        var strategy = Strategy.append
        if let written = element["strategy"], case .scalar(let name) = written.content {
            let names = Strategy.allCases.map(\.rawValue)
            if let known = Strategy(rawValue: name) {
                strategy = known
            } else {
                // As Falco takes it, which says nothing.
                diagnostics.warning(
                    "'strategy' must be one of \(names.joined(separator: ", ")), found '\(name)'; taken as append",
                    at: written.location, length: name.count)
            }
        }
        return (environment.expand(path), strategy)
    }

    private func merge(_ included: Setting, into tree: inout Setting, _ strategy: Strategy) {
        for entry in included.entries where entry.key != "config_files" {
            var entry = entry
            if let present = tree[entry.key] {
                switch strategy {
                case .addOnly: continue
                case .override: break
                case .append:
                    if case .sequence(let old) = present.content, case .sequence(let new) = entry.value.content {
                        entry.value.content = .sequence(old + new)
                    }
                }
            }
            tree.set(entry)
        }
    }

    private mutating func parse(override text: String) -> ConfigurationOverride? {
        // The text stands for its own file, so that messages show it.
        let file = "-o \(text)"
        diagnostics.addText(text, of: file)
        let location = SourceLocation(file: file, line: 1, column: 1)
        do throws(ConfigurationOverride.Problem) {
            return try ConfigurationOverride(text, location: location)
        } catch {
            diagnostics.error(error.message, at: location)
            return nil
        }
    }

    private mutating func apply(_ override: ConfigurationOverride, to tree: inout Setting) {
        do throws(ConfigurationOverride.Problem) {
            try override.apply(to: &tree)
        } catch {
            diagnostics.error(error.message, at: override.location)
        }
    }
}
