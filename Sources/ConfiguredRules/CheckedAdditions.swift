import Configuration
import RuleEngine
import RuleLanguage

/// Additions to the outputs of rules (`append_output`, `-p`), checked before any rule has them: what is wrong with one is told
/// once, where it is written, and not for each rule.
struct CheckedAdditions {
    /// Those that rules can have.
    private(set) var usable: [OutputAddition] = []
    /// What is wrong with the others.
    private(set) var results: [LoadResult] = []

    init(_ additions: [OutputAddition], _ compiler: RuleCompiler, _ files: any ConfigurationFiles) {
        for addition in additions {
            // One rule may have more names than all have: a correlation's are of its own events.
            let problems = addition.rule == nil ? compiler.problems(in: addition) : []
            guard let location = addition.location, !problems.isEmpty else {
                usable.append(addition)
                continue
            }
            let line = Self.line(at: location, files)
            let diagnostics = problems.map { problem in
                Diagnostic(
                    severity: .error, code: problem.code, message: Self.message(problem, addition), location: location,
                    sourceLine: line, length: 1, suggestion: problem.suggestion)
            }
            results.append(LoadResult(name: location.file, diagnostics: diagnostics))
        }
    }

    private static func message(_ problem: CompileProblem, _ addition: OutputAddition) -> String {
        guard case .extraField(let index) = problem.subject else { return problem.message }
        return "in the extra field '\(addition.fields[index].key)' of append_output: \(problem.message)"
    }

    /// Nil for what is written on the command line.
    private static func line(at location: SourceLocation, _ files: any ConfigurationFiles) -> String? {
        guard case .success(let bytes) = files.read(location.file) else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.dropFirst(location.line - 1).first.map { String(decoding: $0, as: UTF8.self) }
    }
}
