public import EventModel

/// How many rules may match an event.
public enum MatchMode: Sendable, Hashable {
    /// The first in order of definition.
    case first
    /// All of them.
    case all
}

/// Runs a rule set over events. It owns the memory that evaluation needs, and keeps it from event to event: nothing is
/// allocated for an event once the largest has been seen.
///
/// Its members on every event's way are `mutating` even where they change nothing: the optimiser copies a borrowed
/// evaluator to the stack, which took a third of the time.
public struct Evaluator: ~Copyable {
    let program: MatchProgram
    let mode: MatchMode
    /// The rules that the last event matched: indices into `RuleSet.rules`, ascending; what is beyond them are events of
    /// correlations, `RuleSet.steps`.
    public internal(set) var matches: [Int] = []

    var arena = ValueArena()
    /// The number of the event at hand; what carries another number is out of date.
    var generation: UInt32 = 0
    var slotGenerations: [UInt32]
    var slotValues: [FieldValue]
    var entryGenerations: [UInt32]
    var indexEntries: [UInt32]
    /// Results of tests, then of shared sub-conditions: the generation, and the result in the lowest bit.
    var results: [UInt32]
    /// Bits of the rules of a plan that the event at hand may match.
    var candidates: [UInt64]

    /// An evaluator of a rule set.
    public init(_ ruleSet: RuleSet, mode: MatchMode = .first) {
        self.init(ruleSet.program, mode: mode)
        matches.reserveCapacity(ruleSet.rules.count + ruleSet.steps.count)
    }

    /// An evaluator of a program.
    init(_ program: MatchProgram, mode: MatchMode) {
        self.program = program
        self.mode = mode
        slotGenerations = Array(repeating: 0, count: program.slots.count)
        slotValues = Array(repeating: .null, count: program.slots.count)
        entryGenerations = Array(repeating: 0, count: program.indexes.count)
        indexEntries = Array(repeating: 0, count: program.indexes.count)
        results = Array(repeating: 0, count: program.tests.count + program.shared.count)
        candidates = Array(repeating: 0, count: program.candidateWords)
    }

    /// Finds the rules of a source that an event matches; whether there are any. They are in `matches` until the next event.
    ///
    /// - Parameter stepsOnly: only events of correlations are looked for.
    @discardableResult
    public mutating func evaluate<Reader: FieldReader>(
        _ type: EventType, from source: RuleSource = .syscall, reader: Reader, stepsOnly: Bool = false
    ) -> Bool {
        guard let plan = findCandidates(type, source, reader) else { return false }
        if stepsOnly, !plan.hasSteps { return false }
        var stepsOnly = stepsOnly
        for word in 0..<plan.words {
            var bits = candidates[word]
            while bits != 0 {
                let candidate = program.entries[plan.entryStart + word * 64 + bits.trailingZeroBitCount]
                bits &= bits &- 1
                if stepsOnly, candidate.rule < program.firstStep { continue }
                guard runs(from: candidate.code, reader) else { continue }
                matches.append(Int(candidate.rule))
                guard mode == .first, candidate.rule < program.firstStep else { continue }
                // The first rule counts, but correlations take part in every event.
                guard plan.hasSteps else { return true }
                stepsOnly = true
            }
        }
        return !matches.isEmpty
    }

    /// Begins an event and marks the rules that it may match; nil when none can.
    @inline(__always)
    mutating func findCandidates<Reader: FieldReader>(
        _ type: EventType, _ source: RuleSource, _ reader: Reader
    ) -> Plan? {
        beginEvent()
        matches.removeAll(keepingCapacity: true)
        let place = Int(source.rawValue) * EventType.count + Int(type.index)
        guard place < program.planOfType.count else { return nil }
        let planIndex = Int(program.planOfType[place])
        guard planIndex >= 0 else { return nil }
        let plan = program.plans[planIndex]
        for word in 0..<plan.words { candidates[word] = program.unguarded[plan.unguardedStart + word] }
        for number in plan.guardStart..<(plan.guardStart + plan.guardCount) {
            let gate = program.guards[number]
            let offset = Int(gate.offsetStart) + Int(entry(ofIndex: Int(gate.index), reader))
            for position in program.guardOffsets[offset]..<program.guardOffsets[offset + 1] {
                let candidate = program.guardEntries[Int(position)]
                candidates[Int(candidate >> 6)] |= 1 << UInt64(candidate & 63)
            }
        }
        return plan
    }

    /// Forgets the values of the event before.
    mutating func beginEvent() {
        arena.reset()
        generation += 1
        guard generation == 1 << 31 else { return }
        // The results keep the generation in 31 bits.
        generation = 1
        for index in slotGenerations.indices { slotGenerations[index] = 0 }
        for index in entryGenerations.indices { entryGenerations[index] = 0 }
        for index in results.indices { results[index] = 0 }
    }

    /// Runs code to its end; whether the condition holds.
    mutating func runs<Reader: FieldReader>(from start: Int32, _ reader: Reader) -> Bool {
        var at = start
        while at >= 0 {
            let instruction = program.code[Int(at)]
            let holds =
                instruction.operand & Instruction.sharedBit == 0
                ? self.holds(Int(instruction.operand), reader)
                : sharedHolds(Int(instruction.operand & ~Instruction.sharedBit), reader)
            at = holds ? instruction.onTrue : instruction.onFalse
        }
        return at == Instruction.accept
    }

    /// Whether a shared sub-condition holds. Recursion is as deep as sub-conditions are nested.
    private mutating func sharedHolds<Reader: FieldReader>(_ index: Int, _ reader: Reader) -> Bool {
        let slot = program.tests.count + index
        let known = results[slot]
        if known >> 1 == generation { return known & 1 == 1 }
        let holds = runs(from: program.shared[index], reader)
        results[slot] = generation << 1 | (holds ? 1 : 0)
        return holds
    }
}
