/// What a package's header in RPM's database says of its files: an index of tags, big-endian, and the data that it points into, without the
/// magic that package files have (rpm, lib/header.c; tags in include/rpm/rpmtag.h). Whatever the bytes are, reading them traps on none.
public struct RPMHeader {
    /// When the package was installed, seconds since the epoch.
    public let installTime: UInt32

    private let bytes: ArraySlice<UInt8>
    private let directoryNames: Range<Int>
    private let directoryCount: Int
    private let baseNames: Range<Int>
    private let baseNameCount: Int
    private let directoryIndexes: Range<Int>
    private let states: Range<Int>?

    private enum Tag: UInt32 {
        case installTime = 1008
        case fileStates = 1029
        case directoryIndexes = 1116
        case baseNames = 1117
        case directoryNames = 1118
    }

    /// Types of entries: INT32, CHAR, STRING_ARRAY (rpmTagType, rpmtag.h).
    private enum Kind { static let (char, int32, strings) = (UInt32(1), UInt32(4), UInt32(8)) }

    private struct Entry {
        var kind: UInt32
        var start: Int
        var count: Int
    }

    /// A header; nil for bytes that are none, and for one without a time of installation. A package without files has none.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard let entries = Self.number(bytes, bytes.startIndex), let size = Self.number(bytes, bytes.startIndex + 4),
            entries <= Self.mostEntries, Int(size) <= bytes.count, 8 + Int(entries) * 16 + Int(size) <= bytes.count
        else { return nil }
        let data = bytes.startIndex + 8 + Int(entries) * 16
        let end = data + Int(size)
        var found: [Tag: Entry] = [:]
        for index in 0..<Int(entries) {
            let place = bytes.startIndex + 8 + index * 16
            guard let number = Self.number(bytes, place), let tag = Tag(rawValue: number),
                let kind = Self.number(bytes, place + 4), let offset = Self.number(bytes, place + 8),
                let count = Self.number(bytes, place + 12), offset <= size, count <= size
            else { continue }
            found[tag] = Entry(kind: kind, start: data + Int(offset), count: Int(count))
        }
        func range(_ tag: Tag, _ kind: UInt32, width: Int) -> Range<Int>? {
            guard let entry = found[tag], entry.kind == kind, entry.count <= (end - entry.start) / width else {
                return nil
            }
            return entry.start..<entry.start + entry.count * width
        }
        func strings(_ tag: Tag) -> Range<Int> {
            guard let entry = found[tag], entry.kind == Kind.strings else { return end..<end }
            return entry.start..<end
        }
        guard let time = range(.installTime, Kind.int32, width: 4), !time.isEmpty,
            let installed = Self.number(bytes, time.lowerBound)
        else { return nil }
        installTime = installed
        self.bytes = bytes[..<end]
        directoryNames = strings(.directoryNames)
        baseNames = strings(.baseNames)
        directoryCount = found[.directoryNames].map(\.count) ?? 0
        baseNameCount = found[.baseNames].map(\.count) ?? 0
        directoryIndexes = range(.directoryIndexes, Kind.int32, width: 4) ?? end..<end
        states = range(.fileStates, Kind.char, width: 1)
    }

    /// Calls with the absolute path of each file that the package has put there: not with those that another package's has replaced, or
    /// that were left out.
    public func forEachPath(_ body: ([UInt8]) -> Void) {
        guard baseNameCount * 4 <= directoryIndexes.count else { return }
        var directories: [Range<Int>] = []
        var place = directoryNames.lowerBound
        while directories.count < directoryCount, let name = string(at: place) {
            directories.append(name)
            place = name.upperBound + 1
        }
        place = baseNames.lowerBound
        for index in 0..<baseNameCount {
            guard let base = string(at: place) else { return }
            place = base.upperBound + 1
            let isThere = states.map { index >= $0.count || bytes[$0.lowerBound + index] == Self.normal } ?? true
            guard isThere, let number = Self.number(bytes, directoryIndexes.lowerBound + index * 4),
                Int(number) < directories.count
            else { continue }
            body(Array(bytes[directories[Int(number)]]) + bytes[base])
        }
    }

    /// A file's state that says that it was installed (RPMFILE_STATE_NORMAL, rpmfiles.h).
    private static let normal: UInt8 = 0
    private static let mostEntries: UInt32 = 1 << 16

    private func string(at place: Int) -> Range<Int>? {
        guard place < bytes.endIndex else { return nil }
        return bytes[place...].firstIndex(of: 0).map { place..<$0 }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt32? {
        guard place >= bytes.startIndex, place + 4 <= bytes.endIndex else { return nil }
        return bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
