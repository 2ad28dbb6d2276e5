/// Lines for a terminal.
enum Columns {
    /// What a listing is written for: wider than a terminal's usual 80, as its first columns are wide.
    static let width = 100
    /// A last column is never narrower.
    private static let narrowest = 30

    /// A line whose text is continued below its own beginning where it is too long.
    static func wrapped(_ beginning: String, _ text: String) -> [String] {
        let words = text.split(separator: " ")
        let longest = min(words.map(\.count).max() ?? 0, width)
        let needed = max(narrowest, longest)
        let room = max(width - beginning.count, needed)
        // Where the beginning leaves no room, the text goes below it.
        let indentation = width - beginning.count < needed ? width - needed : beginning.count
        var rows: [String] = []
        var row = ""
        for word in words {
            if !row.isEmpty, row.count + 1 + word.count > room {
                rows.append(row)
                row = ""
            }
            row += row.isEmpty ? String(word) : " \(word)"
        }
        if !row.isEmpty || rows.isEmpty { rows.append(row) }
        let margin = String(repeating: " ", count: indentation)
        var lines = rows.map { margin + $0 }
        if indentation < beginning.count {
            lines.insert(String(beginning.reversed().drop { $0 == " " }.reversed()), at: 0)
        } else {
            lines[0] = beginning + rows[0]
        }
        return lines
    }
}
