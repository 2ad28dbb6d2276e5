import RuleLanguage

/// Loads rules files in order into one set of resolved rules.
///
/// Unlike Falco it does not stop at the first error: an item with an error is left out, everything else is still checked.
public struct RuleLoader {
    private var collector: RuleCollector
    /// The position up to which rules were checked with what was loaded when they came.
    private var checkedPosition = 0
    private var fileCount = 0

    /// A loader with nothing loaded.
    public init(options: RuleLoaderOptions = RuleLoaderOptions()) { collector = RuleCollector(options: options) }

    /// How many files were added; the index that the next file's items must carry.
    public var nextFile: Int { fileCount }

    /// Adds a file's items. What they refer to must be defined in this file or one before it.
    public mutating func add(_ file: RuleFile, source: SourceText) {
        checkAddedItems()
        collector.collect(file, source: source)
        fileCount += 1
    }

    /// Resolves everything. All files have been added.
    public mutating func finish() -> LoadedRules {
        let resolution = RuleResolution(&collector)
        collector.checkPlugins()
        var loaded = resolution.loadedRules(&collector)
        loaded.requiredEngineVersion = collector.requiredEngineVersion
        loaded.requiredPlugins = collector.requiredPlugins
        loaded.log = collector.log
        return loaded
    }

    /// Loads files in one go.
    public static func load(
        _ files: [(source: SourceText, items: RuleFile)], options: RuleLoaderOptions = RuleLoaderOptions()
    ) -> LoadedRules {
        var loader = RuleLoader(options: options)
        for file in files { loader.add(file.items, source: file.source) }
        return loader.finish()
    }

    /// Loads a single file's bytes, twice over as two files, whatever they are; for fuzzing. `read` is the reader of rules
    /// files, which this module does not know.
    public static func load(bytes: [UInt8], read: (SourceText, Int) -> RuleFile) -> LoadedRules {
        let sources = [SourceText(name: "1", bytes: bytes), SourceText(name: "2", bytes: bytes)]
        return load(sources.enumerated().map { ($1, read($1, $0)) })
    }

    /// A later file can't supply what an earlier one lacks, so each file is checked with what was loaded up to it.
    private mutating func checkAddedItems() {
        guard collector.position > checkedPosition else { return }
        _ = RuleResolution(&collector, rulesAfter: checkedPosition)
        checkedPosition = collector.position
    }
}
