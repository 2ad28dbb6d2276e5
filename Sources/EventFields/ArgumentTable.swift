import EventModel

/// An event's argument, prepared for reading: names as bytes, vocabularies and field names looked up. A class, so that
/// passing one on copies a reference and not its parts.
final class Argument: Sendable {
    /// Where the value is found.
    enum Source: Sendable {
        case unknown, result, socketAddress, exitStatus
        case register(Int)
        case path(Int)
        case openHow(Int)
        case descriptor(Int)
        case attribute(ProcessAttribute)
        /// A field, by its position in `EventFields.rows`.
        case field(Int)
    }

    /// What of a process no field gives in the form that an argument needs.
    enum ProcessAttribute: Sendable {
        case arguments, environment, executableFlags
        case inheritable, permitted, effective
    }

    /// The position among the event's arguments.
    let index: Int
    let name: [UInt8]
    let kind: EventArgument.Kind
    let number: EventArgument.NumberFormat
    let source: Source
    let vocabulary: FlagVocabulary?
    /// For paths: the register that holds the directory descriptor.
    let directoryRegister: Int?
    /// For flags of open calls: whether the vocabulary has the names of open files' states, which aren't in a register.
    let isOpenFlags: Bool
    /// For socket options: the register with the level; other levels than SOL_SOCKET have no names.
    let levelRegister: Int?
    /// Whether it names the process that the call acts upon.
    let isTarget: Bool

    fileprivate init(
        _ argument: EventArgument, at index: Int, among arguments: [EventArgument], rowByName: [String: Int]
    ) {
        self.index = index
        name = Array(argument.name.utf8)
        kind = argument.kind
        number = argument.number
        isTarget = argument.isTarget
        source = Source(argument.origin, rowByName: rowByName)
        switch argument.kind {
        case .flags(let name), .enumeration(let name), .modeBits(let name): vocabulary = .named(name)
        default: vocabulary = nil
        }
        isOpenFlags = argument.kind == .flags("file_flags")
        directoryRegister = argument.directoryArgument.flatMap { position in
            guard position < arguments.count, case .register(let index) = arguments[position].origin else { return nil }
            return index
        }
        levelRegister =
            if argument.kind == .enumeration("sockopt_options"),
                case .register(let index) = arguments.first(where: { $0.name == "level" })?.origin
            {
                index
            } else {
                nil
            }
    }
}

/// The arguments of an event type, and those of them that fields other than `evt.arg` need.
struct EventArguments: Sendable {
    /// In index order.
    let all: [Argument]
    /// Whether the event's return value is one of its arguments, as `res` or as the descriptor that the call made.
    let hasResult: Bool
    /// The flags of an open call.
    let openFlags: Argument?
    /// The mode of an open call.
    let openMode: Argument?
    /// The first path that the call names.
    let firstPath: Argument?
    /// What names the process that the call acts upon: its id, a thread's, or a descriptor of it.
    let target: Argument?

    fileprivate init(_ arguments: [Argument]) {
        all = arguments
        if let first = arguments.first, case .result = first.source {
            hasResult = first.kind == .fileDescriptor || first.name.elementsEqual("res".utf8)
        } else {
            hasResult = false
        }
        openFlags = arguments.first(where: \.isOpenFlags)
        openMode = arguments.first { $0.number.notation == .octal }
        firstPath = arguments.first { $0.kind == .path }
        target = arguments.first(where: \.isTarget)
    }
}

/// The arguments of all event types, by type index.
struct ArgumentTable: Sendable {
    static let shared = ArgumentTable()

    let events: [EventArguments]

    private init() {
        let rowByName = Dictionary(
            EventFields.rows.enumerated().map { ($1.description.name, $0) }, uniquingKeysWith: { first, _ in first }
        )
        events = EventType.all.map { type in
            let arguments = type.arguments
            return EventArguments(
                arguments.enumerated().map { Argument($1, at: $0, among: arguments, rowByName: rowByName) }
            )
        }
    }
}

extension Argument.Source {
    fileprivate init(_ origin: EventArgument.Origin, rowByName: [String: Int]) {
        switch origin {
        case .result: self = .result
        case .register(let index): self = .register(index)
        case .path(let index): self = .path(index)
        case .socketAddress: self = .socketAddress
        case .openHow(let index): self = .openHow(index)
        case .descriptor(let index): self = .descriptor(index)
        case .exitStatus: self = .exitStatus
        case .unknown: self = .unknown
        case .process("proc.args"): self = .attribute(.arguments)
        case .process("proc.env"): self = .attribute(.environment)
        case .process("proc.exe_flags"): self = .attribute(.executableFlags)
        case .process("thread.cap_inheritable"): self = .attribute(.inheritable)
        case .process("thread.cap_permitted"): self = .attribute(.permitted)
        case .process("thread.cap_effective"): self = .attribute(.effective)
        case .process(let name): self = rowByName[name].map { .field($0) } ?? .unknown
        }
    }
}
