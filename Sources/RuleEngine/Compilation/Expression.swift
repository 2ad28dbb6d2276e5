import EventModel

/// What a comparison reads: a field, a constant or a transformer call.
indirect enum Expression: Sendable, Hashable {
    case field(FieldReference)
    case constant([UInt8])
    case call(TransformerFunction, [Expression])
    /// A parenthesised list of operands (`join`'s second argument).
    case list([Expression])

    /// The fields that the expression reads, in the order in which they are written.
    var references: [FieldReference] {
        switch self {
        case .field(let reference): [reference]
        case .constant: []
        case .call(_, let arguments), .list(let arguments): arguments.flatMap(\.references)
        }
    }
}

/// The transformers of the rule language.
enum TransformerFunction: Sendable, Hashable {
    case toLower, toUpper, decodeBase64, baseName, length, join, concat
    /// Short-option parsing; with a selector only that option's value.
    case getopt(selector: UInt8?)
}

/// The type of an expression's value.
struct ValueShape: Sendable, Hashable {
    var type: FieldType
    var isList = false

    /// Whether comparisons treat the value as text.
    var isText: Bool { type == .string || type == .path }
    /// The groups of types that share their operators.
    var category: ValueCategory { ValueCategory(type) }
}

/// The groups of field types that share operators and the form of literals.
enum ValueCategory: Sendable, Hashable {
    case signed, unsigned, bool, double, text, bytes, address, network

    init(_ type: FieldType) {
        switch type {
        case .s8, .s16, .s32, .s64: self = .signed
        case .u8, .u16, .u32, .u64, .port, .relativeTime, .absoluteTime: self = .unsigned
        case .bool: self = .bool
        case .double: self = .double
        case .string, .path: self = .text
        case .bytes: self = .bytes
        case .address: self = .address
        case .network: self = .network
        }
    }

    /// The word that messages use.
    var name: String {
        switch self {
        case .signed, .unsigned: "number"
        case .bool: "bool"
        case .double: "double"
        case .text: "string"
        case .bytes: "byte buffer"
        case .address: "IP address"
        case .network: "IP network"
        }
    }
}
