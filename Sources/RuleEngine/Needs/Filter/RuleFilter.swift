public import EventModel

/// What rules need, made for a source that filters by tables: what passes of events, and of which processes.
///
///     let filter = rules.filter(limits: source.limits, noticing: source.changes)
///     // into the kernel: filter.program
///     var residual = ResidualEvaluator(filter.residual)
///     residual.evaluate(reader)     // for a process, until one of filter.residual.changes happens to it
///     // into the kernel, for that process: residual.sets
public struct RuleFilter: Sendable {
    /// The tables.
    public let program: FilterProgram
    /// Which alternatives are possible for a process.
    public let residual: ResidualProgram
}

extension RuleSet {
    /// The filter of the set's rules.
    ///
    /// - Parameters:
    ///   - limits: what the source can look up.
    ///   - noticing: the changes of processes after which the source counts all alternatives as possible again. What others
    ///     would change is no part of `RuleFilter.residual`.
    ///   - sources: what is there to fill fields.
    public func filter(
        limits: FilterLimits = FilterLimits(), noticing: ProcessChanges = .all, sources: SourceSet = .all
    ) -> RuleFilter {
        var builder = RuleFilterBuilder(
            catalogue: catalogue, limits: limits, noticed: noticing, sources: sources)
        for rule in rules where rule.ruleSource == .syscall { builder.add(rule) }
        return builder.build()
    }
}

/// Collects the ways of rules to match, by event type, and makes the filter of them.
struct RuleFilterBuilder {
    private let catalogue: FieldCatalogue
    private let limits: FilterLimits
    private let noticed: ProcessChanges
    private let sources: SourceSet
    private var graph = ResidualGraph()
    /// The ways of a rule for a kind of event types.
    private var ways: [[FilterClause]] = []
    /// For each event type the positions in `ways` that count for it.
    private var waysOfType: [[Int]] = Array(repeating: [], count: EventType.count)

    init(catalogue: FieldCatalogue, limits: FilterLimits, noticed: ProcessChanges, sources: SourceSet) {
        self.catalogue = catalogue
        self.limits = limits
        self.noticed = noticed
        self.sources = sources
    }

    /// Types of events between which a rule sees no difference.
    private struct TypeKind: Hashable {
        /// In which of the condition's sets of types they are.
        let membership: [Bool]
        let family: TestNeeds.Family
        /// The type itself, where it matters.
        let type: EventType?
    }

    /// Adds a rule's ways to match.
    mutating func add(_ rule: CompiledRule) {
        var sets: [EventTypeSet] = []
        rule.condition.forEachTypeSet { if !sets.contains($0) { sets.append($0) } }
        var readsArguments = false
        rule.condition.forEachTest { test in
            if case .field(let reference) = test.left,
                ["evt.arg", "evt.rawarg"].contains(catalogue[reference.field].name)
            {
                readsArguments = true
            }
        }
        var known: [TypeKind: Int] = [:]
        for type in rule.eventTypes.types {
            let isAlike = FilterTestReader.areAlike(type) && (!readsArguments || type.isGeneric)
            let kind = TypeKind(
                membership: sets.map { $0.contains(type) }, family: TestNeeds.Family(type), type: isAlike ? nil : type)
            let place = known[kind] ?? addWays(of: rule, for: type)
            known[kind] = place
            if !ways[place].isEmpty { waysOfType[Int(type.index)].append(place) }
        }
    }

    private mutating func addWays(of rule: CompiledRule, for type: EventType) -> Int {
        var clauses = FilterClauses(
            type: type, catalogue: catalogue, sources: sources, limits: limits, noticed: noticed, graph: graph)
        graph = ResidualGraph()
        ways.append(clauses.ways(of: rule.condition))
        graph = clauses.takeGraph()
        return ways.count - 1
    }

    /// The filter of what was added.
    mutating func build() -> RuleFilter {
        var program = FilterProgram()
        var roots: [[Int]] = []
        var known: [[Int]: (filter: Int, crowd: Int?)] = [:]
        for type in EventType.all {
            let places = waysOfType[Int(type.index)]
            if places.isEmpty { continue }
            if let known = known[places] {
                program.assign(filter: known.filter, to: type)
                if let crowd = known.crowd { program.noteCrowded(type, ways: crowd) }
                continue
            }
            let (alternatives, crowd) = alternatives(of: places)
            if let crowd { program.noteCrowded(type, ways: crowd) }
            let filter = FilterTables.filter(of: alternatives.map(\.need))
            let residuals = alternatives.map(\.residual)
            let same = program.filters.indices.first { program.filters[$0] == filter && roots[$0] == residuals }
            let index = same ?? program.append(filter)
            if same == nil { roots.append(residuals) }
            known[places] = (index, crowd)
            program.assign(filter: index, to: type)
        }
        return RuleFilter(
            program: program, residual: ResidualProgram(graph: graph, roots: roots, catalogue: catalogue))
    }

    /// The alternatives of an event type, and how many there would be where some had to be joined.
    private mutating func alternatives(of places: [Int]) -> ([FilterClause], crowd: Int?) {
        let count = min(max(limits.alternatives, 1), AlternativeSet.capacity)
        let all = FilterMerging.reduced(places.flatMap { ways[$0] }, &graph)
        let isCrowded = all.count > count
        let merged = isCrowded ? FilterMerging.merged(all, atMost: count, &graph) : all
        let bounds = FilterBounds(merged.map(\.need), limits)
        let limited = merged.map { FilterClause(need: bounds.bounded($0.need), residual: $0.residual) }
        return (FilterMerging.reduced(limited, &graph), isCrowded ? all.count : nil)
    }
}
