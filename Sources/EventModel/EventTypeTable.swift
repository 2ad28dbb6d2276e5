/// A row of the event type table as written in `EventTypeRows.swift`: a name and its arguments in index order, each
/// `name:kind`, with `@n` behind a path that is relative to the directory descriptor in argument n, and `=rN` behind an
/// argument that a system call passes in register N.
struct EventTypeRow: Sendable {
    let name: String
    let specification: String

    init(_ name: String, _ specification: String) {
        self.name = name
        self.specification = specification
    }
}

/// All event types: Falco's events first, then the system calls that have no event of their own.
struct EventTypeTable: Sendable {
    struct Row: Sendable {
        let name: String
        let arguments: [EventArgument]
        let isGeneric: Bool
        let isSyscall: Bool
    }

    static let shared = EventTypeTable()

    let rows: [Row]
    let indexByName: [String: UInt16]

    private init() {
        var rows: [Row] = []
        for row in EventTypeRow.syscalls {
            rows.append(
                Row(
                    name: row.name, arguments: EventArgument.parse(row.specification), isGeneric: false, isSyscall: true
                )
            )
        }
        for row in EventTypeRow.others {
            rows.append(
                Row(
                    name: row.name, arguments: EventArgument.parse(row.specification), isGeneric: false,
                    isSyscall: false
                )
            )
        }
        for name in EventTypeRow.genericSyscalls.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            rows.append(Row(name: String(name), arguments: [], isGeneric: true, isSyscall: true))
        }
        self.rows = rows
        indexByName = Dictionary(
            rows.enumerated().map { ($1.name, UInt16($0)) }, uniquingKeysWith: { first, _ in first }
        )
    }
}

extension EventArgument {
    /// Parses the arguments of an `EventTypeRow`.
    static func parse(_ specification: String) -> [EventArgument] {
        var paths = 0
        return specification.split(separator: ",").map { part in
            let text = part.trimming(" ")
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            let name = String(text[..<colon])
            var kindText = text[colon...].dropFirst()
            var origin: Origin = .unknown
            if let equals = kindText.lastIndex(of: "=") {
                if let register = Int(kindText[equals...].dropFirst(2)) { origin = .register(register) }
                kindText = kindText[..<equals]
            }
            var directory: Int?
            if let at = kindText.lastIndex(of: "@") {
                directory = Int(kindText[at...].dropFirst())
                kindText = kindText[..<at]
            }
            let kind = Kind(specification: kindText)
            if case .path = kind, origin == .unknown {
                origin = .path(paths)
                paths += 1
            } else if name == "res" || (kind == .fileDescriptor && name == "fd" && origin == .unknown) {
                origin = .result
            } else if kind == .address || kind == .tuple {
                origin = .socketAddress
            }
            return EventArgument(name: name, kind: kind, directoryArgument: directory, origin: origin)
        }
    }
}

extension EventArgument.Kind {
    /// Reads a kind as the event type table writes it: `fd`, `flags{file_flags}`, `u32` …
    init(specification text: Substring) {
        let vocabulary = String(text.drop { $0 != "{" }.dropFirst().prefix { $0 != "}" })
        switch text.prefix(while: { $0 != "{" }) {
        case "fd": self = .fileDescriptor
        case "err": self = .errorCode
        case "path": self = .path
        case "str": self = .string
        case "strs": self = .stringList
        case "pid": self = .processID
        case "uid": self = .userID
        case "gid": self = .groupID
        case "bytes", "fdlist", "dyn", "sigset": self = .bytes
        case "addr": self = .address
        case "tuple": self = .tuple
        case "sig": self = .signal
        case "time": self = .time
        case "syscall": self = .syscall
        case "flags": self = .flags(vocabulary)
        case "enum": self = .enumeration(vocabulary)
        case "mode": self = .modeBits(vocabulary)
        default: self = .number
        }
    }
}

extension Substring {
    /// Without leading and trailing characters of the set.
    fileprivate func trimming(_ character: Character) -> Substring {
        var rest = drop { $0 == character }
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
