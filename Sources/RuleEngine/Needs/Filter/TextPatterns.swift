/// Patterns of which a text may meet one.
struct TextPatterns: Sendable, Hashable {
    /// Texts to be equal to.
    var exact: Set<[UInt8]> = []
    /// What to begin with.
    var prefixes: Set<[UInt8]> = []
    /// What to end with.
    var suffixes: Set<[UInt8]> = []
    /// What to have behind the last slash.
    var fileNames: Set<[UInt8]> = []
    /// What to hold anywhere.
    var contained: Set<[UInt8]> = []

    /// Whether no text meets one.
    var isEmpty: Bool { exact.isEmpty && hasExactOnly }
    /// Whether the texts that meet one can be counted.
    var hasExactOnly: Bool { prefixes.isEmpty && suffixes.isEmpty && fileNames.isEmpty && contained.isEmpty }

    /// An estimate of how many texts meet one.
    var breadth: Int {
        exact.count + fileNames.count * 50 + prefixes.reduce(0) { $0 + Self.breadth(ofBeginning: $1) }
            + suffixes.reduce(0) { $0 + 8000 / ($1.count + 1) } + contained.reduce(0) { $0 + 40_000 / ($1.count + 1) }
    }

    /// Below most directories at the top there are more files than have an ending.
    private static func breadth(ofBeginning text: [UInt8]) -> Int {
        switch text.split(separator: UInt8(ascii: "/")).count {
        case 0: 100_000
        case 1: 4000
        case 2: 2000
        default: 500
        }
    }

    /// Whether a text meets one.
    func match(_ text: [UInt8]) -> Bool {
        if exact.contains(text) { return true }
        if hasExactOnly { return false }
        let name = text.lastIndex(of: UInt8(ascii: "/")).map { Array(text[($0 + 1)...]) } ?? text
        return fileNames.contains(name) || prefixes.contains { text.starts(with: $0) }
            || suffixes.contains { text.reversed().starts(with: $0.reversed()) }
            || contained.contains { ByteText.contains(text, text.indices, $0, $0.indices) }
    }

    /// All patterns of both.
    func union(_ other: TextPatterns) -> TextPatterns {
        TextPatterns(
            exact: exact.union(other.exact), prefixes: prefixes.union(other.prefixes),
            suffixes: suffixes.union(other.suffixes), fileNames: fileNames.union(other.fileNames),
            contained: contained.union(other.contained)
        )
    }

    /// Patterns that only texts meet which meet one of both.
    func common(_ other: TextPatterns) -> TextPatterns {
        TextPatterns(
            exact: exact.filter(other.match).union(other.exact.filter(match)),
            prefixes: prefixes.filter(other.holdsBeginning).union(other.prefixes.filter(holdsBeginning)),
            suffixes: suffixes.intersection(other.suffixes), fileNames: fileNames.intersection(other.fileNames),
            contained: contained.intersection(other.contained)
        )
    }

    private func holdsBeginning(of prefix: [UInt8]) -> Bool { prefixes.contains { prefix.starts(with: $0) } }

    /// The patterns that none of some texts meets.
    func excluding(_ texts: Set<[UInt8]>) -> TextPatterns {
        func isFree(_ patterns: TextPatterns) -> Bool { !texts.contains(where: patterns.match) }
        return TextPatterns(
            exact: exact.subtracting(texts), prefixes: prefixes.filter { isFree(TextPatterns(prefixes: [$0])) },
            suffixes: suffixes.filter { isFree(TextPatterns(suffixes: [$0])) },
            fileNames: fileNames.filter { isFree(TextPatterns(fileNames: [$0])) },
            contained: contained.filter { isFree(TextPatterns(contained: [$0])) }
        )
    }

    /// Whether every text that meets one of the other's surely meets one of these.
    func cover(_ other: TextPatterns) -> Bool {
        other.exact.allSatisfy(match) && other.prefixes.allSatisfy(holdsBeginning)
            && other.suffixes.isSubset(of: suffixes) && other.fileNames.isSubset(of: fileNames)
            && other.contained.isSubset(of: contained)
    }
}

