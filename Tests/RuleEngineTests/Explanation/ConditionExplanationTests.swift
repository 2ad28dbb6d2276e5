import EventModel
import RuleFiles
import RuleLanguage
import SeededRandom
import Testing

@testable import RuleEngine

@Suite struct ConditionExplanationTests {
    private func explain(_ condition: String, _ event: TestEvent) throws -> ConditionExplanation {
        try #require(testCompiler.explanation(of: try resolvedRule(condition), type: event.type, reader: event))
    }

    @Test func `each comparison tells the values that it read and whether it holds`() throws {
        let explanation = try explain(
            "evt.type = openat and (fd.name in (/a, /b) or not proc.name = cat) and user.uid exists",
            TestEvent("openat", ["fd.name": "/c", "proc.name": "cat"]))
        let condition = explanation.condition
        #expect(condition.kind == .all)
        #expect(!condition.holds)
        #expect(condition.parts.map(\.kind) == [.comparison, .any, .comparison])
        #expect(condition.parts.map(\.holds) == [true, false, false])
        #expect(condition.parts[0].values.map(\.value) == ["openat"])
        let either = condition.parts[1].parts
        #expect(either[0].text == "fd.name in (/a, /b)")
        #expect(either[0].values.map { "\($0.field)=\($0.value ?? "-")" } == ["fd.name=/c"])
        #expect(either[1].kind == .not)
        #expect(either[1].parts[0].holds)
        #expect(condition.parts[2].values.map(\.value) == [nil])
        #expect(explanation.wrongType == nil)
    }

    @Test func `the reasons are the comparisons that decide`() throws {
        let event = TestEvent("openat", ["fd.name": "/c", "proc.name": "cat"])
        let failing = try explain("evt.type = openat and (fd.name = /a or fd.name = /b) and proc.name = cat", event)
        #expect(failing.reasons.map(\.text) == ["fd.name = /a", "fd.name = /b"])
        let holding = try explain("evt.type = openat and (fd.name = /a or fd.name = /c)", event)
        #expect(holding.reasons.map(\.text) == ["evt.type = openat", "fd.name = /c"])
        let negated = try explain("evt.type = openat and not (fd.name = /c and proc.name = cat)", event)
        #expect(negated.reasons.map(\.text) == ["fd.name = /c", "proc.name = cat"])
    }

    @Test func `both sides of a comparison of fields are told`() throws {
        let explanation = try explain(
            "evt.type = openat and proc.name = val(proc.pname)",
            TestEvent("openat", ["proc.name": "a", "proc.pname": "b"]))
        #expect(explanation.condition.parts[1].values.map(\.value) == ["a", "b"])
    }

    @Test func `a type that the rule never matches is told`() throws {
        let explanation = try explain("evt.type = open and proc.name = a", TestEvent("openat", ["proc.name": "a"]))
        #expect(explanation.wrongType?.name == "openat")
    }

    @Test func `the exception that holds is named, the one without values is none of them`() throws {
        var loader = RuleLoader(
            options: RuleLoaderOptions(fields: FieldNameTable(TestCatalogue.catalogue.fields.map(\.name))))
        let source = SourceText(
            name: "r",
            text: """
                - rule: R
                  desc: d
                  condition: evt.type = openat and fd.name = /a or fd.name = /b
                  exceptions:
                    - {name: empty, fields: proc.name, comps: in}
                    - {name: names, fields: proc.name, comps: in, values: [x, y]}
                    - {name: pairs, fields: [proc.name, fd.name], comps: [=, =], values: [[cat, /a], [cat, /c]]}
                  output: o
                  priority: INFO
                """)
        loader.add(RuleFileReader.read(source, file: loader.nextFile), source: source)
        let rule = try #require(loader.finish().rules.first)
        func held(_ name: String, _ file: String) -> [String]? {
            let event = TestEvent("openat", ["proc.name": .text(name), "fd.name": .text(file)])
            return testCompiler.explanation(of: rule, type: event.type, reader: event)?.heldExceptions
        }
        #expect(held("cat", "/a") == ["pairs"])
        #expect(held("x", "/a") == ["names"])
        #expect(held("cat", "/b") == [])
        #expect(testCompiler.compile(rule).rule != nil)
    }

    @Test(
        arguments: [
            ("fd.name = /c", .holds, []), ("fd.name = /d", .fails, []), ("proc.name = cat", .undecided, ["proc.name"]),
            ("not proc.name = cat", .undecided, ["proc.name"]),
            ("fd.name = /d and proc.name = cat", .fails, []), ("fd.name = /c or proc.name = cat", .holds, []),
            ("fd.name = /c and not (proc.name = cat or user.uid = 0)", .undecided, ["proc.name", "user.uid"]),
            ("fd.name = /d or proc.name = val(fd.name)", .undecided, ["proc.name"]),
            ("fd.num exists", .fails, []), ("not fd.num exists", .holds, []),
        ] as [(String, ConditionExplanation.Outcome, [String])])
    func `what rests on fields of which nothing is known is undecided`(
        condition: String, outcome: ConditionExplanation.Outcome, fields: [String]
    ) throws {
        let event = TestEvent("openat", ["fd.name": "/c"])
        let known = ["fd.name", "fd.num"].compactMap { TestCatalogue.catalogue.id(named: $0) }
        let explanation = try #require(
            testCompiler.explanation(
                of: try resolvedRule("evt.type = openat and (\(condition))"), type: event.type, reader: event
            ) { known.contains($0.field) })
        #expect(explanation.condition.outcome == outcome)
        #expect(explanation.undecidedFields == fields)
    }

    @Test func `what an explanation comes to is what the evaluator says`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = RandomRules(seed: seed)
        for _ in 0..<60 {
            let condition = random.condition()
            let rules = try ruleSet(condition)
            for _ in 0..<4 {
                let event = random.event()
                let explanation = try explain(condition, event)
                let holds = explanation.condition.holds && explanation.wrongType == nil
                #expect(holds == !matches(rules, event).isEmpty, "seed \(seed): \(condition) \(event)")
            }
        }
    }
}
