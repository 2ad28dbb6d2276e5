public import EventFields
public import EventModel
import NodeState
public import RuleEngine

/// Counts which of some events sources would deliver on behalf of which rules: what a rule costs before it is even tried.
public struct DeliveryTally: ~Copyable {
    /// A source by what its filter can do.
    public struct Source: Sendable {
        /// Its name.
        public var name: String
        /// What it can do.
        public var filter: FilterAbility

        /// A source from its parts.
        public init(name: String, filter: FilterAbility) {
            self.name = name
            self.filter = filter
        }
    }

    /// What was counted of a rule; lists are by source.
    public struct Rule: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Events that the source delivers because of the rule.
        public internal(set) var asked: [UInt64]
        /// Those of them that no other rule asks for: what is saved without the rule.
        public internal(set) var alone: [UInt64]
        /// Events that the rule matched.
        public internal(set) var matched: UInt64 = 0
    }

    /// The sources.
    public let sources: [Source]
    /// The rules in their order.
    public private(set) var rules: [Rule]
    /// All events that were counted.
    public private(set) var events: UInt64 = 0
    /// Events that each source delivers.
    public private(set) var delivered: [UInt64]
    /// Events that matched a rule and that a source would not have delivered for it: 0 unless the filter is wrong.
    public private(set) var hidden: UInt64 = 0

    private let set: RuleSet
    private var evaluator: Evaluator
    /// By source, then by rule.
    private let watchers: [[Watcher]]
    /// By source: what any rule asks for.
    private let gates: [FilterProgram]
    private static let execTypes = EventTypeSet(["execve", "execveat"].compactMap(EventType.init(name:)))

    /// What one source looks up for one rule.
    private final class Watcher {
        let program: FilterProgram
        private var residual: ResidualEvaluator

        init(_ filter: RuleFilter) {
            program = filter.program
            residual = ResidualEvaluator(filter.residual)
        }

        func delivers(_ inputs: [FilterInput], _ reader: EventFieldReader) -> Bool {
            guard let first = inputs.first else { return false }
            let index = Int(program.filterOfType[Int(first.type.index)])
            guard index >= 0, inputs.contains(where: { program.passes($0) }) else { return false }
            // With a new program all is possible again before the exec itself is looked at.
            if DeliveryTally.execTypes.contains(first.type) { return true }
            residual.evaluate(reader, uniform: .all)
            return inputs.contains { program.passes($0, residual: residual.sets[index]) }
        }
    }

    /// A tally of rules that are compiled against a catalogue.
    public init(_ rules: [CompiledRule], catalogue: FieldCatalogue, sources: [Source]) {
        self.sources = sources
        let none = Array(repeating: UInt64(0), count: sources.count)
        self.rules = rules.map { Rule(name: $0.name, asked: none, alone: none) }
        delivered = none
        let all = RuleSet(rules, catalogue: catalogue)
        set = all
        evaluator = Evaluator(all, mode: .all)
        gates = sources.map { all.filter(limits: $0.filter.limits, noticing: []).program }
        let sets = rules.map { RuleSet([$0], catalogue: catalogue) }
        watchers = sources.map { source in
            sets.map { Watcher($0.filter(limits: source.filter.limits, noticing: source.filter.noticed)) }
        }
    }

    /// Counts the current event of the reader's state.
    public mutating func take(_ reader: EventFieldReader) {
        let type = reader.state.current.event.type
        let ruleSource = reader.state.current.event.ruleSource
        events &+= 1
        var inputs: [FilterInput] = []
        var matches: Set<Int> = []
        repeat {
            inputs.append(reader.filterInput())
            if evaluator.evaluate(type, from: ruleSource, reader: reader) {
                matches.formUnion(evaluator.matches.map { set.rule(ofMatch: $0) })
            }
        } while reader.state.showOtherName()
        reader.state.endOtherName()
        for rule in matches { rules[rule].matched &+= 1 }
        for source in sources.indices {
            let gate = gates[source]
            guard inputs.contains(where: { gate.passes($0) }) else {
                if !matches.isEmpty { hidden &+= 1 }
                continue
            }
            let asking = rules.indices.filter { watchers[source][$0].delivers(inputs, reader) }
            for rule in asking { rules[rule].asked[source] &+= 1 }
            if asking.count == 1 { rules[asking[0]].alone[source] &+= 1 }
            if !asking.isEmpty { delivered[source] &+= 1 }
            if !matches.isSubset(of: asking) { hidden &+= 1 }
        }
    }
}
