import EventModel

/// Turns an operation on a text into patterns that a table can look up.
struct PatternReader {
    let limits: FilterLimits

    /// What is known of the text.
    enum Reading {
        case anything
        /// It meets one of these.
        case included(TextPatterns)
        /// It meets none of these.
        case excluded(TextPatterns)
    }

    /// Which texts satisfy an operation, or with `isNegated` don't. `isNormalised`: no slash of the text is repeated.
    func path(_ operation: Operation, isNegated: Bool, isNormalised: Bool = false) -> Reading {
        reading(read(operation, isNegated, isNormalised), isNegated, limits.paths, limits.textLength)
    }

    /// The same for the kernel's command names.
    func command(_ operation: Operation, isNegated: Bool) -> Reading {
        guard var patterns = read(operation, isNegated, false) else { return .anything }
        // Longer names are never equal to one, so to exclude them excludes nothing.
        patterns.exact =
            isNegated
            ? patterns.exact.filter { $0.count <= FilterInput.commandLength }
            : Set(patterns.exact.map { Array($0.prefix(FilterInput.commandLength)) })
        return reading(patterns, isNegated, limits.commands, FilterInput.commandLength)
    }

    /// The same for the names of a file that a field of `fd` shows.
    func file(_ operation: Operation, field: String, isNegated: Bool) -> Reading {
        let patterns: TextPatterns?
        switch field {
        case "fd.directory": patterns = directories(operation)
        case "fd.filename": patterns = fileNames(operation)
        default: patterns = read(operation, isNegated, true)
        }
        return reading(patterns, isNegated, limits.paths, limits.textLength)
    }

    // MARK: - Operations

    /// Patterns that every text that satisfies the operation meets; `isExact`: and no other does.
    private func read(_ operation: Operation, _ isExact: Bool, _ isNormalised: Bool) -> TextPatterns? {
        switch operation {
        case .textIn(let texts): return TextPatterns(exact: Set(texts))
        case .prefix(let text): return TextPatterns(prefixes: [text])
        case .suffix(let text): return isExact ? TextPatterns(suffixes: [text]) : ending(text)
        case .contains(let text): return TextPatterns(contained: [text])
        case .glob(let pattern, ignoresCase: false): return isExact ? nil : glob(pattern)
        case .pathPrefix(let tree): return isExact || isNormalised ? read(tree, isExact) : nil
        default: return nil
        }
    }

    /// What every text with an ending meets. An ending with a slash says what is behind the last one, which few texts have in common.
    private func ending(_ text: [UInt8]) -> TextPatterns {
        guard let slash = text.lastIndex(of: UInt8(ascii: "/")), slash + 1 < text.count else {
            return TextPatterns(suffixes: [text])
        }
        return TextPatterns(fileNames: [Array(text[(slash + 1)...])])
    }

