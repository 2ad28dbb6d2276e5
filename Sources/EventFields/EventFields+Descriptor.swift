import EventModel
import NodeState

extension EventFields {
    /// Fields of the file descriptor that the event makes, uses or closes.
    static let descriptor = FieldClass("fd", "the file descriptor that the event makes, uses or closes") {
        descriptorNames
        descriptorFile
    }

    @FieldRowBuilder private static var descriptorNames: [FieldRow] {
        FieldRow(
            "fd.num", .s64, "the descriptor's number, -1 when the call failed to make one", from: .opens,
            .event { reader, _ in
                reader.isDescriptorEvent ? .signed(reader.state.current.descriptorNumber) : .null
            }
        )
        FieldRow(
            "fd.type", .string, "what it is: file, directory, ipv4, ipv6, unix, pipe, event …", from: .opens,
            cost: .cheap,
            .descriptor { descriptor, _, arena in arena.string(orNA: descriptor.kind.word) }
        )
        FieldRow(
            "fd.typechar", .string,
            "what it is, as a letter: f file, d directory, 4 and 6 internet socket, u unix socket, p pipe …",
            from: .opens, cost: .cheap,
            .event { reader, arena in
                guard reader.isDescriptorEvent else { return .null }
                let start = arena.mark
                arena.append(reader.state.current.descriptor?.kind.character ?? reader.trait.failedCharacter)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "fd.name", .string, "a file's absolute path, or a connection as CLIENT:PORT->SERVER:PORT", from: .opens,
            cost: .cheap,
            .event { reader, arena in
                let start = arena.mark
                return reader.appendDescriptorName(into: &arena) ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "fd.nameraw", .string, "the path as it was passed", from: .opens, cost: .cheap,
            .event { reader, arena in
                let start = arena.mark
                return reader.appendRawDescriptorName(into: &arena) ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "fd.directory", .string, "a file's directory, or the directory itself", from: .opens, cost: .cheap,
            .event { reader, arena in
                let start = arena.mark
                return reader.appendDescriptorDirectory(into: &arena) ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "fd.filename", .string, "a file's name without its directory", from: .opens, cost: .cheap,
            .descriptor { descriptor, reader, arena in
                guard descriptor.kind == .file else { return .null }
                let start = arena.mark
                reader.appendName(of: descriptor, into: &arena)
                guard let slash = arena.bytes[start...].lastIndex(of: UInt8(ascii: "/")) else {
                    arena.truncate(to: start)
                    return arena.string("/")
                }
                return arena.string(from: slash + 1)
            }
        )
        FieldRow(
            "fd.containername", .string, "container id, colon and fd.name", from: .liveOpens, cost: .cheap,
            .event { reader, arena in
                let start = arena.mark
                reader.appendContainerPrefix(into: &arena)
                return reader.appendDescriptorName(into: &arena) ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "fd.containerdirectory", .string, "container id, colon and fd.directory", from: .liveOpens, cost: .cheap,
            .event { reader, arena in
                let start = arena.mark
                reader.appendContainerPrefix(into: &arena)
                return reader.appendDescriptorDirectory(into: &arena) ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "fd.uid", .string, "thread id and descriptor number, written together", from: .opens,
            .event { reader, arena in
                guard reader.isDescriptorEvent, reader.state.current.descriptorNumber >= 0 else { return .null }
                let start = arena.mark
                arena.append(decimal: Int64(reader.state.current.threadID))
                arena.append(decimal: reader.state.current.descriptorNumber)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "fd.types", .string, [.list, .argumentAllowed, .argumentIsIndex, .noRightSide],
            "the kinds of all descriptors of the process, each once; with a number in brackets that descriptor's",
            from: .liveOpens, cost: .expensive,
            .processArgument { process, argument, reader, arena in
                guard reader.isDescriptorEvent else { return .null }
                return reader.descriptorTypes(of: process, argument, into: &arena)
            }
        )
    }

    @FieldRowBuilder private static var descriptorFile: [FieldRow] {
        FieldRow(
            "fd.name_changed", .bool, "whether this event changed fd.name", from: .syscalls, cost: .free,
            .descriptor { _, reader, _ in .bool(reader.state.current.isNameChanged) }
        )
        FieldRow(
            "fd.dev", .s32, "the number of the device that the file lies on", from: .liveOpens,
            rendering: .upperHexadecimal,
            .descriptor { descriptor, _, _ in .signed(DeviceNumber(descriptor.device).encoded) }
        )
        FieldRow(
            "fd.dev.major", .s32, "the major part of the device number", from: .liveOpens,
            .descriptor { descriptor, _, _ in .signed(DeviceNumber(descriptor.device).major) }
        )
        FieldRow(
            "fd.dev.minor", .s32, "the minor part of the device number", from: .liveOpens,
            .descriptor { descriptor, _, _ in .signed(DeviceNumber(descriptor.device).minor) }
        )
        FieldRow(
            "fd.ino", .s64, "the file's inode number", from: .opens,
            .descriptor { descriptor, _, _ in .signed(Int64(truncatingIfNeeded: descriptor.inode)) }
        )
        FieldRow(
            "fd.is_upper_layer", .bool,
            "whether the file lies in the upper layer of an overlay file system: it is not from the image",
            from: .liveOpens, cost: .expensive,
            .descriptor { descriptor, _, _ in .bool(descriptor.layer == .upper) }
        )
        FieldRow(
            "fd.is_lower_layer", .bool, "whether the file lies in a lower layer of an overlay file system",
            from: .liveOpens, cost: .expensive,
            .descriptor { descriptor, _, _ in .bool(descriptor.layer == .lower) }
        )
    }
}

/// A device number in its two notations.
struct DeviceNumber {
    let major: Int64
    let minor: Int64

    /// From `st_dev` (glibc's 64-bit encoding, gnu_dev_major(3)).
    init(_ device: UInt64) {
        major = Int64(truncatingIfNeeded: device >> 8 & 0xfff | device >> 32 & 0xffff_f000)
        minor = Int64(truncatingIfNeeded: device & 0xff | device >> 12 & 0xffff_ff00)
    }

    /// The kernel's own 32-bit encoding (`new_encode_dev`, linux/kdev_t.h), which rules compare.
    var encoded: Int64 { minor & 0xff | major << 8 | (minor & ~0xff) << 12 }
}
