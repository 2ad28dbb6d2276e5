import CommandOutput
import EventModel
import JSONTree
import Outputs

/// The event types and their arguments: `--list-events`.
public enum EventTypeReport {
    /// Lists the event types by name.
    public static func make(form: ListForm) -> Report {
        let types = EventType.all.sorted { $0.name < $1.name }
        switch form {
        case .text:
            return Report(lines: types.map { "\($0.name)(\(arguments($0)))" + (isBare($0) ? "  name only" : "") })
        case .markdown:
            return Report(
                lines: ["| Event | Arguments |", "|---|---|"]
                    + types.map { "| `\($0.name)` | \(isBare($0) ? "name only" : arguments($0)) |" })
        case .json:
            var json = JSONWriter()
            json.beginArray()
            for type in types {
                json.beginObject()
                json.member("name", type.name)
                json.member("is_syscall", type.isSyscall)
                json.member("name_only", isBare(type))
                json.key("arguments")
                json.beginArray()
                for argument in type.arguments {
                    json.beginObject()
                    json.member("name", argument.name)
                    json.member("kind", argument.kind.word)
                    json.endObject()
                }
                json.endArray()
                json.endObject()
            }
            json.endArray()
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
        }
    }

    /// A system call of which rules can see the name, but no argument and no result.
    private static func isBare(_ type: EventType) -> Bool { type.isGeneric }

    private static func arguments(_ type: EventType) -> String {
        type.arguments.map { "\($0.name): \($0.kind.word)" }.joined(separator: ", ")
    }
}

extension EventArgument.Kind {
    /// The kind's word in listings.
    fileprivate var word: String {
        switch self {
        case .fileDescriptor: "file descriptor"
        case .errorCode: "result"
        case .path: "path"
        case .string: "text"
        case .stringList: "texts"
        case .processID: "process id"
        case .userID: "user id"
        case .groupID: "group id"
        case .bytes: "bytes"
        case .address: "socket address"
        case .tuple: "connection"
        case .signal: "signal"
        case .number: "number"
        case .mode: "mode"
        case .time: "time"
        case .syscall: "system call"
        case .none: "none"
        case .flags(let vocabulary): "flags of \(vocabulary)"
        case .enumeration(let vocabulary): "one of \(vocabulary)"
        case .modeBits(let vocabulary): "mode bits of \(vocabulary)"
        }
    }
}
