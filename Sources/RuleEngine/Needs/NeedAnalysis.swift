import EventModel

/// Finds what events of one type must satisfy for a condition to hold: alternatives, of which one must be met.
///
/// Where nothing is known the answer is "anything": it may let too much through, never too little.
struct NeedAnalysis {
    /// Beyond this, alternatives are merged.
    static let maximumAlternatives = 16

    private let type: EventType
    private let readers: TestNeeds

    init(type: EventType, catalogue: FieldCatalogue) {
        self.type = type
        readers = TestNeeds(type: type, catalogue: catalogue)
    }

    /// The alternatives; empty when no event of the type satisfies the condition.
    func alternatives(of condition: TypedCondition) -> [EventNeed] { alternatives(of: condition, isNegated: false) }

    private func alternatives(of condition: TypedCondition, isNegated: Bool) -> [EventNeed] {
        switch condition {
        case .constant(let value): return value != isNegated ? [EventNeed()] : []
        case .typeIn(let set): return set.contains(type) != isNegated ? [EventNeed()] : []
        case .test(let test): return isNegated ? [EventNeed()] : readers.needs(of: test)
        case .not(let part): return alternatives(of: part, isNegated: !isNegated)
        case .and(let parts): return isNegated ? any(of: parts, isNegated) : all(of: parts, isNegated)
        case .or(let parts): return isNegated ? all(of: parts, isNegated) : any(of: parts, isNegated)
        case .exactlyOne(let parts): return isNegated ? [EventNeed()] : any(of: parts, false)
        }
    }

    private func any(of parts: [TypedCondition], _ isNegated: Bool) -> [EventNeed] {
        var result: [EventNeed] = []
        for part in parts { result = Self.merged(result + alternatives(of: part, isNegated: isNegated)) }
        return result
    }

    private func all(of parts: [TypedCondition], _ isNegated: Bool) -> [EventNeed] {
        var result = [EventNeed()]
        for part in parts {
            let alternatives = alternatives(of: part, isNegated: isNegated)
            result = Self.merged(result.flatMap { left in alternatives.compactMap { left.and($0) } })
            if result.isEmpty { break }
        }
        return result
    }

    /// Without alternatives that others cover, those that differ in their paths only joined, and at most
    /// `maximumAlternatives`.
    static func merged(_ needs: [EventNeed]) -> [EventNeed] {
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
        while kept.count > maximumAlternatives {
            let last = kept.removeLast()
            kept[kept.count - 1] = kept[kept.count - 1].or(last)
        }
        return kept
    }
}

extension EventNeeds {
    /// What rules need: per event type the alternatives of all of them, and the fields that they read.
    init(_ rules: [CompiledRule], catalogue: FieldCatalogue) {
        self.init()
        var conditions: [EventType: [TypedCondition]] = [:]
        for rule in rules {
            for type in rule.eventTypes.types { conditions[type, default: []].append(rule.condition) }
            rule.condition.forEachTest { fields.formUnion($0.references) }
            let values = rule.output.fields.map(\.value) + rule.extraFields.flatMap(\.values)
            for value in values { fields.formUnion(value.expression.references) }
        }
        for (type, conditions) in conditions {
            let analysis = NeedAnalysis(type: type, catalogue: catalogue)
            var needs: [EventNeed] = []
            for condition in conditions {
                needs = NeedAnalysis.merged(needs + analysis.alternatives(of: condition))
                if needs.contains(EventNeed()) { break }
            }
            for index in needs.indices { needs[index].paths = needs[index].paths.simplified }
            if !needs.isEmpty { alternatives[type] = needs }
        }
    }
}

extension Test {
    /// The fields that the test reads.
    var references: [FieldReference] {
        guard case .field(_, let right, _) = operation else { return left.references }
        return left.references + right.references
    }
}

extension CompiledExtraField {
    /// The values that the field shows.
    var values: [CompiledValue] {
        switch content {
        case .raw(let value): [value]
        case .text(let template): template.fields.map(\.value)
        }
    }
}
