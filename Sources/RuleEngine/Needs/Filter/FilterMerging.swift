import EventModel

/// Makes few ways of many.
enum FilterMerging {
    /// One way that lets through all that any of several does.
    static func joined(_ clauses: [FilterClause], _ graph: inout ResidualGraph) -> FilterClause {
        guard var need = clauses.first?.need else { return FilterClause(need: .any, residual: ResidualGraph.always) }
        for clause in clauses.dropFirst() { need = need.or(clause.need) }
        return FilterClause(need: need, residual: graph.or(clauses.map(\.residual)))
    }

    /// The same ways in fewer, letting nothing more through.
    static func reduced(_ clauses: [FilterClause], _ graph: inout ResidualGraph) -> [FilterClause] {
        guard clauses.count > 1 else { return clauses }
        var ways = NumberedClauses(withoutRepeats(clauses, &graph))
        ways.uniteAll()
        let kept = ways.clauses
        return kept.count <= comparedClauses ? withoutCovered(kept) : kept
    }

    /// At most `count` ways that let through all that these do: the most alike become one.
    static func merged(_ clauses: [FilterClause], atMost count: Int, _ graph: inout ResidualGraph) -> [FilterClause] {
        var kept = reduced(clauses, &graph)
        // Each time fewer are told apart: by what they ask for and of which processes, then by what they ask about.
        for distinction in Distinction.allCases where kept.count > count {
            kept = reduced(grouped(kept, atMost: count, by: distinction, &graph), &graph)
        }
        return kept
    }

    /// Beyond this many ways not each is compared with each.
    private static let comparedClauses = 512

    // MARK: - Without loss

    /// Ways that need the same of the event are one.
    private static func withoutRepeats(_ clauses: [FilterClause], _ graph: inout ResidualGraph) -> [FilterClause] {
        var places: [FilterNeed: Int] = [:]
        var groups: [(need: FilterNeed, residuals: [Int])] = []
        for clause in clauses {
            if let place = places[clause.need] {
                groups[place].residuals.append(clause.residual)
            } else {
                places[clause.need] = groups.count
                groups.append((clause.need, [clause.residual]))
            }
        }
        return groups.map { FilterClause(need: $0.need, residual: graph.or($0.residuals)) }
    }

    /// Without ways that others cover for the same processes.
    private static func withoutCovered(_ clauses: [FilterClause]) -> [FilterClause] {
        var kept: [FilterClause] = []
        func covers(_ left: FilterClause, _ right: FilterClause) -> Bool {
            (left.residual == ResidualGraph.always || left.residual == right.residual) && left.need.covers(right.need)
        }
        for clause in clauses {
            if kept.contains(where: { covers($0, clause) }) { continue }
            kept.removeAll { covers(clause, $0) }
            kept.append(clause)
        }
        return kept
    }

    // MARK: - With loss

    private enum Distinction: CaseIterable {
        case dimensionsAndProcesses, dimensions, none
    }

    private struct Kind: Hashable {
        var dimensions: [FilterDimension] = []
        var residual = 0
    }

    /// Joins neighbours in the order of what they name, within kinds; each kind gets its share of the places.
    private static func grouped(
        _ clauses: [FilterClause], atMost count: Int, by distinction: Distinction, _ graph: inout ResidualGraph
    ) -> [FilterClause] {
        var order: [Kind] = []
        var members: [Kind: [FilterClause]] = [:]
        for clause in clauses {
            var kind = Kind()
            if distinction != .none { kind.dimensions = clause.need.conditions.keys.sorted() }
            if distinction == .dimensionsAndProcesses { kind.residual = clause.residual }
            if members[kind] == nil { order.append(kind) }
            members[kind, default: []].append(clause)
        }
        let spare = count - order.count
        guard spare >= 0 else { return clauses }
        var result: [FilterClause] = []
        for kind in order {
            let group = members[kind] ?? []
            let places = 1 + spare * group.count / clauses.count
            let sorted = group.map { (key: $0.need.sortKey, clause: $0) }.sorted {
                $0.key.lexicographicallyPrecedes($1.key)
            }
            let size = (group.count + places - 1) / places
            for start in stride(from: 0, to: sorted.count, by: size) {
                let part = sorted[start..<min(start + size, sorted.count)].map(\.clause)
                result.append(joined(part, &graph))
            }
        }
        return result
    }
}

extension FilterNeed {
    /// The least text that the need names, by which needs on neighbouring places stand together.
    fileprivate var sortKey: [UInt8] {
        for dimension in [FilterDimension.file, .name, .executable, .command] {
            guard case .text(let need) = conditions[dimension], let patterns = need.included else { continue }
            let texts = [patterns.exact, patterns.prefixes, patterns.fileNames, patterns.suffixes, patterns.contained]
            if let least = texts.compactMap({ $0.min { $0.lexicographicallyPrecedes($1) } }).first { return least }
        }
        return []
    }
}
