/// Reads instructions of x86-64 (Intel's manual, volume 2, chapter 2 and appendix A): how long each is, where it leads, and which
/// general registers it writes.
struct X86Decoder {
    private let file: ImageBytes
    private let start: Int
    private let address: UInt64
    private var position: Int
    private var rex: UInt8 = 0
    private var hasOperandSize = false
    private var hasAddressSize = false
    private var modRM: UInt8 = 0
    /// Where the 32-bit distance of an operand that is named relative to the instruction stands.
    private var distance: Int?

    private init(_ file: ImageBytes, at offset: Int, address: UInt64) {
        (self.file, start, self.address, position) = (file, offset, address, offset)
    }

    /// The instruction at a place; of bytes that are none, one byte that ends the way. Nil at the end of the file.
    static func decode(_ file: ImageBytes, at offset: Int, address: UInt64) -> Instruction? {
        guard file.byte(offset) != nil else { return nil }
        var decoder = X86Decoder(file, at: offset, address: address)
        return decoder.instruction() ?? Instruction(address: address, length: 1, flow: .end)
    }

    // MARK: Parts

    private var peeked: UInt8? { file.byte(position) }

    private mutating func next() -> UInt8? {
        guard let byte = file.byte(position) else { return nil }
        position += 1
        return byte
    }

    private var mode: UInt8 { modRM >> 6 }
    private var digit: UInt8 { modRM >> 3 & 7 }
    /// The register that ModRM names in its middle bits, and, where `mode` is 3, in its lowest.
    private var register: UInt8 { digit | (rex & 4) << 1 }
    private var operand: UInt8 { modRM & 7 | (rex & 1) << 3 }
    private var isRegister: Bool { mode == 3 }

    /// ModRM, SIB and displacement.
    private mutating func operands() -> Bool {
        guard let byte = next() else { return false }
        modRM = byte
        guard mode != 3 else { return true }
        var displacement = mode == 1 ? 1 : mode == 2 ? 4 : 0
        if modRM & 7 == 4 {
            guard let index = next() else { return false }
            if mode == 0, index & 7 == 5 { displacement = 4 }
        } else if mode == 0, modRM & 7 == 5 {
            distance = position
            displacement = 4
        }
        position += displacement
        return position <= file.count
    }

    private mutating func immediate(_ size: Int) -> UInt64? {
        guard let value = file.number(position, size) else { return nil }
        position += size
        return value
    }

    /// The immediate of most instructions, at most 32 bits that stand for 64.
    private mutating func fullImmediate() -> UInt64? {
        if hasOperandSize { return immediate(2) }
        guard let value = file.signedWord(position) else { return nil }
        position += 4
        return UInt64(bitPattern: value)
    }

    private func finished(
        _ flow: Instruction.Flow = .next, _ effect: Instruction.Effect = .none, target: UInt64? = nil
    ) -> Instruction? {
        let length = position - start
        guard length > 0, length <= 15, position <= file.count else { return nil }
        var reference: UInt64?
        if let distance, let value = file.signedWord(distance) {
            reference = address &+ UInt64(length) &+ UInt64(bitPattern: value)
        }
        return Instruction(
            address: address, length: UInt8(length), flow: flow, effect: effect, target: target, reference: reference)
    }

    private mutating func jump(_ flow: Instruction.Flow, _ size: Int) -> Instruction? {
        guard let raw = immediate(size) else { return nil }
        let shift = UInt64(64 - size * 8)
        let distance = UInt64(bitPattern: Int64(bitPattern: raw << shift) >> Int64(shift))
        return finished(flow, target: address &+ UInt64(position - start) &+ distance)
    }

    // Where the operand is memory no register is written.
    private func writesOperand() -> Instruction.Effect { isRegister ? .clobber(1 << UInt32(operand)) : .none }
    private func writesRegister() -> Instruction.Effect { .clobber(1 << UInt32(register)) }

    // MARK: Opcodes

    private mutating func instruction() -> Instruction? {
        while let byte = peeked, Self.prefixes.contains(byte) {
            hasOperandSize = hasOperandSize || byte == 0x66
            hasAddressSize = hasAddressSize || byte == 0x67
            position += 1
            guard position - start < 15 else { return nil }
        }
        if let byte = peeked, byte & 0xf0 == 0x40 {
            rex = byte
            position += 1
        }
        guard let opcode = next() else { return nil }
        switch opcode {
        case 0x0f: return twoBytes()
        case 0xc4, 0xc5, 0x62: return vector(opcode)
        case 0x00...0x3f: return arithmetic(opcode)
        default: return oneByte(opcode)
        }
    }

