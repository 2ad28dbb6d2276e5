/// Where the functions of an image begin: by its symbols and, as those of libraries are stripped to what is exported, by the
/// table that stack unwinding needs of every function (Linux Standard Base, "Exception Frames").
struct FunctionStarts: Sendable {
    /// In order, each once.
    let addresses: [UInt64]

    /// Looks at no more than this.
    static let mostFunctions = 1 << 20

    init(_ image: ELFImage, _ symbols: ELFSymbols) {
        var found = symbols.functions.filter { image.code(at: $0) != nil }
        found += Self.frames(image)
        found += image.code.map(\.lowerBound)
        if image.code(at: image.entry) != nil { found.append(image.entry) }
        found.sort()
        var unique: [UInt64] = []
        for address in found where unique.last != address { unique.append(address) }
        addresses = unique
    }

    /// The function that an address is in: its number.
    func index(of address: UInt64) -> Int? {
        var (low, high) = (0, addresses.count)
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// From an address to where the next function begins or its segment ends, whichever comes first.
    func range(from start: UInt64, _ image: ELFImage) -> Range<UInt64> {
        guard let code = image.code(at: start), let index = index(of: start) else { return start..<start }
        let end = code.upperBound
        return start..<min(end, index + 1 < addresses.count ? addresses[index + 1] : end)
    }

    /// The sorted table of `.eh_frame_hdr`, in the one encoding that linkers write: DW_EH_PE_datarel | DW_EH_PE_sdata4.
    private static func frames(_ image: ELFImage) -> [UInt64] {
        guard let base = image.frameTable, let offset = image.offset(of: base), image.file.byte(offset) == 1,
            image.file.byte(offset &+ 2) == 0x03, image.file.byte(offset &+ 3) == 0x3b,
            let count = image.file.word(offset &+ 8)
        else { return [] }
        var found: [UInt64] = []
        for index in 0..<min(Int(count), mostFunctions) {
            guard let distance = image.file.signedWord(offset &+ 12 &+ index &* 8) else { break }
            let address = base &+ UInt64(bitPattern: distance)
            if image.code(at: address) != nil { found.append(address) }
        }
        return found
    }
}
