import RuleLanguage

/// Replaces list names in condition text by the lists' items. As in Falco this works on text, so it happens inside quotes
/// too, and what an item pastes is looked at again for lists that were defined later.
struct ListSubstitution {
    /// What no list's name that a condition can use holds: parentheses, quotes, blanks, `=`, `,`.
    static let neverInNames = Set("()\"' \t\n\r\u{0B}\u{0C}=,".utf8)
    /// What may stand before and after a list's name.
    private static let delimiters = Set(" \t\n\r(),=".utf8)
    private static let blanks = Set(" \t\n\r".utf8)
    /// Lists that paste each other's names can double at each step, so a text must not grow beyond this.
    private static let maximumLength = 1 << 20
    /// What all lists together may grow to.
    private static let maximumTotalLength = 16 << 20

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
    /// The lists whose name holds what delimits words, in the order of their definition. As in Falco a condition finds them
    /// all the same.
    private let phrases: [(name: [UInt8], position: Int)]
    /// By position: what a list's name is replaced by, later lists put in; nil when it grew too long.
    private var pasted: [SourcedText?]
    /// By position: the list and those that were put into it.
    private var pastedLists: [Set<String>]

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
        phrases = lists.enumerated().map { (Array($1.name.utf8), $0) }.filter { phrase in
            phrase.0.contains(where: Self.delimiters.contains)
        }
        pasted = Array(repeating: nil, count: lists.count)
        pastedLists = Array(repeating: [], count: lists.count)
        // What a list pastes is searched for later lists only, so those come first.
        var total = 0
        for position in lists.indices.reversed() where total <= Self.maximumTotalLength {
            var used: Set<String> = [lists[position].name]
            pasted[position] = joinedItems(of: position).flatMap { replaced($0, after: position, &used) }
            pastedLists[position] = used
            total += pasted[position]?.bytes.count ?? 0
        }
    }

    /// A text with its lists replaced, and the names of those; nil text when it grew too long.
    func substituted(_ text: SourcedText) -> (text: SourcedText?, lists: Set<String>) {
        var used: Set<String> = []
        let result = replaced(text, after: -1, &used)
        return (result, used)
    }

    /// Replaces the names of lists with a position beyond `position`, which is that of the list that pasted the text.
    private func replaced(_ text: SourcedText, after position: Int, _ used: inout Set<String>) -> SourcedText? {
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
            var word = at..<end
            var match = positionByName[Array(bytes[word])].flatMap { $0 > position ? $0 : nil }
            if let phrase = phrase(at: at, in: bytes, after: position), phrase.position < match ?? .max {
                match = phrase.position
                word = at..<(at + phrase.name.count)
            }
            at = word.upperBound
            guard let found = match else { continue }
            used.formUnion(pastedLists[found])
            guard let items = pasted[found], result.bytes.count + items.bytes.count <= Self.maximumLength else {
                return nil
            }
            result.append(text, copied..<word.lowerBound)
            copied = word.upperBound
            if items.isEmpty {
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
            result.append(items)
        }
        result.append(text, copied..<bytes.count)
        return result.bytes.count <= Self.maximumLength ? result : nil
    }

    /// The first list, by definition, whose name of several words stands at a place where a word begins.
    private func phrase(at start: Int, in bytes: [UInt8], after position: Int) -> (name: [UInt8], position: Int)? {
        phrases.first { phrase in
            let end = start + phrase.name.count
            return phrase.position > position && bytes[start...].starts(with: phrase.name)
                && (end == bytes.count || Self.delimiters.contains(bytes[end]))
        }
    }

    /// A list's items, separated by commas; nil when they are too long.
    private func joinedItems(of position: Int) -> SourcedText? {
        var items = SourcedText()
        for item in lists[position].items {
            if !items.isEmpty, let span = items.span(of: (items.bytes.count - 1)..<items.bytes.count) {
                items.append(", ", standingFor: span)
            }
            items.append(item.quotedIfBlank)
            guard items.bytes.count <= Self.maximumLength else { return nil }
        }
        return items
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
