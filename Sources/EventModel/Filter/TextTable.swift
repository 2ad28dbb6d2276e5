/// A look-up from a text to the alternatives that it leaves possible.
///
/// For one text: `(others ∪ granted) − denied`, with `granted` and `denied` of the rows that it meets: the row that it equals, that
/// of its longest listed beginning, that of its longest listed ending, that of its last path component, and those of all listed texts
/// that it holds. For several texts: those that any of them leaves.
public struct TextTable: Sendable, Hashable {
    /// What meeting a text means.
    public struct Row: Sendable, Hashable {
        /// The text.
        public let text: [UInt8]
        /// Alternatives that ask for it.
        public internal(set) var granted: AlternativeSet
        /// Alternatives that ask for something else.
        public internal(set) var denied: AlternativeSet

        /// A row from its parts.
        public init(
            text: [UInt8], granted: AlternativeSet = AlternativeSet(), denied: AlternativeSet = AlternativeSet()
        ) {
            self.text = text
            self.granted = granted
            self.denied = denied
        }

        /// Adds alternatives that ask for the text.
        public mutating func grant(_ alternatives: AlternativeSet) { granted.formUnion(alternatives) }
        /// Adds alternatives that ask for something else.
        public mutating func deny(_ alternatives: AlternativeSet) { denied.formUnion(alternatives) }
    }

    /// The alternatives that no row need grant.
    public let others: AlternativeSet
    /// Rows of texts to be equal to, sorted by text.
    public let exact: [Row]
    /// Rows of beginnings, sorted by text; the row of a longer one has what those of its own beginnings have.
    public let prefixes: [Row]
    /// Rows of endings, each text back to front, sorted so; the row of a longer one has what those of its own endings have.
    public let suffixes: [Row]
    /// Rows of what stands behind the last slash, or of the whole text without one; sorted.
    public let fileNames: [Row]
    /// Rows of texts to be held anywhere.
    public let contained: [Row]
    private let prefixParents: [Int32]
    private let suffixParents: [Int32]

    /// A table from rows in any order, each text at most once in a list; endings as they are written.
    public init(
        others: AlternativeSet, exact: [Row] = [], prefixes: [Row] = [], suffixes: [Row] = [], fileNames: [Row] = [],
        contained: [Row] = []
    ) {
        self.others = others
        self.exact = Self.sorted(exact)
        self.fileNames = Self.sorted(fileNames)
        self.contained = Self.sorted(contained)
        (self.prefixes, prefixParents) = Self.inheriting(Self.sorted(prefixes))
        let reversed = suffixes.map { Row(text: $0.text.reversed(), granted: $0.granted, denied: $0.denied) }
        (self.suffixes, suffixParents) = Self.inheriting(Self.sorted(reversed))
    }

    /// The alternatives that a text leaves possible.
    public func alternatives(of text: [UInt8]) -> AlternativeSet {
        var granted = others
        var denied = AlternativeSet()
        func meet(_ row: Row) {
            granted.formUnion(row.granted)
            denied.formUnion(row.denied)
        }
        if let row = Self.find(text, in: exact) { meet(row) }
        if let row = Self.longestBeginning(of: text, in: prefixes, prefixParents) { meet(row) }
        if !suffixes.isEmpty, let row = Self.longestBeginning(of: text.reversed(), in: suffixes, suffixParents) {
            meet(row)
        }
        if !fileNames.isEmpty {
            let slash = text.lastIndex(of: UInt8(ascii: "/"))
            let name = slash.map { Array(text[($0 + 1)...]) } ?? text
            if let row = Self.find(name, in: fileNames) { meet(row) }
        }
        for row in contained where text.holds(row.text) { meet(row) }
        return granted.subtracting(denied)
    }

    /// Leaves of a set what any of several texts leaves possible; nil: not known.
    func narrow(_ possible: inout AlternativeSet, to texts: [[UInt8]]?) {
        guard let texts else { return }
        var left = AlternativeSet()
        for text in texts { left.formUnion(alternatives(of: text)) }
        possible.formIntersection(left)
    }

    // MARK: - Order

    private static func sorted(_ rows: [Row]) -> [Row] {
        rows.sorted { $0.text.lexicographicallyPrecedes($1.text) }
    }

    /// Gives each row what the rows of its beginnings have; and the position of the longest of those, -1 for none.
    private static func inheriting(_ rows: [Row]) -> (rows: [Row], parents: [Int32]) {
        var rows = rows
        var parents: [Int32] = []
        for index in rows.indices {
            // Sorted, a text follows its beginnings, and between them stand only texts that begin so too.
            var parent = Int32(index) - 1
            while parent >= 0, !rows[index].text.starts(with: rows[Int(parent)].text) { parent = parents[Int(parent)] }
            parents.append(parent)
            guard parent >= 0 else { continue }
            rows[index].granted.formUnion(rows[Int(parent)].granted)
            rows[index].denied.formUnion(rows[Int(parent)].denied)
        }
        return (rows, parents)
    }

    /// The number of rows whose texts don't come behind a text.
    private static func rank(of text: [UInt8], in rows: [Row]) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) >> 1
            if text.lexicographicallyPrecedes(rows[middle].text) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func find(_ text: [UInt8], in rows: [Row]) -> Row? {
        let rank = rank(of: text, in: rows)
        return rank > 0 && rows[rank - 1].text == text ? rows[rank - 1] : nil
    }

    private static func longestBeginning(of text: [UInt8], in rows: [Row], _ parents: [Int32]) -> Row? {
        var at = Int32(rank(of: text, in: rows)) - 1
        while at >= 0, !text.starts(with: rows[Int(at)].text) { at = parents[Int(at)] }
        return at >= 0 ? rows[Int(at)] : nil
    }
}

extension [UInt8] {
    /// Whether the bytes hold a sequence.
    func holds(_ sequence: [UInt8]) -> Bool {
        guard sequence.count <= count else { return false }
        return (0...(count - sequence.count)).contains { self[$0..<($0 + sequence.count)].elementsEqual(sequence) }
    }
}
