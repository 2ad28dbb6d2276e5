import EventFields
import EventModel
import Foundation
import RuleEngine
import RuleFiles
import RuleLanguage
import Testing

private let directory = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"]

/// Falco's own rules compile against the real fields; `SHRIKE_FALCO_RULES` names the directory that holds them.
@Suite(.enabled(if: directory != nil, "SHRIKE_FALCO_RULES is not set"))
struct UpstreamRulesTests {
    static let names = [
        "falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml", "falco-deprecated_rules.yaml",
    ]

    /// Loads and compiles files; gives the rendered errors and how many rules there are.
    private func errors(_ names: [String]) throws -> (errors: [String], count: Int) {
        let catalogue = EventFields.catalogue
        var loader = RuleLoader(
            options: RuleLoaderOptions(fields: FieldNameTable(catalogue.fields.map(\.name))))
        for (index, name) in names.enumerated() {
            let path = try #require(directory) + "/" + name
            let source = SourceText(name: name, bytes: Array(try Data(contentsOf: URL(filePath: path))))
            loader.add(RuleFileReader.read(source, file: index), source: source)
        }
        var loaded = loader.finish()
        let compiled = loaded.compile(with: RuleCompiler(catalogue: catalogue))
        for rule in loaded.rules {
            let text = rule.condition.canonicalText
            #expect(try ConditionParser.parse(text).canonicalText == text)
        }
        return (loaded.diagnostics.filter { $0.severity == .error }.map(\.rendered), compiled.count)
    }

    @Test(arguments: names)
    func `each file compiles alone`(_ name: String) throws {
        let result = try errors([name])
        #expect(result.errors == [])
        #expect(result.count > 0)
    }

    @Test func `all files compile together`() throws {
        let result = try errors(Self.names)
        #expect(result.errors == [])
        #expect(result.count == 97)
    }
}
