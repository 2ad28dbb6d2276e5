/// The named classes of bracket expressions in the C locale (POSIX, "RE Bracket Expression").
enum CharacterClass: String, Sendable, CaseIterable {
    case alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper, xdigit

    /// The class with this name.
    init?(name: some Collection<UInt8>) { self.init(rawValue: String(decoding: Array(name), as: UTF8.self)) }

    /// Whether a byte is in the class; without regard to case, letters of either case are.
    func contains(_ byte: UInt8, ignoresCase: Bool = false) -> Bool {
        switch self {
        case .alnum: Self.alpha.contains(byte) || Self.digit.contains(byte)
        case .alpha: (0x61...0x7a).contains(byte | 0x20) && byte < 0x80
        case .blank: byte == 0x09 || byte == 0x20
        case .cntrl: byte < 0x20 || byte == 0x7f
        case .digit: (0x30...0x39).contains(byte)
        case .graph: (0x21...0x7e).contains(byte)
        case .lower: (0x61...0x7a).contains(ignoresCase ? byte | 0x20 : byte) && byte < 0x80
        case .print: (0x20...0x7e).contains(byte)
        case .punct: Self.graph.contains(byte) && !Self.alnum.contains(byte)
        case .space: (0x09...0x0d).contains(byte) || byte == 0x20
        case .upper: (0x41...0x5a).contains(ignoresCase ? byte & ~0x20 : byte)
        case .xdigit: Self.digit.contains(byte) || (0x61...0x66).contains(byte | 0x20)
        }
    }
}
