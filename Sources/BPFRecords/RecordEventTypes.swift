import CBPFRecords
import EventModel

/// The event types that the decoder must know by name, looked up once.
struct RecordEventTypes: Sendable {
    let execve = Self.type("execve")
    let execveat = Self.type("execveat")
    let clone = Self.type("clone")
    let clone3 = Self.type("clone3")
    let procexit = Self.type("procexit")
    let openat2 = Self.type("openat2")
    let memoryFile = Self.type("memfd_create")
    let deleteModule = Self.type("delete_module")
    let pairs = EventTypeSet(["pipe", "pipe2", "socketpair"].map(type))
    let opens = EventTypeSet(["open", "openat", "openat2", "creat", "open_by_handle_at"].map(type))
    let accepts = EventTypeSet(["accept", "accept4"].map(type))
    let renames = EventTypeSet(["rename", "renameat", "renameat2"].map(type))
    let removals = EventTypeSet(["unlink", "unlinkat", "rmdir"].map(type))
    let symbolicLinks = EventTypeSet(["symlink", "symlinkat"].map(type))
    let links = EventTypeSet(["link", "linkat"].map(type))
    let makers = EventTypeSet(["mkdir", "mkdirat", "mknod", "mknodat"].map(type))

    /// The positions of arguments that come ready-made.
    let cloneFlags = Self.position(of: "flags", in: "clone3")
    /// By type index, for calls that pass a text: which argument it is; 255 for other calls.
    private let textArguments: [UInt8] = {
        var positions = [UInt8](repeating: 255, count: EventType.count)
        let names = [
            ("arg2_str", "prctl"), ("name", "delete_module"), ("type", "mount"),
            ("xattr", "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat"),
        ]
        for (argument, events) in names {
            for event in events.split(separator: " ") {
                positions[Int(type(String(event)).index)] = position(of: argument, in: String(event))
            }
        }
        return positions
    }()
    let cloneVocabulary = FlagVocabulary.named("clone_flags")

    /// The position of the argument that a call passes as a text; nil for calls that pass none.
    func textArgument(of type: EventType) -> UInt8? {
        let position = textArguments[Int(type.index)]
        return position == 255 ? nil : position
    }

    /// Whether an exec's call was execveat: 322 on x86-64, 281 on arm64, 358 on i386, 387 on arm (the kernel's tables).
    func isExecveat(_ record: shrike_record, native: RawEvent.Architecture) -> Bool {
        let isARM = native == .aarch64
        let number: Int32 = record.has(SHRIKE_FLAG_32BIT) ? (isARM ? 387 : 358) : (isARM ? 281 : 322)
        return record.call == number
    }

    private static func type(_ name: String) -> EventType { EventType(name: name) ?? EventType(index: 0) }

    private static func position(of argument: String, in event: String) -> UInt8 {
        UInt8(clamping: type(event).arguments.firstIndex { $0.name == argument } ?? 255)
    }
}
