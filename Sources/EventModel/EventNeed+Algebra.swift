extension EventNeed {
    /// What an event that satisfies both needs satisfies; nil when no event can.
    package func and(_ other: EventNeed) -> EventNeed? {
        if outcome != .any, other.outcome != .any, outcome != other.outcome { return nil }
        if scope != .any, other.scope != .any, scope != other.scope { return nil }
        var arguments = self.arguments
        for argument in other.arguments where !arguments.contains(argument) { arguments.append(argument) }
        // An open for reading and writing has both ways of access: one of two different needs has to do.
        let access = self.access == .any ? other.access : self.access
        guard let fields = Self.intersection(fields, other.fields) else { return nil }
        return EventNeed(
            paths: paths.and(other.paths), access: access, arguments: arguments,
            outcome: outcome == .any ? other.outcome : outcome, scope: scope == .any ? other.scope : scope,
            fields: fields
        )
    }

    /// A single need that each event that satisfies either of two satisfies.
    package func or(_ other: EventNeed) -> EventNeed {
        EventNeed(
            paths: paths.or(other.paths), access: access.union(other.access),
            arguments: Self.union(arguments, other.arguments), outcome: outcome == other.outcome ? outcome : .any,
            scope: scope == other.scope ? scope : .any, fields: Self.union(fields, other.fields)
        )
    }

    /// The conditions of both, those on the same field as one; nil when no value satisfies both.
    private static func intersection(_ left: [FieldNeed], _ right: [FieldNeed]) -> [FieldNeed]? {
        guard !left.isEmpty, !right.isEmpty else { return left + right }
        var result = left
        for need in right {
            guard let index = result.firstIndex(where: { $0.field == need.field }) else {
                result.append(need)
                continue
            }
            result[index].values = result[index].values.intersection(need.values)
            result[index].allowsMissing = result[index].allowsMissing && need.allowsMissing
            if result[index].values.isEmpty, !result[index].allowsMissing { return nil }
        }
        return result.sorted { $0.field < $1.field }
    }

    /// The conditions on fields that both name.
    private static func union(_ left: [FieldNeed], _ right: [FieldNeed]) -> [FieldNeed] {
        left.compactMap { need in
            guard let other = right.first(where: { $0.field == need.field }),
                let values = need.values.union(other.values)
            else { return nil }
            return FieldNeed(
                field: need.field, values: values, allowsMissing: need.allowsMissing || other.allowsMissing
            )
        }
    }

    /// For each argument that both name the texts of either; what only one names can't be asked for.
    private static func union(_ left: [ArgumentNeed], _ right: [ArgumentNeed]) -> [ArgumentNeed] {
        left.compactMap { need in
            let others = right.filter { $0.name == need.name }
            guard let other = others.first else { return nil }
            return ArgumentNeed(name: need.name, containsOneOf: need.containsOneOf.union(other.containsOneOf))
        }
    }

    /// Whether every event that satisfies `other` surely satisfies this need.
    package func covers(_ other: EventNeed) -> Bool {
        paths.covers(other.paths) && access.isSuperset(of: other.access)
            && arguments.allSatisfy { need in
                other.arguments.contains { $0.name == need.name && $0.containsOneOf.isSubset(of: need.containsOneOf) }
            } && (outcome == .any || outcome == other.outcome) && (scope == .any || scope == other.scope)
            && fields.allSatisfy { need in
                other.fields.contains {
                    $0.field == need.field && need.values.covers($0.values)
                        && (need.allowsMissing || !$0.allowsMissing)
                }
            }
    }
}

extension EventNeed {
    /// Beyond this, alternatives are joined.
    package static let maximumAlternatives = 16
    /// With more alternatives than this, those that differ in fields only are one.
    package static let maximumFieldAlternatives = 24

    /// The need without conditions on fields.
    package var withoutFields: EventNeed {
        var need = self
        need.fields = []
        return need
    }

