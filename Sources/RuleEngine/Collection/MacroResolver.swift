import RuleLanguage

/// A macro that was parsed, with the macros in it put in place.
struct ResolvedMacroTree {
    /// The condition; references that lead nowhere stay in it.
    var condition: Condition
    /// Whether there are no such references. Each was reported.
    var isComplete = true
    /// Its nodes, and how deep they nest.
    var size: ConditionSize
}

/// How large a condition is.
struct ConditionSize {
    /// A rule that its macros blow up beyond this would take the engine's memory or stack.
    static let maximum = ConditionSize(nodes: 200_000, depth: 2500)

    var nodes: Int
    var depth: Int

    var isTooLarge: Bool { nodes > Self.maximum.nodes || depth > Self.maximum.depth }
}

/// Parses macros and puts them in place of their names. Macros are resolved on the tree, so `not m` negates all of `m`.
struct MacroResolver {
    private enum State {
        case parsed(Condition)
        case resolving
        case resolved(ResolvedMacroTree)
        /// Reported already.
        case failed
    }

    /// What the place of a reference may see.
    struct Scope {
        /// Macros first defined before this are visible; nil: all.
        var position: Int?
        var place: ItemPlace
    }

    private let macros: ItemTable<CollectedMacro>
    private var states: [String: State] = [:]

    private init(_ macros: ItemTable<CollectedMacro>) { self.macros = macros }

    /// Parses all macros with the lists replaced, then resolves them. Problems go to the collector's log.
    static func resolver(
        of collector: inout RuleCollector, lists: ListSubstitution
    ) -> (resolver: MacroResolver, details: [String: ItemDetails]) {
        var resolver = MacroResolver(collector.macros)
        var details: [String: ItemDetails] = [:]
        for macro in collector.macros.items {
            let place = ItemPlace.macro(macro.name.value, macro.span)
            let parsed = collector.texts.parse(macro.condition, lists: lists, in: place, log: &collector.log)
            details[macro.name.value] = parsed.details
            resolver.states[macro.name.value] = parsed.condition.map { .parsed($0) } ?? .failed
        }
        for macro in collector.macros.items {
            _ = resolver.resolve(macro, &collector)
        }
        return (resolver, details)
    }

    /// The resolved tree of a macro; nil when it has an error.
    func tree(of name: String) -> ResolvedMacroTree? {
        if case .resolved(let tree) = states[name], tree.isComplete { return tree }
        return nil
    }

    /// A condition with its macros in place; nil when it is too large.
    mutating func resolve(
        _ condition: Condition, in scope: Scope, _ collector: inout RuleCollector
    ) -> ResolvedMacroTree? {
        var result = ResolvedMacroTree(condition: condition, size: ConditionSize(nodes: 0, depth: 0))
        result.condition = replaced(condition, in: scope, depth: 1, &result, &collector)
        guard !result.size.isTooLarge else {
            // One that was too large was reported where it stands.
            guard result.isComplete else { return nil }
            collector.log.error(
                "the condition of this \(scope.place.type) is too large once its macros are put in place",
                at: scope.place.span, in: scope.place
            )
            return nil
        }
        return result
    }

    private mutating func resolve(_ macro: CollectedMacro, _ collector: inout RuleCollector) -> ResolvedMacroTree? {
        let name = macro.name.value
        switch states[name] {
        case .resolved(let tree): return tree
        case .parsed(let condition):
            states[name] = .resolving
            let scope = Scope(position: macro.order.latest, place: .macro(name, macro.span))
            guard let tree = resolve(condition, in: scope, &collector) else {
                states[name] = .failed
                return nil
            }
            states[name] = .resolved(tree)
            return tree
        case .resolving, .failed, nil: return nil
        }
    }

    // MARK: - Replacement

    /// The condition with macros in place; nil when a part failed. All parts are looked at, so that each is reported.
    private mutating func replaced(
        _ condition: Condition, in scope: Scope, depth: Int, _ whole: inout ResolvedMacroTree,
        _ collector: inout RuleCollector
    ) -> Condition {
        whole.size.nodes += 1
        whole.size.depth = max(whole.size.depth, depth)
        switch condition {
        case .comparison: return condition
        case .not(let operand): return .not(replaced(operand, in: scope, depth: depth + 1, &whole, &collector))
        case .and(let operands): return .and(replaced(operands, in: scope, depth: depth + 1, &whole, &collector))
        case .or(let operands): return .or(replaced(operands, in: scope, depth: depth + 1, &whole, &collector))
        case .macro(let name, let range):
            guard let tree = tree(for: name, range, in: scope, &collector) else {
                whole.isComplete = false
                return condition
            }
            whole.isComplete = whole.isComplete && tree.isComplete
            whole.size.nodes += tree.size.nodes
            whole.size.depth = max(whole.size.depth, depth + tree.size.depth)
            return tree.condition
        }
    }

    private mutating func replaced(
        _ operands: [Condition], in scope: Scope, depth: Int, _ whole: inout ResolvedMacroTree,
        _ collector: inout RuleCollector
    ) -> [Condition] {
        var result: [Condition] = []
        result.reserveCapacity(operands.count)
        for operand in operands { result.append(replaced(operand, in: scope, depth: depth, &whole, &collector)) }
        return result
    }

    private mutating func tree(
        for name: String, _ range: TextRange, in scope: Scope, _ collector: inout RuleCollector
    ) -> ResolvedMacroTree? {
        guard let macro = macros[name], scope.position.map({ macro.order.first < $0 }) ?? true else {
            reportUndefined(name, range, in: scope, &collector)
            return nil
        }
        if case .resolving = states[name] {
            if let span = collector.texts.span(of: range) {
                collector.log.error("reference loop in macro '\(name)'", at: span, in: scope.place)
            }
            return nil
        }
        return resolve(macro, &collector)
    }

    private func reportUndefined(
        _ name: String, _ range: TextRange, in scope: Scope, _ collector: inout RuleCollector
    ) {
        guard !collector.isUnusable(.macro, name), let span = collector.texts.span(of: range) else { return }
        let suggestion: String?
        if macros[name] != nil {
            suggestion = "it is defined further down; move it before this macro"
        } else {
            let names = macros.items.map(\.name.value).sorted()
            suggestion =
                Suggestion.question(for: name, in: names)
                ?? FalcoMacros.file(of: name).map { "Falco defines it in \($0); load that file before this one" }
        }
        collector.log.error(
            "undefined macro '\(name)' used in filter", at: span, suggestion: suggestion, in: scope.place
        )
    }
}
