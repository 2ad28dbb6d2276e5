/// What a source's filter can look up. What it can't, the rules' conditions are widened for: more passes, never less.
public struct FilterLimits: Sendable, Hashable {
    /// What of an event can be looked up.
    public struct Dimensions: OptionSet, Sendable, Hashable {
        /// One bit for each.
        public let rawValue: UInt16
        /// From the bits.
        public init(rawValue: UInt16) { self.rawValue = rawValue }
        /// `TypeFilter.outcome`.
        public static let outcome = Dimensions(rawValue: 1)
        /// `TypeFilter.access`.
        public static let access = Dimensions(rawValue: 2)
        /// `TypeFilter.scope`.
        public static let scope = Dimensions(rawValue: 4)
        /// `TypeFilter.user`.
        public static let user = Dimensions(rawValue: 8)
        /// `TypeFilter.family`.
        public static let family = Dimensions(rawValue: 16)
        /// `TypeFilter.port`.
        public static let port = Dimensions(rawValue: 32)
        /// `TypeFilter.address`.
        public static let address = Dimensions(rawValue: 64)
        /// `TypeFilter.command`.
        public static let command = Dimensions(rawValue: 128)
        /// `TypeFilter.executable`.
        public static let executable = Dimensions(rawValue: 256)
        /// `TypeFilter.file`.
        public static let file = Dimensions(rawValue: 512)
        /// `TypeFilter.name`.
        public static let name = Dimensions(rawValue: 1024)
        /// `TypeFilter.arguments`.
        public static let arguments = Dimensions(rawValue: 2048)
        /// Everything.
        public static let all = Dimensions(rawValue: 0xfff)
    }

    /// The ways to look up a text.
    public struct Patterns: OptionSet, Sendable, Hashable {
        /// One bit for each.
        public let rawValue: UInt8
        /// From the bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// `TextTable.exact`.
        public static let exact = Patterns(rawValue: 1)
        /// `TextTable.prefixes`.
        public static let prefixes = Patterns(rawValue: 2)
        /// `TextTable.suffixes`.
        public static let suffixes = Patterns(rawValue: 4)
        /// `TextTable.fileNames`.
        public static let fileNames = Patterns(rawValue: 8)
        /// `TextTable.contained`.
        public static let contained = Patterns(rawValue: 16)
        /// All of them.
        public static let all = Patterns(rawValue: 31)
    }

    /// How many alternatives an event type may have, 1 to 256.
    public var alternatives = AlternativeSet.capacity
    /// What can be looked up.
    public var dimensions: Dimensions = .all
    /// How paths can be looked up.
    public var paths: Patterns = .all
    /// How command names can be looked up.
    public var commands: Patterns = .all
    /// The longest text in a table, bytes; a kernel's tables of prefixes hold 256 (linux/bpf.h, LPM_DATA_SIZE_MAX).
    public var textLength = 255
    /// How many texts to be held anywhere a type's tables may have together.
    public var containedTexts = 8
    /// How many tests of arguments a type may have.
    public var argumentTests = 32
    /// The ABI of the calls, for the numbers of flags.
    public var architecture = RawEvent.Architecture.x86_64

    /// Everything that `FilterProgram` has.
    public init() {}
}