    /// Without alternatives that others cover, those that differ in their paths only joined, and at most
    /// `maximumAlternatives` besides what differs in fields. What is given up first are the conditions on fields: every
    /// source can use the others.
    package static func merged(_ needs: [EventNeed]) -> [EventNeed] {
        var kept = reduced(needs)
        if kept.count > maximumAlternatives, kept.contains(where: { !$0.fields.isEmpty }) {
            let plain = reduced(kept.map(\.withoutFields))
            if plain.count > maximumAlternatives || kept.count > maximumFieldAlternatives { kept = plain }
        }
        guard kept.allSatisfy({ $0.fields.isEmpty }) else { return kept }
        while kept.count > maximumAlternatives {
            let last = kept.removeLast()
            kept[kept.count - 1] = kept[kept.count - 1].or(last)
        }
        return kept
    }

    private static func reduced(_ needs: [EventNeed]) -> [EventNeed] {
        var kept: [EventNeed] = []
        for need in needs {
            if kept.contains(where: { $0.covers(need) }) { continue }
            kept.removeAll { need.covers($0) }
            var pathless = need
            pathless.paths = .any
            let alike = kept.firstIndex { other in
                var other = other
                other.paths = .any
                return other == pathless
            }
            if let alike {
                kept[alike].paths = kept[alike].paths.or(need.paths)
            } else {
                kept.append(need)
            }
        }
        return kept
    }
}

extension PathNeed {
    /// A need that each event that satisfies both satisfies. An event may have several paths, and the two needs may mean
    /// different ones of them, so it is one of the two: the one that says more.
    func and(_ other: PathNeed) -> PathNeed { breadth <= other.breadth ? self : other }

    /// A need that each event that satisfies either satisfies.
    func or(_ other: PathNeed) -> PathNeed {
        guard case .oneOf(let exact, let prefixes, let suffixes) = self,
            case .oneOf(let otherExact, let otherPrefixes, let otherSuffixes) = other
        else { return .any }
        return .oneOf(
            exact: exact.union(otherExact), prefixes: prefixes.union(otherPrefixes),
            suffixes: suffixes.union(otherSuffixes)
        )
    }

    /// Without what a suffix covers already, and prefixes that others cover; empty prefixes and suffixes are any path. A name below a
    /// prefix stays: another link to that file need not be below it.
    package var simplified: PathNeed {
        guard case .oneOf(let exact, let prefixes, let suffixes) = self else { return self }
        if prefixes.contains("") || suffixes.contains("") { return .any }
        let beginnings = Beginnings(prefixes.map { (bytes: Array($0.utf8), text: $0) })
        let endings = Beginnings(suffixes.map { (bytes: $0.utf8.reversed(), text: $0) })
        let rest = exact.filter { !endings.begin($0.utf8.reversed()) }
        return .oneOf(exact: rest, prefixes: Set(beginnings.texts), suffixes: Set(endings.texts))
    }

    /// Texts of which none begins with another, in the order of their bytes: what begins with one of them stands right behind it.
    private struct Beginnings {
        private let sorted: [(bytes: [UInt8], text: String)]

        init(_ all: [(bytes: [UInt8], text: String)]) {
            var kept: [(bytes: [UInt8], text: String)] = []
            for entry in all.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
                if let last = kept.last, entry.bytes.starts(with: last.bytes) { continue }
                kept.append(entry)
            }
            sorted = kept
        }

        var texts: [String] { sorted.map(\.text) }

        /// Whether one of them is how the bytes begin.
        func begin(_ bytes: [UInt8]) -> Bool {
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if bytes.lexicographicallyPrecedes(sorted[middle].bytes) { high = middle } else { low = middle + 1 }
            }
            return low > 0 && bytes.starts(with: sorted[low - 1].bytes)
        }
    }

    /// Whether every path of `other` surely satisfies this need.
    func covers(_ other: PathNeed) -> Bool {
        guard case .oneOf(let exact, let prefixes, let suffixes) = self else { return true }
        guard case .oneOf(let otherExact, let otherPrefixes, let otherSuffixes) = other else { return false }
        return otherExact.isSubset(of: exact) && otherPrefixes.isSubset(of: prefixes)
            && otherSuffixes.isSubset(of: suffixes)
    }

    /// An estimate of how many paths satisfy the need. Sources can look for exact paths and prefixes; suffixes are found
    /// all over the file system.
    private var breadth: Int {
        guard case .oneOf(let exact, let prefixes, let suffixes) = self else { return .max }
        return exact.count + prefixes.count * 100 + suffixes.count * 100_000
    }
}
