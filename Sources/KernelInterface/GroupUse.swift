/// Something that a control group uses of the kernel.
public enum GroupUse: Sendable {
    /// System calls that it made.
    case calls(SyscallSet)
    /// Capabilities that were needed for what it asked for, and those of them that its processes had.
    case capabilities(asked: CapabilitySet, granted: CapabilitySet)

    /// Which of it is counted.
    public struct Kinds: OptionSet, Sendable {
        /// The kinds as bits.
        public let rawValue: UInt8
        /// The kinds of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// System calls.
        public static let calls = Kinds(rawValue: 1)
        /// Capabilities.
        public static let capabilities = Kinds(rawValue: 2)
    }
}
