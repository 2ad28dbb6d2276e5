import EventModel
import NodeState

extension EventFields {
    /// Fields of system calls and of what processes do.
    static let syscallEvent = FieldClass("evt", "system calls and process events") {
        syscallTimes
        syscallNames
        syscallArguments
        syscallResults
        syscallTransfers
        openCalls
    }

    @FieldRowBuilder private static var syscallTimes: [FieldRow] {
        FieldRow(
            "evt.latency", .relativeTime, .deprecated, "always 0: calls are seen when they return",
            .event { _, _ in .unsigned(0) }
        )
        FieldRow("evt.latency.s", .relativeTime, .deprecated, "always 0", .event { _, _ in .unsigned(0) })
        FieldRow(
            "evt.latency.ns", .relativeTime, .deprecated, "always 0", rendering: .nineDigits,
            .event { _, _ in .unsigned(0) }
        )
        FieldRow(
            "evt.latency.human", .string, .deprecated, "always 0ns", .event { _, arena in arena.string("0ns") }
        )
        FieldRow(
            "evt.deltatime", .relativeTime, "nanoseconds since the event before",
            .event { reader, _ in .unsigned(reader.timeSincePrevious) }
        )
        FieldRow(
            "evt.deltatime.s", .relativeTime, "whole seconds since the event before",
            .event { reader, _ in .unsigned(reader.timeSincePrevious / nanosecondsPerSecond) }
        )
        FieldRow(
            "evt.deltatime.ns", .relativeTime,
            "nanoseconds of the time since the event before behind the whole seconds",
            rendering: .nineDigits,
            .event { reader, _ in .unsigned(reader.timeSincePrevious % nanosecondsPerSecond) }
        )
        FieldRow(
            "evt.outputtime", .string, .outputOnly, "local time of day, as alerts begin with",
            .event { reader, arena in arena.time(reader.time, .timeOfDay, fraction: true) }
        )
        FieldRow(
            "evt.around", .u64, [.argumentRequired, .argumentIsKey, .filterOnly, .noRightSide, .noTransformer],
            "milliseconds between the event and the point in time in brackets (nanoseconds since the epoch)",
            .argument { reader, argument, _ in
                guard let moment = argument.number else { return .null }
                let distance = max(reader.time, moment) - min(reader.time, moment)
                return .unsigned(distance / 1_000_000)
            }
        )
    }

    @FieldRowBuilder private static var syscallNames: [FieldRow] {
        FieldRow(
            "evt.dir", .string, .deprecated, "< for system calls, > for events without a result",
            .event { reader, arena in arena.string(reader.trait.isSyscall ? "<" : ">") }
        )
        FieldRow(
            "evt.type", .string, "the event's name, e.g. openat",
            .event { reader, arena in arena.string(reader.trait.name) }
        )
        FieldRow(
            "evt.type.is", .u32, .key, "1 if the event has the name in brackets, else 0", cost: .free,
            .argument { reader, argument, _ in
                guard case .key(let name) = argument else { return .unsigned(0) }
                return .unsigned(reader.trait.name == name ? 1 : 0)
            }
        )
        FieldRow(
            "syscall.type", .string, "the system call's name; missing for events that are none",
            .event { reader, arena in reader.trait.isSyscall ? arena.string(reader.trait.name) : .null }
        )
        FieldRow(
            "evt.category", .string, "what the event is about: file, net, process, user, memory …", cost: .lookup,
            .event { reader, arena in arena.string(reader.category) }
        )
        FieldRow(unavailable: "evt.cpu", .s16, "the CPU on which the event was taken")
    }

