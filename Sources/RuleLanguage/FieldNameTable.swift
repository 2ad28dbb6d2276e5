/// The names of fields, as far as reading text needs them.
public struct FieldNameTable: Sendable {
    /// Fields whose argument may follow a dot: `evt.arg.flags` is field `evt.arg` with argument `flags`.
    public static let dottedArgumentFields: Set<String> = [
        "evt.arg", "evt.rawarg", "evt.abspath", "evt.type.is", "thread.cgroup",
    ]

    private let names: Set<String>
    private let sorted: [String]
    private let dotted: Set<String>

    /// A table of these names.
    public init(_ names: some Sequence<String>, dottedArgumentFields: Set<String> = dottedArgumentFields) {
        self.names = Set(names)
        sorted = self.names.sorted()
        dotted = dottedArgumentFields.intersection(self.names)
    }

    /// Whether a field has this name; a dotted argument may be part of it.
    public func contains(_ name: String) -> Bool {
        if names.contains(name) { return true }
        return dotted.contains { name.hasPrefix($0 + ".") && name.utf8.count > $0.utf8.count + 1 }
    }

    /// Whether some field's name begins so.
    public func hasField(beginningWith prefix: String) -> Bool { sorted.contains { $0.hasPrefix(prefix) } }

    /// The length in bytes of the longest known field name, dotted argument included, that the text begins with.
    public func longestPrefix(of text: ArraySlice<UInt8>) -> Int? {
        let run = text.prefix { TextCursor.isWord($0) || $0 == UInt8(ascii: ".") }
        var end = run.endIndex
        while end > run.startIndex {
            let name = String(decoding: run[run.startIndex..<end], as: UTF8.self)
            if names.contains(name) {
                return end - run.startIndex + (dotted.contains(name) ? dottedArgumentLength(run[end...]) : 0)
            }
            end -= 1
        }
        return nil
    }

    /// The length of `.name`, 0 when a lone dot (the end of a sentence) or nothing follows.
    private func dottedArgumentLength(_ rest: ArraySlice<UInt8>) -> Int {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let length = rest.dropFirst().prefix(while: TextCursor.isWord).count
        return length == 0 ? 0 : length + 1
    }

    /// A question that offers the nearest name, `did you mean 'proc.name'?`.
    public func suggestion(for name: String) -> String? { Suggestion.question(for: name, in: sorted) }
}
