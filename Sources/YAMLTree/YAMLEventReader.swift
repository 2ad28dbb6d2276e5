// libyaml's events, not its documents: the tree needs places and bounds that those don't have. No Swift YAML library either:
// they bring Foundation and ICU with them, 40 MB for one parser.
import CYAML

/// What libyaml reads next.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(value: String, style: YAMLNode.ScalarStyle, isImplicit: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    /// The anchor that names the node, if any.
    var anchor: String?
    var line: Int
    var column: Int
    var bytes: Range<Int>
}

/// Pulls events from libyaml over a text that it owns.
struct YAMLEventReader: ~Copyable {
    private let bytes: [UInt8]
    /// Bytes of a byte order mark that libyaml does not get to see.
    private let skipped: Int
    private let offsets: CharacterOffsets
    // libyaml keeps pointers into the text and to its own struct, so both live at fixed addresses until deinit. They
    // are reached through this value only, which can't be copied.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    init(bytes: [UInt8]) throws(YAMLSyntaxError) {
        self.bytes = bytes
        skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        offsets = CharacterOffsets(bytes[skipped...])
        buffer = .allocate(capacity: max(1, bytes.count - skipped))
        _ = buffer.initialize(from: bytes[skipped...])
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw YAMLSyntaxError(message: "no memory for the YAML parser", line: 1, column: 1, offset: 0)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, buffer.baseAddress, bytes.count - skipped)
    }

    deinit {
        // Harmless on a parser that failed to initialise: libyaml zeroes it first.
        yaml_parser_delete(parser)
        parser.deallocate()
        buffer.deallocate()
    }

    /// The next event; the stream's start is left out.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
            // After the stream's end libyaml returns empty events for good.
            let isStart = event.type == YAML_STREAM_START_EVENT
            let read = isStart ? nil : translated(event)
            yaml_event_delete(&event)
            if let read { return read }
        }
    }

    private func translated(_ event: yaml_event_t) -> YAMLEvent {
        let data = event.data
        var anchor: String?
        var hasTag = false
        let kind: YAMLEvent.Kind
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_ALIAS_EVENT: kind = .alias(text(data.alias.anchor))
        case YAML_SCALAR_EVENT:
            anchor = data.scalar.anchor == nil ? nil : text(data.scalar.anchor)
            hasTag = data.scalar.tag != nil
            kind = .scalar(
                value: text(data.scalar.value, count: data.scalar.length), style: style(data.scalar.style),
                isImplicit: data.scalar.plain_implicit != 0
            )
        case YAML_SEQUENCE_START_EVENT:
            anchor = data.sequence_start.anchor == nil ? nil : text(data.sequence_start.anchor)
            kind = .sequenceStart
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            anchor = data.mapping_start.anchor == nil ? nil : text(data.mapping_start.anchor)
            kind = .mappingStart
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        default: kind = .streamEnd
        }
        var read = YAMLEvent(
            kind: kind, anchor: anchor, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1,
            bytes: byteRange(event.start_mark, event.end_mark)
        )
        if case .scalar = kind, anchor != nil || hasTag { skipProperties(of: &read) }
        return read
    }

    private func byteRange(_ start: yaml_mark_t, _ end: yaml_mark_t) -> Range<Int> {
        let first = skipped + offsets.byte(ofCharacter: Int(start.index))
        return first..<max(first, skipped + offsets.byte(ofCharacter: Int(end.index)))
    }

    /// Moves the beginning of a scalar past `&anchor` and `!tag`, which libyaml counts in.
    private func skipProperties(of event: inout YAMLEvent) {
        var at = event.bytes.lowerBound
        let end = event.bytes.upperBound
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "&"), UInt8(ascii: "!"):
                while at < end, !isBlankOrBreak(bytes[at]) { at += 1 }
            case UInt8(ascii: "#"):
                while at < end, bytes[at] != UInt8(ascii: "\n") { at += 1 }
            case let byte where isBlankOrBreak(byte): at += 1
            default:
                let (line, column) = lineAndColumn(of: at)
                event.line = line
                event.column = column
                event.bytes = at..<end
                return
            }
        }
        event.bytes = end..<end
    }

    private func isBlankOrBreak(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func style(_ style: yaml_scalar_style_t) -> YAMLNode.ScalarStyle {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    /// Text that libyaml owns and ends with a NUL.
    private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String {
        guard let pointer else { return "" }
        return String(cString: UnsafePointer(pointer))
    }

    /// Text that libyaml owns, of a known length.
    private func text(_ pointer: UnsafeMutablePointer<UInt8>?, count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: pointer, count: count), as: UTF8.self)
    }

    // MARK: - Errors

    private func syntaxError() -> YAMLSyntaxError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no memory for the YAML parser"
        if parser.pointee.error == YAML_READER_ERROR {
            let offset = min(bytes.count, skipped + Int(parser.pointee.problem_offset))
            let (line, column) = lineAndColumn(of: offset)
            return YAMLSyntaxError(
                message: "the file is not readable as UTF-8 text: \(problem)", line: line, column: column,
                offset: offset
            )
        }
        let mark = parser.pointee.problem_mark
        let offset = skipped + offsets.byte(ofCharacter: Int(mark.index))
        var message = problem.hasPrefix("Maximum nesting level") ? "the text is nested too deep" : problem
        if let context = parser.pointee.context {
            message += " \(String(cString: context))"
            let contextLine = Int(parser.pointee.context_mark.line)
            if contextLine != Int(mark.line) { message += " that begins in line \(contextLine + 1)" }
        }
        // At the end of a text libyaml counts a line that is not there.
        let (line, column) = lineAndColumn(of: offset)
        return YAMLSyntaxError(
            message: message, hint: hint(for: problem, at: offset), line: line, column: column, offset: offset
        )
    }

    private func hint(for problem: String, at offset: Int) -> String? {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "\t") {
            return "YAML does not allow tabs for indentation; use spaces"
        }
        switch problem {
        case "mapping values are not allowed in this context":
            return "put a value that holds ': ' in quotes, or check the indentation"
        case "did not find expected key", "could not find expected ':'", "did not find expected '-' indicator":
            return "check that the lines of this item are indented alike"
        case "found character that cannot start any token":
            return "put a value that begins with this character in quotes"
        case "found unexpected end of stream": return "a quote is not closed"
        default: return nil
        }
    }

    private func lineAndColumn(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in bytes[skipped..<max(skipped, min(offset, bytes.count))] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }
}
