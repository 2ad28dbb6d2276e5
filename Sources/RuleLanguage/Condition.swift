/// A range of bytes (UTF-8 offsets) in a condition's or output's text.
public struct TextRange: Sendable, Hashable {
    /// Which text: an id that the loader gave it, so that a tree joined from a rule and its macros keeps every place.
    public var text: UInt32
    /// First byte.
    public var start: Int
    /// One past the last byte.
    public var end: Int
    /// The range of these bytes.
    public init(_ start: Int, _ end: Int, text: UInt32 = 0) {
        self.text = text
        self.start = start
        self.end = end
    }
}

/// The syntax tree of a condition.
public indirect enum Condition: Sendable, Hashable {
    /// All hold; two or more.
    case and([Condition])
    /// At least one holds; two or more.
    case or([Condition])
    case not(Condition)
    /// A reference to a macro, by name.
    case macro(name: String, range: TextRange)
    case comparison(Comparison)
}

/// A field or transformed field compared with something.
public struct Comparison: Sendable, Hashable {
    /// The left side.
    public var left: Operand
    /// How it is compared.
    public var comparator: ComparisonOperator
    /// `oneof`, `anyof`, `allof`, if given.
    public var modifier: Modifier?
    /// The right side; `.none` for `exists`.
    public var right: RightSide
    /// The comparison's text.
    public var range: TextRange

    /// A comparison from its parts.
    public init(
        left: Operand, comparator: ComparisonOperator, modifier: Modifier? = nil, right: RightSide, range: TextRange
    ) {
        self.left = left
        self.comparator = comparator
        self.modifier = modifier
        self.right = right
        self.range = range
    }
}

/// Quantifies a string operator over a list of right-hand values.
public enum Modifier: String, Sendable, Hashable, CaseIterable { case oneof, anyof, allof }

/// The comparison operators; `==` is parsed to `.equal`.
public enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contains, icontains, bcontains, startswith, bstartswith, endswith, glob, iglob, regex
    case `in`, intersects, pmatch, exists
}

/// What a comparison's left side (or a `val()` right side) reads.
public indirect enum Operand: Sendable, Hashable {
    case field(FieldExpression)
    case transformer(Transformer)
}

/// A field as written.
public struct FieldExpression: Sendable, Hashable {
    /// The field's name. For `evt.arg.NAME` and `thread.cgroup.NAME` the whole dotted text; the catalogue tells apart.
    public var name: String
    /// The text in brackets, if any.
    public var argument: String?
    /// Where it stands.
    public var range: TextRange
    /// A field as written.
    public init(name: String, argument: String? = nil, range: TextRange) {
        self.name = name
        self.argument = argument
        self.range = range
    }
}

/// A transformer call as written.
public struct Transformer: Sendable, Hashable {
    /// The transformer's name as written; the compiler checks it.
    public var name: String
    /// Its arguments.
    public var arguments: [TransformerArgument]
    /// The text in brackets behind the call (`getopt(...)[x]`).
    public var selector: String?
    /// Where it stands.
    public var range: TextRange
    /// A transformer call as written.
    public init(name: String, arguments: [TransformerArgument], selector: String? = nil, range: TextRange) {
        self.name = name
        self.arguments = arguments
        self.selector = selector
        self.range = range
    }
}

/// One argument of a transformer.
public indirect enum TransformerArgument: Sendable, Hashable {
    case operand(Operand)
    case literal(Literal)
    case list([TransformerArgument])
}

/// The right side of a comparison.
public enum RightSide: Sendable, Hashable {
    /// `exists` has none.
    case none
    case literal(Literal)
    /// A parenthesised list, or a single identifier in a list's place.
    case list([Literal])
    /// `val(field)` or a transformer.
    case operand(Operand)
}

/// A constant as written, unescaped.
public struct Literal: Sendable, Hashable {
    /// The constant's bytes, escapes resolved.
    public var bytes: [UInt8]
    /// Whether it was quoted.
    public var isQuoted: Bool
    /// Where it stands, quotes included.
    public var range: TextRange
    /// A constant as written.
    public init(bytes: [UInt8], isQuoted: Bool = false, range: TextRange) {
        self.bytes = bytes
        self.isQuoted = isQuoted
        self.range = range
    }
    /// Whether the constant is written as the grammar's numbers are: decimal with an optional sign, fraction and exponent,
    /// or hexadecimal behind `0x`.
    public var isNumber: Bool {
        var rest = bytes[...]
        if rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8) {
            return rest.count > 2 && rest.dropFirst(2).allSatisfy { TextCursor.isDigit($0) || TextCursor.isLetter($0) }
        }
        func takeDigits() -> Int {
            let digits = rest.prefix(while: TextCursor.isDigit).count
            rest = rest.dropFirst(digits)
            return digits
        }
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard takeDigits() > 0 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            _ = takeDigits()
        }
        guard let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") else { return rest.isEmpty }
        rest = rest.dropFirst()
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        rest = rest.dropFirst()
        return takeDigits() > 0 && rest.isEmpty
    }

    /// The constant as text; bad UTF-8 is replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A parsed output template.
public struct OutputTemplate: Sendable, Hashable {
    /// A piece of a template.
    public enum Piece: Sendable, Hashable {
        case text([UInt8])
        /// A field or transformer call, and the width to pad or cut it to.
        case value(Operand, width: Int?)
    }
    /// The pieces in order.
    public var pieces: [Piece]
    /// A template from its pieces.
    public init(pieces: [Piece]) { self.pieces = pieces }
}
