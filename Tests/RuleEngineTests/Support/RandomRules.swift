import EventModel
import SeededRandom

/// Makes random conditions and events that have something to do with each other.
struct RandomRules {
    var source: SeededGenerator

    init(seed: UInt64) { source = SeededGenerator(seed: seed) }

    static let types = ["openat", "open", "execve", "connect", "rename", "unlinkat", "creat", "uname", "procexit"]
    private static let texts = ["proc.name", "proc.pname", "fd.name", "proc.aname", "proc.aname[2]", "container.id"]
    private static let numbers = ["user.uid", "evt.rawres", "fd.num"]
    private static let bools = ["evt.is_open_read", "evt.is_open_write", "evt.failed"]
    private static let words = [
        "a", "b", "ab", "abc", "abcd", "b/c", "/etc", "/etc/shadow", "/etc/shadowx", "/usr/bin/ls", "/usr", "host",
        "sh", "0", "1", "21",
    ]

    mutating func condition(depth: Int = 4) -> String {
        if depth == 0 || source.chance(25) { return comparison() }
        let parts = (0..<Int.random(in: 2...4, using: &source)).map { _ in condition(depth: depth - 1) }
        switch Int.random(in: 0..<10, using: &source) {
        case 0..<4: return "(" + parts.joined(separator: " and ") + ")"
        case 4..<8: return "(" + parts.joined(separator: " or ") + ")"
        default: return "not (\(parts[0]))"
        }
    }

    private mutating func comparison() -> String {
        switch Int.random(in: 0..<10, using: &source) {
        case 0:
            let operators = [
                "= \(source.pick(Self.types))", "!= \(source.pick(Self.types))", "in (\(list(Self.types)))",
            ]
            return "evt.type " + source.pick(operators)
        case 1: return "\(source.pick(Self.numbers)) \(source.pick(["=", "!=", "<", "<=", ">", ">="])) \(number())"
        case 2: return "\(source.pick(Self.numbers)) in (\(list(["0", "1", "2", "3"])))"
        case 3: return "\(source.pick(Self.bools)) = \(source.pick(["true", "false"]))"
        case 4: return "\(source.pick(Self.texts)) exists"
        case 5, 6: return "\(source.pick(Self.texts)) in (\(list(Self.words)))"
        case 7:
            let modified = source.pick(["startswith", "contains", "endswith", "=", "!="])
            // `!= oneof` is refused where several values are looked at.
            let modifier = source.pick(["anyof", "allof", modified == "!=" ? "anyof" : "oneof"])
            return "\(source.pick(Self.texts)) \(modified) \(modifier) (\(list(Self.words)))"
        case 8: return "\(source.pick(Self.texts)) pmatch (\(list(["/etc", "/usr/bin", "b", "/"])))"
        default:
            let operators = ["=", "!=", "<", "<=", ">", ">=", "contains", "icontains", "startswith", "endswith"]
            let chosen = source.pick(operators)
            let isOrder = ["<", "<=", ">", ">="].contains(chosen)
            return "\(source.pick(Self.texts)) \(chosen) \(isOrder ? "\(number())" : source.pick(Self.words))"
        }
    }

    private mutating func number() -> Int { Int.random(in: 0...3, using: &source) }

    private mutating func list(_ words: [String]) -> String {
        (0..<Int.random(in: 0...4, using: &source)).map { _ in source.pick(words) }.joined(separator: ", ")
    }

    mutating func event() -> TestEvent {
        var event = TestEvent(source.pick(Self.types))
        for field in Self.texts where source.chance(80) {
            event.values[field] =
                field == "proc.aname"
                ? .list((0..<Int.random(in: 0...3, using: &source)).map { _ in .text(source.pick(Self.words)) })
                : .text(source.pick(Self.words))
        }
        event.values["user.uid"] = source.chance(80) ? .unsigned(UInt64(number())) : .null
        event.values["evt.rawres"] = source.chance(80) ? .signed(Int64(number()) - 1) : .null
        event.values["fd.num"] = source.chance(80) ? .signed(Int64(number()) - 1) : .null
        for field in Self.bools { event.values[field] = .bool(source.chance(50)) }
        return event
    }
}
