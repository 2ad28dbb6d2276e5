import EventModel

/// Conditions on registers that an event's argument needs imply.
enum ArgumentFilters {
    /// More alternatives than this make so many rules that the call is better not filtered.
    static let maximumAlternatives = 8
    /// Audit compares the low 32 bits of the first four registers.
    private static let registers = 0...3

    /// Alternatives, each a list of conditions that hold together; `[[]]` when nothing can be said. What satisfies the
    /// needs satisfies at least one alternative.
    static func alternatives(
        _ needs: [ArgumentNeed], of type: EventType, _ architecture: RawEvent.Architecture
    ) -> [[AuditRuleField]] {
        var fixed: [AuditRuleField] = []
        var choices: [AuditRuleField] = []
        for need in needs {
            guard let fields = fields(for: need, of: type, architecture) else { continue }
            if fields.count == 1 {
                if !fixed.contains(fields[0]) { fixed.append(fields[0]) }
            } else if choices.isEmpty || fields.count < choices.count {
                // Of several arguments with alternatives one is enough; all would multiply.
                choices = fields
            }
        }
        return choices.isEmpty ? [fixed] : choices.map { fixed + [$0] }
    }

    /// The conditions of which one must hold, nil when the need says nothing that a rule can.
    private static func fields(
        for need: ArgumentNeed, of type: EventType, _ architecture: RawEvent.Architecture
    ) -> [AuditRuleField]? {
        guard !need.containsOneOf.isEmpty,
            let argument = type.arguments.first(where: { $0.name == need.name }),
            case .register(let register) = argument.origin, registers.contains(register)
        else { return nil }
        let vocabularyName: String
        switch argument.kind {
        case .flags(let name), .enumeration(let name): vocabularyName = name
        default: return nil
        }
        guard let vocabulary = FlagVocabulary.named(vocabularyName),
            let natives = natives(need.containsOneOf, vocabulary, architecture)
        else { return nil }
        let kind = AuditRuleField.Kind.argument(register)
        if vocabulary.isEnumeration {
            guard natives.count <= maximumAlternatives else { return nil }
            return natives.sorted().map { AuditRuleField(kind, .equal, $0) }
        }
        // A flag of several bits, or several flags: any bit of them lets through a little more.
        guard !natives.contains(0) else { return nil }
        return [AuditRuleField(kind, .anyBit, natives.reduce(0, |))]
    }

    /// The kernel's numbers of every name whose text contains one of the needles; nil when that is not known of one.
    private static func natives(
        _ needles: Set<String>, _ vocabulary: FlagVocabulary, _ architecture: RawEvent.Architecture
    ) -> Set<UInt32>? {
        var numbers: Set<UInt32> = []
        for needle in needles {
            guard let natives = vocabulary.natives(ofNamesHolding: Array(needle.utf8), architecture: architecture),
                natives.allSatisfy({ $0.bits <= UInt64(UInt32.max) })
            else { return nil }
            numbers.formUnion(natives.map { UInt32(truncatingIfNeeded: $0.bits) })
        }
        return numbers
    }
}
