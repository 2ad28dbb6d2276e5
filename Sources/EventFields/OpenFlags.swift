import EventModel
import NodeState

/// What a call of the open family was asked for.
struct OpenFlags {
    /// The kernel's open flags.
    let bits: UInt64

    /// The flags of the current event; nil when it opens nothing or the source does not tell them.
    init?(of reader: EventFieldReader) {
        switch reader.eventArguments.openFlags?.source {
        case .register(let index):
            guard let bits = reader.register(index) else { return nil }
            self.bits = bits
        case .openHow:
            guard let how = reader.state.current.event.openHow else { return nil }
            bits = how.flags
        default:
            return nil
        }
    }

    // Numbers: asm-generic/fcntl.h; the ones here are the same on all architectures that Shrike knows.
    private var access: UInt64 { bits & 3 }
    /// Whether the access mode includes reading (O_RDONLY, O_RDWR).
    var reads: Bool { access != 1 }
    /// Whether the access mode includes writing (O_WRONLY, O_RDWR).
    var writes: Bool { access == 1 || access == 2 }
    /// O_CREAT.
    var creates: Bool { bits & 0o100 != 0 }
    /// O_TMPFILE's own bit.
    var makesTemporary: Bool { bits & 0o20000000 != 0 }
    /// Whether the mode argument counts.
    var mayCreate: Bool { creates || makesTemporary }
}

extension EventFieldReader {
    /// Whether the current event is an open call with read access; true where nobody can know.
    var opensForReading: Bool { isFlaggedOpen && (OpenFlags(of: self)?.reads ?? areFlagsUnknowable) }
    /// Whether the current event is an open call with write access; true where nobody can know.
    var opensForWriting: Bool { isFlaggedOpen && (OpenFlags(of: self)?.writes ?? areFlagsUnknowable) }

    /// An open through io_uring is told without its flags: it must not pass unseen for that.
    private var areFlagsUnknowable: Bool { state.current.event.hasUnknownArguments }

    private var isFlaggedOpen: Bool {
        switch trait.openCall {
        case .open, .handle: true
        case .none, .create: false
        }
    }

    /// Whether the current event opens a file that it makes executable.
    var opensExecutable: Bool {
        switch trait.openCall {
        case .none, .handle: return false
        case .open where OpenFlags(of: self)?.mayCreate != true:
            return areFlagsUnknowable && state.current.event.paths.contains { $0.role == .create }
        case .open, .create: break
        }
        guard let mode = eventArguments.openMode else { return false }
        return (number(of: mode) ?? 0) & 0o111 != 0
    }

    /// Whether the current event really created the file: the kernel said so, or it is an unnamed one.
    var createdFile: Bool {
        guard trait.openCall != .none, state.current.event.hasResult, state.current.event.result >= 0 else {
            return false
        }
        if OpenFlags(of: self)?.makesTemporary == true { return true }
        return state.current.event.paths.contains { $0.role == .create }
    }
}
