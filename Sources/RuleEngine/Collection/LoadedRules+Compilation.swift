import RuleLanguage

extension LoadedRules {
    /// Compiles all rules and adds what the compiler finds to the problems. Gives the rules that compiled, in order.
    public mutating func compile(with compiler: RuleCompiler) -> [CompiledRule] {
        var compiled: [CompiledRule] = []
        for rule in rules {
            let compilation = compiler.compile(rule)
            for problem in compilation.problems + misspeltLists(in: rule) { report(problem, in: rule) }
            if let rule = compilation.rule { compiled.append(rule) }
        }
        for rule in unusableRules {
            for problem in compiler.compile(rule).problems where !problem.isUndefinedMacro { report(problem, in: rule) }
        }
        return compiled
    }

    /// A word in a list that is nearly a list's name stands for itself, which nobody means.
    private func misspeltLists(in rule: ResolvedRule) -> [CompileProblem] {
        let names = lists.map(\.name).filter { $0.contains("_") }
        guard !names.isEmpty else { return [] }
        var problems: [CompileProblem] = []
        for literal in rule.condition.listedWords where literal.text.contains("_") {
            guard let name = Suggestion.nearest(to: literal.text, in: names) else { continue }
            problems.append(
                CompileProblem(
                    severity: .warning, code: .compileConditionHint,
                    message: "'\(literal.text)' is the name of no list, so it stands for its own letters",
                    range: literal.range, suggestion: "did you mean '\(name)'?"
                )
            )
        }
        return problems
    }

    private mutating func report(_ problem: CompileProblem, in rule: ResolvedRule) {
        var range = problem.range
        var message = problem.message
        switch problem.subject {
        case .condition: break
        case .output: range.text = rule.outputTextID
        case .extraField(let index):
            // Its text stands in the configuration, of which there are no places here.
            range = TextRange(0, 0)
            if rule.extraFields.indices.contains(index) {
                message = "in the extra field '\(rule.extraFields[index].key)' of append_output: \(message)"
            }
        }
        report(
            problem.severity, problem.code, message, range: range, suggestion: problem.suggestion, rule: rule.name
        )
    }
}

extension Condition {
    /// The unquoted words in the lists of its comparisons.
    fileprivate var listedWords: [Literal] {
        switch self {
        case .and(let parts), .or(let parts): return parts.flatMap(\.listedWords)
        case .not(let part): return part.listedWords
        case .macro: return []
        case .comparison(let comparison):
            guard case .list(let literals) = comparison.right else { return [] }
            return literals.filter { !$0.isQuoted }
        }
    }
}