    private func glob(_ pattern: [UInt8]) -> TextPatterns? {
        func isLiteral(_ byte: UInt8) -> Bool { !"*?[]\\".utf8.contains(byte) }
        let start = Array(pattern.prefix(while: isLiteral))
        if start.count == pattern.count { return TextPatterns(exact: [pattern]) }
        // Behind a bracket or a backslash not every character means itself.
        let isPlain = !pattern.contains { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "\\") }
        let end = isPlain ? Array(pattern.reversed().prefix(while: isLiteral).reversed()) : []
        let ending = end.isEmpty ? nil : ending(end)
        if let ending, !ending.fileNames.isEmpty { return ending }
        if start.count >= end.count, !start.isEmpty { return TextPatterns(prefixes: [start]) }
        if let ending { return ending }
        let pieces = isPlain ? pattern.split(whereSeparator: { !isLiteral($0) }) : []
        return pieces.max { $0.count < $1.count }.map { TextPatterns(contained: [Array($0)]) }
    }

    private func read(_ tree: PathPrefixTree, _ isExact: Bool) -> TextPatterns? {
        var patterns = TextPatterns()
        let slash = UInt8(ascii: "/")
        for path in tree.paths {
            let components = path.split(separator: slash)
            let literal = components.prefix { !Glob.isPattern($0) }
            if isExact, literal.count < components.count || literal.isEmpty { continue }
            if literal.isEmpty { return nil }
            let joined = Array(literal.joined(separator: [slash]))
            // The leading slash doesn't count: names such as `memfd:x` have none.
            for text in [joined, [slash] + joined] {
                if literal.count == components.count { patterns.exact.insert(text) }
                patterns.prefixes.insert(text + [slash])
            }
        }
        return patterns
    }

    /// Names whose directory satisfies an operation. A directory's own path is its directory, too.
    private func directories(_ operation: Operation) -> TextPatterns? {
        let slash = UInt8(ascii: "/")
        switch operation {
        case .textIn(let directories):
            guard !directories.contains([slash]), !directories.contains([]) else { return nil }
            return TextPatterns(
                exact: Set(directories), prefixes: Set(directories.map { $0.last == slash ? $0 : $0 + [slash] }))
        case .prefix(let prefix) where prefix.count > 1: return TextPatterns(prefixes: [prefix])
        case .contains(let text) where text.count > 1: return TextPatterns(contained: [text])
        case .pathPrefix(let tree): return read(tree, false)
        default: return nil
        }
    }

    /// Names whose last component satisfies an operation.
    private func fileNames(_ operation: Operation) -> TextPatterns? {
        let slash = UInt8(ascii: "/")
        switch operation {
        case .textIn(let names):
            // What has no slash at all is named `/`.
            guard !names.contains([slash]), !names.contains([]) else { return nil }
            return TextPatterns(fileNames: Set(names.filter { !$0.contains(slash) }))
        case .suffix(let suffix) where !suffix.contains(slash): return TextPatterns(suffixes: [suffix])
        case .prefix(let prefix) where !prefix.contains(slash) && !prefix.isEmpty:
            return TextPatterns(contained: [[slash] + prefix])
        case .contains(let text) where !text.contains(slash): return TextPatterns(contained: [text])
        default: return nil
        }
    }

    // MARK: - Limits

    private func reading(
        _ patterns: TextPatterns?, _ isNegated: Bool, _ kinds: FilterLimits.Patterns, _ length: Int
    ) -> Reading {
        guard let patterns else { return .anything }
        if isNegated { return .excluded(narrowed(patterns, kinds, length)) }
        return widened(patterns, kinds, length).map { .included($0) } ?? .anything
    }

    /// Patterns within the limits that are met by no more texts.
    private func narrowed(_ patterns: TextPatterns, _ kinds: FilterLimits.Patterns, _ length: Int) -> TextPatterns {
        func kept(_ texts: Set<[UInt8]>, _ kind: FilterLimits.Patterns) -> Set<[UInt8]> {
            kinds.contains(kind) ? texts.filter { $0.count <= length && (!$0.isEmpty || kind == .exact) } : []
        }
        return TextPatterns(
            exact: kept(patterns.exact, .exact), prefixes: kept(patterns.prefixes, .prefixes),
            suffixes: kept(patterns.suffixes, .suffixes), fileNames: kept(patterns.fileNames, .fileNames),
            contained: kept(patterns.contained, .contained)
        )
    }

    /// Patterns within the limits that are met by no fewer texts; nil when every text must count as meeting one.
    private func widened(_ patterns: TextPatterns, _ kinds: FilterLimits.Patterns, _ length: Int) -> TextPatterns? {
        var result = TextPatterns()
        for text in patterns.exact {
            if text.count <= length, kinds.contains(.exact) {
                result.exact.insert(text)
            } else if kinds.contains(.prefixes), !text.isEmpty {
                result.prefixes.insert(Array(text.prefix(length)))
            } else {
                return nil
            }
        }
        for text in patterns.prefixes {
            guard kinds.contains(.prefixes), !text.isEmpty else { return nil }
            result.prefixes.insert(Array(text.prefix(length)))
        }
        for text in patterns.suffixes {
            guard kinds.contains(.suffixes), !text.isEmpty else { return nil }
            result.suffixes.insert(Array(text.suffix(length)))
        }
        for text in patterns.fileNames {
            if kinds.contains(.fileNames), text.count <= length {
                result.fileNames.insert(text)
            } else if kinds.contains(.suffixes), !text.isEmpty {
                result.suffixes.insert(Array(text.suffix(length)))
            } else {
                return nil
            }
        }
        for text in patterns.contained {
            guard kinds.contains(.contained), !text.isEmpty else { return nil }
            result.contained.insert(Array(text.prefix(length)))
        }
        return result
    }
}
