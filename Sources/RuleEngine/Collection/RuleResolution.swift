import RuleLanguage

/// Resolves all that was collected so far: exceptions, lists and macros put into the conditions.
struct RuleResolution {
    private struct Resolved {
        var rule: CollectedRule
        var condition: Condition
        var details: ItemDetails
        var correlation: ResolvedCorrelation?
    }

    private let lists: ListSubstitution
    private var macros: MacroResolver
    private let macroDetails: [String: ItemDetails]
    private var rules: [Resolved] = []
    private var skipped: [String] = []
    private var usedMacros: Set<String> = []
    private var usedLists: Set<String> = []

    /// Resolves all macros, and the rules that were defined or changed after a position.
    init(_ collector: inout RuleCollector, rulesAfter position: Int = 0) {
        lists = ListSubstitution(collector.lists)
        collector.texts = TextRegistry()
        (macros, macroDetails) = MacroResolver.resolver(of: &collector, lists: lists)
        for details in macroDetails.values { use(details) }
        for list in lists.lists { usedLists.formUnion(list.lists) }
        for rule in collector.rules.items where rule.order.latest > position { resolve(rule, &collector) }
    }

    private mutating func use(_ details: ItemDetails) {
        usedMacros.formUnion(details.macros)
        usedLists.formUnion(details.lists)
    }

    private mutating func resolve(_ rule: CollectedRule, _ collector: inout RuleCollector) {
        guard collector.options.sources.contains(rule.source) else {
            guard rule.isUsable else { return }
            collector.log.warn(
                .unknownSource, "unknown event source '\(rule.source)', the rule is skipped", at: rule.name.span,
                suggestion: Suggestion.question(for: rule.source, in: collector.options.sources.sorted()),
                in: rule.place
            )
            skipped.append(rule.name.value)
            // Its macros and lists are in use all the same.
            use(referencesOfSkipped(rule))
            return
        }
        if rule.kind == .correlation { return resolve(correlation: rule, &collector) }
        guard let text = ExceptionCompiler.condition(rule.condition, with: rule, log: &collector.log) else { return }
        let parsed = collector.texts.parse(text, lists: lists, in: rule.place, log: &collector.log)
        use(parsed.details)
        guard let condition = parsed.condition else { return }
        let scope = MacroResolver.Scope(position: nil, place: rule.place)
        guard let tree = macros.resolve(condition, in: scope, &collector) else { return }
        var resolved = Resolved(rule: rule, condition: tree.condition, details: parsed.details)
        resolved.rule.isUsable = rule.isUsable && tree.isComplete
        rules.append(resolved)
    }

    /// A correlation's events are resolved as rules are; its own condition has neither macros nor lists.
    private mutating func resolve(correlation rule: CollectedRule, _ collector: inout RuleCollector) {
        var details = ItemDetails()
        var events: [ResolvedCorrelation.Event] = []
        var isUsable = rule.isUsable
        for event in rule.events {
            let place = rule.place.at("event", named: event.name.value, event.span)
            guard let text = ExceptionCompiler.condition(event.condition, with: rule, log: &collector.log) else {
                return
            }
            let parsed = collector.texts.parse(text, lists: lists, in: place, log: &collector.log)
            use(parsed.details)
            details.add(parsed.details)
            guard let condition = parsed.condition,
                let tree = macros.resolve(
                    condition, in: MacroResolver.Scope(position: nil, place: place), &collector)
            else { continue }
            isUsable = isUsable && tree.isComplete
            events.append(ResolvedCorrelation.Event(name: event.name.value, condition: tree.condition))
        }
        guard let pattern = collector.pattern(of: rule), events.count == rule.events.count, !events.isEmpty else {
            return
        }
        let correlation = ResolvedCorrelation(
            events: events, pattern: pattern, patternText: rule.condition.trimmed().text)
        var resolved = Resolved(
            rule: rule, condition: correlation.anyEvent, details: details, correlation: correlation)
        resolved.rule.isUsable = isUsable
        rules.append(resolved)
    }

