import EventModel
import RuleLanguage

extension RuleCollector {
    mutating func collect(_ item: RuleItem) {
        switch item.form {
        case .define: define(item)
        case .legacyAppend: legacyAppend(item)
        case .enable(let isEnabled): enable(item, isEnabled)
        case .override(let operations): override(item, operations)
        }
    }

    // MARK: - The four forms

    private mutating func define(_ item: RuleItem) {
        let name = item.name.value
        let place = item.place
        var source = item.source?.value ?? "syscall"
        let earlier = rules[name]
        var isUsable = true
        if let earlier, !check(item, isOfKind: earlier.kind, in: place) { return }
        if let earlier, earlier.source != source {
            reportOtherSource(item, earlier: earlier.source, given: source, in: place)
            source = earlier.source
            isUsable = false
        }
        warnOfSecondDefinition(item, earlier: earlier, in: place)
        guard let condition = item.condition, let output = item.output, let description = item.description,
            let priority = item.priority
        else { return }
        if !check(priority: priority, in: place) { isUsable = false }
        let events = item.events ?? []
        if !check(events, in: place) { isUsable = false }
        let exceptions = checkedExceptions(item.exceptions ?? [], source: source, in: place)
        var rule = CollectedRule(
            kind: item.kind, name: item.name, order: currentOrder(after: earlier?.order), span: item.span,
            events: events, condition: condition, output: output, description: description.value,
            priority: priority.value, source: source
        )
        rule.isEnabled = item.isEnabled ?? true
        rule.tags = Set(item.tags ?? [])
        rule.warnsEventTypes = item.warnsEventTypes ?? true
        rule.skipsIfUnknownFilter = item.skipsIfUnknownFilter ?? false
        rule.exceptions = exceptions ?? []
        rule.isUsable = isUsable && exceptions != nil
        rule.isCapturing = item.isCapturing ?? false
        rule.captureDurationMilliseconds = item.captureDurationMilliseconds ?? 0
        rules.set(rule, named: name)
    }

    private mutating func legacyAppend(_ item: RuleItem) {
        let place = item.place
        warnOfLegacyAppend(place, at: item.name.span)
        guard var rule = existing(item, in: place), checkSource(of: item, like: rule, in: place) else { return }
        if let condition = item.condition { rule.condition = joined(rule.condition, condition, at: item.span) }
        if let exceptions = item.exceptions, !append(exceptions, to: &rule, in: place) { return }
        rule.order = currentOrder(after: rule.order)
        rules.set(rule, named: item.name.value)
    }

    private mutating func enable(_ item: RuleItem, _ isEnabled: Bool) {
        let place = item.place
        log.warn(
            .deprecatedItem, "a \(item.kind.rawValue) item with 'enabled' alone is deprecated", at: item.name.span,
            suggestion: "add 'override: {enabled: replace}'", in: place
        )
        guard var rule = existing(item, in: place) else { return }
        rule.isEnabled = isEnabled
        rules.set(rule, named: item.name.value)
    }

    private mutating func override(_ item: RuleItem, _ operations: [RuleKey: OverrideOperation]) {
        let place = item.place
        guard var rule = existing(item, in: place) else { return }
        if operations[.condition] != nil, !checkSource(of: item, like: rule, in: place) { return }
        // All appends come before all replacements.
        for key in RuleKey.allCases where operations[key] == .append {
            guard append(key, of: item, to: &rule, in: place) else { return }
        }
        for key in RuleKey.allCases where operations[key] == .replace {
            guard replace(key, of: item, in: &rule, place) else { return }
        }
        rule.order = currentOrder(after: rule.order)
        rules.set(rule, named: item.name.value)
    }

    /// Across files a new definition is how rules are replaced; in one file it is a slip of the pen.
    private mutating func warnOfSecondDefinition(_ item: RuleItem, earlier: CollectedRule?, in place: ItemPlace) {
        guard let earlier, earlier.span.file == item.span.file else { return }
        log.warn(
            .redefinedItem,
            "\(item.kind.rawValue) '\(item.name.value)' is defined a second time in this file; its first definition, in line "
                + "\(log.location(of: earlier.span).line), has no effect",
            at: item.name.span, suggestion: "give one of the two another name, or remove it", in: place
        )
    }

    // MARK: - Keys

