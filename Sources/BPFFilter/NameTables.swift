import CBPFRecords
import EventModel

/// The two tables of names that a filter may have, as the kernel's one: it looks each name of an event up once, and an event has the
/// bits of any of its names.
///
/// An alternative that asks about both kinds of names is tested by the file's alone. What the kernel can't test, it lets pass.
enum NameTables {
    /// One table for both; nil where no alternative asks for a name.
    static func combined(file: TextTable?, name: TextTable?, _ possible: AlternativeSet) -> TextTable? {
        let byFile = file.map { constrained($0, possible) } ?? AlternativeSet()
        let byName = (name.map { constrained($0, possible) } ?? AlternativeSet()).subtracting(byFile)
        guard !byFile.union(byName).isEmpty else { return nil }
        var others = possible.subtracting(byFile).subtracting(byName)
        var exact: [[UInt8]: TextTable.Row] = [:]
        var prefixes: [[UInt8]: TextTable.Row] = [:]
        var suffixes: [[UInt8]: TextTable.Row] = [:]
        var fileNames: [[UInt8]: TextTable.Row] = [:]
        var contained: [[UInt8]: TextTable.Row] = [:]
        for (table, asking) in [(file, byFile), (name, byName)] {
            guard let table, !asking.isEmpty else { continue }
            others.formUnion(table.others.intersection(asking))
            for row in table.exact { add(row, asking, to: &exact) }
            for row in table.prefixes { add(shortened(row), asking, to: &prefixes) }
            for row in table.suffixes { add(reversed(row), asking, to: &suffixes) }
            for row in table.fileNames { add(row, asking, to: &fileNames) }
            for row in table.contained {
                // The kernel looks at four bytes at a time.
                if row.text.count < 4 {
                    others.formUnion(row.granted.intersection(asking))
                } else {
                    add(row, asking, to: &contained)
                }
            }
        }
        return TextTable(
            others: others, exact: Array(exact.values), prefixes: Array(prefixes.values),
            suffixes: Array(suffixes.values), fileNames: Array(fileNames.values), contained: Array(contained.values))
    }

    /// The alternatives for which a name matters.
    private static func constrained(_ table: TextTable, _ possible: AlternativeSet) -> AlternativeSet {
        var constrained = possible.subtracting(table.others)
        for rows in [table.exact, table.prefixes, table.suffixes, table.fileNames, table.contained] {
            for row in rows { constrained.formUnion(row.denied.intersection(possible)) }
        }
        return constrained
    }

    private static func add(
        _ row: TextTable.Row, _ asking: AlternativeSet, to rows: inout [[UInt8]: TextTable.Row]
    ) {
        let known = rows[row.text]
        rows[row.text] = TextTable.Row(
            text: row.text, granted: row.granted.intersection(asking).union(known?.granted ?? AlternativeSet()),
            denied: row.denied.intersection(asking).union(known?.denied ?? AlternativeSet()))
    }

    private static func reversed(_ row: TextTable.Row) -> TextTable.Row {
        TextTable.Row(text: row.text.reversed(), granted: row.granted, denied: row.denied)
    }

    /// A beginning that is longer than the kernel's keys stands for more texts than it means, so it may grant and not deny.
    private static func shortened(_ row: TextTable.Row) -> TextTable.Row {
        guard row.text.count > Int(SHRIKE_PREFIX_MAX) else { return row }
        return TextTable.Row(text: Array(row.text.prefix(Int(SHRIKE_PREFIX_MAX))), granted: row.granted)
    }

    /// Of a text that is to be held anywhere, the four bytes to look for: those with the fewest letters and digits, which names have
    /// most of.
    static func window(of text: [UInt8]) -> UInt32 {
        var best = 0
        var fewest = Int.max
        for start in 0...max(0, text.count - 4) {
            let common = text[start..<min(start + 4, text.count)].count(where: isCommon)
            if common < fewest { (best, fewest) = (start, common) }
        }
        return littleEndian(text[best..<min(best + 4, text.count)]).truncated
    }

    private static func isCommon(_ byte: UInt8) -> Bool {
        byte >= 0x61 && byte <= 0x7a || byte >= 0x30 && byte <= 0x39
    }

    /// Bytes as a number, the first the least.
    static func littleEndian(_ bytes: some Collection<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() { value |= UInt64(byte) << UInt64(index * 8) }
        return value
    }
}

extension UInt64 {
    fileprivate var truncated: UInt32 { UInt32(truncatingIfNeeded: self) }
}
