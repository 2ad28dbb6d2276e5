/// The symbols of an image: what it gives to others, what it takes, and where its functions begin.
struct ELFSymbols: Sendable {
    /// Names of the dynamic symbols, by number; empty where a symbol is nameless.
    private(set) var names: [String] = []
    /// Where functions that others can call begin, by name; several versions of one name are several.
    private(set) var exported: [String: [UInt64]] = [:]
    /// Where any function begins.
    private(set) var functions: [UInt64] = []
    /// Names of functions, also of those that are not given to others.
    private(set) var nameByAddress: [UInt64: String] = [:]

    /// Looks at no more symbols than this in all tables together; libLLVM has some 50 000, a browser some 500 000.
    static let mostSymbols = 1 << 20
    /// Bytes of all their names together: a file's names can overlap, and so be more than the file.
    static let mostNameBytes = 256 << 20

    init(_ image: ELFImage) throws(ImageError) {
        if let table = image.value(DynamicTag.symbolTable), let texts = image.value(DynamicTag.stringTable),
            let offset = image.offset(of: table), let textsOffset = image.offset(of: texts)
        {
            let count = try Self.dynamicCount(image, table: table, texts: texts)
            names.reserveCapacity(count)
            for index in 0..<count {
                guard let symbol = Symbol(image.file, offset &+ index &* Symbol.size) else {
                    throw .malformed("its dynamic symbols are cut off")
                }
                let name = try name(of: symbol, image.file, textsOffset)
                names.append(name)
                guard symbol.isFunction, symbol.isDefined else { continue }
                if !name.isEmpty, symbol.isGlobal { exported[name, default: []].append(symbol.value) }
                add(symbol.value, name)
            }
        }
        try takeSectionSymbols(image)
        functions.sort()
    }

    private var nameBytes = 0

    private mutating func name(of symbol: Symbol, _ file: ImageBytes, _ texts: Int) throws(ImageError) -> String {
        let name = symbol.name == 0 ? "" : file.text(texts &+ symbol.name) ?? ""
        nameBytes += name.utf8.count
        guard nameBytes <= Self.mostNameBytes else { throw .tooLarge("names of symbols") }
        return name
    }

    private mutating func add(_ address: UInt64, _ name: String) {
        functions.append(address)
        if !name.isEmpty, nameByAddress[address] == nil { nameByAddress[address] = name }
    }

    private struct Symbol {
        static let size = 24
        var name: Int
        var value: UInt64
        var isFunction: Bool
        var isDefined: Bool
        var isGlobal: Bool

        init?(_ file: ImageBytes, _ offset: Int) {
            guard let name = file.word(offset), let info = file.byte(offset &+ 4), let section = file.half(offset &+ 6),
                let value = file.long(offset &+ 8)
            else { return nil }
            self.name = Int(name)
            self.value = value
            // STT_FUNC and STT_GNU_IFUNC.
            isFunction = info & 15 == 2 || info & 15 == 10
            isDefined = section != 0 && value != 0
            isGlobal = info >> 4 != 0
        }
    }

    /// The dynamic section does not say how many symbols there are; the hash tables do (gabi, "Hash Table"), and the texts
    /// come behind the symbols in what linkers write.
    private static func dynamicCount(_ image: ELFImage, table: UInt64, texts: UInt64) throws(ImageError) -> Int {
        var count = 0
        if let hash = image.value(DynamicTag.hash), let offset = image.offset(of: hash),
            let chains = image.file.word(offset &+ 4)
        {
            count = Int(chains)
        } else if let hash = image.value(DynamicTag.gnuHash), let offset = image.offset(of: hash) {
            count = gnuCount(image.file, offset)
        }
        // A file that takes but gives nothing may have an empty hash table.
        if texts > table, (texts &- table) / UInt64(Symbol.size) < UInt64(mostSymbols) {
            count = max(count, Int((texts &- table) / UInt64(Symbol.size)))
        }
        guard count <= mostSymbols else { throw .tooLarge("\(count) symbols") }
        return count
    }

    /// The number behind the last symbol that a GNU hash table names.
    private static func gnuCount(_ file: ImageBytes, _ offset: Int) -> Int {
        guard let buckets = file.word(offset), let first = file.word(offset &+ 4), let bloom = file.word(offset &+ 8)
        else { return 0 }
        let bucketsOffset = offset &+ 16 &+ Int(bloom) &* 8
        var last = 0
        for index in 0..<min(Int(buckets), mostSymbols) {
            guard let symbol = file.word(bucketsOffset &+ index &* 4) else { return 0 }
            last = max(last, Int(symbol))
        }
        guard last >= Int(first) else { return Int(first) }
        let chains = bucketsOffset &+ Int(buckets) &* 4
        // The lowest bit of a hash marks the end of its chain.
        while last < mostSymbols, let hash = file.word(chains &+ (last &- Int(first)) &* 4) {
            last += 1
            if hash & 1 == 1 { break }
        }
        return last
    }

    /// The symbols of a file that was not stripped.
    private mutating func takeSectionSymbols(_ image: ELFImage) throws(ImageError) {
        let file = image.file
        guard let table = file.long(40)?.offset, table > 0, let size = file.half(58), size >= 64,
            let count = file.half(60)
        else { return }
        var looked = 0
        for index in 0..<Int(count) {
            let place = table &+ index &* Int(size)
            // SHT_SYMTAB.
            guard let type = file.word(place &+ 4), type == 2, let offset = file.long(place &+ 24)?.offset,
                let length = file.long(place &+ 32)?.offset, let link = file.word(place &+ 40),
                offset <= file.count, length <= file.count &- offset,
                let textsOffset = file.long(table &+ Int(link) &* Int(size) &+ 24)?.offset
            else { continue }
            looked += length / Symbol.size
            guard looked <= Self.mostSymbols else { throw .tooLarge("\(looked) symbols") }
            for number in 0..<length / Symbol.size {
                guard let symbol = Symbol(file, offset &+ number &* Symbol.size), symbol.isFunction, symbol.isDefined
                else { continue }
                add(symbol.value, try name(of: symbol, file, textsOffset))
            }
        }
    }
}
