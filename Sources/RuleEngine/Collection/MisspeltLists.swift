import RuleLanguage

/// Finds words in lists that are nearly a list's name: they stand for themselves, which nobody means.
struct MisspeltLists {
    private let names: [String]
    /// The name that each word was meant to be. Macros bring the same words to most rules.
    private var meant: [[UInt8]: String?] = [:]

    init(_ lists: [String]) { names = lists.filter { $0.contains("_") } }

    mutating func problems(of rule: ResolvedRule) -> [CompileProblem] {
        var problems: [CompileProblem] = []
        if !names.isEmpty { collect(rule.condition, &problems) }
        return problems
    }

    private mutating func collect(_ condition: Condition, _ problems: inout [CompileProblem]) {
        switch condition {
        case .and(let parts), .or(let parts): for part in parts { collect(part, &problems) }
        case .not(let part): collect(part, &problems)
        case .macro: break
        case .comparison(let comparison):
            guard case .list(let literals) = comparison.right else { break }
            for literal in literals where !literal.isQuoted && literal.bytes.contains(UInt8(ascii: "_")) {
                if let problem = problem(of: literal) { problems.append(problem) }
            }
        }
    }

    private mutating func problem(of literal: Literal) -> CompileProblem? {
        let name = meant[literal.bytes] ?? Suggestion.nearest(to: literal.text, in: names)
        meant[literal.bytes] = .some(name)
        return name.map { name in
            CompileProblem(
                severity: .warning, code: .compileConditionHint,
                message: "'\(literal.text)' is the name of no list, so it stands for its own letters",
                range: literal.range, suggestion: "did you mean '\(name)'?")
        }
    }
}
