import RuleLanguage

/// Replaces list names in condition text by the lists' items. As in Falco this works on text, so it happens inside quotes
/// too, and what an item pastes is looked at again for lists that were defined later.
struct ListSubstitution {
    /// What no list's name that a condition can use holds: parentheses, quotes, blanks, `=`, `,`.
    static let neverInNames = Set("()\"' \t\n\r\u{0B}\u{0C}=,".utf8)
    /// What may stand before and after a list's name.
    private static let delimiters = Set(" \t\n\r(),=".utf8)
    private static let blanks = Set(" \t\n\r".utf8)
    /// Lists that paste each other's names can grow without bound.
    private static let maximumLength = 4 << 20

    /// A list with the items that it pastes.
    struct Compiled {
        var name: String
        /// The items with the names of earlier lists replaced, one level deep.
        var items: [SourcedText]
        /// The lists among the written items.
        var lists: [String]
    }

    /// The lists in the order of their definition.
    let lists: [Compiled]
    private let positionByName: [[UInt8]: Int]

    /// Compiles the lists: an item that names a visible list is replaced by that list's own written items.
    init(_ table: ItemTable<CollectedList>) {
        lists = table.items.map { list in
            var compiled = Compiled(name: list.name.value, items: [], lists: [])
            for item in list.items {
                if let other = table[item.text], other.order.first < list.order.latest {
                    compiled.items += other.items
                    compiled.lists.append(other.name.value)
                } else {
                    compiled.items.append(item)
                }
            }
            return compiled
        }
        var positions: [[UInt8]: Int] = [:]
        for (position, list) in lists.enumerated() { positions[Array(list.name.utf8)] = position }
        positionByName = positions
    }

    /// A text with its lists replaced, and the names of those; nil text when it grew too long.
    func substituted(_ text: SourcedText) -> (text: SourcedText?, lists: Set<String>) {
        var used: Set<String> = []
        guard let first = replaced(text, after: -1, budget: Self.maximumLength, &used) else { return (nil, used) }
        return (first, used)
    }

    /// Replaces the names of lists with a position beyond `position`, which is that of the list that pasted the text.
    private func replaced(
        _ text: SourcedText, after position: Int, budget: Int, _ used: inout Set<String>
    ) -> SourcedText? {
        let bytes = text.bytes
        var result = SourcedText()
        var copied = 0
        var at = 0
        while at < bytes.count {
            guard !Self.delimiters.contains(bytes[at]) else {
                at += 1
                continue
            }
            var end = at
            while end < bytes.count, !Self.delimiters.contains(bytes[end]) { end += 1 }
            let word = at..<end
            at = end
            guard let found = positionByName[Array(bytes[word])], found > position else { continue }
            used.insert(lists[found].name)
            result.append(text, copied..<word.lowerBound)
            copied = word.upperBound
            guard result.bytes.count <= budget,
                let pasted = pasted(found, budget: budget - result.bytes.count, &used)
            else { return nil }
            if pasted.isEmpty {
                // An empty list takes a comma beside it away: the one after it, else the one before it.
                var ahead = copied
                while ahead < bytes.count, Self.blanks.contains(bytes[ahead]) { ahead += 1 }
                if ahead < bytes.count, bytes[ahead] == UInt8(ascii: ",") {
                    copied = ahead + 1
                    at = copied
                } else {
                    result = withoutLastComma(result)
                }
            }
            result.append(pasted)
        }
        result.append(text, copied..<bytes.count)
        return result.bytes.count <= budget ? result : nil
    }

    private func pasted(_ position: Int, budget: Int, _ used: inout Set<String>) -> SourcedText? {
        var items = SourcedText()
        for item in lists[position].items {
            if !items.isEmpty, let span = items.span(of: (items.bytes.count - 1)..<items.bytes.count) {
                items.append(", ", standingFor: span)
            }
            items.append(item.quotedIfBlank)
            guard items.bytes.count <= budget else { return nil }
        }
        return replaced(items, after: position, budget: budget, &used)
    }

    private func withoutLastComma(_ text: SourcedText) -> SourcedText {
        guard let last = text.bytes.lastIndex(where: { !Self.blanks.contains($0) }),
            text.bytes[last] == UInt8(ascii: ",")
        else { return text }
        var result = SourcedText()
        result.append(text, 0..<last)
        return result
    }
}
