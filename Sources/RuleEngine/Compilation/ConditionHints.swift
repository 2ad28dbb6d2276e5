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
        for field in comparison.left.fields { checkMissing(field, comparison, literals) }
        if case .field(let field) = comparison.left { checkText(field, comparison, literals) }
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

    private static let commandNames: Set<String> = [
        "proc.name", "proc.pname", "proc.aname", "proc.sname", "proc.vpgid.name",
    ]
    private static let paths: Set<String> = [
        "fd.name", "fd.directory", "fs.path.name", "fs.path.source", "fs.path.target", "proc.exepath", "proc.pexepath",
        "proc.aexepath", "proc.cwd",
    ]
    /// The longest name that the kernel keeps for a process (TASK_COMM_LEN - 1).
    private static let maximumCommandLength = 15

    /// Warns of texts that no value of the field can be.
    private mutating func checkText(_ field: FieldExpression, _ comparison: Comparison, _ literals: [Literal]) {
        let isWhole = [.equal, .in, .intersects].contains(comparison.comparator)
        guard isWhole || comparison.comparator == .startswith else { return }
        if Self.commandNames.contains(field.name) {
            for literal in literals
            where literal.bytes.count > Self.maximumCommandLength && literal.bytes.last != UInt8(ascii: ")") {
                let cut = String(decoding: literal.bytes.prefix(Self.maximumCommandLength), as: UTF8.self)
                add(
                    .compileConditionHint,
                    "'\(field.name)' has at most \(Self.maximumCommandLength) bytes and is never '\(literal.text)'",
                    at: literal.range, suggestion: "write '\(cut)'"
                )
            }
        } else if Self.paths.contains(field.name) {
            for literal in literals where Self.looksRelative(literal) {
                add(
                    .compileConditionHint,
                    "'\(field.name)' is an absolute path and never begins with '\(literal.text)'",
                    at: literal.range, suggestion: "write '/\(literal.text)'"
                )
            }
        }
    }

    /// Whether a text has the form of a path that lacks its first slash. Names of what is no file (`memfd:x`, `1.2.3.4:80`)
    /// have a colon.
    private static func looksRelative(_ literal: Literal) -> Bool {
        guard let first = literal.bytes.first, literal.bytes.contains(UInt8(ascii: "/")) else { return false }
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20)
        return isLetter && !literal.bytes.contains(UInt8(ascii: ":"))
    }

    private mutating func checkFieldName(_ literal: Literal, _ comparison: Comparison) {
        guard literal.bytes.contains(UInt8(ascii: ".")), literal.bytes.first != UInt8(ascii: "/") else { return }
        let text = literal.text
        guard resolver.isField(text) else { return }
        add(
            .compileConditionHint, "'\(text)' is the name of a field, but stands here for its own letters",
            at: literal.range, suggestion: "did you mean 'val(\(text))'?"
        )
    }

    private mutating func checkTransformer(_ literal: Literal) {
        guard literal.bytes.last == UInt8(ascii: ")") else { return }
        let text = literal.text
        guard let open = text.firstIndex(of: "(") else { return }
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
        // The whole value must match anyway.
        var core = literal.bytes[...]
        if core.first == UInt8(ascii: "^") { core = core.dropFirst() }
        if core.last == UInt8(ascii: "$"), core.dropLast().last != UInt8(ascii: "\\") { core = core.dropLast() }
        let any = [Array(".*".utf8), Array(".+".utf8)]
        let hasStart = any.contains { core.starts(with: $0) }
        if hasStart { core = core.dropFirst(2) }
        let hasEnd = core.count >= 2 && any.contains { core.suffix(2).elementsEqual($0) }
        if hasEnd { core = core.dropLast(2) }
        guard !core.isEmpty else { return }
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
