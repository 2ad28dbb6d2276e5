import EventModel
import NodeState

/// What the fields of the event's file descriptor are made of.
extension EventFieldReader {
    /// Whether the event makes, uses or closes a descriptor of a known process.
    var isDescriptorEvent: Bool { state.current.isDescriptorEvent && process != nil }

    /// Adds `fd.name`; false when the event has none. A failed call has no descriptor: its path or address tells.
    func appendDescriptorName(into arena: inout ValueArena) -> Bool {
        guard isDescriptorEvent else { return false }
        if let descriptor = state.current.descriptor {
            appendName(of: descriptor, into: &arena)
            return true
        }
        if let path = openPath { return appendAbsolutePath(path, onlyRelative: false, into: &arena) }
        return trait.isNetworkCall && appendTuple(into: &arena)
    }

    /// Adds `fd.nameraw`: for an open the path as passed with doubled slashes made one, else as `fd.name`.
    func appendRawDescriptorName(into arena: inout ValueArena) -> Bool {
        guard isDescriptorEvent else { return false }
        guard let path = openPath, case .path(let position) = path.source, let name = pathName(position) else {
            return appendDescriptorName(into: &arena)
        }
        var isSlash = false
        for byte in state.current.event.slice(name) {
            if !(isSlash && byte == UInt8(ascii: "/")) { arena.append(byte) }
            isSlash = byte == UInt8(ascii: "/")
        }
        return true
    }

    /// The path argument of a call of the open family.
    private var openPath: Argument? {
        trait.openCall == .none ? nil : eventArguments.firstPath
    }

    /// Adds `fd.directory`; false for what is neither file nor directory.
    func appendDescriptorDirectory(into arena: inout ValueArena) -> Bool {
        let start = arena.mark
        let kind = state.current.descriptor?.kind
        switch kind {
        case .directory: return appendDescriptorName(into: &arena)
        case .file: break
        case .none where openPath != nil: break
        default: return false
        }
        guard appendDescriptorName(into: &arena) else { return false }
        let slash = arena.bytes[start...].lastIndex(of: UInt8(ascii: "/"))
        switch slash {
        case nil, start:
            arena.truncate(to: start)
            arena.append(UInt8(ascii: "/"))
        case .some(let position) where position < arena.mark - 1:
            arena.truncate(to: position)
        case .some:
            // A name that ends in a slash is a directory's: it stays as it is.
            break
        }
        return true
    }

    /// Adds the container's id and a colon.
    func appendContainerPrefix(into arena: inout ValueArena) {
        if let container = process?.container { arena.append(container.id) } else { arena.append("host") }
        arena.append(UInt8(ascii: ":"))
    }

    /// The list of `fd.types`.
    func descriptorTypes(
        of process: ProcessRecord, _ argument: FieldArgument, into arena: inout ValueArena
    ) -> FieldValue {
        if case .index(let number) = argument {
            guard let number = Int32(exactly: number), let descriptor = state.descriptor(number, of: process) else {
                return .null
            }
            let word = arena.string(orNA: descriptor.kind.word)
            let start = arena.elementMark
            arena.appendElement(word)
            return arena.list(from: start)
        }
        state.descriptorNumbers(of: process, into: &descriptorNumbers)
        descriptorNumbers.sort()
        var seen: UInt32 = 0
        let start = arena.elementMark
        for number in descriptorNumbers {
            guard let kind = state.descriptor(number, of: process)?.kind else { continue }
            let bit: UInt32 = 1 << UInt32(kind.rawValue & 31)
            guard seen & bit == 0 else { continue }
            seen |= bit
            let word = arena.string(orNA: kind.word)
            arena.appendElement(word)
        }
        return arena.list(from: start)
    }
}
