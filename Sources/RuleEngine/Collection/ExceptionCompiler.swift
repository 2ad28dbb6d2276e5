import RuleLanguage

/// Puts a rule's exceptions into its condition's text: `(condition) and not (field in (value, …)) and not (…)`. Values
/// are pasted as text, so the name of a list or a transformer call works as a value.
struct ExceptionCompiler {
    private var text = SourcedText()
    private var log: DiagnosticLog
    private let rule: CollectedRule
    private let condition: SourcedText
    private var isUsable = true

    private init(_ rule: CollectedRule, _ condition: SourcedText, _ log: DiagnosticLog) {
        self.rule = rule
        self.condition = condition
        self.log = log
    }

    /// A condition's text with the rule's exceptions; nil after an error.
    static func condition(
        _ condition: SourcedText, with rule: CollectedRule, log: inout DiagnosticLog
    ) -> SourcedText? {
        guard !rule.exceptions.isEmpty else { return condition }
        var compiler = ExceptionCompiler(rule, condition, log)
        compiler.compile()
        log = compiler.log
        return compiler.isUsable ? compiler.text : nil
    }

    private mutating func compile() {
        text.append("(", standingFor: rule.name.span)
        text.append(condition)
        text.append(")", standingFor: rule.name.span)
        for exception in rule.exceptions where !exception.values.isEmpty {
            text.append(" and not (", standingFor: exception.name.span)
            switch exception.form {
            case .single: appendSingle(exception)
            case .tuple: appendTuples(exception)
            }
            text.append(")", standingFor: exception.name.span)
        }
    }

    // MARK: - Forms

    private mutating func appendSingle(_ exception: RuleException) {
        appendComparison(exception, 0)
        appendList(exception.values, exception.name.span)
    }

    private mutating func appendTuples(_ exception: RuleException) {
        for (index, value) in exception.values.enumerated() {
            guard case .sequence(let tuple, let span) = value else {
                let span = self.span(of: value) ?? exception.name.span
                log.error(
                    "exception '\(exception.name.value)' has a list of fields, so each of its values must be a list",
                    at: span, suggestion: "put the value in brackets", in: rule.place
                )
                isUsable = false
                continue
            }
            guard tuple.count == exception.fields.count else {
                log.error(
                    "exception '\(exception.name.value)' has \(exception.fields.count) fields, but this value has "
                        + "\(tuple.count) elements", at: span, in: rule.place
                )
                isUsable = false
                continue
            }
            text.append(index == 0 ? "(" : " or (", standingFor: span)
            for (index, element) in tuple.enumerated() {
                if index > 0 { text.append(" and ", standingFor: span) }
                appendComparison(exception, index)
                appendElement(element, after: exception.comparisons[index], exception.name.span)
            }
            text.append(")", standingFor: span)
        }
    }

    private mutating func appendComparison(_ exception: RuleException, _ index: Int) {
        text.append(exception.fields[index])
        text.append(" ", standingFor: exception.name.span)
        text.append(exception.comparisons[index])
        text.append(" ", standingFor: exception.name.span)
    }

    // MARK: - Values

    private mutating func appendElement(
        _ value: ExceptionItem.Value, after comparison: SourcedText, _ span: SourceSpan
    ) {
        switch value {
        case .sequence(let elements, let span): appendList(elements, span)
        case .scalar(let scalar):
            let takesList = ExceptionOperator(comparison.text)?.takesList ?? false
            if takesList, scalar.bytes.first != UInt8(ascii: "(") {
                text.append("(", standingFor: scalar.span(of: 0..<1) ?? span)
                text.append(scalar)
                text.append(")", standingFor: scalar.span(of: 0..<1) ?? span)
            } else {
                text.append(takesList ? scalar : scalar.quotedIfBlank)
            }
        }
    }

    private mutating func appendList(_ values: [ExceptionItem.Value], _ span: SourceSpan) {
        text.append("(", standingFor: span)
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(", ", standingFor: span) }
            guard case .scalar(let scalar) = value else {
                log.error(
                    "a list stands where a single value was expected", at: self.span(of: value) ?? span, in: rule.place
                )
                isUsable = false
                continue
            }
            text.append(scalar.quotedIfBlank)
        }
        text.append(")", standingFor: span)
    }

    private func span(of value: ExceptionItem.Value) -> SourceSpan? {
        switch value {
        case .scalar(let scalar): scalar.span(of: scalar.bytes.indices)
        case .sequence(_, let span): span
        }
    }
}

extension SourcedText {
    /// The text in double quotes if it holds a space and does not begin with a quote.
    var quotedIfBlank: SourcedText {
        guard bytes.contains(0x20), bytes.first != UInt8(ascii: "\""), bytes.first != UInt8(ascii: "'"),
            let span = span(of: 0..<1)
        else { return self }
        var quoted = SourcedText("\"", standingFor: span)
        quoted.append(self)
        quoted.append("\"", standingFor: span)
        return quoted
    }
}
