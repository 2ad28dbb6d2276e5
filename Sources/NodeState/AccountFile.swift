/// The accounts of passwd(5) and group(5) files. Lines that are no account are counted and skipped.
struct AccountFile {
    private(set) var users: [UInt32: UserAccount] = [:]
    private(set) var groups: [UInt32: GroupAccount] = [:]
    private(set) var malformedLines: UInt64 = 0

    /// Adds the users of a passwd file; of a repeated id the first counts, as in getpwuid(3).
    mutating func addUsers(_ text: [UInt8]) {
        var lines = AccountLines(text)
        while users.count < Self.limit, let fields = lines.next() {
            guard fields.count >= 7, let uid = Self.id(fields[2]), Self.isName(fields[0]) else {
                malformedLines += 1
                continue
            }
            guard users[uid] == nil else { continue }
            users[uid] = UserAccount(uid: uid, name: Array(fields[0]), home: Array(fields[5]), shell: Array(fields[6]))
        }
    }

    /// Adds the groups of a group file.
    mutating func addGroups(_ text: [UInt8]) {
        var lines = AccountLines(text)
        while groups.count < Self.limit, let fields = lines.next() {
            guard fields.count >= 3, let gid = Self.id(fields[2]), Self.isName(fields[0]) else {
                malformedLines += 1
                continue
            }
            if groups[gid] == nil { groups[gid] = GroupAccount(gid: gid, name: Array(fields[0])) }
        }
    }

    /// More accounts than this are not held: the file may be a container's, made to cost memory.
    private static let limit = 16384

    private static func id(_ text: ArraySlice<UInt8>) -> UInt32? {
        DecimalText.unsigned(text).flatMap { UInt32(exactly: $0) }
    }

    /// Names go into alerts; useradd(8) would refuse longer ones and control characters.
    private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 256 && text.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }
}

/// The lines of an account file as fields, without comments and empty lines. A line of more fields than any account has
/// is cut: it may be one long run of colons.
private struct AccountLines {
    private let text: [UInt8]
    private var lines: LineCursor

    init(_ text: [UInt8]) {
        self.text = text
        lines = LineCursor(text)
    }

    mutating func next() -> [ArraySlice<UInt8>]? {
        while let line = lines.next() {
            guard let first = text[line].first, first != UInt8(ascii: "#") else { continue }
            return text[line].split(separator: UInt8(ascii: ":"), maxSplits: 7, omittingEmptySubsequences: false)
        }
        return nil
    }
}
