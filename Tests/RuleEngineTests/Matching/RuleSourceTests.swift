import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct RuleSourceTests {
    private static func rule(_ condition: String, _ source: String) throws -> CompiledRule {
        var rule = try resolvedRule(condition)
        rule.source = source
        let compilation = testCompiler.compile(rule)
        guard let compiled = compilation.rule else { throw NotCompiled(problems: compilation.problems.map(\.message)) }
        return compiled
    }

    @Test func `a rule sees the events of its source only`() throws {
        let rules = RuleSet(
            [
                try Self.rule("proc.name = a or proc.pname = a", "syscall"),
                try Self.rule("ka.verb = create", "k8s_audit"),
                try Self.rule("evt.num > 0", "syscall"), try Self.rule("jevt.value = x", "elsewhere"),
            ], catalogue: TestCatalogue.catalogue)
        let event = TestEvent("pluginevent", ["proc.name": "a", "ka.verb": "create", "jevt.value": "x"])
        var evaluator = Evaluator(rules, mode: .all)
        evaluator.evaluate(event.type, from: .syscall, reader: event)
        #expect(evaluator.matches == [0, 2])
        evaluator.evaluate(event.type, from: .kubernetesAudit, reader: event)
        #expect(evaluator.matches == [1])
        let call = TestEvent("open", event.values)
        evaluator.evaluate(call.type, from: .kubernetesAudit, reader: call)
        #expect(evaluator.matches == [])
        #expect(rules.needs.ruleSources == [.syscall, .kubernetesAudit])
    }

    @Test func `rules of another source ask the kernel for nothing`() throws {
        let rules = RuleSet([try Self.rule("ka.verb = create", "k8s_audit")], catalogue: TestCatalogue.catalogue)
        #expect(rules.needs.types.isEmpty && rules.needs.ruleSources == [.kubernetesAudit])
        #expect(rules.needs.fields.count == 1)
    }

    @Test(arguments: RuleSource.allCases)
    func `a source is found by its name`(_ source: RuleSource) { #expect(RuleSource(name: source.name) == source) }
}
