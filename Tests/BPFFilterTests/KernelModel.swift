import CBPFRecords
import EventModel

@testable import BPFFilter

/// What the kernel's programs do with the tables (Sources/BPFPrograms/bpf/filter.h and names.h), in plain Swift.
struct KernelModel {
    let image: FilterImage
    private let hints: [UInt64]

    init(image: FilterImage) {
        self.image = image
        hints = image.fourBytesHint
    }

    func passes(_ input: FilterInput) -> Bool {
        let number = image.slotOfType[Int(input.type.index)]
        guard number != 0 else { return false }
        let slot = image.slots[Int(number)]
        var left = slot.possible
        if let isFailed = input.isFailed { left.formIntersection(isFailed ? slot.failure : slot.success) }
        for (position, value) in input.arguments.enumerated() {
            guard let value, case .register(let register) = input.type.arguments[position].origin, register < 6 else {
                continue
            }
            let dimension = shrike_dimension(rawValue: SHRIKE_BY_ARGUMENT.rawValue + UInt32(register))
            narrow(&left, slot, number, dimension, [.number(value & slot.argumentMasks[register])])
        }
        narrow(&left, slot, number, SHRIKE_BY_USER, input.user.map { [.number(UInt64($0))] })
        narrow(&left, slot, number, SHRIKE_BY_COMMAND, input.command.map { [FilterImage.Value.command($0)] })
        if let mode = input.accessMode {
            left.formIntersection(
                mode == 0 ? slot.reading : mode == 1 ? slot.writing : slot.both)
        }
        narrow(&left, slot, number, SHRIKE_BY_FAMILY, input.families?.map { .number(UInt64($0)) })
        narrow(&left, slot, number, SHRIKE_BY_PORT, input.ports?.map { .number(UInt64($0)) })
        if slot.tests(SHRIKE_BY_ADDRESS), matters(SHRIKE_BY_ADDRESS, left, slot), let addresses = input.addresses {
            var bits = AlternativeSet()
            for address in addresses {
                let mapped = address.count == 4 ? Array(repeating: 0, count: 10) + [0xff, 0xff] + address : address
                let verdict = longest(number, SHRIKE_BY_ADDRESS, mapped)
                bits.formUnion(apply(verdict, to: slot.missing[Int(SHRIKE_BY_ADDRESS.rawValue)]))
            }
            left.formIntersection(bits)
        }
        return passesByNames(left, input, slot, number)
    }

    private static let nameDimensions: ClosedRange<UInt32> = SHRIKE_BY_NAME.rawValue...SHRIKE_BY_FILE.rawValue
    private static let testsRaw: UInt32 = 1 << 31

    /// `filter_names`: what looks up nothing that matters for what is left is not looked up.
    private func passesByNames(
        _ left: AlternativeSet, _ input: FilterInput, _ slot: FilterSlot, _ number: UInt16
    ) -> Bool {
        guard !left.isEmpty else { return false }
        let tested = Self.nameDimensions.filter { slot.tested >> $0 & 1 == 1 }
        guard !tested.isEmpty, left.intersection(slot.anyName).isEmpty else { return true }
        let deciding = tested.filter { !left.intersection(slot.cares[Int($0)]).isEmpty }
        guard !deciding.isEmpty else { return false }
        guard let files = input.files, let names = input.names else { return true }
        var bits = AlternativeSet()
        // The second of a file's names is one by which rules know the inode, where they have such a name.
        for (position, name) in files.enumerated() {
            let known = position == 0 ? nil : image.namedFiles.first { $0.slot == number && $0.path == name }
            if let known {
                guard deciding.contains(SHRIKE_BY_FILE.rawValue) else { continue }
                bits.formUnion(slot.nameDefault.union(known.verdict.set).intersection(known.verdict.keep))
            } else {
                bits.formUnion(judge(name, slot, number, deciding))
            }
        }
        if slot.tested & Self.testsRaw != 0 {
            for name in names { bits.formUnion(judge(name, slot, number, deciding)) }
        }
        return !left.intersection(bits).isEmpty
    }

