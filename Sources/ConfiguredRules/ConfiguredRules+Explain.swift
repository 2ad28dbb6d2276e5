public import EventModel
import EventSources
import RuleEngine
import RuleLanguage

/// What one source can tell of a rule.
public struct SourceView: Sendable, Equatable {
    /// The source, and the fields that it can't fill.
    public var visibility: RuleExplanation.Visibility
    /// The rule's event types that the source tells of, sorted.
    public var seen: [String]
    /// Those that it does not tell of, sorted.
    public var unseen: [String]
}

/// Why a source is asked for every event of some types.
public struct SourceWidening: Sendable, Equatable {
    /// A comparison that the source's filter can't look up.
    public struct Clause: Sendable, Equatable {
        /// The comparison.
        public var text: String
        /// Where it is written.
        public var location: SourceLocation?
    }

    /// The types of events, sorted.
    public var types: [String]
    /// The comparisons that are the reason; none where the rule asks for nothing more.
    public var clauses: [Clause]
}

extension ConfiguredRules {
    /// The compiled form of a rule.
    public func compiledRule(named name: String) -> CompiledRule? { compiled.first { $0.name == name } }

    /// The names of the event types that a rule can match, sorted.
    public func eventNames(of rule: ResolvedRule) -> [String] {
        compiledRule(named: rule.name)?.eventTypes.types.map(\.name).sorted() ?? []
    }

    /// The names of the event types that a macro's condition can match, sorted; nothing when it restricts none.
    public func eventNames(of condition: Condition) -> [String] {
        let rule = ResolvedRule(
            name: "", priority: "debug", condition: condition, conditionText: "", outputText: "",
            warnsEventTypes: false, location: SourceLocation(file: "", line: 1, column: 1))
        guard let types = RuleCompiler(catalogue: catalogue).compile(rule).rule?.eventTypes, types != .all else {
            return []
        }
        return types.types.map(\.name).sorted()
    }

    /// The fields of a rule's output, as written, in order, each once.
    public func outputFields(of rule: ResolvedRule) -> [String] {
        let plain = catalogue.fields.map(\.name)
        let names = FieldNameTable(
            plain + (rule.correlation?.events ?? []).flatMap { event in plain.map { "\(event.name).\($0)" } })
        var fields: [String] = []
        for piece in OutputTemplateParser.parse(rule.outputText, fields: names).template.pieces {
            guard case .value(let operand, _) = piece else { continue }
            for field in operand.fields.map(\.text) where !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    /// What each source can and can't see of a rule, best source first; nothing for a rule that doesn't compile.
    public func views(of rule: ResolvedRule) -> [SourceView] {
        guard let explanation = explanation(of: rule) else { return [] }
        let types = EventTypeSet(explanation.eventTypes)
        return SourceTraits.all.compactMap { source in
            let provided = source.provides
            return explanation.visibility.first { $0.source == source.kind }.map { visibility in
                SourceView(
                    visibility: visibility, seen: types.intersection(provided).types.map(\.name).sorted(),
                    unseen: types.intersection(provided.complement).types.map(\.name).sorted())
            }
        }
    }

    /// What is known of a rule before any event; nil for a rule that doesn't compile.
    public func explanation(of rule: ResolvedRule) -> RuleExplanation? {
        compiledRule(named: rule.name).map { RuleExplanation($0, catalogue: catalogue) }
    }

    /// What comes of a rule's condition for an event; nil for a rule that doesn't compile.
    ///
    /// - Parameter isKnown: whether anything is known of a field, be it that it has no value.
    public func explanation(
        of rule: ResolvedRule, type: EventType, reader: some FieldReader,
        isKnown: (FieldReference) -> Bool = { _ in true }
    ) -> ConditionExplanation? {
        RuleCompiler(catalogue: catalogue, services: ServiceNames.port(of:))
            .explanation(of: rule, type: type, reader: reader, isKnown: isKnown)
    }

    /// Why a source is asked for every event of some types on behalf of a rule; nothing for sources that filter nothing.
    public func widenings(of rule: ResolvedRule, source: SourceKind) -> [SourceWidening] {
        let compiler = RuleCompiler(catalogue: catalogue, services: ServiceNames.port(of:))
        guard let filter = SourceTraits.all.first(where: { $0.kind == source })?.filter else { return [] }
        let widenings = compiler.widenings(of: rule, limits: filter.limits, noticing: filter.noticed)
        return widenings.map { widening in
            SourceWidening(
                types: widening.types.map(\.name).sorted(),
                clauses: widening.comparisons.map { comparison in
                    SourceWidening.Clause(
                        text: Condition.comparison(comparison).canonicalText,
                        location: loaded.location(of: comparison.range))
                })
        }
    }

    /// What the active rules need from sources.
    public var needs: EventNeeds { RuleSet(active, catalogue: catalogue).needs }

    /// The active rules that make a source tell of every event of a type that most programs cause all the time, each once.
    public func costlyWidenings(source: SourceKind) -> [(rule: String, widening: SourceWidening)] {
        loaded.rules.filter { activeNames.contains($0.name) }.compactMap { rule in
            guard !Self.commonTypes.isDisjoint(with: eventNames(of: rule)) else { return nil }
            for var widening in widenings(of: rule, source: source) {
                widening.types.removeAll { !Self.commonTypes.contains($0) }
                if !widening.types.isEmpty { return (rule.name, widening) }
            }
            return nil
        }
    }

    /// Of a rule's event types those that most programs cause all the time.
    static func commonTypes(of rule: CompiledRule) -> Set<String> {
        commonTypes.intersection(rule.eventTypes.types.map(\.name))
    }

    private static let commonTypes: Set<String> = [
        "open", "openat", "openat2", "close", "read", "pread", "readv", "write", "pwrite", "writev", "stat", "fstat",
        "lstat", "newfstatat", "access", "mmap", "munmap", "mprotect", "brk", "futex", "poll", "epoll_wait", "recvfrom",
        "recvmsg", "sendto", "sendmsg",
    ]
}
