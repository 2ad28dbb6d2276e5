import Foundation
import RuleEngine
import RuleFiles
import RuleLanguage
import Testing

private let directory = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"]

/// Falco's own rules; `SHRIKE_FALCO_RULES` names the directory that holds them.
@Suite(.enabled(if: directory != nil, "SHRIKE_FALCO_RULES is not set"))
struct UpstreamRulesTests {
    static let names = [
        "falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml", "falco-deprecated_rules.yaml",
    ]

    private func loaded(_ names: [String]) throws -> LoadedRules {
        var loader = RuleLoader()
        for (index, name) in names.enumerated() {
            let path = try #require(directory) + "/" + name
            let source = SourceText(name: name, bytes: Array(try Data(contentsOf: URL(filePath: path))))
            loader.add(RuleFileReader.read(source, file: index), source: source)
        }
        return loader.finish()
    }

    @Test(arguments: names)
    func `each file loads alone`(_ name: String) throws {
        let loaded = try loaded([name])
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.rendered) == [])
        #expect(!loaded.rules.isEmpty)
        for rule in loaded.rules {
            let text = rule.condition.canonicalText
            #expect(try ConditionParser.parse(text).canonicalText == text)
        }
    }

    @Test func `all files load together`() throws {
        let loaded = try loaded(Self.names)
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.rendered) == [])
        #expect(loaded.rules.count > 90)
        #expect(Set(loaded.diagnostics.map(\.code)).subtracting([.unusedMacro, .unusedList]) == [])
    }
}
