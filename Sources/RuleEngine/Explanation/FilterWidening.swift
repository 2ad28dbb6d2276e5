public import EventModel
public import RuleLanguage

/// Why a rule makes a source deliver every event of some types, or nearly: nothing that the rule needs can be looked up by the
/// source's filter.
public struct FilterWidening: Sendable, Equatable {
    /// The types of events.
    public let types: [EventType]
    /// The comparisons that would narrow the filter if they could be looked up, in the order of the text; none where the rule asks
    /// for nothing else than the type and the outcome.
    public let comparisons: [Comparison]
}

extension RuleCompiler {
    /// What of a rule widens a filter with some limits, for a source that notices some changes of processes.
    public func widenings(
        of rule: ResolvedRule, limits: FilterLimits = FilterLimits(), noticing: ProcessChanges = .all
    ) -> [FilterWidening] {
        let compilation = compile(rule)
        guard let compiled = compilation.rule, compiled.ruleSource == .syscall else { return [] }
        var found: [(types: [EventType], comparisons: [Comparison])] = []
        for type in compiled.eventTypes.types {
            var search = WideningSearch(
                clauses: FilterClauses(
                    type: type, catalogue: catalogue, sources: .all, limits: limits, noticed: noticing))
            guard case .wide(let comparisons) = search.look(at: rule.condition, compiled.condition, isNegated: false)
            else { continue }
            if let place = found.firstIndex(where: { $0.comparisons == comparisons }) {
                found[place].types.append(type)
            } else {
                found.append(([type], comparisons))
            }
        }
        return found.map { FilterWidening(types: $0.types, comparisons: $0.comparisons) }
    }
}

/// Goes through a condition as it is written and as it was typed, which have the same shape.
private struct WideningSearch: ~Copyable {
    var clauses: FilterClauses

    /// What a part of a condition does to the filter.
    enum Look {
        /// No event of the type satisfies it.
        case never
        /// It narrows the filter.
        case narrow
        /// It doesn't, because of these.
        case wide([Comparison])
    }

    mutating func look(at written: Condition, _ typed: TypedCondition, isNegated: Bool) -> Look {
        switch (written, typed) {
        case (.not(let part), .not(let inner)): return look(at: part, inner, isNegated: !isNegated)
        case (.and(let parts), .and(let inner)):
            let looks = looks(at: parts, inner, isNegated)
            return isNegated ? Self.either(looks) : Self.all(looks)
        case (.or(let parts), .or(let inner)):
            let looks = looks(at: parts, inner, isNegated)
            return isNegated ? Self.all(looks) : Self.either(looks)
        case (.comparison(let comparison), _): return look(at: comparison, typed, isNegated)
        default: return .wide([])
        }
    }

    private mutating func looks(at parts: [Condition], _ inner: [TypedCondition], _ isNegated: Bool) -> [Look] {
        var looks: [Look] = []
        for (part, typed) in zip(parts, inner) { looks.append(look(at: part, typed, isNegated: isNegated)) }
        return looks
    }

    private mutating func look(at comparison: Comparison, _ typed: TypedCondition, _ isNegated: Bool) -> Look {
        let ways = clauses.ways(of: typed, isNegated: isNegated)
        if ways.isEmpty { return .never }
        if ways.allSatisfy(\.isNarrow) { return .narrow }
        if case .typeIn = typed { return .wide([]) }
        // What was looked up, or tells little anyway, is not what should be changed.
        let isReason = ways.contains { $0.need == .any } && !comparison.tellsLittle
        return .wide(isReason ? [comparison] : [])
    }

    private static func all(_ looks: [Look]) -> Look {
        var comparisons: [Comparison] = []
        var isNarrow = false
        for look in looks {
            switch look {
            case .never: return .never
            case .narrow: isNarrow = true
            case .wide(let more): comparisons += more.filter { !comparisons.contains($0) }
            }
        }
        return isNarrow ? .narrow : .wide(comparisons)
    }

    private static func either(_ looks: [Look]) -> Look {
        var comparisons: [Comparison] = []
        var isWide = false
        var isPossible = false
        for look in looks {
            switch look {
            case .never: continue
            case .narrow: isPossible = true
            case .wide(let more):
                isPossible = true
                isWide = true
                comparisons += more.filter { !comparisons.contains($0) }
            }
        }
        guard isPossible else { return .never }
        return isWide ? .wide(comparisons) : .narrow
    }
}

extension FilterClause {
    /// Whether few events satisfy it: it is about certain processes, or about more than how the call went.
    fileprivate var isNarrow: Bool {
        residual != ResidualGraph.always
            || need.conditions.keys.contains { dimension in
                switch dimension {
                case .outcome, .access, .scope: false
                case .user, .family, .port, .address, .command, .executable, .file, .name, .argument: true
                }
            }
    }
}

extension Comparison {
    /// Whether most events satisfy it, or it is only about how the call went.
    fileprivate var tellsLittle: Bool {
        guard comparator != .exists, case .field(let field) = left else { return comparator == .exists }
        return Self.weakFields.contains(field.name)
    }

    private static let weakFields: Set<String> = [
        "evt.num", "evt.rawres", "evt.res", "evt.failed", "evt.dir", "evt.is_open_read", "evt.is_open_write", "fd.num",
        "fd.type", "fd.typechar",
    ]
}
