/// What the dynamic loader writes into an image: addresses of others' symbols, and the image's own.
struct ELFRelocations: Sendable {
    /// Names of the symbols whose addresses are put into words, by the word's address.
    private(set) var symbolByWord: [UInt64: String] = [:]
    /// The image's own addresses that are put into words, by the word's address.
    private(set) var targetByWord: [UInt64: UInt64] = [:]
    /// Functions that are called to learn an address (IRELATIVE).
    private(set) var resolvers: [UInt64] = []

    /// Looks at no more than this; a browser has about a million.
    static let mostRelocations = 1 << 22

    init(_ image: ELFImage, _ symbols: ELFSymbols) throws(ImageError) {
        try take(image, symbols, table: DynamicTag.relocations, size: DynamicTag.relocationsSize)
        try take(image, symbols, table: DynamicTag.relocationsOfCalls, size: DynamicTag.relocationSizeOfCalls)
        try takePacked(image)
    }

    private mutating func take(
        _ image: ELFImage, _ symbols: ELFSymbols, table: Int64, size: Int64
    ) throws(ImageError) {
        guard let address = image.value(table), let bytes = image.value(size)?.offset else { return }
        guard let offset = image.offset(of: address) else { throw .malformed("its relocations lie nowhere") }
        guard bytes / 24 <= Self.mostRelocations else { throw .tooLarge("\(bytes / 24) relocations") }
        for index in 0..<bytes / 24 {
            let place = offset &+ index &* 24
            guard let word = image.file.long(place), let info = image.file.long(place &+ 8),
                let addend = image.file.long(place &+ 16)
            else { throw .malformed("its relocations are cut off") }
            switch Kind(UInt32(truncatingIfNeeded: info), image.machine) {
            case .symbol:
                let number = Int(info >> 32)
                if number < symbols.names.count { symbolByWord[word] = symbols.names[number] }
            case .relative: targetByWord[word] = addend
            case .resolver:
                resolvers.append(addend)
                targetByWord[word] = addend
            case .other: break
            }
        }
    }

    private enum Kind {
        case symbol, relative, resolver, other

        /// `R_X86_64_…` and `R_AARCH64_…` (elf.h).
        init(_ type: UInt32, _ machine: ELFImage.Machine) {
            switch (machine, type) {
            case (.x86_64, 1), (.x86_64, 6), (.x86_64, 7), (.arm64, 257), (.arm64, 1025), (.arm64, 1026): self = .symbol
            case (.x86_64, 8), (.arm64, 1027): self = .relative
            case (.x86_64, 37), (.arm64, 1032): self = .resolver
            default: self = .other
            }
        }
    }

    /// DT_RELR: an address, then bitmaps of the 63 words behind what was last told (gabi, "Relative Relocation Table").
    private mutating func takePacked(_ image: ELFImage) throws(ImageError) {
        guard let table = image.value(DynamicTag.relative), let bytes = image.value(DynamicTag.relativeSize)?.offset
        else { return }
        guard let offset = image.offset(of: table) else { throw .malformed("its relocations lie nowhere") }
        var next: UInt64 = 0
        var count = 0
        for index in 0..<min(bytes / 8, Self.mostRelocations) {
            guard let entry = image.file.long(offset &+ index &* 8) else {
                throw .malformed("its relocations are cut off")
            }
            guard entry & 1 == 1 else {
                takeWord(entry, image)
                next = entry &+ 8
                continue
            }
            for bit in 0..<UInt64(63) where entry >> (bit &+ 1) & 1 == 1 {
                takeWord(next &+ bit &* 8, image)
                count += 1
            }
            guard count <= Self.mostRelocations else { throw .tooLarge("\(count) relocations") }
            next = next &+ 63 &* 8
        }
    }

    private mutating func takeWord(_ word: UInt64, _ image: ELFImage) {
        guard let offset = image.offset(of: word), let target = image.file.long(offset) else { return }
        targetByWord[word] = target
    }
}
