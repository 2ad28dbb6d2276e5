import RuleLanguage

extension LoadedRules {
    /// Compiles all rules and adds what the compiler finds to the problems. Gives the rules that compiled, in order.
    public mutating func compile(with compiler: RuleCompiler) -> [CompiledRule] {
        var compiled: [CompiledRule] = []
        var misspelt = MisspeltLists(lists.map(\.name))
        for rule in rules {
            let compilation = compiler.compile(rule)
            for problem in compilation.problems + misspelt.problems(of: rule) { report(problem, in: rule) }
            if let rule = compilation.rule { compiled.append(rule) }
        }
        for rule in unusableRules {
            for problem in compiler.compile(rule).problems where !problem.isUndefinedMacro { report(problem, in: rule) }
        }
        return compiled
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
