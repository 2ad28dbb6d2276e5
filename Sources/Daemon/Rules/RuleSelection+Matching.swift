extension RuleSelection {
    /// Whether the selection concerns a rule.
    func selects(name: String, tags: [String]) -> Bool {
        switch criterion {
        case .tag(let tag): tags.contains(tag)
        case .name(let pattern): Self.matches(Array(name.utf8), pattern: Array(pattern.utf8))
        }
    }

    /// Applies selections to a rule's own state; the last that concerns it counts.
    static func isEnabled(
        _ initially: Bool, name: String, tags: [String], after selections: [RuleSelection]
    ) -> Bool {
        selections.last { $0.selects(name: name, tags: tags) }?.enables ?? initially
    }

    /// Whether the whole name matches; `*` stands for any characters. As in Falco there is no second try: the text after
    /// a `*` is taken where it first occurs, so `*ab` does not match `xabab`.
    static func matches(_ name: [UInt8], pattern: [UInt8]) -> Bool {
        let parts = pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard let first = parts.first, name.starts(with: first) else { return false }
        var rest = name.dropFirst(first.count)
        for part in parts.dropFirst() where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.isEmpty || parts.count > 1 && parts.last?.isEmpty == true
    }
}
