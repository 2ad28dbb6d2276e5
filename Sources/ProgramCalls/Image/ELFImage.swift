/// A program or shared library as its ELF file describes it (elf(5)): what is mapped where, what it needs, where it begins.
struct ELFImage: Sendable {
    /// A machine whose code is looked at.
    enum Machine: UInt16, Sendable {
        // EM_X86_64 and EM_AARCH64, elf.h.
        case x86_64 = 62
        case arm64 = 183
    }

    /// A part of the file that is mapped (PT_LOAD).
    struct Segment: Sendable {
        var address: UInt64
        var offset: Int
        /// Bytes in the file; behind them are zeros.
        var size: Int
        var isExecutable: Bool

        func contains(_ address: UInt64) -> Bool { address >= self.address && address &- self.address < UInt64(size) }
    }

    let file: ImageBytes
    let machine: Machine
    /// Whether addresses in the file are final (ET_EXEC).
    let isFixed: Bool
    let entry: UInt64
    private(set) var segments: [Segment] = []
    /// Where code is: the executable sections, as some linkers put constants into executable segments; those segments where there
    /// are no sections.
    private(set) var code: [Range<UInt64>] = []
    /// The program interpreter (PT_INTERP); nil for static programs and libraries.
    private(set) var interpreter: String?
    /// Where the table of functions' frames is mapped (PT_GNU_EH_FRAME).
    private(set) var frameTable: UInt64?
    /// Entries of the dynamic section, tag and value.
    private(set) var dynamic: [(tag: Int64, value: UInt64)] = []

    /// Looks at no more program headers than this; linkers write about a dozen.
    static let mostHeaders = 256
    /// Looks at no more entries of the dynamic section than this.
    static let mostEntries = 4096

    init(_ bytes: [UInt8]) throws(ImageError) {
        file = ImageBytes(bytes: bytes)
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { throw .notELF }
        let number = file.half(18) ?? 0
        // ELFCLASS64, ELFDATA2LSB.
        guard file.byte(4) == 2, file.byte(5) == 1, let machine = Machine(rawValue: number) else {
            throw .unsupported(machine: number)
        }
        self.machine = machine
        guard let type = file.half(16), let entry = file.long(24), let table = file.long(32)?.offset,
            let size = file.half(54), let count = file.half(56)
        else { throw .malformed("its header is cut off") }
        // ET_EXEC and ET_DYN.
        guard type == 2 || type == 3 else { throw .malformed("it is neither a program nor a shared library") }
        isFixed = type == 2
        self.entry = entry
        guard size >= 56, count > 0, Int(count) <= Self.mostHeaders else {
            throw .malformed("its table of program headers")
        }
        for index in 0..<Int(count) { try takeHeader(at: table &+ index &* Int(size)) }
        code = codeSections
        if code.isEmpty || type == 2 && !code.contains(where: { $0.contains(entry) }) {
            code = segments.filter(\.isExecutable).map { $0.address..<$0.address &+ UInt64($0.size) }
        }
        code.sort { $0.lowerBound < $1.lowerBound }
        guard code.contains(where: { !$0.isEmpty }) else { throw .malformed("no part of it is executable") }
    }

    /// Sections that are mapped for execution (SHF_ALLOC | SHF_EXECINSTR) and lie in such a segment.
    private var codeSections: [Range<UInt64>] {
        guard let table = file.long(40)?.offset, table > 0, let size = file.half(58), size >= 64,
            let count = file.half(60),
            Int(count) <= Self.mostEntries
        else { return [] }
        var found: [Range<UInt64>] = []
        for index in 0..<Int(count) {
            let place = table &+ index &* Int(size)
            guard let flags = file.long(place &+ 8), flags & 6 == 6, let start = file.long(place &+ 16),
                let length = file.long(place &+ 32), length > 0,
                let segment = segments.first(where: { $0.isExecutable && $0.contains(start) }),
                length <= UInt64(segment.size) &- (start &- segment.address)
            else { continue }
            found.append(start..<start &+ length)
        }
        return found
    }

    private mutating func takeHeader(at place: Int) throws(ImageError) {
        guard let type = file.word(place), let flags = file.word(place &+ 4),
            let offset = file.long(place &+ 8)?.offset, let address = file.long(place &+ 16),
            let size = file.long(place &+ 32)?.offset
        else { throw .malformed("a program header is cut off") }
        let isInside = offset <= file.count && size <= file.count &- offset
        switch type {
        case 1:
            guard isInside, address <= UInt64.max &- UInt64(size) else {
                throw .malformed("a segment lies outside of the file")
            }
            // PF_X.
            segments.append(Segment(address: address, offset: offset, size: size, isExecutable: flags & 1 != 0))
        case 2 where dynamic.isEmpty: try takeDynamic(at: offset, size: size)
        case 3: interpreter = file.text(offset)
        case 0x6474_e550: frameTable = address
        default: break
        }
    }

    private mutating func takeDynamic(at offset: Int, size: Int) throws(ImageError) {
        guard size / 16 <= Self.mostEntries else { throw .tooLarge("its dynamic section") }
        for index in 0..<size / 16 {
            guard let tag = file.long(offset &+ index &* 16), let value = file.long(offset &+ index &* 16 &+ 8) else {
                throw .malformed("its dynamic section is cut off")
            }
            if tag == 0 { return }
            dynamic.append((Int64(bitPattern: tag), value))
        }
    }

    // MARK: Addresses

    /// Where in the file an address is; nil where nothing of the file is mapped.
    func offset(of address: UInt64) -> Int? {
        for segment in segments where segment.contains(address) {
            return segment.offset &+ Int(address &- segment.address)
        }
        return nil
    }

    /// Where code is around an address; nil where there is none.
    func code(at address: UInt64) -> Range<UInt64>? {
        for range in code where range.contains(address) { return range }
        return nil
    }

    // MARK: The dynamic section

    /// The first value of a tag (`DT_…`, elf.h).
    func value(_ tag: Int64) -> UInt64? { dynamic.first { $0.tag == tag }?.value }

    /// The texts of a tag.
    func texts(_ tag: Int64) -> [String] {
        guard let table = value(DynamicTag.stringTable) else { return [] }
        return dynamic.compactMap { entry in
            guard entry.tag == tag else { return nil }
            return offset(of: table &+ entry.value).flatMap { file.text($0) }
        }
    }

    /// The libraries that it needs, as named.
    var needed: [String] { texts(DynamicTag.needed) }
}

/// `DT_…` (elf.h).
enum DynamicTag {
    static let needed: Int64 = 1
    static let relocationSizeOfCalls: Int64 = 2
    static let hash: Int64 = 4
    static let stringTable: Int64 = 5
    static let symbolTable: Int64 = 6
    static let relocations: Int64 = 7
    static let relocationsSize: Int64 = 8
    static let initial: Int64 = 12
    static let final: Int64 = 13
    static let rpath: Int64 = 15
    static let relocationsOfCalls: Int64 = 23
    static let runpath: Int64 = 29
    static let relativeSize: Int64 = 35
    static let relative: Int64 = 36
    static let gnuHash: Int64 = 0x6fff_fef5
}