    private func narrow(
        _ left: inout AlternativeSet, _ slot: FilterSlot, _ number: UInt16, _ dimension: shrike_dimension,
        _ values: [FilterImage.Value]?
    ) {
        guard slot.tests(dimension), let values, matters(dimension, left, slot) else { return }
        var bits = AlternativeSet()
        for value in values {
            bits.formUnion(apply(find(number, dimension, value), to: slot.missing[Int(dimension.rawValue)]))
        }
        left.formIntersection(bits)
    }

    private func matters(_ dimension: shrike_dimension, _ left: AlternativeSet, _ slot: FilterSlot) -> Bool {
        !left.intersection(slot.cares[Int(dimension.rawValue)]).isEmpty
    }

    private func apply(_ verdict: FilterVerdict?, to bits: AlternativeSet) -> AlternativeSet {
        guard let verdict else { return bits }
        return bits.union(verdict.set).intersection(verdict.keep)
    }

    private func find(_ slot: UInt16, _ dimension: shrike_dimension, _ value: FilterImage.Value) -> FilterVerdict? {
        image.values[FilterImage.ValueKey(slot: slot, dimension: UInt16(dimension.rawValue), value: value)]
    }

    /// The longest prefix, as an LPM trie finds it.
    private func longest(_ slot: UInt16, _ dimension: shrike_dimension, _ bytes: [UInt8]) -> FilterVerdict? {
        image.prefixes.filter { key, _ in
            key.slot == slot && key.dimension == UInt16(dimension.rawValue) && Self.begins(bytes, key)
        }.max { $0.key.bits < $1.key.bits }?.value
    }

    private static func begins(_ bytes: [UInt8], _ key: FilterImage.PrefixKey) -> Bool {
        guard Int(key.bits) <= min(bytes.count, 252) * 8 else { return false }
        for bit in 0..<Int(key.bits) {
            let difference: UInt8 = bytes[bit / 8] ^ key.bytes[bit / 8]
            if difference >> UInt8(7 - bit % 8) & 1 != 0 { return false }
        }
        return true
    }

    private func judge(
        _ name: [UInt8], _ slot: FilterSlot, _ number: UInt16, _ deciding: [UInt32]
    ) -> AlternativeSet {
        var verdict = FilterVerdict()
        verdict.set = slot.nameDefault
        func meet(_ dimension: shrike_dimension, _ value: FilterImage.Value) {
            if deciding.contains(dimension.rawValue), let found = find(number, dimension, value) { verdict.add(found) }
        }
        func meetText(_ dimension: shrike_dimension, _ text: [UInt8]) {
            guard slot.lengths[Int(dimension.rawValue)] >> UInt64(text.count & 63) & 1 == 1 else { return }
            meet(dimension, .text(text))
        }
        meetText(SHRIKE_BY_NAME, name)
        if deciding.contains(SHRIKE_BY_PREFIX.rawValue), let found = longest(number, SHRIKE_BY_PREFIX, name) {
            verdict.add(found)
        }
        meetText(SHRIKE_BY_LAST_COMPONENT, name.lastIndex(of: 0x2f).map { Array(name[($0 + 1)...]) } ?? name)
        let end = Array(repeating: 0, count: 8) + name
        meet(SHRIKE_BY_SUFFIX, .number(NameTables.littleEndian(end.suffix(max(1, Int(slot.suffixLength))))))
        let text = name + [0]
        for start in 0..<max(0, text.count - 3) {
            let window = NameTables.littleEndian(text[start..<start + 4])
            let hint = Int(FilterImage.hint(of: UInt32(window)))
            guard hints[hint >> 6] >> UInt64(hint & 63) & 1 == 1 else { continue }
            meet(SHRIKE_BY_FOUR_BYTES, .number(window))
        }
        return verdict.set.intersection(verdict.keep)
    }
}
