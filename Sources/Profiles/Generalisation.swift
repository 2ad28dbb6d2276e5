/// What in names stands for many of the same kind: so that a file per request is one behaviour, not thousands.
///
/// The user's patterns come first; then the built-in shapes, in the order of `Shape`, look at each component of a path.
public struct Generalisation: Sendable, Equatable {
    /// A built-in rule.
    public enum Shape: String, Sendable, CaseIterable {
        /// `/proc/123` becomes `/proc/{pid}`.
        case pid
        /// 8-4-4-4-12 hexadecimal digits (RFC 9562) become `{uuid}`.
        case uuid
        /// Year, month and day, with or without hyphens, become `{date}`.
        case date
        /// 12 or more hexadecimal digits, among them a decimal one and a letter, become `{hash}`.
        case hash
        /// Six or more letters and digits that no word is made of become `{random}`: below directories for temporary files
        /// letters with digits or capitals, elsewhere all three.
        case random
        /// Decimal digits that stand alone, or two and more behind letters, become `{n}`; not below directories that hold programs
        /// and settings, where they are versions.
        case number
    }

    /// Patterns of whole paths: `*` is any part of a component, `**` any components.
    public private(set) var patterns: [PathPattern]
    /// The built-in rules in use.
    private let uses: Uses
    /// Below these a number is a version, and stays.
    public var keptNumbers: [[UInt8]]
    /// Below these, names are likely to be made up.
    public var temporary: [[UInt8]]

    private struct Uses: Sendable, Equatable {
        var pid, uuid, date, hash, random, number: Bool
    }

    /// Rules from their parts.
    public init(
        patterns: [PathPattern] = [], shapes: Set<Shape> = Set(Shape.allCases),
        keptNumbers: [String] = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/etc", "/dev", "/nix"],
        temporary: [String] = ["/tmp", "/var/tmp", "/dev/shm", "/run/user", "/var/cache"]
    ) {
        self.patterns = patterns
        uses = Uses(
            pid: shapes.contains(.pid), uuid: shapes.contains(.uuid), date: shapes.contains(.date),
            hash: shapes.contains(.hash), random: shapes.contains(.random), number: shapes.contains(.number))
        self.keptNumbers = keptNumbers.map { Array($0.utf8) }
        self.temporary = temporary.map { Array($0.utf8) }
    }

    /// Adds a path, generalised.
    public func append(path: ArraySlice<UInt8>, to text: inout [UInt8]) {
        for pattern in patterns where pattern.matches(path) { return text.append(contentsOf: pattern.text) }
        let isTemporary = temporary.contains { path.isBelow($0) }
        // /dev/shm holds no devices.
        let isKept = !isTemporary && keptNumbers.contains { path.isBelow($0) }
        let isProc = uses.pid && path.isBelow(Self.proc)
        var start = path.startIndex
        while start < path.endIndex {
            if path[start] == UInt8(ascii: "/") {
                text.append(UInt8(ascii: "/"))
                start += 1
                continue
            }
            var end = start
            while end < path.endIndex, path[end] != UInt8(ascii: "/") { end += 1 }
            let component = path[start..<end]
            if isProc, component.allSatisfy({ $0.isDigit }), start == path.startIndex + Self.proc.count + 1 {
                text.append(contentsOf: Self.pid)
            } else {
                append(name: component, isKept: isKept, isTemporary: isTemporary, to: &text)
            }
            start = end
        }
    }

    private func append(name: ArraySlice<UInt8>, isKept: Bool, isTemporary: Bool, to text: inout [UInt8]) {
        var index = name.startIndex
        while index < name.endIndex {
            guard name[index].isAlphanumeric else {
                text.append(canonical: name[index])
                index += 1
                continue
            }
            let rest = name[index...]
            if uses.uuid, let end = rest.endOfUUID {
                text.append(contentsOf: Self.uuid)
                index = end
            } else if uses.date, let end = rest.endOfDate {
                text.append(contentsOf: Self.date)
                index = end
            } else {
                let token = rest.prefix { $0.isAlphanumeric }
                append(token: token, isKept: isKept, isTemporary: isTemporary, to: &text)
                index = token.endIndex
            }
        }
    }

    private func append(token: ArraySlice<UInt8>, isKept: Bool, isTemporary: Bool, to text: inout [UInt8]) {
        let content = TokenContent(token)
        if uses.hash, token.count >= 12, content.isHexadecimal, content.digits > 0, content.letters > 0 {
            return text.append(contentsOf: Self.hash)
        }
        if uses.random, token.count >= 6, content.isRandom(isTemporary) {
            return text.append(contentsOf: Self.random)
        }
        if uses.number, !isKept {
            if content.letters == 0 { return text.append(contentsOf: Self.number) }
            let digits = token.reversed().prefix { $0.isDigit }.count
            if digits >= 2 {
                text.append(contentsOf: token.dropLast(digits))
                return text.append(contentsOf: Self.number)
            }
        }
        text.append(contentsOf: token)
    }

    private static let proc = Array("/proc".utf8)
    private static let pid = Array("{pid}".utf8)
    private static let uuid = Array("{uuid}".utf8)
    private static let date = Array("{date}".utf8)
    private static let hash = Array("{hash}".utf8)
    private static let random = Array("{random}".utf8)
    private static let number = Array("{n}".utf8)
}
