import EventModel

/// A way for events of a type to satisfy a condition.
struct FilterClause: Sendable, Hashable {
    /// What of the event it needs.
    var need: FilterNeed
    /// What of the process it needs: a node of the `ResidualGraph`.
    var residual: Int
}

/// Finds the ways for events of one type to satisfy a condition. Each event and process that satisfies it satisfies one of them;
/// what can't be expressed, or would be too many ways, makes them wider.
struct FilterClauses {
    /// Parts of a rule that all must hold are not multiplied out to more ways than this.
    static let maximumWays = 8

    private let type: EventType
    private let reader: FilterTestReader
    private let catalogue: FieldCatalogue
    /// The changes of processes that somebody notices.
    private let noticed: ProcessChanges
    private var graph: ResidualGraph

    init(
        type: EventType, catalogue: FieldCatalogue, sources: SourceSet, limits: FilterLimits, noticed: ProcessChanges,
        graph: ResidualGraph = ResidualGraph()
    ) {
        self.type = type
        reader = FilterTestReader(type: type, catalogue: catalogue, sources: sources, limits: limits)
        self.catalogue = catalogue
        self.noticed = noticed
        self.graph = graph
    }

    /// Hands over the graph that the ways' nodes are in.
    consuming func takeGraph() -> ResidualGraph { graph }

    /// The ways; none when no event of the type satisfies the condition.
    mutating func ways(of condition: TypedCondition, isNegated: Bool = false) -> [FilterClause] {
        switch condition {
        case .constant(let value): return value != isNegated ? Self.any : []
        case .typeIn(let set): return set.contains(type) != isNegated ? Self.any : []
        case .test(let test): return ways(of: test, isNegated)
        case .not(let part): return ways(of: part, isNegated: !isNegated)
        case .and(let parts): return isNegated ? either(parts, isNegated) : all(parts, isNegated)
        case .or(let parts): return isNegated ? all(parts, isNegated) : either(parts, isNegated)
        case .exactlyOne(let parts): return isNegated ? Self.any : either(parts, false)
        }
    }

    private static let any = [FilterClause(need: .any, residual: ResidualGraph.always)]

    private mutating func ways(of test: Test, _ isNegated: Bool) -> [FilterClause] {
        let needs = reader.ways(of: test, isFailing: isNegated)
        guard !needs.isEmpty else { return [] }
        let residual =
            isAboutProcess(test) ? graph.node(of: test, holds: !isNegated) : ResidualGraph.always
        return needs.map { FilterClause(need: $0, residual: residual) }
    }

    /// Whether a comparison has the same result for all events of a process until a change that is noticed.
    private func isAboutProcess(_ test: Test) -> Bool {
        let references = test.references
        return test.operation != .never && !references.isEmpty
            && references.allSatisfy { reference in
                ProcessFields.changes(catalogue[reference.field].name).map { noticed.isSuperset(of: $0) } ?? false
            }
    }

    private mutating func either(_ parts: [TypedCondition], _ isNegated: Bool) -> [FilterClause] {
        var result: [FilterClause] = []
        for part in parts {
            let ways = ways(of: part, isNegated: isNegated)
            if ways == Self.any { return ways }
            result += ways
        }
        return FilterMerging.reduced(result, &graph)
    }

    private mutating func all(_ parts: [TypedCondition], _ isNegated: Bool) -> [FilterClause] {
        var factors: [[FilterClause]] = []
        for part in parts {
            let ways = ways(of: part, isNegated: isNegated)
            if ways.isEmpty { return [] }
            if ways == Self.any { continue }
            factors.append(ways)
        }
        // What has one way narrows without multiplying.
        factors.sort { $0.count < $1.count }
        var result = Self.any
        for factor in factors {
            var factor = factor
            // Either by itself may have more; what multiplies beyond that is not worth its alternatives.
            let limit = max(Self.maximumWays, result.count, factor.count)
            if result.count * factor.count > limit { factor = [FilterMerging.joined(factor, &graph)] }
            var product: [FilterClause] = []
            for left in result {
                for right in factor {
                    guard let need = left.need.and(right.need) else { continue }
                    product.append(FilterClause(need: need, residual: graph.and(left.residual, right.residual)))
                }
            }
            result = FilterMerging.reduced(product, &graph)
            if result.isEmpty { return [] }
        }
        return result
    }
}
