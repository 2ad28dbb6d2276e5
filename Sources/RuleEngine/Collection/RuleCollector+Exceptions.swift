import RuleLanguage

extension RuleCollector {
    /// Checks the exceptions of a whole rule; nil after an error.
    mutating func checkedExceptions(
        _ items: [ExceptionItem], source: String, in place: ItemPlace
    ) -> [RuleException]? {
        var checked: [RuleException] = []
        var isUsable = true
        for item in items {
            if checked.contains(where: { $0.name.value == item.name.value }) {
                log.warn(
                    .exceptionNameNotUnique, "the exception name '\(item.name.value)' is used twice in this rule",
                    at: item.name.span, in: place.at("exception", named: item.name.value, item.span)
                )
            }
            if let exception = self.checked(item, source: source, in: place) {
                checked.append(exception)
            } else {
                isUsable = false
            }
        }
        return isUsable ? checked : nil
    }

    /// Adds values to exceptions of the same names, and new exceptions; false after an error.
    mutating func append(_ items: [ExceptionItem], to rule: inout CollectedRule, in place: ItemPlace) -> Bool {
        var isUsable = true
        for item in items {
            let place = place.at("exception", named: item.name.value, item.span)
            if let index = rule.exceptions.firstIndex(where: { $0.name.value == item.name.value }) {
                guard item.fields == nil, item.comparisons == nil else {
                    log.error(
                        "exception '\(item.name.value)' exists already; only 'values' can be appended to it",
                        at: item.name.span, suggestion: "drop 'fields' and 'comps', or use a new name", in: place
                    )
                    isUsable = false
                    continue
                }
                if item.values.isEmpty {
                    log.warn(
                        .appendNoValues, "the append to exception '\(item.name.value)' has no values, nothing is added",
                        at: item.name.span, in: place
                    )
                }
                rule.exceptions[index].values += item.values
            } else {
                guard item.fields == nil || !item.values.isEmpty else {
                    log.error("the new exception '\(item.name.value)' has no 'values'", at: item.name.span, in: place)
                    isUsable = false
                    continue
                }
                if let exception = checked(item, source: rule.source, in: place, isAppended: true) {
                    rule.exceptions.append(exception)
                } else {
                    isUsable = false
                }
            }
        }
        return isUsable
    }

    // MARK: - One exception

    private mutating func checked(
        _ item: ExceptionItem, source: String, in place: ItemPlace, isAppended: Bool = false
    ) -> RuleException? {
        let place = place.at("exception", named: item.name.value, item.span)
        guard let fields = item.fields, !fields.elements.isEmpty else {
            log.error(
                "exception '\(item.name.value)' has no 'fields'", at: item.name.span,
                suggestion: "add 'fields: [proc.name]', or check the name of the exception that this should extend",
                in: place, code: item.fields == nil && !isAppended ? .errYAMLValidate : .errValidate
            )
            return nil
        }
        guard let exception = exception(item, fields: fields, in: place) else { return nil }
        var isUsable = true
        if options.sources.contains(source) {
            for field in exception.fields where !check(field: field, of: item, in: place) { isUsable = false }
        }
        return isUsable ? exception : nil
    }

    private mutating func exception(
        _ item: ExceptionItem, fields: ExceptionItem.OneOrMore, in place: ItemPlace
    ) -> RuleException? {
        let isSingle = if case .one = fields { true } else { false }
        var exception = RuleException(
            name: item.name, form: isSingle ? .single : .tuple, fields: fields.elements, comparisons: [],
            values: item.values, span: item.span
        )
        let standard = isSingle ? "in" : "="
        exception.comparisons =
            item.comparisons?.elements
            ?? exception.fields.map { SourcedText(standard, standingFor: $0.span(of: 0..<1) ?? item.name.span) }
        let comparisonsAreSingle = if case .more = item.comparisons { false } else { true }
        if let given = item.comparisons, comparisonsAreSingle != isSingle {
            log.error(
                isSingle
                    ? "'fields' is a single field, so 'comps' must be a single operator"
                    : "'fields' is a list, so 'comps' must be a list of as many operators",
                at: given.elements.first?.span(of: 0..<1) ?? item.name.span, in: place
            )
            return nil
        }
        guard exception.comparisons.count == exception.fields.count else {
            log.error(
                "exception '\(item.name.value)' has \(exception.fields.count) fields but "
                    + "\(exception.comparisons.count) comps", at: item.name.span, in: place
            )
            return nil
        }
        var isUsable = true
        for comparison in exception.comparisons where !check(comparison, form: exception.form, item, in: place) {
            isUsable = false
        }
        return isUsable ? exception : nil
    }

    private mutating func check(
        _ comparison: SourcedText, form: RuleException.Form, _ item: ExceptionItem, in place: ItemPlace
    ) -> Bool {
        let span = comparison.span(of: comparison.bytes.indices) ?? item.name.span
        guard let comparator = ExceptionOperator(comparison.text) else {
            log.error(
                "'\(comparison.text)' is no operator", at: span,
                suggestion: Suggestion.question(
                    for: comparison.text, in: ComparisonOperator.allCases.map(\.rawValue)
                ), in: place
            )
            return false
        }
        guard form == .tuple || comparator.takesList else {
            log.error(
                "an exception with a single field takes 'in', 'pmatch', 'intersects' or an operator with 'oneof', 'anyof' "
                    + "or 'allof', not '\(comparison.text)'", at: span,
                suggestion: "put the field in brackets, and each value too", in: place
            )
            return false
        }
        return true
    }

    /// Checks a field by parsing it in the place where it will stand.
    private mutating func check(field: SourcedText, of item: ExceptionItem, in place: ItemPlace) -> Bool {
        let span = field.span(of: field.bytes.indices) ?? item.name.span
        guard let condition = try? ConditionParser.parse(field.text + " exists"),
            case .comparison(let comparison) = condition
        else {
            log.error("'\(field.text)' is no field", at: span, in: place)
            return false
        }
        guard let known = options.fields else { return true }
        var isUsable = true
        for expression in comparison.left.fields where !known.contains(expression.name) {
            log.error(
                "unknown field '\(expression.name)' in exception '\(item.name.value)'",
                at: field.span(of: expression.range.start..<expression.range.end) ?? span,
                suggestion: known.suggestion(for: expression.name), in: place
            )
            isUsable = false
        }
        return isUsable
    }
}

/// An operator of an exception: a comparison operator, perhaps with a modifier.
struct ExceptionOperator {
    /// Whether a list of values stands behind it.
    let takesList: Bool

    /// Reads an operator's text.
    init?(_ text: String) {
        let words = text.split { $0.isWhitespace }
        guard let first = words.first, words.count <= 2 else { return nil }
        guard let comparator = ComparisonOperator(rawValue: first == "==" ? "=" : String(first)) else { return nil }
        if words.count == 2 {
            guard Modifier(rawValue: String(words[1])) != nil, Self.takesModifier(comparator) else { return nil }
        }
        takesList = words.count == 2 || [.in, .intersects, .pmatch].contains(comparator)
    }

    private static func takesModifier(_ comparator: ComparisonOperator) -> Bool {
        switch comparator {
        case .in, .intersects, .pmatch, .exists, .less, .lessOrEqual, .greater, .greaterOrEqual: false
        default: true
        }
    }
}
