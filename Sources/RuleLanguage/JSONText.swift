/// Writes a JSON document, compact, keys in the order they are given.
struct JSONText {
    private(set) var text = ""
    private var needsComma = false

    mutating func object(_ key: String? = nil, _ write: (inout JSONText) -> Void) {
        begin(key, "{")
        write(&self)
        end("}")
    }

    mutating func array<Element>(_ key: String, _ elements: [Element], _ write: (Element, inout JSONText) -> Void) {
        begin(key, "[")
        for element in elements { write(element, &self) }
        end("]")
    }

    mutating func string(_ key: String, _ value: String) {
        begin(key, "")
        append(value)
        needsComma = true
    }

    mutating func integer(_ key: String, _ value: Int) {
        begin(key, String(value))
        needsComma = true
    }

    mutating func bool(_ key: String, _ value: Bool) {
        begin(key, value ? "true" : "false")
        needsComma = true
    }

    private mutating func begin(_ key: String?, _ opening: String) {
        if needsComma { text += "," }
        if let key {
            append(key)
            text += ":"
        }
        text += opening
        needsComma = false
    }

    private mutating func end(_ closing: String) {
        text += closing
        needsComma = true
    }

    /// A string by RFC 8259, section 7.
    private mutating func append(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
