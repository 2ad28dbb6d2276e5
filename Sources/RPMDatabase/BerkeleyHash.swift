/// A Berkeley DB file of the kind hash, as rpm has kept its packages in: pages of pairs of a number and a header, in either order of bytes;
/// what is large lies in a chain of pages of its own (Berkeley DB 5.3, src/dbinc/db_page.h).
struct BerkeleyHash {
    /// DB_HASHMAGIC.
    private static let magic: UInt32 = 0x061561
    /// Bytes before a page's own: PAGE.
    private static let headBytes = 26
    /// P_HASH_UNSORTED, P_OVERFLOW, P_HASHMETA, P_HASH.
    private enum Page { static let (unsorted, overflow, meta, hash) = (UInt8(2), UInt8(7), UInt8(8), UInt8(13)) }
    /// H_KEYDATA, H_OFFPAGE.
    private enum Item { static let (here, elsewhere) = (UInt8(1), UInt8(3)) }
    /// DBMETA_CHKSUM: then pages have a longer head.
    private static let checksummed: UInt8 = 1

    private let isBigEndian: Bool
    private let pageBytes: Int
    private let lastPage: UInt32

    /// The database whose file begins so; nil where that is another kind, or one that rpm doesn't make.
    init?(_ beginning: [UInt8]) {
        let isBigEndian = beginning.integer(UInt32.self, at: 12, isBigEndian: true) == Self.magic
        guard isBigEndian || beginning.integer(UInt32.self, at: 12) == Self.magic,
            let bytes = beginning.integer(UInt32.self, at: 20, isBigEndian: isBigEndian),
            (512...65536).contains(bytes), bytes.nonzeroBitCount == 1,
            beginning[24] == 0, beginning[25] == Page.meta, beginning[26] & Self.checksummed == 0,
            let last = beginning.integer(UInt32.self, at: 32, isBigEndian: isBigEndian)
        else { return nil }
        self.isBigEndian = isBigEndian
        pageBytes = Int(bytes)
        lastPage = last
    }

    /// Calls with each package's header; false where one can't be read.
    func forEachHeader(_ file: borrowing DatabaseFile, _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        var isWhole = true
        guard lastPage > 0 else { return true }
        for number in 1...lastPage {
            guard let page = page(number, file) else { return false }
            guard page[25] == Page.hash || page[25] == Page.unsorted else { continue }
            guard let entries = integer(UInt16.self, page, 20), Self.headBytes + 2 * Int(entries) <= page.count else {
                isWhole = false
                continue
            }
            // Keys and what they stand for, in turn.
            for index in stride(from: 1, to: Int(entries), by: 2) {
                guard let item = item(index, of: page, file) else {
                    isWhole = false
                    continue
                }
                // Of the number 0, which is no package's, it is the next one's number.
                if item.count > Self.numberBytes { body(item[...]) }
            }
        }
        return isWhole
    }

    private static let numberBytes = 4

    private func page(_ number: UInt32, _ file: borrowing DatabaseFile) -> [UInt8]? {
        file.read(at: Int(number) * pageBytes, count: pageBytes)
    }

    private func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ page: [UInt8], _ offset: Int) -> Value? {
        page.integer(type, at: offset, isBigEndian: isBigEndian)
    }

    /// Items lie from the page's end backwards, each up to where the one before it begins.
    private func item(_ index: Int, of page: [UInt8], _ file: borrowing DatabaseFile) -> [UInt8]? {
        guard let start = integer(UInt16.self, page, Self.headBytes + 2 * index).map(Int.init),
            let end = integer(UInt16.self, page, Self.headBytes + 2 * (index - 1)).map(Int.init),
            start >= Self.headBytes, start < end, end <= page.count
        else { return nil }
        switch page[start] {
        case Item.here: return Array(page[(start + 1)..<end])
        case Item.elsewhere:
            guard let first = integer(UInt32.self, page, start + 4), let length = integer(UInt32.self, page, start + 8)
            else {
                return nil
            }
            return chain(from: first, length: Int(length), file)
        default: return nil
        }
    }

    private func chain(from first: UInt32, length: Int, _ file: borrowing DatabaseFile) -> [UInt8]? {
        guard length <= RPMDatabase.largestHeader, length <= file.size else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        var next = first
        var pages: UInt32 = 0
        while bytes.count < length {
            pages += 1
            // A chain in a circle is longer than the file.
            guard pages <= lastPage, next != 0, let page = page(next, file), page[25] == Page.overflow,
                let count = integer(UInt16.self, page, 22).map(Int.init), count > 0,
                Self.headBytes + count <= page.count, let following = integer(UInt32.self, page, 16)
            else { return nil }
            bytes += page[Self.headBytes..<(Self.headBytes + count)]
            next = following
        }
        return bytes.count == length ? bytes : nil
    }
}
