import RuleLanguage

/// What a condition's text refers to directly.
struct ItemDetails {
    var macros: [String] = []
    var lists: [String] = []
    /// The text with the lists put in.
    var text = ""

    /// Adds what another text refers to.
    mutating func add(_ other: ItemDetails) {
        macros = Set(macros + other.macros).sorted()
        lists = Set(lists + other.lists).sorted()
        text += (text.isEmpty || other.text.isEmpty ? "" : " or ") + other.text
    }
}

/// The texts that were parsed, by the ids in their trees' ranges.
struct TextRegistry {
    private(set) var texts: [SourcedText] = []

    /// Gives a text its id.
    mutating func add(_ text: SourcedText) -> UInt32 {
        texts.append(text)
        return UInt32(truncatingIfNeeded: texts.count - 1)
    }

    /// Where the user wrote what a range of a text stands for.
    func span(of range: TextRange) -> SourceSpan? {
        guard Int(range.text) < texts.count else { return nil }
        let text = texts[Int(range.text)]
        // A problem at the end of a text is shown behind its last character.
        if range.start >= text.bytes.count, let last = text.span(of: max(0, text.bytes.count - 1)..<text.bytes.count) {
            return SourceSpan(file: last.file, start: last.end, end: last.end)
        }
        return text.span(of: range.start..<max(range.start, range.end))
    }

    /// Parses a condition's text with the lists put in. A problem goes to the log, then there is no condition.
    mutating func parse(
        _ written: SourcedText, lists: ListSubstitution, in place: ItemPlace, log: inout DiagnosticLog
    ) -> (condition: Condition?, details: ItemDetails) {
        let (substituted, names) = lists.substituted(written)
        var details = ItemDetails(lists: names.sorted())
        guard let text = substituted else {
            log.error("the condition is too long once its lists are put in", at: place.span, in: place)
            return (nil, details)
        }
        details.text = text.text
        let id = add(text)
        do throws(SyntaxProblem) {
            let condition = try ConditionParser.parse(bytes: text.bytes, textID: id)
            details.macros = ConditionSummary(of: condition).macros
            return (condition, details)
        } catch {
            log.error(
                error.message, at: span(of: error.range) ?? place.span, suggestion: error.suggestion,
                in: place.at("\(place.type) condition", written.span(of: written.bytes.indices)),
                code: .errCompileCondition
            )
            return (nil, details)
        }
    }
}
