/// RPM's own database, ndb: pages of slots, each of which says where a package's header lies, in blocks of 16 bytes; all numbers are
/// little-endian (rpm, lib/backend/ndb/rpmpkg.c).
struct PackageSlots {
    /// "RpmP", "Slot" and "BlbS", as numbers.
    private static let (databaseMagic, slotMagic, blobMagic) = (
        UInt32(0x506d_7052), UInt32(0x746f_6c53), UInt32(0x5362_6c42)
    )
    private static let (pageBytes, slotBytes, blockBytes, blobHeadBytes) = (4096, 16, 16, 16)
    /// The database's own head takes the place of the first two slots.
    private static let headBytes = 32
    private static let mostPages: UInt32 = 4096

    private let slotPages: UInt32

    /// The database whose file begins so; nil where that is another kind.
    init?(_ beginning: [UInt8]) {
        guard beginning.integer(UInt32.self, at: 0) == Self.databaseMagic,
            let pages = beginning.integer(UInt32.self, at: 12), pages <= Self.mostPages
        else { return nil }
        slotPages = pages
    }

    /// Calls with each package's header; false where one can't be read.
    func forEachHeader(_ file: borrowing DatabaseFile, _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        guard let slots = file.read(at: 0, count: Int(slotPages) * Self.pageBytes) else { return false }
        var isWhole = true
        for place in stride(from: Self.headBytes, to: slots.count, by: Self.slotBytes) {
            guard slots.integer(UInt32.self, at: place) == Self.slotMagic,
                let package = slots.integer(UInt32.self, at: place + 4),
                let block = slots.integer(UInt32.self, at: place + 8),
                let blocks = slots.integer(UInt32.self, at: place + 12)
            else { return false }
            if package == 0 { continue }
            guard
                let header = header(
                    of: package, at: Int(block) * Self.blockBytes, within: Int(blocks) * Self.blockBytes, file)
            else {
                isWhole = false
                continue
            }
            body(header[...])
        }
        return isWhole
    }

    private func header(of package: UInt32, at offset: Int, within bytes: Int, _ file: borrowing DatabaseFile)
        -> [UInt8]?
    {
        guard let head = file.read(at: offset, count: Self.blobHeadBytes),
            head.integer(UInt32.self, at: 0) == Self.blobMagic, head.integer(UInt32.self, at: 4) == package,
            let length = head.integer(UInt32.self, at: 12), Int(length) <= bytes - Self.blobHeadBytes,
            Int(length) <= RPMDatabase.largestHeader
        else { return nil }
        return file.read(at: offset + Self.blobHeadBytes, count: Int(length))
    }
}