    private static let prefixes: Set<UInt8> = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]

    /// ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, eight opcodes each.
    private mutating func arithmetic(_ opcode: UInt8) -> Instruction? {
        let isCompare = opcode >> 3 == 7
        switch opcode & 7 {
        case 0...3:
            guard operands() else { return nil }
            if isCompare { return finished() }
            // XOR and SUB of a register with itself.
            let isZero = (opcode >> 3 == 6 || opcode >> 3 == 5) && opcode & 1 == 1 && isRegister && register == operand
            if isZero { return finished(.next, .constant(register, 0)) }
            return finished(.next, opcode & 2 == 0 ? writesOperand() : writesRegister())
        case 4:
            guard immediate(1) != nil else { return nil }
            return finished(.next, isCompare ? .none : .clobber(1))
        case 5:
            guard fullImmediate() != nil else { return nil }
            return finished(.next, isCompare ? .none : .clobber(1))
        default: return nil
        }
    }

    private mutating func oneByte(_ opcode: UInt8) -> Instruction? {
        let low = opcode & 7 | (rex & 1) << 3
        switch opcode {
        case 0x50...0x57, 0x90, 0x9b...0x9f, 0xa4...0xa7, 0xaa...0xaf, 0xf5, 0xf8...0xfd, 0x6c...0x6f, 0xec...0xef,
            0xc9, 0x98, 0xd7:
            return finished()
        case 0x58...0x5f: return finished(.next, .pop(low))
        case 0x63:
            guard operands() else { return nil }
            return finished(.next, isRegister ? .copy(register, from: operand) : writesRegister())
        case 0x68:
            guard let value = fullImmediate() else { return nil }
            return finished(.next, .push(value))
        case 0x6a:
            guard let value = immediate(1) else { return nil }
            return finished(.next, .push(value))
        case 0x69, 0x6b:
            guard operands(), (opcode == 0x69 ? fullImmediate() : immediate(1)) != nil else { return nil }
            return finished(.next, writesRegister())
        case 0x70...0x7f, 0xe0...0xe3: return jump(.branch, 1)
        case 0x80, 0x81, 0x83:
            guard operands(), (opcode == 0x81 ? fullImmediate() : immediate(1)) != nil else { return nil }
            return finished(.next, digit == 7 ? .none : writesOperand())
        case 0x84, 0x85:
            return operands() ? finished() : nil
        case 0x86, 0x87:
            guard operands() else { return nil }
            let other = isRegister ? UInt32(1) << UInt32(operand) : 0
            return finished(.next, .clobber(other | 1 << UInt32(register)))
        case 0x88...0x8b: return move(opcode)
        case 0x8c, 0x8f: return operands() ? finished(.next, writesOperand()) : nil
        case 0x8d: return operands() ? finished(.next, writesRegister()) : nil
        case 0x8e: return operands() ? finished() : nil
        case 0x91...0x97: return finished(.next, .clobber(1 | 1 << UInt32(low)))
        case 0x99: return finished(.next, .clobber(1 << 2))
        case 0xa0...0xa3:
            guard immediate(hasAddressSize ? 4 : 8) != nil else { return nil }
            return finished(.next, opcode < 0xa2 ? .clobber(1) : .none)
        case 0xa8: return immediate(1) != nil ? finished() : nil
        case 0xa9: return fullImmediate() != nil ? finished() : nil
        case 0xb0...0xb7: return immediate(1) != nil ? finished(.next, .clobber(1 << UInt32(low))) : nil
        case 0xb8...0xbf:
            guard let value = immediate(rex & 8 != 0 ? 8 : hasOperandSize ? 2 : 4) else { return nil }
            return finished(.next, .constant(low, value))
        case 0xc0, 0xc1: return operands() && immediate(1) != nil ? finished(.next, writesOperand()) : nil
        case 0xd0...0xd3: return operands() ? finished(.next, writesOperand()) : nil
        case 0xc2, 0xca: return immediate(2) != nil ? finished(.end) : nil
        case 0xc3, 0xcb, 0xcc, 0xcf, 0xf1, 0xf4: return finished(.end)
        case 0xc6, 0xc7:
            guard operands(), let value = opcode == 0xc7 ? fullImmediate() : immediate(1) else { return nil }
            return finished(
                .next, isRegister && opcode == 0xc7 && !hasOperandSize ? .constant(operand, value) : writesOperand())
        case 0xc8: return immediate(3) != nil ? finished() : nil
        case 0xcd: return immediate(1) != nil ? finished(.next, .clobber(1)) : nil
        case 0xd8...0xdf:
            return operands() ? finished(.next, opcode == 0xdf && modRM == 0xe0 ? .clobber(1) : .none) : nil
        case 0xe4...0xe7: return immediate(1) != nil ? finished(.next, .clobber(1)) : nil
        case 0xe8: return jump(.call, 4)
        case 0xe9: return jump(.jump, 4)
        case 0xeb: return jump(.jump, 1)
        case 0xf6, 0xf7: return unary(opcode)
        case 0xfe, 0xff: return last()
        default: return nil
        }
    }

    private mutating func move(_ opcode: UInt8) -> Instruction? {
        guard operands() else { return nil }
        let (to, from) = opcode & 2 == 0 ? (operand, register) : (register, operand)
        if isRegister { return finished(.next, opcode & 1 == 1 ? .copy(to, from: from) : .clobber(1 << UInt32(to))) }
        return finished(.next, opcode & 2 == 0 ? .none : writesRegister())
    }

    /// TEST, NOT, NEG, MUL, IMUL, DIV, IDIV.
    private mutating func unary(_ opcode: UInt8) -> Instruction? {
        guard operands() else { return nil }
        if digit < 2 {
            guard (opcode == 0xf6 ? immediate(1) : fullImmediate()) != nil else { return nil }
            return finished()
        }
        return finished(.next, digit < 4 ? writesOperand() : .clobber(0b101))
    }

    /// INC, DEC, CALL, JMP, PUSH.
    private mutating func last() -> Instruction? {
        guard operands() else { return nil }
        switch digit {
        case 0, 1: return finished(.next, writesOperand())
        case 2, 3: return finished(.call)
        case 4, 5: return finished(.end)
        default: return finished()
        }
    }

    private mutating func twoBytes() -> Instruction? {
        guard let opcode = next() else { return nil }
        switch opcode {
        case 0x05: return finished(.systemCall, .clobber(0b1000_0000_0011))
        case 0x0b, 0xb9, 0xff: return finished(.end)
        case 0x06...0x09, 0x0e, 0x30, 0x34...0x37, 0x77, 0xa0, 0xa1, 0xa8, 0xa9, 0xaa: return finished()
        case 0x31...0x33: return finished(.next, .clobber(0b101))
        case 0xa2: return finished(.next, .clobber(0b1111))
        case 0xc8...0xcf: return finished(.next, .clobber(1 << UInt32(opcode & 7 | (rex & 1) << 3)))
        case 0x80...0x8f: return jump(.branch, 4)
        case 0x38:
            guard let operation = next(), operands() else { return nil }
            return finished(.next, operation >= 0xf0 ? writesRegister() : .none)
        case 0x3a: return next() != nil && operands() && immediate(1) != nil ? finished(.next, writesOperand()) : nil
        default: break
        }
        guard operands() else { return nil }
        switch opcode {
        case 0x70...0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6, 0x0f:
            guard immediate(1) != nil else { return nil }
            let writesGeneral = opcode == 0xa4 || opcode == 0xac || opcode == 0xba && digit != 4
            return finished(.next, opcode == 0xc5 ? writesRegister() : writesGeneral ? writesOperand() : .none)
        // XGETBV and RDTSCP.
        case 0x01: return finished(.next, modRM == 0xd0 || modRM == 0xf9 ? .clobber(0b111) : .none)
        case 0x40...0x4f: return finished(.next, .mayCopy(register, from: isRegister ? operand : nil))
        case 0x02, 0x03, 0x2c, 0x2d, 0x50, 0xd7, 0xaf, 0xb6...0xb8, 0xbc...0xbf:
            return finished(.next, writesRegister())
        case 0x90...0x9f, 0xa5, 0xab, 0xad, 0xb3, 0xbb, 0x7e, 0xc7: return finished(.next, writesOperand())
        case 0xb0, 0xb1:
            return finished(.next, .clobber(1 | (isRegister ? 1 << UInt32(operand) : 0)))
        case 0xc0, 0xc1:
            return finished(.next, .clobber(1 << UInt32(register) | (isRegister ? 1 << UInt32(operand) : 0)))
        default: return finished()
        }
    }

    /// VEX and EVEX (sections 2.3 and 2.7).
    private mutating func vector(_ opcode: UInt8) -> Instruction? {
        guard let first = next() else { return nil }
        var map: UInt8 = 1
        if opcode != 0xc5 {
            map = first & (opcode == 0x62 ? 7 : 31)
            rex = (~first >> 7 & 1) << 2 | (~first >> 5 & 1)
            position += opcode == 0x62 ? 2 : 1
        }
        guard let operation = next() else { return nil }
        // VZEROUPPER alone has no operands.
        if map == 1, operation == 0x77 { return finished() }
        guard operands() else { return nil }
        let hasImmediate = map == 3 || map == 1 && [0x70, 0x71, 0x72, 0x73, 0xc2, 0xc4, 0xc5, 0xc6].contains(operation)
        if hasImmediate { guard immediate(1) != nil else { return nil } }
        switch (map, operation) {
        case (1, 0x7e), (3, 0x14...0x17): return finished(.next, writesOperand())
        case (1, 0x2c), (1, 0x2d), (1, 0x50), (1, 0xd7), (1, 0x93), (1, 0xc5), (2, 0xf2...0xf7), (3, 0xf0):
            return finished(.next, writesRegister())
        default: return finished()
        }
    }
}
