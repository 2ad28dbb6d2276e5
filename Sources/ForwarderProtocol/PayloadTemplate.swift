/// A user's body: text with `{{placeholders}}`.
public struct PayloadTemplate: Sendable, Equatable {
    /// What is wrong with a template.
    public enum Problem: Error, Sendable, Equatable {
        /// A `{{` without `}}`.
        case unclosed
        /// A placeholder that is none.
        case unknown(String)
    }

    /// The names of the placeholders; `field:NAME` stands for any field of the output.
    public static let placeholders = [
        "rule", "priority", "output", "message", "time", "hostname", "source", "tags", "key", "alert", "field:NAME",
    ]

    /// A template for an empty body.
    public static let empty = PayloadTemplate(parts: [])

    /// A piece of a body.
    public enum Part: Sendable, Equatable {
        /// What stands there as it is.
        case text([UInt8])
        /// A placeholder without its braces.
        case placeholder(String)
        /// The value of the output field of this name.
        case field([UInt8])
    }

    /// The pieces, in order.
    public let parts: [Part]

    private init(parts: [Part]) { self.parts = parts }

    /// Reads a template.
    public init(_ text: String) throws(Problem) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            if start.lowerBound > rest.startIndex { parts.append(.text(Array(rest[..<start.lowerBound].utf8))) }
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else { throw .unclosed }
            let name = String(rest[..<end.lowerBound].filter { $0 != " " })
            rest = rest[end.upperBound...]
            if name.hasPrefix("field:"), name.utf8.count > 6 {
                parts.append(.field(Array(name.utf8.dropFirst(6))))
            } else if Self.placeholders.contains(name), name != "field:NAME" {
                parts.append(.placeholder(name))
            } else {
                throw .unknown(name)
            }
        }
        if !rest.isEmpty { parts.append(.text(Array(rest.utf8))) }
        self.parts = parts
    }
}
