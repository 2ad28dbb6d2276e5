import RuleLanguage
import YAMLTree

extension ItemReader {
    private static let eventKeys = ["name", "condition"]

    /// The events of a correlation; nil after an error.
    mutating func correlationEvents() -> [CorrelationEventItem]? {
        guard let node = node("events"), let elements = elements(of: node, what: "'events'") else { return nil }
        var events: [CorrelationEventItem] = []
        for element in elements {
            guard let event = correlationEvent(element) else { continue }
            if events.contains(where: { $0.name.value == event.name.value }) {
                error("the event '\(event.name.value)' stands here twice", at: event.name.span)
            }
            events.append(event)
        }
        if elements.isEmpty {
            error("'events' is empty, expected at least one event with 'name' and 'condition'", at: node)
        }
        return events
    }

    private mutating func correlationEvent(_ node: YAMLNode) -> CorrelationEventItem? {
        guard let pairs = node.pairs else {
            error("an event is \(node.kindInWords), expected a mapping with 'name' and 'condition'", at: node)
            return nil
        }
        let entries = distinct(pairs)
        for entry in entries where !Self.eventKeys.contains(entry.key) {
            warn(
                .unknownKey, "unknown key '\(entry.key)' in an event, it is ignored", at: entry.keyNode,
                suggestion: Suggestion.question(for: entry.key, in: Self.eventKeys)
            )
        }
        guard let nameNode = entries.first(where: { $0.key == "name" })?.value,
            let conditionNode = entries.first(where: { $0.key == "condition" })?.value
        else {
            let missing = Self.eventKeys.first { key in !entries.contains { $0.key == key } }
            error("this event has no '\(missing ?? "name")'", at: node)
            return nil
        }
        guard let (name, _) = text(of: nameNode, what: "the name of this event"),
            let (condition, conditionText) = text(of: conditionNode, what: "the condition of this event")
        else { return nil }
        return CorrelationEventItem(
            name: Sourced(name, at: span(of: nameNode)), condition: sourcedText(condition, of: conditionText),
            span: span(of: node))
    }
}
