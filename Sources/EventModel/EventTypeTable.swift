/// A row of the event type table as written in `EventTypeRows.swift`: a name and its arguments in index order, each
/// `name:kind`, with `@n` behind a path that is relative to the directory descriptor in argument n.
///
/// Behind `=` stands where a source that sees the system call finds the value: `rN` register, `pathN` N-th path, `dN`
/// descriptor that the call made, `howN` word of openat2's `open_how`, `result`, `exit` status, or a field's name.
/// Without `=`, `res` is the result, paths are numbered in order, addresses and tuples are the socket address, and
/// nothing knows the others.
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
        for row in EventTypeRow.syscalls + EventTypeRow.extended {
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
                origin = Origin(specification: kindText[equals...].dropFirst())
                kindText = kindText[..<equals]
            }
            var directory: Int?
            if let at = kindText.lastIndex(of: "@") {
                directory = Int(kindText[at...].dropFirst())
                kindText = kindText[..<at]
            }
            let kind = Kind(specification: kindText)
            if origin == .unknown {
                if kind == .path {
                    origin = .path(paths)
                    paths += 1
                } else if name == "res" {
                    origin = .result
                } else if kind == .address || kind == .tuple {
                    origin = .socketAddress
                }
            }
            return EventArgument(
                name: name, kind: kind, directoryArgument: directory, origin: origin,
                number: NumberFormat(specification: kindText)
            )
        }
    }
}

extension EventArgument.Origin {
    /// Reads an origin as the event type table writes it behind `=`.
    init(specification text: Substring) {
        func number(after prefix: String) -> Int? {
            text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count)) : nil
        }
        if text == "result" {
            self = .result
        } else if text == "exit" {
            self = .exitStatus
        } else if text.contains(".") {
            self = .process(String(text))
        } else if let index = number(after: "how") {
            self = .openHow(index)
        } else if let index = number(after: "path") {
            self = .path(index)
        } else if let index = number(after: "r") {
            self = .register(index)
        } else if let index = number(after: "d") {
            self = .descriptor(index)
        } else {
            self = .unknown
        }
    }
}

extension EventArgument.NumberFormat {
    /// Reads a number's format as the event type table writes it: `s32`, `u64`, `x64` (hexadecimal), `o32` (octal).
    init(specification text: Substring) {
        self.init()
        guard let bits = UInt8(text.dropFirst()) else { return }
        self.bits = bits
        switch text.first {
        case "s": isSigned = true
        case "x": notation = .hexadecimal
        case "o": notation = .octal
        default: break
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
