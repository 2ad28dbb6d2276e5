/// The name of an event as rules see it in `evt.type`: a Falco event name, or the name of a system call that has no
/// event of its own (then it is *generic*).
///
/// The value is a dense index into `EventType.table`, so sets of types are bit sets.
public struct EventType: Sendable, Hashable {
    /// Position in `EventType.table`.
    public let index: UInt16

    /// The type at a position of the table; `index` is below `EventType.count`.
    public init(index: UInt16) { self.index = index }

    /// Looks a type up by the name that rules use; nil when no event or system call has it.
    public init?(name: String) {
        guard let index = EventTypeTable.shared.indexByName[name] else { return nil }
        self.index = index
    }

    /// The name that `evt.type` shows.
    public var name: String { EventTypeTable.shared.rows[Int(index)].name }

    /// The event's arguments in index order; empty for generic events.
    public var arguments: [EventArgument] { EventTypeTable.shared.rows[Int(index)].arguments }

    /// Whether this is a system call without an event of its own: no arguments, no result.
    public var isGeneric: Bool { EventTypeTable.shared.rows[Int(index)].isGeneric }

    /// Whether the event is a system call (as opposed to a process exit or an internal event).
    public var isSyscall: Bool { EventTypeTable.shared.rows[Int(index)].isSyscall }

    /// The number of event types.
    public static var count: Int { EventTypeTable.shared.rows.count }

    /// All types, in table order.
    public static let all: [EventType] = (0..<UInt16(count)).map(EventType.init(index:))
}

/// One argument of an event, as `evt.arg.NAME` reads it.
public struct EventArgument: Sendable, Hashable {
    /// How the argument's value is shown (the Falco rule language's argument kinds).
    public enum Kind: Sendable, Hashable {
        case fileDescriptor, errorCode, path, string, stringList, processID, userID, groupID, bytes, address, tuple
        case signal, number, mode, time, syscall, none
        /// Names joined by `|`, from a vocabulary of `FlagVocabulary`.
        case flags(String)
        /// One name, from a vocabulary of `FlagVocabulary`.
        case enumeration(String)
        /// Permission bits shown as `S_…` names.
        case modeBits(String)
    }

    /// Where a source that sees the system call's registers finds the argument's value.
    public enum Origin: Sendable, Hashable {
        /// The return value.
        case result
        /// The register with this index, 0 to 5.
        case register(Int)
        /// The n-th path that the call names (0: first or only, 1: second).
        case path(Int)
        /// The socket address that the call passed or received.
        case socketAddress
        /// The n-th word of the `struct open_how` that openat2 points to: flags, mode, resolve (linux/openat2.h).
        case openHow(Int)
        /// The n-th descriptor that a pipe or socketpair call made.
        case descriptor(Int)
        /// The wait status of a process exit; the argument's name says which part of it.
        case exitStatus
        /// A property of the process or descriptor after the call, by field name.
        case process(String)
        /// No source knows it.
        case unknown
    }

    /// The name after `evt.arg.`.
    public let name: String
    /// How it is shown.
    public let kind: Kind
    /// For paths: the position of the argument that holds the directory descriptor a relative path starts from.
    public let directoryArgument: Int?
    /// Where its value comes from.
    public let origin: Origin

    /// For numbers: how a register's bits become the value.
    public let number: NumberFormat

    /// Describes one argument.
    public init(
        name: String, kind: Kind, directoryArgument: Int? = nil, origin: Origin = .unknown,
        number: NumberFormat = NumberFormat()
    ) {
        self.name = name
        self.kind = kind
        self.directoryArgument = directoryArgument
        self.origin = origin
        self.number = number
    }

    /// Whether it is a register that holds the id of another process, which the call acts upon, or a descriptor of it.
    public var isTarget: Bool {
        guard case .register = origin else { return false }
        return switch kind {
        case .processID: name == "pid" || name == "tid"
        case .fileDescriptor: name == "pidfd" || name == "pid_fd"
        default: false
        }
    }

    /// The sources that can tell its value. Audit's records have the first four registers, paths and addresses (audit_log_exit,
    /// kernel/auditsc.c), but no other text or structure in memory; of mmap's descriptor there is a record (AUDIT_MMAP).
    public var sources: SourceSet {
        switch origin {
        case .unknown: .ebpf
        case .register(let index) where index > 3 && kind != .fileDescriptor: .ebpf
        default: .all
        }
    }

    /// Width, sign and notation of a number argument.
    public struct NumberFormat: Sendable, Hashable {
        /// How the number is written.
        public enum Notation: Sendable, Hashable { case decimal, octal, hexadecimal }
        /// 8, 16, 32 or 64.
        public var bits: UInt8 = 64
        /// Whether it can be negative.
        public var isSigned = false
        /// How it is written; octal has a leading 0, hexadecimal is upper-case without prefix.
        public var notation: Notation = .decimal
        /// An unsigned number of 64 bits, written in decimal.
        public init() {}
    }

    /// The events from which Falco takes the type of an argument that events give different types: the first in its table
    /// of events. For the other names that is the type that most events give.
    private static let typingEvents = ["addr": "bind", "fdlimit": "execve", "key": "semget", "val": "setsockopt"]

    /// Whether the arguments of that name are signed numbers in some events and unsigned ones in others.
    public static func hasMixedSign(named name: String) -> Bool {
        let types = EventTypeTable.shared.rows.flatMap(\.arguments).filter { $0.name == name }.map(\.nativeType)
        let signed: Set<FieldType> = [.s8, .s16, .s32, .s64]
        let unsigned: Set<FieldType> = [.u8, .u16, .u32, .u64]
        return types.contains(where: signed.contains) && types.contains(where: unsigned.contains)
    }

    /// The type of `evt.rawarg.NAME`; nil when no event has such an argument.
    public static func nativeType(named name: String) -> FieldType? {
        if let event = typingEvents[name].flatMap(EventType.init(name:)),
            let argument = event.arguments.first(where: { $0.name == name })
        {
            return argument.nativeType
        }
        var counts: [(type: FieldType, count: Int)] = []
        for argument in EventTypeTable.shared.rows.flatMap(\.arguments) where argument.name == name {
            if let index = counts.firstIndex(where: { $0.type == argument.nativeType }) {
                counts[index].count += 1
            } else {
                counts.append((argument.nativeType, 1))
            }
        }
        guard let most = counts.map(\.count).max() else { return nil }
        return counts.first { $0.count == most }?.type
    }

    /// The argument's own type, which `evt.rawarg` gives.
    public var nativeType: FieldType {
        switch kind {
        case .fileDescriptor, .errorCode, .processID: .s64
        case .path: .path
        case .string, .stringList, .none, .syscall: .string
        case .userID, .groupID, .flags, .enumeration, .modeBits: .u32
        case .bytes, .address, .tuple: .bytes
        case .signal: .u8
        case .time: .relativeTime
        case .number, .mode:
            switch (number.bits, number.isSigned) {
            case (8, true): .s8
            case (16, true): .s16
            case (32, true): .s32
            case (_, true): .s64
            case (8, false): .u8
            case (16, false): .u16
            case (32, false): .u32
            case (_, false): .u64
            }
        }
    }
}
