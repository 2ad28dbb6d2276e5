import EventModel

/// A field of the catalogue: what `shrike fields` says of it and how it is read. The one place that knows the field.
struct FieldRow: Sendable {
    let description: FieldDescription
    let function: FieldFunction

    /// Describes a field. Without `cost` it costs what its kind of function does.
    init(
        _ name: String, _ type: FieldType, _ flags: FieldFlags, _ meaning: String, from sources: SourceSet = .all,
        cost: FieldCost? = nil, rendering: FieldDescription.Rendering = .plain, eventSource: String? = "syscall",
        _ function: FieldFunction
    ) {
        description = FieldDescription(
            name: name, type: type, flags: flags, meaning: meaning, sources: sources, rendering: rendering,
            eventSource: eventSource, cost: cost ?? function.usualCost
        )
        self.function = function
    }

    /// Describes a field without argument that may be used everywhere.
    init(
        _ name: String, _ type: FieldType, _ meaning: String, from sources: SourceSet = .all,
        cost: FieldCost? = nil, rendering: FieldDescription.Rendering = .plain, eventSource: String? = "syscall",
        _ function: FieldFunction
    ) {
        self.init(
            name, type, [], meaning, from: sources, cost: cost, rendering: rendering, eventSource: eventSource, function
        )
    }

    /// A field that Falco has and that no source here can know.
    init(
        unavailable name: String, _ type: FieldType, _ flags: FieldFlags, _ meaning: String,
        eventSource: String? = "syscall"
    ) {
        self.init(name, type, flags, meaning, from: [], eventSource: eventSource, .unavailable)
    }

    /// A field that Falco has and that no source here can know.
    init(unavailable name: String, _ type: FieldType, _ meaning: String, eventSource: String? = "syscall") {
        self.init(unavailable: name, type, [], meaning, eventSource: eventSource)
    }

    /// A text field that Falco has and that no source here can know.
    init(unavailable name: String, _ meaning: String, eventSource: String? = "syscall") {
        self.init(unavailable: name, .string, [], meaning, eventSource: eventSource)
    }
}

/// Lets the tables list their rows one below the other; each is type-checked by itself, which keeps builds quick.
@resultBuilder
enum FieldRowBuilder {
    static func buildBlock(_ rows: [FieldRow]...) -> [FieldRow] { rows.flatMap { $0 } }
    static func buildExpression(_ row: FieldRow) -> [FieldRow] { [row] }
    static func buildExpression(_ rows: [FieldRow]) -> [FieldRow] { rows }
}

extension SourceSet {
    /// The sources that watch this machine now, so that /proc can be asked for what an event does not tell.
    static let live: SourceSet = [.audit, .processConnector, .procfs, .fanotify, .ebpf]
    /// The sources that see system calls with their arguments and results.
    static let syscalls: SourceSet = [.audit, .auditLog, .ebpf]
    /// Those of them that watch this machine now.
    static let liveSyscalls: SourceSet = [.audit, .ebpf]
    /// The sources that tell of opened files.
    static let opens: SourceSet = [.audit, .auditLog, .fanotify, .ebpf]
    /// Those of them that watch this machine now.
    static let liveOpens: SourceSet = [.audit, .fanotify, .ebpf]
}

extension FieldFlags {
    /// An index in brackets may be given; without one any ancestor may satisfy a comparison.
    static let ancestry: FieldFlags = [
        .argumentAllowed, .argumentIsIndex, .anyElement, .noRightSide, .noTransformer,
    ]
    /// Both ends are looked at; in conditions only.
    static let bothEnds: FieldFlags = [.filterOnly, .noRightSide, .noTransformer, .twoSided]
    /// The looked-up network; in conditions only.
    static let networkOnly: FieldFlags = [.filterOnly, .noRightSide, .noTransformer]
    /// A key in brackets must be given.
    static let key: FieldFlags = [.argumentRequired, .argumentIsKey]
    /// A key or an index in brackets must be given.
    static let keyOrIndex: FieldFlags = [.argumentRequired, .argumentIsKey, .argumentIsIndex]
}
