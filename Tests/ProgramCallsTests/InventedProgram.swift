/// The smallest ELF file that is a program: a header, one segment, code that begins at its entry.
struct InventedProgram {
    static let base: UInt64 = 0x40_0000
    static let headerSize = 120

    var machine: UInt16 = 62
    var code: [UInt8]
    var type: UInt16 = 3

    var bytes: [UInt8] {
        let size = UInt64(Self.headerSize + code.count)
        var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
        func append(_ value: UInt64, _ count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(index * 8))) }
        }
        append(UInt64(type), 2)
        append(UInt64(machine), 2)
        append(1, 4)
        append(Self.base + UInt64(Self.headerSize), 8)
        append(64, 8)
        append(0, 8)
        append(0, 4)
        for value: UInt64 in [64, 56, 1, 0, 0, 0] { append(value, 2) }
        // PT_LOAD, readable and executable.
        append(1, 4)
        append(5, 4)
        append(0, 8)
        append(Self.base, 8)
        append(Self.base, 8)
        append(size, 8)
        append(size, 8)
        append(4096, 8)
        return bytes + code
    }

    /// Code of 32-bit instructions.
    static func arm64(_ words: [UInt32]) -> InventedProgram {
        InventedProgram(
            machine: 183, code: words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } })
    }
}
