extension Diagnostic {
    /// The widest part of a source line that is shown.
    private static let maximumSnippetWidth = 160

    /// The problem for a person: place, message and code; the line with the part that is meant underlined, and the
    /// suggestion; the item that it belongs to. Lines are joined by newlines, with none at the end.
    public var rendered: String {
        var lines = ["\(location.described): \(severity.rawValue): \(message) [\(code.rawValue)]"]
        if let snippet {
            lines.append("  " + snippet.line)
            lines.append("  " + snippet.marks + (suggestion.map { " " + $0 } ?? ""))
        } else if let suggestion {
            lines.append("  \(suggestion)")
        }
        if let item = context.last(where: { !$0.itemName.isEmpty }),
            item.location.line != location.line
                || item.location.file != location.file
        {
            lines.append("\(item.location.described): note: in \(item.itemType) '\(item.itemName.withoutControls)'")
        }
        return lines.joined(separator: "\n")
    }

    /// The problem in one line: place, message and code.
    public var line: String {
        "\(location.described): \(severity.rawValue): \(message.withoutControls) [\(code.rawValue)]"
    }

    /// The source line and marks under the part that is meant.
    var snippet: (line: String, marks: String)? {
        guard let sourceLine else { return nil }
        // A tab takes one column, so that the marks stand where they should; other controls could steer a terminal.
        let characters = Array(sourceLine.withoutControls.unicodeScalars)
        let column = max(0, min(location.column - 1, characters.count))
        var start = 0
        if characters.count > Self.maximumSnippetWidth, column > Self.maximumSnippetWidth / 2 {
            start = min(column - Self.maximumSnippetWidth / 2, characters.count - Self.maximumSnippetWidth)
        }
        let shown = characters[start..<min(characters.count, start + Self.maximumSnippetWidth)]
        let width = max(1, min(length, start + shown.count - column))
        var line = String.UnicodeScalarView()
        line.append(contentsOf: shown)
        let marks = String(repeating: " ", count: column - start) + "^" + String(repeating: "~", count: width - 1)
        return (String(line), marks)
    }
}

extension SourceLocation {
    /// `file:line:column`.
    public var described: String { "\(file):\(line):\(column)" }
}

extension String {
    /// The text with every control character, which could steer a terminal, replaced by a space.
    var withoutControls: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(scalars)
    }
}
