/// Reads instructions of arm64 (Arm Architecture Reference Manual, C4.1), as far as the search for system calls needs them.
enum ARM64Decoder {
    static func decode(_ file: ImageBytes, at offset: Int, address: UInt64) -> Instruction? {
        guard let word = file.word(offset) else { return nil }
        var instruction = Instruction(address: address, length: 4)
        let destination = UInt8(word & 31)
        // Branches.
        if word & 0x7c00_0000 == 0x1400_0000 {
            instruction.flow = word >> 31 == 1 ? .call : .jump
            instruction.target = address &+ signed(word & 0x03ff_ffff, 26, scale: 4)
            return instruction
        }
        if word & 0xff00_0000 == 0x5400_0000 || word & 0x7e00_0000 == 0x3400_0000 {
            instruction.flow = .branch
            instruction.target = address &+ signed(word >> 5 & 0x7_ffff, 19, scale: 4)
            return instruction
        }
        if word & 0x7e00_0000 == 0x3600_0000 {
            instruction.flow = .branch
            instruction.target = address &+ signed(word >> 5 & 0x3fff, 14, scale: 4)
            return instruction
        }
        if word == 0xd400_0001 {
            instruction.flow = .systemCall
            instruction.effect = .clobber(1)
            return instruction
        }
        // BLR; BR, RET, ERET and their kin.
        if word & 0xffff_fc1f == 0xd63f_0000 {
            instruction.flow = .call
            return instruction
        }
        if word & 0xfe00_0000 == 0xd600_0000 || word & 0xffe0_0000 == 0xd420_0000 || word >> 16 == 0 {
            instruction.flow = .end
            return instruction
        }
        instruction.effect = effect(word, destination)
        instruction.reference = reference(word, address)
        return instruction
    }

    private static func effect(_ word: UInt32, _ destination: UInt8) -> Instruction.Effect {
        let bit = UInt32(1) << UInt32(destination)
        // MOVZ, of 32 and 64 bits.
        if word & 0x7f80_0000 == 0x5280_0000 {
            return .constant(destination, UInt64(word >> 5 & 0xffff) << UInt64((word >> 21 & 3) &* 16))
        }
        // MOV of a register: ORR with the zero register.
        if word & 0x7fe0_ffe0 == 0x2a00_03e0 { return .copy(destination, from: UInt8(word >> 16 & 31)) }
        // CSEL: either of two.
        if word & 0x7fe0_0c00 == 0x1a80_0000 { return .mayCopy(destination, from: nil) }
        // Loads write their first register and LDP its second; stores, and the compares that write the zero register, none.
        if word & 0x0a00_0000 == 0x0800_0000 {
            let isVector = word >> 26 & 1 == 1
            let isPair = word & 0x3a00_0000 == 0x2800_0000
            let isLiteral = word & 0x3b00_0000 == 0x1800_0000
            let isLoad = isLiteral || (isPair ? word >> 22 & 1 == 1 : word >> 22 & 3 != 0)
            guard isLoad, !isVector else { return .none }
            return .clobber(isPair ? bit | 1 << (word >> 10 & 31) : bit)
        }
        // Data processing, immediate and register: bits 28 to 25 are 100x or x101.
        let group = word >> 25 & 15
        if group & 0b1110 == 0b1000 || group & 0b0111 == 0b0101 { return destination == 31 ? .none : .clobber(bit) }
        return .none
    }

    /// ADR gives an address, ADRP a page, which `ARM64Pages` completes; LDR of a literal, a word.
    private static func reference(_ word: UInt32, _ address: UInt64) -> UInt64? {
        if word & 0x9f00_0000 == 0x1000_0000 {
            return address &+ signed(word >> 5 & 0x7_ffff, 19, scale: 4) &+ UInt64(word >> 29 & 3)
        }
        if word & 0xbf00_0000 == 0x1800_0000 { return address &+ signed(word >> 5 & 0x7_ffff, 19, scale: 4) }
        return nil
    }

    static func signed(_ bits: UInt32, _ width: UInt32, scale: UInt64) -> UInt64 {
        let shift = 64 &- UInt64(width)
        return UInt64(bitPattern: Int64(bitPattern: UInt64(bits) << shift) >> Int64(shift)) &* scale
    }
}

/// Completes the addresses that arm64 builds of two instructions: ADRP with a page, then ADD or LDR with the rest.
struct ARM64Pages {
    private var pages = [UInt64?](repeating: nil, count: 32)

    /// What an instruction that follows those before names.
    mutating func reference(_ word: UInt32, address: UInt64) -> UInt64? {
        let destination = Int(word & 31)
        let base = Int(word >> 5 & 31)
        if word & 0x9f00_0000 == 0x9000_0000 {
            let low = UInt64(word >> 29 & 3) &* 4096
            let high = ARM64Decoder.signed(word >> 5 & 0x7_ffff, 19, scale: 4 &* 4096)
            pages[destination] = (address & ~0xfff) &+ high &+ low
            return nil
        }
        guard let page = pages[base] else { return nil }
        // ADD of an immediate, 64 bits, not shifted.
        if word & 0xffc0_0000 == 0x9100_0000 { return page &+ UInt64(word >> 10 & 0xfff) }
        // LDR of 64 bits with an unsigned offset.
        if word & 0xffc0_0000 == 0xf940_0000 { return page &+ UInt64(word >> 10 & 0xfff) &* 8 }
        return nil
    }
}
