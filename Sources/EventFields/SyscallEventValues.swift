import EventModel
import NodeState

/// What the fields of `EventFields.syscallEvent` are made of.
extension EventFieldReader {
    /// The call's return value; nil for events that have none.
    var result: Int64? {
        guard state.current.event.hasResult, eventArguments.hasResult else { return nil }
        return state.current.event.result
    }

    /// 1 where a condition holds, else null: how `evt.count.…` counts.
    func count(where condition: (EventFieldReader) -> Bool) -> FieldValue {
        condition(self) ? .unsigned(1) : .null
    }

    /// Whether the call failed for another reason than that it would have to wait (EAGAIN, ETIMEDOUT, EINPROGRESS).
    var isError: Bool {
        guard let result, result < 0 else { return false }
        return result != -11 && result != -110 && result != -115
    }

    /// Whether the call is about a file.
    var isFileCall: Bool {
        guard let descriptor = state.current.descriptor else { return trait.openCall != .none }
        return descriptor.kind == .file || descriptor.kind == .directory
    }

    /// Whether the call is about a network socket.
    var isSocketCall: Bool {
        guard let descriptor = state.current.descriptor else { return trait.isNetworkCall }
        return descriptor.kind.isInternet
    }

    /// The word of `evt.category`.
    var category: StaticString {
        guard trait.isInputOutput else { return trait.category }
        switch state.current.descriptor?.kind {
        case .none: return "unknown"
        case .file, .directory: return "file"
        case .ipv4, .ipv6: return "net"
        case .pipe, .unix, .event, .signal, .inotify, .userFault: return "ipc"
        default: return "other"
        }
    }

    /// Whether the call writes to `/dev/log`.
    func writesToSystemLog(_ arena: inout ValueArena) -> Bool {
        guard trait.transfer == .write, let descriptor = state.current.descriptor, !descriptor.kind.isInternet else {
            return false
        }
        return descriptor.path.contains(sequence: systemLog)
    }

    /// All arguments as `evt.args` shows them.
    func allArguments(into arena: inout ValueArena) -> FieldValue {
        let start = arena.mark
        for argument in eventArguments.all {
            if arena.mark > start { arena.append(UInt8(ascii: " ")) }
            arena.append(argument.name)
            arena.append(UInt8(ascii: "="))
            appendRaw(argument, into: &arena)
            let mark = arena.mark
            arena.append(UInt8(ascii: "("))
            let open = arena.mark
            if appendResolved(argument, into: &arena), arena.mark > open {
                arena.append(UInt8(ascii: ")"))
            } else {
                arena.truncate(to: mark)
            }
        }
        return arena.string(from: start)
    }

    /// An argument in its own type: what `evt.rawarg` compares.
    func rawValue(of argument: Argument, into arena: inout ValueArena) -> FieldValue {
        let start = arena.mark
        if let bytes = bytes(of: argument) {
            arena.append(bytes)
            switch argument.kind {
            case .bytes, .address, .tuple: return arena.buffer(from: start)
            default: return arena.string(from: start)
            }
        }
        switch argument.kind {
        case .path, .string, .stringList:
            let isKnown = argument.kind == .path ? appendPath(argument, into: &arena) : false
            if isKnown { return arena.string(from: start) }
            if argument.kind == .path { return .null }
            append(argument, into: &arena)
            return arena.string(from: start)
        case .bytes:
            guard let process else { return .null }
            switch argument.source {
            case .attribute(.arguments): arena.append(process.arguments)
            case .attribute(.environment): arena.append(process.environment)
            default: return .null
            }
            return arena.buffer(from: start)
        case .address, .tuple:
            let address = state.current.event.socketAddress
            guard address.isPresent else { return .null }
            arena.append(state.current.event.slice(address))
            return arena.buffer(from: start)
        case .fileDescriptor, .errorCode, .processID:
            return number(of: argument).map { .signed($0) } ?? .null
        case .number where argument.number.isSigned:
            return number(of: argument).map { .signed($0) } ?? .null
        case .syscall, .none:
            return .null
        default:
            return number(of: argument).map { .unsigned(UInt64(bitPattern: $0)) } ?? .null
        }
    }

    /// The absolute path that `evt.abspath` gives; null for calls without a path that a directory descriptor starts.
    func absolutePath(_ argument: FieldArgument, into arena: inout ValueArena) -> FieldValue {
        var wanted = 0
        if case .key(let side) = argument, side == [UInt8]("dst".utf8) { wanted = 1 }
        var position = 0
        for candidate in eventArguments.all where candidate.kind == .path && candidate.directoryRegister != nil {
            guard position == wanted else {
                position += 1
                continue
            }
            let start = arena.mark
            return appendAbsolutePath(candidate, onlyRelative: false, into: &arena)
                ? arena.string(from: start) : .null
        }
        return .null
    }
}

private let systemLog = Array("/dev/log".utf8)

extension FieldArgument {
    /// The argument as a number; nil when it is none.
    var number: UInt64? {
        switch self {
        case .none: nil
        case .index(let index): UInt64(exactly: index)
        case .key(let text): UInt64(String(decoding: text, as: UTF8.self))
        }
    }
}

extension [UInt8] {
    /// Whether the bytes contain a sequence.
    func contains(sequence: [UInt8]) -> Bool {
        guard sequence.count <= count else { return false }
        return (0...(count - sequence.count)).contains { self[$0..<($0 + sequence.count)].elementsEqual(sequence) }
    }
}
