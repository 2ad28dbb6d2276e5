import EventModel
import RuleLanguage

@testable import RuleEngine

/// A compiler for the test catalogue that knows two services.
let testCompiler = RuleCompiler(catalogue: TestCatalogue.catalogue) { ["http": 80, "https": 443][$0] }

/// A rule from the text of its condition.
func resolvedRule(
    _ condition: String, name: String = "r", output: String = "o", priority: String = "INFO",
    extraFields: [ResolvedRule.ExtraField] = [], skips: Bool = false, warnsEventTypes: Bool = false
) throws -> ResolvedRule {
    ResolvedRule(
        name: name, priority: priority, tags: ["b", "a"].sorted(), condition: try ConditionParser.parse(condition),
        conditionText: condition, outputText: output, extraFields: extraFields, skipsIfUnknownFilter: skips,
        warnsEventTypes: warnsEventTypes, location: SourceLocation(file: "t", line: 1, column: 1)
    )
}

/// What a test expected and did not get.
struct NotCompiled: Error {
    let problems: [String]
}

/// Compiles a rule that must compile.
func compiledRule(_ condition: String, name: String = "r", output: String = "o") throws -> CompiledRule {
    let compilation = testCompiler.compile(try resolvedRule(condition, name: name, output: output))
    guard let rule = compilation.rule else { throw NotCompiled(problems: compilation.problems.map(\.message)) }
    return rule
}

/// A set of rules from the texts of their conditions, named by their positions.
func ruleSet(_ conditions: String...) throws -> RuleSet { try ruleSet(conditions) }

/// A set of rules from the texts of their conditions, named by their positions.
func ruleSet(_ conditions: [String]) throws -> RuleSet {
    RuleSet(
        try conditions.enumerated().map { try compiledRule($1, name: "\($0)") }, catalogue: TestCatalogue.catalogue
    )
}

/// The rules of a set that an event matches.
func matches(_ rules: RuleSet, _ event: TestEvent, mode: MatchMode = .all) -> [Int] {
    var evaluator = Evaluator(rules, mode: mode)
    evaluator.evaluate(event.type, reader: event)
    return evaluator.matches
}

/// Whether a condition holds for an event.
func holds(_ condition: String, _ event: TestEvent) throws -> Bool {
    try matches(ruleSet(condition), event) == [0]
}
