import BPFFilter
import EventModel

/// A filter that fits into the kernel's tables. One that has too many names for them tests none of them: then every event of the
/// types that rules ask for is told, and no rule misses anything.
struct FittedFilter {
    /// The tables.
    let image: FilterImage
    /// Whether all events of the types that rules ask for pass.
    let isWide: Bool
    /// What there is no room for.
    let gaps: FilterGaps
    /// The same, for the user.
    let remarks: [String]

    /// - Parameter image: makes the tables of a program.
    init(
        _ program: FilterProgram, _ events: EventNeeds, limits: BPFLimits, image make: (FilterProgram) -> FilterImage
    ) {
        var gaps = FilterGaps()
        var remarks: [String] = []
        let narrow = make(program)
        // A file's entry takes its place when the file is there.
        let values = narrow.values.count + Self.fileRows(narrow, limit: limits.files)
        if values > limits.usableValues || narrow.prefixes.count > limits.usablePrefixes {
            gaps.values = values + narrow.prefixes.count
            remarks.append(
                "rules name \(values) values and \(narrow.prefixes.count) beginnings of names, and the kernel's tables have room for "
                    + "\(limits.usableValues) and \(limits.usablePrefixes) (half of \(BPFLimits.Key.values.rawValue) and "
                    + "\(BPFLimits.Key.prefixes.rawValue), since a reload needs the other): every event of the types that rules ask for is told, which costs much"
            )
            self.init(image: make(FilterProgram(anyOf: events)), isWide: true, gaps: gaps, remarks: remarks)
            return
        }
        let crowded = program.crowded.filter { !Self.starts.contains($0.key) }
        if let most = crowded.max(by: { ($0.value, $1.key.name) < ($1.value, $0.key.name) }) {
            gaps.ways = most.value
            let others =
                crowded.count > 1 ? " (and many to match \(crowded.count - 1) other types)" : ""
            remarks.append(
                "rules have \(most.value) ways to match \(most.key.name)\(others), and the kernel tells "
                    + "\(FilterLimits.ofKernelTables.alternatives) apart: those most alike share one, so more events are told than needed, and "
                    + "none fewer")
        }
        self.init(image: narrow, isWide: false, gaps: gaps, remarks: remarks)
    }

    /// Programs that start are told whatever the filter says: of these calls it stops failures alone, of which there are few, so that it
    /// hardly matters that some more pass.
    private static let starts = EventTypeSet(["execve", "execveat"].compactMap(EventType.init(name:)))

    /// The entries that files can take: each of the first names (`NamedFiles`) has one in every slot that tests it.
    private static func fileRows(_ image: FilterImage, limit: Int) -> Int {
        var rows: [[UInt8]: Int] = [:]
        for file in image.namedFiles { rows[file.path, default: 0] += 1 }
        guard rows.count > limit else { return image.namedFiles.count }
        return rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit).reduce(0) { $0 + $1.value }
    }

    private init(image: FilterImage, isWide: Bool, gaps: FilterGaps, remarks: [String]) {
        (self.image, self.isWide, self.gaps, self.remarks) = (image, isWide, gaps, remarks)
    }
}
