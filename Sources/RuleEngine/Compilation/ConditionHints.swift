import EventModel
import RuleLanguage

/// Finds what is legal in a condition and probably not meant.
struct ConditionHints {
    let resolver: FieldResolver
    private(set) var problems: [CompileProblem] = []
    private var seen: Set<TextRange> = []

    init(_ resolver: FieldResolver) { self.resolver = resolver }

    /// Looks through a condition that compiled.
    mutating func collect(_ condition: Condition) {
        switch condition {
        case .and(let parts), .or(let parts): for part in parts { collect(part) }
        case .not(let part): collect(part)
        case .macro: return
        case .comparison(let comparison):
            // Shared macros come by several times.
            guard seen.insert(comparison.range).inserted else { return }
            collect(comparison)
        }
    }

    private mutating func collect(_ comparison: Comparison) {
        collectDeprecated(comparison.left)
        if case .operand(let operand) = comparison.right { collectDeprecated(operand) }
        let literals: [Literal]
        switch comparison.right {
        case .literal(let literal): literals = [literal]
        case .list(let list): literals = list
        default: return
        }
        if case .field(let field) = comparison.left { checkMissing(field, comparison, literals) }
        for literal in literals {
            checkFieldName(literal, comparison)
            checkTransformer(literal)
            if comparison.comparator == .regex { checkRegex(literal) }
        }
    }

    private mutating func add(_ code: LoadCode, _ message: String, at range: TextRange, suggestion: String? = nil) {
        problems.append(
            CompileProblem(severity: .warning, code: code, message: message, range: range, suggestion: suggestion)
        )
    }

    private mutating func collectDeprecated(_ operand: Operand) {
        switch operand {
        case .field(let field):
            guard let id = resolver.catalogue.id(named: field.name),
                resolver.catalogue[id].flags.contains(.deprecated)
            else { return }
            add(.deprecatedItem, "field '\(field.name)' is deprecated", at: field.range)
        case .transformer(let call): for argument in call.arguments { collectDeprecated(argument) }
        }
    }

    private mutating func collectDeprecated(_ argument: TransformerArgument) {
        switch argument {
        case .operand(let operand): collectDeprecated(operand)
        case .literal: return
        case .list(let list): for argument in list { collectDeprecated(argument) }
        }
    }

    private mutating func checkMissing(_ field: FieldExpression, _ comparison: Comparison, _ literals: [Literal]) {
        guard field.name.hasPrefix("ka.") || field.name.hasPrefix("jevt."),
            [.equal, .notEqual, .in, .intersects, .pmatch].contains(comparison.comparator),
            let literal = literals.first(where: { $0.text == "<NA>" })
        else { return }
        add(
            .unsafeNACheck, "comparing a field value with <NA> is unsafe: '\(field.name)' is missing, not \"<NA>\"",
            at: literal.range, suggestion: "write '\(field.name) exists'"
        )
    }

    private mutating func checkFieldName(_ literal: Literal, _ comparison: Comparison) {
        let text = literal.text
        guard text.contains("."), resolver.isField(text) else { return }
        add(
            .compileConditionHint, "'\(text)' is the name of a field, but stands here for its own letters",
            at: literal.range, suggestion: "did you mean 'val(\(text))'?"
        )
    }

    private mutating func checkTransformer(_ literal: Literal) {
        let text = literal.text
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return }
        let name = text[..<open]
        guard Self.transformers.contains(String(name)) else { return }
        add(
            .compileConditionHint, "'\(text)' looks like a transformer, but stands here for its own letters",
            at: literal.range, suggestion: "write it without quotes"
        )
    }

    private static let transformers: Set<String> = [
        "val", "tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt",
    ]

    private mutating func checkRegex(_ literal: Literal) {
        var core = literal.bytes[...]
        let any = Array(".*".utf8)
        let hasStart = core.starts(with: any)
        if hasStart { core = core.dropFirst(2) }
        let hasEnd = core.count >= 2 && core.suffix(2).elementsEqual(any)
        if hasEnd { core = core.dropLast(2) }
        let special = Set("\\^$.[]|()?*+{}".utf8)
        guard !core.contains(where: special.contains) else { return }
        let word =
            switch (hasStart, hasEnd) {
            case (true, true): "contains"
            case (true, false): "endswith"
            case (false, true): "startswith"
            case (false, false): "="
            }
        add(
            .compileConditionHint, "regex '\(literal.text)' has no need of a regular expression", at: literal.range,
            suggestion: "write '\(word) \(String(decoding: core, as: UTF8.self))', which is quicker"
        )
    }
}
