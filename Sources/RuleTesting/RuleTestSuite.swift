public import Configuration
public import ConfiguredRules
import KernelInterface
import RuleEngine
public import RuleLanguage

/// The tests of files, run.
public struct RuleTestSuite: Sendable {
    /// What came of each file.
    public struct File: Sendable {
        /// The file.
        public var name: String
        /// What came of its tests, in order.
        public var results: [RuleTestResult]
        /// What is wrong with the file.
        public var diagnostics: [Diagnostic]
    }

    /// What came of each file.
    public private(set) var files: [File] = []
    /// The rules without a test that they alert, and those without one that they keep quiet.
    public private(set) var untested: (alerts: [String], quiet: [String])

    /// Whether all tests passed and nothing is wrong with any file.
    public var isSuccessful: Bool {
        files.allSatisfy { $0.diagnostics.isEmpty && $0.results.allSatisfy { $0.failure == nil } }
    }

    /// What is wrong and what failed, a line each.
    public var problems: [String] {
        files.flatMap { file in file.diagnostics.map(\.line) + file.results.flatMap { $0.lines.prefix(1) } }
    }

    /// Runs the tests of files, or of the `.yaml` files in directories, over rules that loaded without errors.
    public init(
        paths: [String], rules: ConfiguredRules, from reader: any ConfigurationFiles = SystemConfigurationFiles()
    ) {
        var run = RuleTestRun(rules)
        var alerting: Set<String> = []
        var quiet: Set<String> = []
        for path in paths {
            let names = reader.expand(path)
            if names.isEmpty {
                files.append(
                    File(
                        name: path, results: [],
                        diagnostics: [Self.unreadable(path, "there is no such file, and no directory with .yaml files")]
                    ))
            }
            for name in names {
                switch reader.read(name) {
                case .failure(let error):
                    files.append(File(name: name, results: [], diagnostics: [Self.unreadable(name, "\(error)")]))
                case .success(let bytes):
                    let file = RuleTestFile(name: name, bytes: bytes, catalogue: rules.catalogue)
                    var results: [RuleTestResult] = []
                    for test in file.tests {
                        results.append(run.result(of: test))
                        if test.mustAlert { alerting.insert(test.rule) } else { quiet.insert(test.rule) }
                    }
                    files.append(File(name: name, results: results, diagnostics: file.diagnostics))
                }
            }
        }
        let names = rules.compiled.map(\.name)
        untested = (names.filter { !alerting.contains($0) }, names.filter { !quiet.contains($0) })
    }

    private static func unreadable(_ name: String, _ message: String) -> Diagnostic {
        Diagnostic(
            severity: .error, code: .errFileRead, message: message,
            location: SourceLocation(file: name, line: 1, column: 1))
    }

    /// Where the tests of configured rules are: the directory `tests` beside each rules file, or in each directory of them; for
    /// built-in rules those that belong to the program. Only what is there.
    public static func places(of configuration: Configuration, program: String) -> [String] {
        guard let paths = configuration.rulesFiles else {
            let own = ProgramPlace.directory(installed: "rules/tests", inCheckout: "rules/tests", ofProgram: program)
            return own.map { [$0] } ?? []
        }
        var found: [String] = []
        for path in paths {
            let base = DirectoryTree.isThere(path) ? path : path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            let tests = (base.hasSuffix("/") ? base : base + "/") + "tests"
            if DirectoryTree.isThere(tests), !found.contains(tests) { found.append(tests) }
        }
        return found
    }
}