    private func referencesOfSkipped(_ rule: CollectedRule) -> ItemDetails {
        var details = ItemDetails()
        for condition in rule.kind == .correlation ? rule.events.map(\.condition) : [rule.condition] {
            let (text, names) = lists.substituted(condition)
            details.add(ItemDetails(lists: names.sorted()))
            if let text, let condition = try? ConditionParser.parse(bytes: text.bytes) {
                details.add(ItemDetails(macros: ConditionSummary(of: condition).macros))
            }
        }
        return details
    }

    // MARK: - Results

    /// The result for the user, with what is left to warn of.
    func loadedRules(_ collector: inout RuleCollector) -> LoadedRules {
        warnOfUnused(&collector)
        var loaded = LoadedRules()
        for resolved in rules {
            let rule = rule(resolved, &collector)
            if resolved.rule.isUsable { loaded.rules.append(rule) } else { loaded.unusableRules.append(rule) }
            loaded.places[resolved.rule.name.value] = resolved.rule.place
        }
        loaded.unmatchedSelections = collector.options.selection.filter { selection in
            !collector.rules.items.contains { selection.selects(rule: $0.name.value, tags: Array($0.tags)) }
        }
        loaded.texts = collector.texts
        loaded.skippedRules = skipped
        loaded.macros = collector.macros.items.map { macro in
            let details = macroDetails[macro.name.value] ?? ItemDetails()
            return ResolvedMacro(
                name: macro.name.value, writtenCondition: macro.condition.text,
                condition: macros.tree(of: macro.name.value)?.condition, isUsed: usedMacros.contains(macro.name.value),
                macros: details.macros, lists: details.lists, location: collector.log.location(of: macro.span)
            )
        }
        loaded.lists = zip(collector.lists.items, lists.lists).map { list, compiled in
            ResolvedList(
                name: list.name.value, items: list.items.map(\.text), compiledItems: compiled.items.map(\.text),
                isUsed: usedLists.contains(list.name.value), lists: Set(compiled.lists).sorted(),
                location: collector.log.location(of: list.span)
            )
        }
        return loaded
    }

    private func rule(_ resolved: Resolved, _ collector: inout RuleCollector) -> ResolvedRule {
        let collected = resolved.rule
        let output = OutputAssembler(collected, options: collector.options, log: &collector.log)
        let tags = collected.tags.sorted()
        var rule = ResolvedRule(
            name: collected.name.value, description: collected.description, priority: collected.priority, tags: tags,
            source: collected.source,
            isEnabled: RuleSelection.isEnabled(
                initially: collected.isEnabled, rule: collected.name.value, tags: tags,
                selections: collector.options.selection
            ),
            condition: resolved.condition, conditionText: resolved.details.text, outputText: output.text.text,
            extraFields: output.fields, skipsIfUnknownFilter: collected.skipsIfUnknownFilter,
            warnsEventTypes: collected.warnsEventTypes, location: collector.log.location(of: collected.span)
        )
        rule.outputTextID = collector.texts.add(output.text)
        rule.writtenCondition = collected.condition.text
        rule.macros = resolved.details.macros
        rule.lists = resolved.details.lists
        rule.exceptionNames = collected.exceptions.map(\.name.value)
        rule.activeExceptions = collected.exceptions.filter { !$0.values.isEmpty }.map(\.name.value)
        rule.exceptionFields = Set(collected.exceptions.flatMap { $0.fields.map(\.text) }).sorted()
        rule.exceptionOperators = Set(collected.exceptions.flatMap { $0.comparisons.map(\.text) }).sorted()
        rule.isCapturing = collected.isCapturing
        rule.captureDurationMilliseconds = collected.captureDurationMilliseconds
        rule.correlation = resolved.correlation
        return rule
    }

    /// Warns of what nothing refers to. With errors the referring item may be among what was left out.
    private func warnOfUnused(_ collector: inout RuleCollector) {
        guard !collector.log.hasErrors else { return }
        for macro in collector.macros.items where !usedMacros.contains(macro.name.value) {
            collector.log.warn(
                .unusedMacro, "macro '\(macro.name.value)' is not used by any rule or macro", at: macro.name.span,
                in: .macro(macro.name.value, macro.span)
            )
        }
        for list in collector.lists.items where !usedLists.contains(list.name.value) {
            collector.log.warn(
                .unusedList, "list '\(list.name.value)' is not used by any condition, list or exception",
                at: list.name.span, in: .list(list.name.value, list.span)
            )
        }
    }
}
