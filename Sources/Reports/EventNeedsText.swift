import EventModel

/// What sources are asked for on behalf of a rule, in words.
enum EventNeedsText {
    private static let listed = 8

    /// One line for each way to match; event types that need the same stand together.
    static func lines(of needs: EventNeeds) -> [String] {
        var typesByNeed: [EventNeed: [String]] = [:]
        for (type, alternatives) in needs.alternatives {
            for need in alternatives { typesByNeed[need, default: []].append(type.name) }
        }
        let lines = typesByNeed.map { need, types in
            "\(few(types.sorted())): \(words(for: need))"
        }
        return lines.sorted()
    }

    /// What must be true of an event, as far as sources can tell before the rules see it.
    private static func words(for need: EventNeed) -> String {
        var parts: [String] = []
        if case .oneOf(let exact, let prefixes, let suffixes) = need.paths {
            var ways: [String] = []
            if !exact.isEmpty { ways.append("is \(few(exact.sorted()))") }
            if !prefixes.isEmpty { ways.append("starts with \(few(prefixes.sorted()))") }
            if !suffixes.isEmpty { ways.append("ends with \(few(suffixes.sorted()))") }
            parts.append("the path " + (ways.isEmpty ? "can't match" : ways.joined(separator: " or ")))
        }
        if need.access == .read { parts.append("opened for reading") }
        if need.access == .write { parts.append("opened for writing") }
        for argument in need.arguments {
            parts.append("\(argument.name) has \(few(argument.containsOneOf.sorted()))")
        }
        switch need.outcome {
        case .any: break
        case .success: parts.append("the call succeeds")
        case .failure: parts.append("the call fails")
        }
        switch need.scope {
        case .any: break
        case .host: parts.append("outside containers")
        case .container: parts.append("in a container")
        }
        for field in need.fields { parts.append(words(for: field)) }
        return parts.isEmpty ? "every event" : parts.joined(separator: ", ")
    }

    private static func words(for need: FieldNeed) -> String {
        let verb = need.values.isComplement ? "is not" : "is"
        switch need.values.values {
        case .numbers(let numbers):
            return "\(need.field) \(verb) \(few(numbers.sorted().map { String(Int64(bitPattern: $0)) }))"
        case .texts(let exact, let prefixes, let suffixes):
            let patterns = exact.sorted() + prefixes.sorted().map { $0 + "…" } + suffixes.sorted().map { "…" + $0 }
            return "\(need.field) \(verb) \(few(patterns))"
        }
    }

    private static func few(_ names: [String]) -> String {
        let shown = names.prefix(listed).joined(separator: ", ")
        return names.count > listed ? "\(shown) and \(names.count - listed) more" : shown
    }
}
