/// A version of three numbers.
public struct SemanticVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number; another one means incompatible.
    public var major: UInt32
    /// The second number.
    public var minor: UInt32
    /// The third number.
    public var patch: UInt32

    /// A version from its numbers.
    public init(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `X.Y.Z`.
    public init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(TextCursor.isDigit) }),
            let major = UInt32(numbers[0]), let minor = UInt32(numbers[1]), let patch = UInt32(numbers[2])
        else { return nil }
        self.init(major, minor, patch)
    }

    /// Reads an engine version: an unsigned integer `N` stands for `0.N.0`.
    public init?(engineVersion text: String) {
        if !text.isEmpty, text.utf8.allSatisfy(TextCursor.isDigit) {
            guard let minor = UInt32(text) else { return nil }
            self.init(0, minor, 0)
        } else {
            self.init(text)
        }
    }

    /// Whether something of this version does where another is required: the same major version, and no older.
    public func satisfies(_ required: SemanticVersion) -> Bool { major == required.major && self >= required }

    /// Orders by the numbers, major first.
    public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// `X.Y.Z`.
    public var description: String { "\(major).\(minor).\(patch)" }
}
