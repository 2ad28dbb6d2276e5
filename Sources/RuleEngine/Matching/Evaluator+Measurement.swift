public import EventModel

extension Evaluator {
    /// Does what `evaluate` does and adds to `costs` what each rule's condition took. `clock` gives nanoseconds that never go
    /// back; it is read once for each rule that is tried, so this is for a sample of events.
    public mutating func measure<Reader: FieldReader>(
        _ type: EventType, from source: RuleSource = .syscall, reader: Reader, stepsOnly: Bool = false,
        clock: () -> UInt64, into costs: inout RuleCosts
    ) -> Bool {
        var before = clock()
        let found = findCandidates(type, source, reader)
        var now = clock()
        costs.addSelection(now &- before)
        guard let plan = found else { return false }
        var stepsOnly = stepsOnly
        for word in 0..<plan.words {
            var bits = candidates[word]
            while bits != 0 {
                let candidate = program.entries[plan.entryStart + word * 64 + bits.trailingZeroBitCount]
                bits &= bits &- 1
                if stepsOnly, candidate.rule < program.firstStep { continue }
                before = now
                let holds = runs(from: candidate.code, reader)
                now = clock()
                costs.add(now &- before, toRule: Int(candidate.rule))
                guard holds else { continue }
                matches.append(Int(candidate.rule))
                guard mode == .first, candidate.rule < program.firstStep else { continue }
                guard plan.hasSteps else { return true }
                stepsOnly = true
            }
        }
        return !matches.isEmpty
    }
}
