public import CBPFRecords
public import EventModel

// The image as the structures of the kernel's maps. `slotOffset` is where in them the image's slots begin.

extension AlternativeSet {
    /// As the kernel's programs have it.
    public var kernel: shrike_bits { shrike_bits(word: (words[0], words[1], words[2], words[3])) }
}

extension FilterVerdict {
    /// As the kernel's programs have it.
    public var kernel: shrike_verdict { shrike_verdict(set: set.kernel, keep: keep.kernel) }
}

extension FilterImage.ValueKey {
    /// As the kernel's programs have it, which hash texts with that key.
    public func kernel(slotOffset: UInt16, hashKey: shrike_hash_key) -> shrike_value_key {
        shrike_value_key(
            slot: slot &+ slotOffset, dimension: dimension, reserved: 0, value: value.kernel(hashKey: hashKey))
    }
}

extension FilterImage.Value {
    fileprivate func kernel(hashKey: shrike_hash_key) -> UInt64 {
        var hashKey = hashKey
        switch self {
        case .number(let number): return number
        case .text(let text):
            // The function reads as many bytes as it is told that there are.
            return text.withUnsafeBufferPointer {
                unsafe shrike_hash(&hashKey, $0.baseAddress, UInt32(clamping: $0.count))
            }
        case .command(let name):
            let (first, second) = (name.prefix(8), name.dropFirst(8))
            return shrike_command_value(
                &hashKey, NameTables.littleEndian(first), NameTables.littleEndian(second))
        }
    }
}

extension FilterImage.PrefixKey {
    /// As the kernel's programs have it.
    public func kernel(slotOffset: UInt16) -> shrike_prefix_key {
        var key = shrike_prefix_key()
        // Slot and dimension count, too.
        key.bits = 32 + bits
        key.slot = slot &+ slotOffset
        key.dimension = dimension
        withUnsafeMutableBytes(of: &key.bytes) { $0.copyBytes(from: bytes.prefix($0.count)) }
        return key
    }
}

extension FilterSlot {
    /// As the kernel's programs have it.
    public var kernel: shrike_slot {
        var slot = shrike_slot()
        slot.tested = tested
        slot.suffix_length = suffixLength
        (slot.process_word, slot.process_words) = (UInt32(processWord), UInt32(processWords))
        slot.possible = possible.kernel
        (slot.success, slot.failure) = (success.kernel, failure.kernel)
        (slot.reading, slot.writing, slot.both) = (reading.kernel, writing.kernel, both.kernel)
        (slot.name_default, slot.any_name) = (nameDefault.kernel, anyName.kernel)
        Self.fill(&slot.cares, cares.map(\.kernel))
        Self.fill(&slot.lengths, lengths)
        Self.fill(&slot.missing, missing.map(\.kernel))
        Self.fill(&slot.argument_mask, argumentMasks)
        return slot
    }

    /// Fills a member that is an array of such elements in C.
    private static func fill<Member, Element: BitwiseCopyable>(_ member: inout Member, _ elements: [Element]) {
        withUnsafeMutableBytes(of: &member) { memory in
            let entries = memory.bindMemory(to: Element.self)
            for (index, element) in elements.enumerated() where entries.indices.contains(index) {
                entries[index] = element
            }
        }
    }
}

extension FilterImage.NamedFile {
    /// Where the table of values has the file: `device` as the kernel encodes it, major << 20 | minor.
    public func key(inode: UInt64, device: UInt32) -> FilterImage.ValueKey {
        FilterImage.ValueKey(
            slot: slot, dimension: UInt16(SHRIKE_BY_FILE.rawValue), value: .number(shrike_file_value(inode, device)))
    }
}
