/// A program or library with what is needed to go through its code.
final class LoadedModule {
    let path: String
    let image: ELFImage
    let symbols: ELFSymbols
    let relocations: ELFRelocations
    let starts: FunctionStarts

    init(path: String, _ bytes: [UInt8]) throws(ImageError) {
        self.path = path
        image = try ELFImage(bytes)
        symbols = try ELFSymbols(image)
        relocations = try ELFRelocations(image, symbols)
        starts = FunctionStarts(image, symbols)
    }

    var convention: CallConvention { image.machine == .x86_64 ? .x86_64 : .arm64 }

    /// Where the code begins that runs, or may run, whatever else does: the entry, constructors and destructors, and every
    /// function whose address lies in the image's data, as who calls through it can't be told.
    var roots: [UInt64] {
        var found = [image.entry] + relocations.resolvers
        found += [DynamicTag.initial, DynamicTag.final].compactMap { image.value($0) }
        found += relocations.targetByWord.values
        if image.isFixed { found += fixedAddresses }
        return found.filter { image.code(at: $0) != nil }
    }

    /// Addresses of functions in the data of a program that is not moved, which needs no relocations for them.
    private var fixedAddresses: [UInt64] {
        var found: [UInt64] = []
        for segment in image.segments where !segment.isExecutable {
            for place in stride(from: segment.offset, to: segment.offset &+ segment.size &- 7, by: 8) {
                guard let value = image.file.long(place), image.code(at: value) != nil else { continue }
                found.append(value)
            }
        }
        return found
    }

    /// Whether a function begins at an address.
    func isFunction(_ address: UInt64) -> Bool {
        guard let index = starts.index(of: address) else { return false }
        return starts.addresses[index] == address
    }

    /// The name of the function that an address is in, for people: `libc.so.6: read`.
    func place(_ address: UInt64) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let start = starts.index(of: address).map { starts.addresses[$0] } ?? address
        let name = symbols.nameByAddress[start] ?? "0x" + String(start, radix: 16)
        return "\(file): \(name)"
    }
}
