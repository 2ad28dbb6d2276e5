import EventFields
import RuleEngine
import RuleFiles
import RuleLanguage

private let catalogue = EventFields.catalogue
private let compiler = RuleCompiler(catalogue: catalogue)
private let options = RuleLoaderOptions(fields: FieldNameTable(catalogue.fields.map(\.name)))

/// A rules file of any bytes is read, resolved, compiled and planned with diagnostics or without, never with a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRules(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let source = SourceText(name: "-", bytes: Array(UnsafeBufferPointer(start: data, count: count)))
    let loaded = RuleLoader.load([(source, RuleFileReader.read(source, file: 0))], options: options)
    _ = RuleSet(loaded.rules.compactMap { compiler.compile($0).rule }, catalogue: catalogue)
    for result in loaded.results {
        for diagnostic in result.diagnostics { _ = diagnostic.rendered }
    }
    return 0
}
