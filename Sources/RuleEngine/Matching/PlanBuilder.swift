import EventModel

/// Decides for each event type how to find the rules that can match: by looking up a value that a rule's condition needs,
/// or by trying the rule.
struct PlanBuilder {
    /// Entries of look-up tables of which one must be the value's for a condition to hold.
    private struct Necessity {
        var entries: [Int: Set<UInt32>]
        /// An estimate of how often it is met, 0 to 1 and more.
        var likelihood: Double
    }

    private let graph: ConditionGraph
    private let starts: [Int: Int32]
    private var necessities: [Int: Necessity?] = [:]
    private var planIDs: [[ProgramBuilder.TypedRule]: Int32] = [:]

    /// What is met more often than this is not worth looking up.
    private static let likelihoodLimit = 0.6

    init(graph: ConditionGraph, starts: [Int: Int32]) {
        self.graph = graph
        self.starts = starts
    }

    /// Writes the plans of all event types.
    mutating func build(_ rulesByType: [[ProgramBuilder.TypedRule]], into program: inout MatchProgram) {
        program.planOfType = rulesByType.map { rules in
            guard !rules.isEmpty else { return -1 }
            if let known = planIDs[rules] { return known }
            program.plans.append(plan(rules, &program))
            let id = Int32(program.plans.count - 1)
            planIDs[rules] = id
            return id
        }
        program.candidateWords = program.plans.map(\.words).max() ?? 0
    }

    private mutating func plan(_ rules: [ProgramBuilder.TypedRule], _ program: inout MatchProgram) -> Plan {
        var plan = Plan()
        plan.entryStart = program.entries.count
        plan.entryCount = rules.count
        plan.words = (rules.count + 63) / 64
        plan.hasSteps = rules.last.map { $0.rule >= program.firstStep } ?? false
        plan.unguardedStart = program.unguarded.count
        program.unguarded += Array(repeating: 0, count: plan.words)

        var chosen: [Necessity?] = []
        var usersByIndex: [Int: Int] = [:]
        for rule in rules {
            program.entries.append(
                RuleEntry(rule: Int32(rule.rule), code: starts[rule.node] ?? Instruction.reject)
            )
            let necessity = necessity(of: rule.node, program)
            chosen.append(necessity)
            for index in necessity.map({ Array($0.entries.keys) }) ?? [] { usersByIndex[index, default: 0] += 1 }
        }
        var positions: [Int: [UInt32: [UInt32]]] = [:]
        for (position, necessity) in chosen.enumerated() {
            // A look-up that serves one rule only costs as much as trying the rule.
            guard let necessity, necessity.entries.keys.allSatisfy({ usersByIndex[$0, default: 0] > 1 }) else {
                program.unguarded[plan.unguardedStart + position >> 6] |= 1 << UInt64(position & 63)
                continue
            }
            for (index, entries) in necessity.entries {
                for entry in entries { positions[index, default: [:]][entry, default: []].append(UInt32(position)) }
            }
        }
        plan.guardStart = program.guards.count
        plan.guardCount = positions.count
        for (index, positionsByEntry) in positions.sorted(by: { $0.key < $1.key }) {
            program.guards.append(Guard(index: Int32(index), offsetStart: Int32(program.guardOffsets.count)))
            for entry in 0..<UInt32(program.indexes[index].entryCount) {
                program.guardOffsets.append(UInt32(program.guardEntries.count))
                program.guardEntries += positionsByEntry[entry] ?? []
            }
            program.guardOffsets.append(UInt32(program.guardEntries.count))
        }
        return plan
    }

    /// What must be found for a condition to hold; nil when nothing that a look-up could tell.
    private mutating func necessity(of node: Int, _ program: MatchProgram) -> Necessity? {
        if let known = necessities[node] { return known }
        let found: Necessity?
        switch graph.nodes[node] {
        case .constant, .not: found = nil
        case .test(let test): found = necessity(ofTest: program.tests[test], program)
        case .and(let operands):
            var best: Necessity?
            for operand in operands {
                guard let candidate = necessity(of: operand, program) else { continue }
                if candidate.likelihood < best?.likelihood ?? .infinity { best = candidate }
            }
            found = best
        case .or(let operands), .exactlyOne(let operands): found = union(operands, program)
        }
        necessities[node] = .some(found)
        return found
    }

    private mutating func union(_ operands: [Int], _ program: MatchProgram) -> Necessity? {
        var union: [Int: Set<UInt32>] = [:]
        for operand in operands {
            guard let part = necessity(of: operand, program) else { return nil }
            union.merge(part.entries) { $0.union($1) }
        }
        return rated(union, program)
    }

    private func necessity(ofTest test: TestCode, _ program: MatchProgram) -> Necessity? {
        guard test.quantifier == .scalar, !test.isNegated else { return nil }
        let index = Int(test.first)
        switch test.kind {
        case .entry: return rated([index: Set(UInt32(test.second)...UInt32(test.third))], program)
        case .row:
            let table = program.indexes[index]
            let entries = (0..<table.entryCount).filter { entry in
                let word = program.rows[table.rowStart + entry * table.rowWords + Int(test.second >> 6)]
                return word >> UInt64(test.second & 63) & 1 == 1
            }
            return rated([index: Set(entries.map(UInt32.init))], program)
        default: return nil
        }
    }

    /// Rates a necessity by the share of its tables' constants that meet it; nil when that is not worth a look-up. Fields
    /// with few constants, such as bools, have few values.
    private func rated(_ entries: [Int: Set<UInt32>], _ program: MatchProgram) -> Necessity? {
        var likelihood = 0.0
        for (index, set) in entries {
            let constants = program.indexes[index].entryCount - 2
            likelihood += constants < 8 ? 0.3 : 0.02 + 0.5 * Double(set.count) / Double(constants)
        }
        return likelihood > Self.likelihoodLimit ? nil : Necessity(entries: entries, likelihood: likelihood)
    }
}
