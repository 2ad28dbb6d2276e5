import EventModel

/// Finds what events of one type must satisfy for a condition to hold: alternatives, of which one must be met.
///
/// Where nothing is known the answer is "anything": it may let too much through, never too little.
struct NeedAnalysis {
    private let type: EventType
    private let readers: TestNeeds

    init(type: EventType, catalogue: FieldCatalogue, sources: SourceSet = .all) {
        self.type = type
        readers = TestNeeds(type: type, catalogue: catalogue, sources: sources)
    }

    /// The alternatives; empty when no event of the type satisfies the condition.
    func alternatives(of condition: TypedCondition) -> [EventNeed] { alternatives(of: condition, isNegated: false) }

    private func alternatives(of condition: TypedCondition, isNegated: Bool) -> [EventNeed] {
        switch condition {
        case .constant(let value): return value != isNegated ? [EventNeed()] : []
        case .typeIn(let set): return set.contains(type) != isNegated ? [EventNeed()] : []
        case .test(let test): return isNegated ? [readers.need(ofFailing: test)] : readers.needs(of: test)
        case .not(let part): return alternatives(of: part, isNegated: !isNegated)
        case .and(let parts): return isNegated ? any(of: parts, isNegated) : all(of: parts, isNegated)
        case .or(let parts): return isNegated ? all(of: parts, isNegated) : any(of: parts, isNegated)
        case .exactlyOne(let parts): return isNegated ? [EventNeed()] : any(of: parts, false)
        }
    }

    private static let anything = [EventNeed()]

    private func any(of parts: [TypedCondition], _ isNegated: Bool) -> [EventNeed] {
        var result: [EventNeed] = []
        for part in parts {
            let alternatives = alternatives(of: part, isNegated: isNegated)
            if alternatives == Self.anything { return alternatives }
            result += alternatives
            if result.count > EventNeed.maximumFieldAlternatives { result = EventNeed.merged(result) }
        }
        return EventNeed.merged(result)
    }

    private func all(of parts: [TypedCondition], _ isNegated: Bool) -> [EventNeed] {
        var result = [EventNeed()]
        for part in parts {
            var alternatives = alternatives(of: part, isNegated: isNegated)
            if alternatives == Self.anything { continue }
            // What is multiplied out here is thrown away again when it is too much.
            if result.count * alternatives.count > EventNeed.maximumFieldAlternatives {
                result = EventNeed.merged(result.map(\.withoutFields))
                alternatives = EventNeed.merged(alternatives.map(\.withoutFields))
            }
            result = EventNeed.merged(result.flatMap { left in alternatives.compactMap { left.and($0) } })
            if result.isEmpty { break }
        }
        return result
    }
}

extension EventNeeds {
    /// What rules need: per event type the alternatives of all of them, and the fields that they read.
    init(_ rules: [CompiledRule], catalogue: FieldCatalogue, sources: SourceSet = .all) {
        self.init(ruleSources: [])
        let analyses = EventType.all.map { NeedAnalysis(type: $0, catalogue: catalogue, sources: sources) }
        for rule in rules {
            // Only the kernel can be asked for less than everything.
            if rule.ruleSource == .syscall { add(rule, analyses, catalogue) }
            if let source = rule.ruleSource { ruleSources.insert(source) }
            rule.condition.forEachTest { fields.formUnion($0.references) }
            let values = rule.output.fields.map(\.value) + rule.extraFields.flatMap(\.values)
            for value in values { fields.formUnion(value.expression.references) }
            fields.formUnion(rule.correlation?.references ?? [])
        }
        for type in alternatives.keys {
            alternatives[type] = alternatives[type]?.map { need in
                var need = need
                need.paths = need.paths.simplified
                return need
            }
        }
    }

    /// Two types of events between which a rule sees no difference.
    private struct TypeKind: Hashable {
        /// In which of the condition's sets of types they are.
        let membership: [Bool]
        /// What the type is to paths and access.
        let family: TestNeeds.Family
        /// The type, for conditions on arguments, which differ between all types that have any.
        let type: EventType?
    }

    private mutating func add(_ rule: CompiledRule, _ analyses: [NeedAnalysis], _ catalogue: FieldCatalogue) {
        var sets: [EventTypeSet] = []
        rule.condition.forEachTypeSet { if !sets.contains($0) { sets.append($0) } }
        var known: [TypeKind: [EventNeed]] = [:]
        var readsArguments = false
        rule.condition.forEachTest { test in
            if case .field(let reference) = test.left, catalogue[reference.field].name == "evt.arg" {
                readsArguments = true
            }
        }
        // Types between which no rule so far has seen a difference have the very same alternatives.
        var last: (kind: TypeKind, others: [EventNeed], merged: [EventNeed])?
        for type in rule.eventTypes.types {
            let others = alternatives[type] ?? []
            let kind = TypeKind(
                membership: sets.map { $0.contains(type) }, family: TestNeeds.Family(type),
                type: readsArguments && !type.isGeneric ? type : nil
            )
            let needs = known[kind] ?? analyses[Int(type.index)].alternatives(of: rule.condition)
            if known[kind] == nil { noteNames(needs, isOpen: Self.opens.contains(type)) }
            known[kind] = needs
            guard !needs.isEmpty, !others.contains(EventNeed()) else { continue }
            if let last, last.kind == kind, last.others == others {
                alternatives[type] = last.merged
            } else {
                let merged = EventNeed.merged(others + needs)
                alternatives[type] = merged
                last = (kind, others, merged)
            }
        }
    }

    private static let opens = EventTypeSet(["open", "openat", "openat2", "creat"].compactMap(EventType.init(name:)))

    /// Notes the names of one rule, before what others ask for covers them.
    private mutating func noteNames(_ needs: [EventNeed], isOpen: Bool) {
        for case .oneOf(let exact, let prefixes, _) in needs.map(\.paths) {
            if isOpen { namedFiles.formUnion(exact.filter { $0.hasPrefix("/") }) }
            for path in exact.union(prefixes) where path.hasPrefix("/") {
                // `/etc/pam.d` begins paths in `/etc`, too.
                namedDirectories.insert(
                    path.lastIndex(of: "/").map { path[..<$0] }.flatMap { $0.isEmpty ? "/" : String($0) } ?? "/")
                if !path.hasSuffix("/"), prefixes.contains(path) { namedDirectories.insert(path) }
            }
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
