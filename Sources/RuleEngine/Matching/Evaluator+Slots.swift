import EventModel

extension Evaluator {
    /// A slot's value for the event at hand; made once per event.
    mutating func value<Reader: FieldReader>(ofSlot slot: Int, _ reader: Reader) -> FieldValue {
        if slotGenerations[slot] == generation { return slotValues[slot] }
        let value = make(program.slots[slot], reader)
        slotGenerations[slot] = generation
        slotValues[slot] = value
        return value
    }

    private mutating func make<Reader: FieldReader>(_ slot: SlotCode, _ reader: Reader) -> FieldValue {
        switch slot.kind {
        case .field:
            let value = reader.read(program.references[Int(slot.first)], into: &arena)
            return value.kind == .string ? endingAtNUL(value) : value
        case .constant:
            let start = arena.mark
            arena.append(program.literalBytes, program.literals[Int(slot.first)])
            return arena.string(from: start)
        case .toLower, .toUpper, .decodeBase64, .baseName, .length, .join, .concat, .getopt, .list: break
        }
        // All operands first: what is made of them must lie in one piece.
        let arguments = Int(slot.argumentStart)..<Int(slot.argumentStart + slot.argumentCount)
        for argument in arguments where value(ofSlot: Int(program.slotArguments[argument]), reader).isNull {
            return .null
        }
        if slot.kind == .list {
            let start = arena.elementMark
            for argument in arguments { arena.appendElement(slotValues[Int(program.slotArguments[argument])]) }
            return arena.list(from: start)
        }
        guard let operand = arguments.first.map({ slotValues[Int(program.slotArguments[$0])] }) else { return .null }
        switch slot.kind {
        case .toLower: return mapped(operand) { $0.map(text: $1, ByteText.lowercase) }
        case .toUpper: return mapped(operand) { $0.map(text: $1, ByteText.uppercase) }
        case .baseName: return mapped(operand) { $0.baseName(of: $1) }
        case .decodeBase64:
            return mapped(operand) { evaluator, value in
                evaluator.endingAtNUL(evaluator.arena.decodeBase64(value))
            }
        case .length: return .unsigned(UInt64(operand.range.count))
        case .concat:
            let start = arena.mark
            for argument in arguments {
                let part = slotValues[Int(program.slotArguments[argument])]
                guard part.kind == .string else { return .null }
                arena.append(own: part.range)
            }
            return arena.string(from: start)
        case .join:
            guard let last = arguments.last else { return .null }
            return arena.join(slotValues[Int(program.slotArguments[last])], separator: operand)
        case .getopt:
            guard let last = arguments.last else { return .null }
            return arena.parseOptions(
                operand, options: slotValues[Int(program.slotArguments[last])],
                selector: slot.first >= 0 ? UInt8(truncatingIfNeeded: slot.first) : nil
            )
        case .field, .constant, .list: return .null
        }
    }

    /// Text ends at its first NUL, as in C.
    private mutating func endingAtNUL(_ value: FieldValue) -> FieldValue {
        guard value.kind == .string else { return value }
        let range = ByteText.beforeNUL(arena.bytes, value.range)
        guard range != value.range else { return value }
        return FieldValue(kind: .string, bits: UInt64(range.lowerBound) << 32 | UInt64(range.count))
    }

    /// Applies a function to a value or to each element of a list; null when it has no result for one.
    private mutating func mapped(
        _ value: FieldValue, _ transform: (inout Evaluator, FieldValue) -> FieldValue
    ) -> FieldValue {
        guard value.kind == .list else { return transform(&self, value) }
        // The results are made behind the elements, so they are closed into a list in a second step.
        let start = arena.elementMark
        for position in value.range {
            let result = transform(&self, arena.elements[position])
            if result.isNull { return .null }
            arena.appendElement(result)
        }
        return arena.list(from: start)
    }

    private mutating func map(text value: FieldValue, _ byte: (UInt8) -> UInt8) -> FieldValue {
        guard value.kind == .string || value.kind == .bytes else { return .null }
        let start = arena.mark
        for position in value.range { arena.append(byte(arena.bytes[position])) }
        return value.kind == .string ? arena.string(from: start) : arena.buffer(from: start)
    }

    private mutating func baseName(of value: FieldValue) -> FieldValue {
        guard value.kind == .string else { return .null }
        var range = value.range
        for position in range.reversed() where arena.bytes[position] == UInt8(ascii: "/") {
            range = (position + 1)..<range.upperBound
            break
        }
        return FieldValue(kind: .string, bits: UInt64(range.lowerBound) << 32 | UInt64(range.count))
    }
}