extension TextPatterns {
    /// Sets of texts are hashed again and again while ways are compared; the standard library would take them byte by byte.
    func hash(into hasher: inout Hasher) {
        for texts in [exact, prefixes, suffixes, fileNames, contained] {
            hasher.combine(texts.reduce(UInt64(texts.count)) { $0 &+ ByteText.hash($1, $1.indices) })
        }
    }
}

/// What a text must be: one that meets a pattern, and none that meets another.
struct TextNeed: Sendable, Hashable {
    /// Whose text it is: two needs can be joined by `and` only if they mean the same one. Nil: mixed.
    var subject: FieldName?
    /// The patterns of which one must be met; nil: any text will do.
    var included: TextPatterns?
    /// The patterns of which none may be met.
    var excluded = TextPatterns()
    /// Whether an event that has no such text can match, too.
    var allowsMissing = false

    /// A field, for telling texts apart.
    typealias FieldName = String

    /// Whether a text satisfies the need.
    func admits(_ text: [UInt8]) -> Bool { included?.match(text) != false && !excluded.match(text) }

    /// What a text satisfies that satisfies both; nil when none does.
    func and(_ other: TextNeed) -> TextNeed? {
        guard let subject, subject == other.subject else { return rank <= other.rank ? self : other }
        var result = self
        result.allowsMissing = allowsMissing && other.allowsMissing
        result.excluded = excluded.union(other.excluded)
        switch (included, other.included) {
        case (let mine?, let others?):
            if mine.hasExactOnly {
                result.included = TextPatterns(exact: mine.exact.filter(others.match))
            } else if others.hasExactOnly {
                result.included = TextPatterns(exact: others.exact.filter(mine.match))
            } else {
                result.included = mine.breadth <= others.breadth ? mine : others
            }
        case (nil, let others): result.included = others
        case (_, nil): break
        }
        if let included = result.included, included.hasExactOnly {
            let left = included.exact.filter { !result.excluded.match($0) }
            if left.isEmpty, !result.allowsMissing { return nil }
            result.included = TextPatterns(exact: left)
            result.excluded = TextPatterns()
        }
        return result
    }

    /// What a text satisfies that satisfies either; nil: any text may.
    func or(_ other: TextNeed) -> TextNeed? {
        var result = self
        if subject != other.subject { result.subject = nil }
        result.allowsMissing = allowsMissing || other.allowsMissing
        if let mine = included, let others = other.included {
            result.included = mine.union(others)
        } else {
            result.included = nil
        }
        result.excluded = excluded.common(other.excluded)
        if let mine = included, mine.hasExactOnly, other.included == nil {
            result.excluded = result.excluded.union(other.excluded.excluding(mine.exact))
        } else if included == nil, let others = other.included, others.hasExactOnly {
            result.excluded = result.excluded.union(excluded.excluding(others.exact))
        }
        return result.included == nil && result.excluded.isEmpty ? nil : result
    }

    /// Whether `or` of the two lets through nothing that neither does.
    func joinsExactly(_ other: TextNeed) -> Bool {
        if excluded == other.excluded { return (included == nil) == (other.included == nil) }
        return included == nil && other.included == nil && excluded.hasExactOnly && other.excluded.hasExactOnly
    }

    /// Whether every text that satisfies the other need surely satisfies this one.
    func covers(_ other: TextNeed) -> Bool {
        guard allowsMissing || !other.allowsMissing else { return false }
        if let included {
            guard let others = other.included, included.cover(others) else { return false }
        }
        if other.excluded.cover(excluded) { return true }
        guard let others = other.included, others.hasExactOnly else { return false }
        return !others.exact.contains(where: excluded.match)
    }

    /// How much the need lets through, about.
    private var rank: Int { included?.breadth ?? 1_000_000 - excluded.exact.count }
}
