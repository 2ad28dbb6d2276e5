import EventFields
import EventModel
import RuleEngine
import RuleFiles
import RuleLanguage

/// The enabled rules of files, compiled together; nil, with the problems printed, when they are not valid.
func ruleSet(_ sources: [(name: String, bytes: [UInt8])]) -> RuleSet? {
    let catalogue = EventFields.catalogue
    let texts = sources.map { SourceText(name: $0.name, bytes: $0.bytes) }
    let loaded = RuleLoader.load(
        texts.enumerated().map { ($1, RuleFileReader.read($1, file: $0)) },
        options: RuleLoaderOptions(fields: FieldNameTable(catalogue.fields.map(\.name)))
    )
    for result in loaded.results {
        for diagnostic in result.diagnostics where diagnostic.severity == .error { print(diagnostic.rendered) }
    }
    guard loaded.results.allSatisfy(\.isSuccessful) else { return nil }
    let compiler = RuleCompiler(catalogue: catalogue)
    let rules = loaded.rules.filter(\.isEnabled).compactMap { compiler.compile($0).rule }
    return RuleSet(rules, catalogue: catalogue)
}

/// Rules that differ in the program's name, as a large rule set's do, and match nothing in the log.
func distinctRules(_ count: Int) -> [UInt8] {
    var text = ""
    for number in 0..<count {
        text += """
            - rule: Program \(number)
              desc: A program that is not there.
              condition: evt.type in (execve, openat, connect) and proc.name = program-\(number)
              output: "%proc.name"
              priority: INFO

            """
    }
    return Array(text.utf8)
}