    private mutating func append(
        _ key: RuleKey, of item: RuleItem, to rule: inout CollectedRule, in place: ItemPlace
    ) -> Bool {
        switch key {
        case .events: return append(item.events ?? [], to: &rule, in: place)
        case .condition:
            if let condition = item.condition { rule.condition = joined(rule.condition, condition, at: item.span) }
        case .output: if let output = item.output { rule.output = joined(rule.output, output, at: item.span) }
        case .desc: if let description = item.description { rule.description += " " + description.value }
        case .tags: rule.tags.formUnion(item.tags ?? [])
        case .exceptions: return append(item.exceptions ?? [], to: &rule, in: place)
        case .priority, .enabled, .warnEventTypes, .skipIfUnknownFilter, .capture, .captureDuration: break
        }
        return true
    }

    private mutating func replace(
        _ key: RuleKey, of item: RuleItem, in rule: inout CollectedRule, _ place: ItemPlace
    ) -> Bool {
        switch key {
        case .events:
            guard check(item.events ?? [], in: place) else { return false }
            rule.events = item.events ?? rule.events
        case .condition: rule.condition = item.condition ?? rule.condition
        case .output: rule.output = item.output ?? rule.output
        case .desc: rule.description = item.description?.value ?? rule.description
        case .priority:
            guard let priority = item.priority, check(priority: priority, in: place) else { return false }
            rule.priority = priority.value
        case .tags: rule.tags = Set(item.tags ?? [])
        case .exceptions:
            guard let checked = checkedExceptions(item.exceptions ?? [], source: rule.source, in: place) else {
                return false
            }
            rule.exceptions = checked
        case .enabled: rule.isEnabled = item.isEnabled ?? rule.isEnabled
        case .warnEventTypes: rule.warnsEventTypes = item.warnsEventTypes ?? rule.warnsEventTypes
        case .skipIfUnknownFilter: rule.skipsIfUnknownFilter = item.skipsIfUnknownFilter ?? rule.skipsIfUnknownFilter
        case .capture: rule.isCapturing = item.isCapturing ?? rule.isCapturing
        case .captureDuration:
            rule.captureDurationMilliseconds = item.captureDurationMilliseconds ?? rule.captureDurationMilliseconds
        }
        return true
    }

    // MARK: - Checks

    private mutating func existing(_ item: RuleItem, in place: ItemPlace) -> CollectedRule? {
        if let rule = rules[item.name.value] { return check(item, isOfKind: rule.kind, in: place) ? rule : nil }
        let names = rules.items.filter { $0.kind == item.kind }.map(\.name.value)
        reportNothingToAppendTo(item.kind, item.name, among: names, in: place)
        return nil
    }

    /// Rules and correlations have their names in common: both are enabled, disabled and told of in alerts by them.
    private mutating func check(_ item: RuleItem, isOfKind kind: ItemKind, in place: ItemPlace) -> Bool {
        guard item.kind != kind else { return true }
        log.error(
            "'\(item.name.value)' is a \(kind.rawValue), this item a \(item.kind.rawValue)", at: item.name.span,
            suggestion: "write '\(kind.rawValue): \(item.name.value)', or use another name", in: place)
        return false
    }

    private mutating func check(priority: Sourced<String>, in place: ItemPlace) -> Bool {
        guard Priority(ruleText: priority.value) == nil else { return true }
        let names = Priority.allCases.map { $0.displayName.uppercased() }
        log.error(
            "unknown priority '\(priority.value)'", at: priority.span,
            suggestion: Suggestion.question(for: priority.value.uppercased(), in: names)
                ?? "priorities are \(names.joined(separator: ", "))", in: place.at("rule priority", priority.span)
        )
        return false
    }

    private mutating func checkSource(of item: RuleItem, like rule: CollectedRule, in place: ItemPlace) -> Bool {
        guard let source = item.source, source.value != rule.source else { return true }
        reportOtherSource(item, earlier: rule.source, given: source.value, in: place)
        return false
    }

    private mutating func reportOtherSource(_ item: RuleItem, earlier: String, given: String, in place: ItemPlace) {
        log.error(
            "rule '\(item.name.value)' is re-defined with a different source: it has '\(earlier)', this item '\(given)'",
            at: item.source?.span ?? item.name.span, suggestion: "write 'source: \(earlier)', or use another name",
            in: place
        )
    }
}
