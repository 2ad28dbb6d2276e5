import EventModel
import NodeState

extension EventFields {
    /// Fields of events of every source.
    static let anyEvent = FieldClass("evt", "every event", eventSource: nil) {
        FieldRow(
            "evt.num", .u64, "running number of the event, from 1", eventSource: nil,
            .event { reader, _ in .unsigned(reader.state.current.number) }
        )
        FieldRow(
            "evt.time", .string, "local time of day, to the nanosecond", cost: .cheap, eventSource: nil,
            .event { reader, arena in arena.time(reader.time, .timeOfDay, fraction: true) }
        )
        FieldRow(
            "evt.time.s", .string, "local time of day, to the second", cost: .cheap, eventSource: nil,
            .event { reader, arena in arena.time(reader.time, .timeOfDay, fraction: false) }
        )
        FieldRow(
            "evt.time.iso8601", .string, "date and time in UTC, to the nanosecond", cost: .cheap, eventSource: nil,
            .event { reader, arena in arena.time(reader.time, .iso8601, fraction: true) }
        )
        FieldRow(
            "evt.datetime", .string, "local date and time, to the nanosecond", cost: .cheap, eventSource: nil,
            .event { reader, arena in arena.time(reader.time, .dateAndTime, fraction: true) }
        )
        FieldRow(
            "evt.datetime.s", .string, "local date and time, to the second", cost: .cheap, eventSource: nil,
            .event { reader, arena in arena.time(reader.time, .dateAndTime, fraction: false) }
        )
        FieldRow(
            "evt.rawtime", .absoluteTime, "nanoseconds since the epoch", eventSource: nil,
            .event { reader, _ in .unsigned(reader.time) }
        )
        FieldRow(
            "evt.rawtime.s", .absoluteTime, "whole seconds since the epoch", eventSource: nil,
            .event { reader, _ in .unsigned(reader.time / nanosecondsPerSecond) }
        )
        FieldRow(
            "evt.rawtime.ns", .absoluteTime, "nanoseconds in the event's second", rendering: .nineDigits,
            eventSource: nil,
            .event { reader, _ in .unsigned(reader.time % nanosecondsPerSecond) }
        )
        FieldRow(
            "evt.reltime", .relativeTime, "nanoseconds since the first event", eventSource: nil,
            .event { reader, _ in .unsigned(reader.timeSinceFirst) }
        )
        FieldRow(
            "evt.reltime.s", .relativeTime, "whole seconds since the first event", eventSource: nil,
            .event { reader, _ in .unsigned(reader.timeSinceFirst / nanosecondsPerSecond) }
        )
        FieldRow(
            "evt.reltime.ns", .relativeTime, "nanoseconds of the time since the first event behind the whole seconds",
            rendering: .nineDigits, eventSource: nil,
            .event { reader, _ in .unsigned(reader.timeSinceFirst % nanosecondsPerSecond) }
        )
        FieldRow(unavailable: "evt.pluginname", "the plugin that made the event", eventSource: nil)
        FieldRow(unavailable: "evt.plugininfo", "the plugin's summary of the event", eventSource: nil)
        FieldRow(
            "evt.source", .string, "the event source that rules name", eventSource: nil,
            .event { reader, arena in
                let start = arena.mark
                arena.append(reader.state.current.event.ruleSource.name)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "evt.is_async", .bool, "whether the event came from no system call or process", eventSource: nil,
            .event { reader, _ in .bool(reader.trait.isAsynchronous) }
        )
        FieldRow(
            "evt.asynctype", .string, "the name of such an event", eventSource: nil,
            .event { reader, arena in
                reader.trait.isAsynchronous ? arena.string(reader.trait.name) : .null
            }
        )
        FieldRow(
            "evt.hostname", .string, "the name of the machine", eventSource: nil,
            .event { reader, arena in arena.string(reader.hostname) }
        )
    }
}

let nanosecondsPerSecond: UInt64 = 1_000_000_000

extension EventFieldReader {
    /// Nanoseconds since the first event; 0 when the clock was set back.
    var timeSinceFirst: UInt64 { difference(time, state.current.firstTimeNanoseconds) }
    /// Nanoseconds since the event before; 0 for the first and when the clock was set back.
    var timeSincePrevious: UInt64 {
        let previous = state.current.previousTimeNanoseconds
        return previous == 0 ? 0 : difference(time, previous)
    }

    func difference(_ later: UInt64, _ earlier: UInt64) -> UInt64 { later > earlier ? later - earlier : 0 }
}