    @FieldRowBuilder private static var syscallArguments: [FieldRow] {
        FieldRow(
            "evt.args", .string, "all arguments as name=value, parted by blanks", cost: .cheap,
            .event { reader, arena in reader.allArguments(into: &arena) }
        )
        FieldRow(
            "evt.arg", .string, .keyOrIndex, "one argument as text, by name (evt.arg.NAME) or position",
            .argument { reader, argument, arena in
                guard let position = reader.position(of: argument) else { return .null }
                let start = arena.mark
                reader.append(reader.eventArguments.all[position], into: &arena)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "evt.rawarg", .u64, [.argumentRequired, .argumentIsKey, .argumentIsIndex, .noRightSide, .noTransformer],
            "one argument in its own type, by name (evt.rawarg.NAME) or position",
            .argument { reader, argument, arena in
                guard let position = reader.position(of: argument) else { return .null }
                return reader.rawValue(of: reader.eventArguments.all[position], into: &arena)
            }
        )
        FieldRow(
            "evt.info", .string, "the same as evt.args", cost: .cheap,
            .event { reader, arena in reader.allArguments(into: &arena) }
        )
        FieldRow(
            "evt.abspath", .string, [.argumentAllowed, .argumentIsKey],
            "absolute path of a path argument that starts from a directory descriptor; in brackets src or dst for calls with two",
            from: .syscalls,
            .argument { reader, argument, arena in reader.absolutePath(argument, into: &arena) }
        )
    }

    @FieldRowBuilder private static var syscallResults: [FieldRow] {
        FieldRow(
            "evt.res", .string, "SUCCESS, or the name of the error",
            .event { reader, arena in
                guard let result = reader.result else { return .null }
                if result >= 0 { return arena.string("SUCCESS") }
                if let name = ErrorNames.name(of: 0 &- result) { return arena.string(name) }
                let start = arena.mark
                arena.append(decimal: result)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "evt.rawres", .s64, "the return value; negative error number of a failed call",
            .event { reader, _ in reader.result.map { .signed($0) } ?? .null }
        )
        FieldRow(
            "evt.failed", .bool, "whether the call failed", .event { reader, _ in .bool((reader.result ?? 0) < 0) }
        )
        FieldRow("evt.count", .u32, "always 1", .event { _, _ in .unsigned(1) })
        FieldRow(
            "evt.count.error", .u32, "1 for failed calls", .event { reader, _ in reader.count { $0.isError } }
        )
        FieldRow(
            "evt.count.error.file", .u32, "1 for calls that failed on a file",
            .event { reader, _ in reader.count { $0.isError && $0.isFileCall } }
        )
        FieldRow(
            "evt.count.error.net", .u32, "1 for calls that failed on a socket",
            .event { reader, _ in reader.count { $0.isError && $0.isSocketCall } }
        )
        FieldRow(
            "evt.count.error.memory", .u32, "1 for failed memory calls",
            .event { reader, _ in reader.count { $0.isError && $0.trait.isMemory } }
        )
        FieldRow(
            "evt.count.error.other", .u32, "1 for other failed calls",
            .event { reader, _ in
                reader.count { $0.isError && !$0.isFileCall && !$0.isSocketCall && !$0.trait.isMemory }
            }
        )
        FieldRow(
            "evt.count.exit", .u32, "1 for events with a result",
            .event { reader, _ in reader.count(where: \.trait.isSyscall) }
        )
    }

    @FieldRowBuilder private static var syscallTransfers: [FieldRow] {
        FieldRow(unavailable: "evt.buffer", .bytes, "the data that the call read or wrote")
        FieldRow(
            "evt.buflen", .u64, "how many bytes the call read or wrote", from: .syscalls,
            .event { reader, _ in
                guard reader.trait.transfer != .none, reader.state.current.isDescriptorEvent,
                    let result = reader.result, result >= 0
                else { return .null }
                return .unsigned(UInt64(result))
            }
        )
        FieldRow(
            "evt.is_io", .bool, "whether the call reads from or writes to a descriptor",
            .event { reader, _ in .bool(reader.trait.transfer != .none) }
        )
        FieldRow(
            "evt.is_io_read", .bool, "whether the call reads from a descriptor",
            .event { reader, _ in .bool(reader.trait.transfer == .read) }
        )
        FieldRow(
            "evt.is_io_write", .bool, "whether the call writes to a descriptor",
            .event { reader, _ in .bool(reader.trait.transfer == .write) }
        )
        FieldRow(
            "evt.io_dir", .string, "read or write",
            .event { reader, arena in
                switch reader.trait.transfer {
                case .none: .null
                case .read: arena.string("read")
                case .write: arena.string("write")
                }
            }
        )
        FieldRow(
            "evt.is_wait", .bool, "whether the call waits (poll, select, nanosleep …)",
            .event { reader, _ in .bool(reader.trait.waits) }
        )
        FieldRow(
            "evt.wait_latency", .relativeTime, .deprecated, "obsolete", from: [], .unavailable
        )
        FieldRow(
            "evt.is_syslog", .bool, "whether the call writes to the system log's socket", from: .syscalls,
            cost: .lookup,
            .event { reader, arena in .bool(reader.writesToSystemLog(&arena)) }
        )
    }

    @FieldRowBuilder private static var openCalls: [FieldRow] {
        FieldRow(
            "evt.is_open_read", .bool, "whether the call opens a file for reading", from: .opens,
            .event { reader, _ in .bool(reader.opensForReading) }
        )
        FieldRow(
            "evt.is_open_write", .bool, "whether the call opens a file for writing", from: .opens,
            .event { reader, _ in .bool(reader.opensForWriting) }
        )
        FieldRow(
            "evt.is_open_exec", .bool, "whether the call makes an executable file", from: .syscalls,
            .event { reader, _ in .bool(reader.opensExecutable) }
        )
        FieldRow(
            "evt.is_open_create", .bool, "whether the call created the file", from: .syscalls,
            .event { reader, _ in .bool(reader.createdFile) }
        )
        obsolete
    }

    /// Helpers that Falco's own tools used once.
    private static var obsolete: [FieldRow] {
        let numbers = [
            "evt.latency.quantized", "evt.count.procinfo", "evt.count.threadinfo", "evt.buflen.in", "evt.buflen.out",
            "evt.buflen.file", "evt.buflen.file.in", "evt.buflen.file.out", "evt.buflen.net", "evt.buflen.net.in",
            "evt.buflen.net.out",
        ]
        let texts = [
            "evt.infra.docker.name", "evt.infra.docker.container.id", "evt.infra.docker.container.name",
            "evt.infra.docker.container.image",
        ]
        return numbers.map { FieldRow(unavailable: $0, .u64, "obsolete") }
            + texts.map { FieldRow(unavailable: $0, "obsolete") }
    }
}
