/// Why a file can't be looked at.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It has no ELF header.
    case notELF
    /// An ELF file of a machine, word size or byte order that is not looked at: `e_machine`.
    case unsupported(machine: UInt16)
    /// A table of the file lies outside of it or contradicts itself: which.
    case malformed(String)
    /// More of something than is looked at: of what.
    case tooLarge(String)
    /// It can't be read: why.
    case unreadable(String)

    /// What is wrong, and what was expected.
    public var description: String {
        switch self {
        case .notELF: "not an ELF file; expected a program or a shared library"
        case .unsupported(let machine):
            "an ELF file for machine \(machine); expected a 64-bit little-endian one for x86-64 (62) or arm64 (183)"
        case .malformed(let what): "a malformed ELF file: \(what)"
        case .tooLarge(let what): "too large an ELF file: \(what)"
        case .unreadable(let why): "can't be read: \(why)"
        }
    }
}
