/// Where ldconfig(8) found libraries: `/etc/ld.so.cache` in the form that glibc writes since 2.2 (sysdeps/generic/dl-cache.h),
/// alone or behind the older one.
struct LibraryCache {
    /// Paths by the library's name; for several machines or levels of processor there are several.
    private(set) var paths: [String: [String]] = [:]

    private static let magic = Array("glibc-ld.so.cache1.1".utf8)
    private static let mostEntries = 65_536

    init(_ bytes: [UInt8]) {
        let file = ImageBytes(bytes: bytes)
        guard let start = Self.start(file), let count = file.word(start + 20), count <= Self.mostEntries else { return }
        for index in 0..<Int(count) {
            let entry = start + 48 + index * 24
            guard let name = file.word(entry + 4), let path = file.word(entry + 8),
                let key = file.text(start + Int(name)), let value = file.text(start + Int(path))
            else { return }
            paths[key, default: []].append(value)
        }
    }

    private static func start(_ file: ImageBytes) -> Int? {
        if file.bytes.starts(with: magic) { return 0 }
        // The older header: 12 bytes, a count, entries of 12 bytes; then aligned to 8.
        guard file.bytes.starts(with: Array("ld.so-1.7.0".utf8)), let count = file.word(12), count <= mostEntries else {
            return nil
        }
        let place = (16 + Int(count) * 12 + 7) & ~7
        guard place < file.count, file.bytes[place...].starts(with: magic) else { return nil }
        return place
    }
}
