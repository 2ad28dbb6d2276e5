import RuleLanguage

/// Lays a condition out over lines: what fits on one stands there, longer `and` and `or` are indented.
enum ConditionLayout {
    private static let width = 100

    /// The condition's canonical text in lines.
    static func lines(of condition: Condition) -> [String] { lines(of: condition, indent: "", room: width) }

    private static func lines(of condition: Condition, indent: String, room: Int) -> [String] {
        let text = condition.canonicalText
        if text.count + indent.count <= room { return [indent + text] }
        switch condition {
        case .and(let operands): return group(operands, "and", indent)
        case .or(let operands): return group(operands, "or", indent)
        case .not(let operand):
            var lines = lines(of: operand, indent: indent, room: room)
            if let first = lines.first { lines[0] = indent + "not " + first.dropFirst(indent.count) }
            return lines
        case .macro, .comparison: return wrapped(text, indent: indent, room: room)
        }
    }

    /// Breaks a long list of values behind commas.
    private static func wrapped(_ text: String, indent: String, room: Int) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while let comma = rest.firstRange(of: ", ") {
            add(rest[..<comma.upperBound].dropLast(), indent: indent, room: room, to: &lines)
            rest = rest[comma.upperBound...]
        }
        add(rest, indent: indent, room: room, to: &lines)
        return lines
    }

    private static func add(_ piece: Substring, indent: String, room: Int, to lines: inout [String]) {
        if let last = lines.last, last.count + 1 + piece.count <= room {
            lines[lines.count - 1] = last + " " + piece
        } else {
            lines.append((lines.isEmpty ? indent : indent + "  ") + piece)
        }
    }

    private static func group(_ operands: [Condition], _ word: String, _ indent: String) -> [String] {
        var result = [indent + "("]
        for (index, operand) in operands.enumerated() {
            let inner = indent + "  "
            var lines = lines(of: operand, indent: inner, room: width - word.count - 1)
            if index > 0, let first = lines.first { lines[0] = inner + word + " " + first.dropFirst(inner.count) }
            result += lines
        }
        return result + [indent + ")"]
    }
}
