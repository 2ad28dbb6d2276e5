/// Where each byte of a scalar's value stands in the file. A value differs from what was written: quotes and escapes are
/// resolved, lines folded, indentation taken away. The map is a list of runs that were copied byte by byte.
public struct ScalarPositions: Sendable, Hashable {
    /// A run of the value that stands in the file as it is, up to the next run's start.
    public struct Run: Sendable, Hashable {
        /// Offset of the run in the value.
        public var valueOffset: Int
        /// Offset of the run in the file.
        public var fileOffset: Int
    }

    /// The runs, in order, the first at value offset 0.
    public private(set) var runs: [Run]

    /// The map of a scalar node of a file with these bytes. For anything but a scalar, all offsets map to its beginning.
    public init(of node: YAMLNode, in file: [UInt8]) {
        runs = [Run(valueOffset: 0, fileOffset: node.bytes.lowerBound)]
        guard case .scalar(let text, let style) = node.content, node.bytes.upperBound <= file.count else { return }
        var aligner = ScalarAligner(
            value: Array(text.utf8), file: file, at: node.bytes.lowerBound, end: node.bytes.upperBound
        )
        switch style {
        case .plain: aligner.alignFlow(quote: nil)
        case .singleQuoted: aligner.alignFlow(quote: UInt8(ascii: "'"))
        case .doubleQuoted: aligner.alignFlow(quote: UInt8(ascii: "\""))
        case .literal, .folded: aligner.alignBlock()
        }
        if !aligner.runs.isEmpty { runs = aligner.runs }
        runs[0].valueOffset = 0
    }

    /// The file offset of a byte of the value. An offset past the end counts on from the last run.
    public func fileOffset(ofValueOffset offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].valueOffset <= offset { low = middle } else { high = middle }
        }
        return runs[low].fileOffset + max(0, offset - runs[low].valueOffset)
    }
}

/// Walks a scalar's value beside what was written, by the folding rules of YAML 1.1 (sections 4.4 and 4.5).
private struct ScalarAligner {
    let value: [UInt8]
    let file: [UInt8]
    /// Where the walk stands in the file.
    var at: Int
    let end: Int
    /// Where the walk stands in the value.
    var valueAt = 0
    var runs: [ScalarPositions.Run] = []

    init(value: [UInt8], file: [UInt8], at: Int, end: Int) {
        self.value = value
        self.file = file
        self.at = at
        self.end = end
    }

    /// Says that the next `count` bytes of the value stand at the place in the file.
    private mutating func emit(_ count: Int) {
        if let last = runs.last, last.fileOffset - last.valueOffset == at - valueAt {
            valueAt += count
            return
        }
        runs.append(ScalarPositions.Run(valueOffset: valueAt, fileOffset: at))
        valueAt += count
    }

    private func isBlank(_ offset: Int) -> Bool { offset < end && (file[offset] == 0x20 || file[offset] == 0x09) }
    private func isBreak(_ offset: Int) -> Bool { offset < end && (file[offset] == 0x0A || file[offset] == 0x0D) }

    private mutating func skipBreak() {
        if file[at] == 0x0D, at + 1 < end, file[at + 1] == 0x0A { at += 1 }
        at += 1
    }

    // MARK: - Plain and quoted

    /// Aligns a plain scalar, or with a quote a quoted one.
    mutating func alignFlow(quote: UInt8?) {
        if quote != nil { at += 1 }
        while at < end, valueAt < value.count {
            if isBlank(at) || isBreak(at) {
                alignWhitespace()
            } else if quote == UInt8(ascii: "\""), file[at] == UInt8(ascii: "\\") {
                alignEscape()
            } else {
                emit(1)
                at += file[at] == UInt8(ascii: "'") && quote == UInt8(ascii: "'") ? 2 : 1
            }
        }
    }

    /// Blanks within a line are kept; blanks around line breaks vanish, one break is a space, more are one fewer.
    private mutating func alignWhitespace() {
        var ahead = at
        while isBlank(ahead) { ahead += 1 }
        guard isBreak(ahead) else {
            emit(ahead - at)
            at = ahead
            return
        }
        at = ahead
        var breaks: [Int] = []
        while isBreak(at) || isBlank(at) {
            if isBreak(at) {
                breaks.append(at)
                skipBreak()
            } else {
                at += 1
            }
        }
        let next = at
        for place in breaks.count == 1 ? breaks[...] : breaks.dropFirst() {
            at = place
            emit(1)
        }
        at = next
    }

    private mutating func alignEscape() {
        let code = at + 1 < end ? file[at + 1] : 0
        if code == 0x0A || code == 0x0D {
            at += 1
            skipBreak()
            while isBlank(at) || isBreak(at) {
                if isBreak(at) {
                    emit(1)
                    skipBreak()
                } else {
                    at += 1
                }
            }
            return
        }
        let digits =
            switch code {
            case UInt8(ascii: "x"): 2
            case UInt8(ascii: "u"): 4
            case UInt8(ascii: "U"): 8
            default: 0
            }
        var count = 1
        if digits > 0 {
            count = utf8Length(ofLeadingByte: value[valueAt])
        } else if code == UInt8(ascii: "N") || code == UInt8(ascii: "_") {
            count = 2
        } else if code == UInt8(ascii: "L") || code == UInt8(ascii: "P") {
            count = 3
        }
        emit(count)
        at += 2 + digits
    }

    private func utf8Length(ofLeadingByte byte: UInt8) -> Int {
        switch byte {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }

    // MARK: - Block

    /// Aligns a literal or folded block. Both keep a line's text, so only the breaks differ; the value tells how.
    mutating func alignBlock() {
        while at < end, !isBreak(at) { at += 1 }
        guard at < end else { return }
        skipBreak()
        guard let indentation = blockIndentation() else { return }
        while at < end, valueAt < value.count {
            for _ in 0..<indentation where at < end && file[at] == 0x20 { at += 1 }
            let lineStart = at
            while at < end, !isBreak(at) { at += 1 }
            let length = at - lineStart
            if length > 0 {
                let lineEnd = at
                at = lineStart
                emit(length)
                at = lineEnd
            }
            alignBlockBreaks()
        }
    }

    /// The spaces that stand before the text of the first line that has any; the value's first text tells how many.
    private func blockIndentation() -> Int? {
        guard let text = value.firstIndex(where: { $0 != 0x0A }) else { return nil }
        var ahead = at
        while ahead < end {
            let lineStart = ahead
            while ahead < end, file[ahead] == 0x20 { ahead += 1 }
            if ahead < end, !isBreak(ahead) {
                let leading = value[text...].prefix { $0 == 0x20 }.count
                return max(0, ahead - lineStart - leading)
            }
            while ahead < end, !isBreak(ahead) { ahead += 1 }
            if ahead < end { ahead += 1 }
        }
        return nil
    }

    private mutating func alignBlockBreaks() {
        guard at < end, valueAt < value.count else {
            at = end
            return
        }
        var breaks: [Int] = []
        while isBreak(at) {
            breaks.append(at)
            skipBreak()
            // A line of blanks only belongs to the run of breaks.
            var ahead = at
            while ahead < end, file[ahead] == 0x20 { ahead += 1 }
            if isBreak(ahead) { at = ahead }
        }
        let next = at
        if value[valueAt] == 0x0A {
            let count = value[valueAt...].prefix { $0 == 0x0A }.count
            for place in breaks.suffix(count) {
                at = place
                emit(1)
            }
        } else if let place = breaks.first {
            at = place
            emit(1)
        }
        at = next
    }
}
