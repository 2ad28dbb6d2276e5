public import RuleLanguage

/// An element of the configuration's `append_output`: adds to the output of the rules that it matches.
public struct OutputAddition: Sendable, Hashable {
    /// The source that the rule must have; nil or empty: any.
    public var source: String?
    /// The name that the rule must have; nil or empty: any.
    public var rule: String?
    /// Tags that the rule must have, all of them.
    public var tags: [String]
    /// Text added to the output.
    public var output: String?
    /// Fields beside the output.
    public var fields: [ResolvedRule.ExtraField]
    /// Whether fields that the sources suggest are added.
    public var addsSuggestedFields: Bool
    /// Where it is written.
    public var location: SourceLocation?

    /// An addition for the rules that match.
    public init(
        source: String? = nil, rule: String? = nil, tags: [String] = [], output: String? = nil,
        fields: [ResolvedRule.ExtraField] = [], addsSuggestedFields: Bool = false
    ) {
        self.source = source
        self.rule = rule
        self.tags = tags
        self.output = output
        self.fields = fields
        self.addsSuggestedFields = addsSuggestedFields
    }

    func matches(_ rule: CollectedRule) -> Bool {
        if let source, !source.isEmpty, source != rule.source { return false }
        if let name = self.rule, !name.isEmpty, name != rule.name.value { return false }
        return tags.allSatisfy(rule.tags.contains)
    }
}

/// Makes a rule's output text and extra fields: the rule's own output, without the legacy token, and all additions.
struct OutputAssembler {
    /// Falco once replaced this by what `-p` chose.
    private static let legacyToken = Array("%container.info".utf8)

    private(set) var text: SourcedText
    private(set) var fields: [ResolvedRule.ExtraField] = []

    init(_ rule: CollectedRule, options: RuleLoaderOptions, log: inout DiagnosticLog) {
        text = Self.withoutLegacyToken(rule, log: &log)
        for addition in options.outputAdditions where addition.matches(rule) {
            if let output = addition.output, !output.isEmpty { append(output, rule.name.span) }
            if addition.addsSuggestedFields {
                for field in options.suggestedFields {
                    append("\(field.split(separator: ".").joined(separator: "_"))=%\(field)", rule.name.span)
                }
            }
            for field in addition.fields {
                if fields.contains(where: { $0.key == field.key }) {
                    log.error(
                        "the configuration's append_output gives this rule the extra field '\(field.key)' twice",
                        at: rule.name.span, in: rule.place
                    )
                } else {
                    fields.append(field)
                }
            }
        }
        for (summary, parts) in options.summaries where Self.names(summary, in: text) {
            for part in parts where !fields.contains(where: { $0.key == part }) {
                fields.append(ResolvedRule.ExtraField(key: part, template: part, isRaw: true))
            }
        }
    }

    /// Whether an output has a field in it.
    private static func names(_ field: String, in output: SourcedText) -> Bool {
        let token = Array("%\(field)".utf8)
        return output.bytes.indices.contains { output.bytes[$0...].starts(with: token) }
    }

    private mutating func append(_ addition: String, _ span: SourceSpan) {
        text.append(" " + addition, standingFor: span)
    }

    private static func withoutLegacyToken(_ rule: CollectedRule, log: inout DiagnosticLog) -> SourcedText {
        let output = rule.output
        var result = SourcedText()
        var copied = 0
        var at = 0
        while at + legacyToken.count <= output.bytes.count {
            guard output.bytes[at...].starts(with: legacyToken) else {
                at += 1
                continue
            }
            log.warn(
                .deprecatedItem, "'%container.info' is deprecated and removed from the output",
                at: output.span(of: at..<(at + legacyToken.count)) ?? rule.name.span,
                suggestion: "name the fields, such as %container.id", in: rule.place
            )
            result.append(output, copied..<at)
            at += legacyToken.count
            copied = at
        }
        result.append(output, copied..<output.bytes.count)
        return result
    }
}
