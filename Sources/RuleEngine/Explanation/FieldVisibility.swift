import EventModel

/// What of a condition can be known about events of one type that some sources tell of.
struct FieldVisibility {
    let sources: SourceSet
    let type: EventType
    let catalogue: FieldCatalogue

    /// What a condition can come to.
    struct Possibility {
        var canHold: Bool
        var canFail: Bool
    }

    /// What a condition can come to; a field that nobody tells has no value.
    func possibility(of condition: TypedCondition) -> Possibility {
        switch condition {
        case .constant(let value): return Possibility(canHold: value, canFail: !value)
        case .typeIn(let set): return Possibility(canHold: set.contains(type), canFail: !set.contains(type))
        case .test(let test):
            let isKnown = test.references.allSatisfy(isTold)
            return Possibility(canHold: isKnown && test.operation != .never, canFail: true)
        case .not(let part):
            let inner = possibility(of: part)
            return Possibility(canHold: inner.canFail, canFail: inner.canHold)
        case .and(let parts):
            let inner = parts.map(possibility)
            return Possibility(canHold: inner.allSatisfy(\.canHold), canFail: inner.contains(where: \.canFail))
        case .or(let parts):
            let inner = parts.map(possibility)
            return Possibility(canHold: inner.contains(where: \.canHold), canFail: inner.allSatisfy(\.canFail))
        case .exactlyOne(let parts):
            return Possibility(canHold: parts.map(possibility).contains(where: \.canHold), canFail: true)
        }
    }

    /// The fields that matter for events of the type and that nobody tells.
    func missing(in condition: TypedCondition) -> Set<FieldReference> {
        // What the type alone decides asks for nothing.
        guard EventTypeAnalysis.types(of: condition).contains(type),
            EventTypeAnalysis.types(of: .not(condition)).contains(type)
        else { return [] }
        switch condition {
        case .constant, .typeIn: return []
        case .test(let test): return Set(test.references.filter { !isTold($0) })
        case .not(let part): return missing(in: part)
        case .and(let parts), .or(let parts), .exactlyOne(let parts):
            return parts.reduce(into: []) { $0.formUnion(missing(in: $1)) }
        }
    }

    /// Whether a source tells a field's value for events of the type, where there is one.
    func isTold(_ reference: FieldReference) -> Bool {
        guard !catalogue[reference.field].sources.isDisjoint(with: sources) else { return false }
        switch Self.dependence(of: reference, catalogue) {
        case .none: return true
        case .argument:
            let argument: EventArgument? =
                switch reference.argument {
                case .index(let index): type.arguments.indices.contains(index) ? type.arguments[index] : nil
                case .key(let name): type.arguments.first { Array($0.name.utf8) == name }
                case .none: nil
                }
            return argument.map { !$0.sources.isDisjoint(with: sources) } ?? true
        case .target: return type.arguments.contains(where: \.isTarget)
        }
    }

    /// What the sources of a field depend on beside the field.
    enum Dependence {
        /// Nothing.
        case none
        /// Which argument of the event it is.
        case argument
        /// Whether the event's type acts upon a process.
        case target
    }

    /// What the sources of a field depend on.
    static func dependence(of reference: FieldReference, _ catalogue: FieldCatalogue) -> Dependence {
        let name = catalogue[reference.field].name
        if name == "evt.arg" || name == "evt.rawarg" { return .argument }
        return name.hasPrefix("target.") ? .target : .none
    }
}
