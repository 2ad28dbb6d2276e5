/// What the forwarder tells the sensor: a line `KIND TAB OUTPUT TAB COUNT TAB TEXT`.
public struct ForwarderReport: Sendable, Equatable {
    /// What happened.
    public enum Kind: String, Sendable {
        /// Deliveries to the output begin to fail; they are tried again.
        case failing
        /// The output works again.
        case recovered
        /// The receiver refused alerts for good.
        case rejected
        /// A remark.
        case remark
    }

    /// What happened.
    public var kind: Kind
    /// The output's name.
    public var output: String
    /// How many alerts are meant.
    public var count: UInt64
    /// The reason in words; holds no control characters.
    public var text: String

    /// A report from its parts.
    public init(kind: Kind, output: String, count: UInt64, text: String) {
        self.kind = kind
        self.output = Self.printable(output)
        self.count = count
        self.text = Self.printable(text)
    }

    /// Reads a line, without its line feed. The process that wrote it talks to the network, so it is not trusted.
    public init?(line: some Sequence<UInt8>) {
        let parts = String(decoding: Array(line.prefix(Self.longestLine)), as: UTF8.self)
            .split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let kind = Kind(rawValue: String(parts[0])), let count = UInt64(parts[2]) else {
            return nil
        }
        self.init(kind: kind, output: String(parts[1]), count: count, text: String(parts[3]))
    }

    /// The line, with its line feed.
    public var line: [UInt8] { Array("\(kind.rawValue)\t\(output)\t\(count)\t\(text)\n".utf8.suffix(Self.longestLine)) }

    /// Longer lines are cut.
    public static let longestLine = 2048

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(512).map { scalar in
                    scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? " " : scalar
                }))
    }
}
