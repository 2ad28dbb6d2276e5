import EventFields
import EventModel
public import RuleEngine
import RuleFiles
import RuleLanguage

/// Rules from the text of a rules file.
public enum TestRules {
    /// Why a text has no rules to test with.
    public struct Invalid: Error {
        /// What is wrong with it.
        public let problems: [String]
    }

    /// The enabled rules of a rules file, which must be valid, compiled together.
    public static func load(_ text: String) throws(Invalid) -> RuleSet {
        let catalogue = EventFields.catalogue
        let source = SourceText(name: "test", bytes: Array(text.utf8))
        let loaded = RuleLoader.load(
            [(source, RuleFileReader.read(source, file: 0))],
            options: RuleLoaderOptions(fields: FieldNameTable(catalogue.fields.map(\.name))))
        let errors = loaded.results.flatMap(\.diagnostics).filter { $0.severity == .error }
        guard errors.isEmpty else { throw Invalid(problems: errors.map(\.line)) }
        let compilations = loaded.rules.filter(\.isEnabled).map { RuleCompiler(catalogue: catalogue).compile($0) }
        let problems = compilations.flatMap(\.problems).filter { $0.severity == .error }
        guard problems.isEmpty else { throw Invalid(problems: problems.map(\.message)) }
        return RuleSet(compilations.compactMap(\.rule), catalogue: catalogue)
    }
}
