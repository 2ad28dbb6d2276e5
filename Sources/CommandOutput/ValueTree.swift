import JSONTree
import Outputs

/// Values to be written as YAML or as JSON for people to read; keys keep their order.
public indirect enum ValueTree: Sendable, Equatable {
    /// No value.
    case null
    /// True or false.
    case bool(Bool)
    /// A number.
    case integer(Int)
    /// A number without sign, which may be larger.
    case unsigned(UInt64)
    /// A text.
    case text(String)
    /// Values in order.
    case list([ValueTree])
    /// Keys with their values, in order.
    case map([Member])

    /// A key and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public var key: String
        /// Its value.
        public var value: ValueTree

        /// A key and its value.
        public init(_ key: String, _ value: ValueTree) { (self.key, self.value) = (key, value) }
    }

    /// A list of texts.
    public static func texts(_ texts: some Sequence<String>) -> ValueTree { .list(texts.map { .text($0) }) }

    /// The value under a key of a map.
    public subscript(key: String) -> ValueTree? {
        guard case .map(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Puts a value at the end of a path of keys; maps on the way are made.
    public mutating func insert(_ value: ValueTree, at path: ArraySlice<Substring>) {
        guard let first = path.first else {
            self = value
            return
        }
        var members: [Member] = []
        if case .map(let present) = self { members = present }
        let key = String(first)
        let index = members.firstIndex { $0.key == key } ?? members.count
        if index == members.count { members.append(Member(key, .map([]))) }
        members[index].value.insert(value, at: path.dropFirst())
        self = .map(members)
    }

    // MARK: JSON

    /// The value as JSON, two blanks a level, with a newline at the end.
    public var json: String {
        var text = ""
        writeJSON(into: &text, indent: "")
        return text + "\n"
    }

    private func writeJSON(into text: inout String, indent: String) {
        let inner = indent + "  "
        switch self {
        case .list(let values) where !values.isEmpty:
            text += "[\n"
            for (index, value) in values.enumerated() {
                text += inner
                value.writeJSON(into: &text, indent: inner)
                text += index == values.count - 1 ? "\n" : ",\n"
            }
            text += indent + "]"
        case .map(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += inner + Self.quoted(member.key) + ": "
                member.value.writeJSON(into: &text, indent: inner)
                text += index == members.count - 1 ? "\n" : ",\n"
            }
            text += indent + "}"
        default: text += scalarJSON
        }
    }

    private var scalarJSON: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .text(let value): Self.quoted(value)
        case .list: "[]"
        case .map: "{}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    // MARK: YAML

    /// The value as a YAML document; a map at the top is written as block.
    public var yaml: String {
        var text = ""
        writeYAML(into: &text, indent: "")
        return text
    }

    private var isBlock: Bool {
        switch self {
        case .list(let values): !values.isEmpty
        case .map(let members): !members.isEmpty
        default: false
        }
    }

    /// Writes lines; the first of them continues the line that is begun, the others are indented.
    private func writeYAML(into text: inout String, indent: String) {
        switch self {
        case .map(let members) where !members.isEmpty:
            for (index, member) in members.enumerated() {
                if index > 0 { text += indent }
                text += Self.scalarYAML(member.key) + ":"
                if member.value.isBlock {
                    text += "\n" + indent + "  "
                    member.value.writeYAML(into: &text, indent: indent + "  ")
                } else {
                    text += " "
                    member.value.writeYAML(into: &text, indent: indent)
                }
            }
        case .list(let values) where !values.isEmpty:
            for (index, value) in values.enumerated() {
                if index > 0 { text += indent }
                text += "- "
                value.writeYAML(into: &text, indent: indent + "  ")
            }
        case .text(let value): text += Self.scalarYAML(value) + "\n"
        default: text += scalarJSON + "\n"
        }
    }

    /// Words that YAML 1.1 reads as something else than text.
    private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

    /// A text as it is where YAML reads it as that, else in quotes: a JSON string is a YAML string.
    private static func scalarYAML(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } ?? false
            && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "/._-".utf8.contains($0) }
        return isPlain && !reserved.contains(text.lowercased()) ? text : quoted(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }
}
