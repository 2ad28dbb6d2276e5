import RuleLanguage

/// The events of correlations.
extension RuleCollector {
    /// How many events a correlation may have.
    private static let maximumEvents = 16
    /// Words that mean something else where an event's name may stand.
    private static let reserved: Set<String> = [
        "then", "in", "by", "and", "or", "not", "count", "first", "correlation", "incident",
    ]

    /// Checks the names of events; false after an error.
    mutating func check(_ events: [CorrelationEventItem], in place: ItemPlace) -> Bool {
        var isUsable = true
        for event in events {
            let name = event.name.value
            let place = place.at("event", named: name, event.span)
            if !Self.isName(name) {
                log.error(
                    "'\(name)' is no name for an event: expected a letter followed by letters, digits and underscores",
                    at: event.name.span, in: place)
                isUsable = false
            } else if Self.reserved.contains(name) || isFieldClass(name) {
                log.error(
                    "an event can't be called '\(name)', which has a meaning of its own", at: event.name.span,
                    suggestion: "use another name, such as '\(name)_event'", in: place)
                isUsable = false
            }
        }
        if events.count > Self.maximumEvents, let last = events.last {
            log.error(
                "a correlation can have \(Self.maximumEvents) events, this one has \(events.count)", at: last.span,
                in: place)
            isUsable = false
        }
        return isUsable
    }

    /// Adds events, and to the conditions of those that are there already; false after an error.
    mutating func append(
        _ events: [CorrelationEventItem], to rule: inout CollectedRule, in place: ItemPlace
    ) -> Bool {
        for event in events {
            if let known = rule.events.firstIndex(where: { $0.name.value == event.name.value }) {
                rule.events[known].condition = joined(rule.events[known].condition, event.condition, at: event.span)
            } else {
                rule.events.append(event)
            }
        }
        return check(rule.events, in: place)
    }

    /// What a correlation joins its events by; nil after an error. Each event is part of it.
    mutating func pattern(of rule: CollectedRule) -> CorrelationPattern? {
        let id = texts.add(rule.condition)
        let place = rule.place.at("correlation condition", rule.condition.span(of: rule.condition.bytes.indices))
        let pattern: CorrelationPattern
        do throws(SyntaxProblem) {
            pattern = try CorrelationParser.parse(bytes: rule.condition.bytes, textID: id)
        } catch {
            log.error(
                error.message, at: texts.span(of: error.range) ?? rule.span, suggestion: error.suggestion, in: place,
                code: .errCompileCondition)
            return nil
        }
        let names = rule.events.map(\.name.value)
        var isUsable = true
        for reference in pattern.eventNames where !names.contains(reference.name) {
            log.error(
                "there is no event '\(reference.name)' under 'events'",
                at: texts.span(of: reference.range) ?? rule.span,
                suggestion: Suggestion.question(for: reference.name, in: names)
                    ?? "events are \(names.joined(separator: ", "))", in: place, code: .errCompileCondition)
            isUsable = false
        }
        for event in rule.events where !pattern.eventNames.contains(where: { $0.name == event.name.value }) {
            log.error(
                "the condition does not use the event '\(event.name.value)'", at: event.name.span,
                suggestion: "remove it, or name it in 'condition'", in: place, code: .errCompileCondition)
            isUsable = false
        }
        return isUsable ? pattern : nil
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Whether fields' names begin with a name and a dot: in an output it would be theirs.
    private func isFieldClass(_ name: String) -> Bool { options.fields?.hasField(beginningWith: name + ".") ?? false }
}

extension RuleItem {
    var place: ItemPlace { ItemPlace(type: kind.rawValue, name: name.value, span: span) }
}
