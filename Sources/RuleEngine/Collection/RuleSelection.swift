/// An element of the configuration's `rules`: enables or disables rules by name or tag.
public struct RuleSelection: Sendable, Hashable {
    /// Whether the rules are enabled; else disabled.
    public var isEnabling: Bool
    /// A name, with `*` for any run of characters.
    public var rule: String?
    /// A tag.
    public var tag: String?

    /// A selection; a rule that either of name and tag selects is meant.
    public init(isEnabling: Bool, rule: String? = nil, tag: String? = nil) {
        self.isEnabling = isEnabling
        self.rule = rule
        self.tag = tag
    }

    /// Whether a rule is meant.
    public func selects(rule name: String, tags: [String]) -> Bool {
        if let rule, !rule.isEmpty, Self.matches(name: name, pattern: rule) { return true }
        if let tag, !tag.isEmpty { return tags.contains(tag) }
        return false
    }

    /// Whether a rule with this initial state is enabled after all selections; later ones win.
    public static func isEnabled(
        initially isEnabled: Bool, rule name: String, tags: [String], selections: [RuleSelection]
    ) -> Bool {
        selections.last { $0.selects(rule: name, tags: tags) }?.isEnabling ?? isEnabled
    }

    /// Matches a whole name. There is no backtracking, as in Falco: the text behind a `*` is bound to where it first
    /// occurs, so `*ab` does not match `xabab`.
    static func matches(name: String, pattern: String) -> Bool {
        let name = Array(name.utf8)
        let pieces = Array(pattern.utf8).split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard let first = pieces.first, name.starts(with: first) else { return false }
        var at = first.count
        for piece in pieces.dropFirst() where !piece.isEmpty {
            guard let start = firstOccurrence(of: piece, in: name[at...]) else { return false }
            at = start + piece.count
        }
        return at == name.count || pieces.count > 1 && pieces.last?.isEmpty == true
    }

    private static func firstOccurrence(of piece: ArraySlice<UInt8>, in text: ArraySlice<UInt8>) -> Int? {
        guard text.count >= piece.count else { return nil }
        return (text.startIndex...(text.endIndex - piece.count)).first { text[$0...].starts(with: piece) }
    }
}
