import EventModel

/// Finds conditions that no event can satisfy, because parts that all must hold exclude each other.
struct Contradiction {
    let catalogue: FieldCatalogue

    /// What excludes itself, in words; nil when nothing is found. A condition may be unsatisfiable in other ways.
    func find(in condition: TypedCondition) -> String? {
        if EventTypeAnalysis.types(of: condition).isEmpty { return "no event has all the types that it asks for" }
        var values: [FieldReference: ValueSet] = [:]
        for part in condition.conjuncts {
            guard case .test(let test) = part, test.quantifier == .scalar, case .field(let reference) = test.left,
                // A list without items is a template for users to fill.
                let asked = FilterableFields.values(of: test.operation), asked.values.count > 0
            else { continue }
            let set = test.isNegated ? asked.complement : asked
            let all = values[reference].map { $0.intersection(set) } ?? set
            if all.isEmpty { return "no value of '\(reference.text(in: catalogue))' is all that it asks for" }
            values[reference] = all
        }
        return nil
    }
}
