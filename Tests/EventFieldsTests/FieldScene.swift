import EventFields
import EventModel
import NodeState
import TestNode

/// A node with a scripted /proc, events made by hand, and a reader of their fields.
final class FieldScene {
    let files = ScriptedFiles()
    let state: NodeState
    let reader: EventFieldReader
    let catalogue: FieldCatalogue
    private var arena = ValueArena()
    /// Seconds since the scripted machine's boot, which was the epoch.
    var seconds: Double = 1000

    /// A machine on which `systemd` (1), `sshd` (500), `bash` (700) and its child `cat` (800) run.
    init(staticFields: [(name: String, value: String)] = []) {
        var options = NodeStateOptions()
        options.bootTimeNanoseconds = 0
        files.addProcess(1, parent: 0, command: "systemd", ticks: 1)
        files.addProcess(500, parent: 1, command: "sshd", arguments: ["/usr/sbin/sshd", "-D"], ticks: 200)
        files.addProcess(700, parent: 500, command: "bash", arguments: ["-bash"], ticks: 300, directory: "/root")
        files.addProcess(
            800, parent: 700, command: "cat", arguments: ["cat", "/etc/shadow", "-n"], ticks: 99_000, group: 800,
            directory: "/home/user"
        )
        files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/bash\nuser:x:1001:101:A User:/home/user:/bin/zsh\n"
        files["/etc/group"] = "root:x:0:\nusers:x:101:user\n"
        state = NodeState(options: options, files: files)
        catalogue = EventFields.catalogue(staticFields: staticFields.map(\.name))
        reader = EventFieldReader(state: state, hostname: "node1", staticFields: staticFields.map(\.value))
    }

    /// A reader of another state.
    init(state: NodeState) {
        self.state = state
        catalogue = EventFields.catalogue
        reader = EventFieldReader(state: state, hostname: "node1")
    }

    @discardableResult
    func apply(
        _ type: String, pid: Int32 = 800, result: Int64? = 0, registers: [UInt64] = [], paths: [String] = [],
        _ fill: (inout RawEvent) -> Void = { _ in }
    ) -> AppliedEvent {
        var event = RawEvent()
        event.type = EventType(name: type) ?? EventType(index: 0)
        event.architecture = .x86_64
        event.timeNanoseconds = UInt64(seconds * 1_000_000_000)
        event.process.pid = pid
        event.process.tid = pid
        event.hasResult = result != nil
        event.result = result ?? 0
        for (index, value) in registers.prefix(6).enumerated() { event.registers[index] = value }
        event.registerCount = UInt8(min(registers.count, 6))
        for path in paths { event.add(path: path) }
        fill(&event)
        return state.apply(&event)
    }

    /// The value of a field as text, written as users do: `proc.aname[2]`, `evt.arg.flags`. Nil when it is missing; lists
    /// in parentheses.
    subscript(field: String) -> String? {
        guard let reference = reference(field) else { return "no such field" }
        arena.reset()
        return text(reader.read(reference, into: &arena))
    }

    func reference(_ field: String) -> FieldReference? {
        if let open = field.firstIndex(of: "["), field.last == "]" {
            guard let id = catalogue.id(named: String(field[..<open])) else { return nil }
            let argument = String(field[open...].dropFirst().dropLast())
            return FieldReference(id, Int(argument).map { .index($0) } ?? .key(Array(argument.utf8)))
        }
        for dotted in ["evt.arg.", "evt.rawarg.", "evt.abspath.", "evt.type.is.", "thread.cgroup."]
        where field.hasPrefix(dotted) {
            guard let id = catalogue.id(named: String(dotted.dropLast())) else { return nil }
            return FieldReference(id, .key(Array(field.dropFirst(dotted.count).utf8)))
        }
        return catalogue.id(named: field).map { FieldReference($0) }
    }

    private func text(_ value: FieldValue) -> String? {
        switch value.kind {
        case .null: nil
        case .signed: String(value.signed)
        case .unsigned: String(value.unsigned)
        case .bool: value.bool ? "true" : "false"
        case .double: String(value.double)
        case .string, .bytes: arena.text(value)
        case .address: arena.slice(value).map(String.init).joined(separator: ".")
        case .list: "(" + arena.elements[value.range].map { text($0) ?? "null" }.joined(separator: ",") + ")"
        }
    }
}

extension RawEvent {
    mutating func add(path: String, role: PathFact.Role = .normal, mode: UInt32 = 0o100644) {
        var fact = PathFact()
        fact.name = store(Array(path.utf8))
        fact.role = role
        fact.mode = mode
        append(path: fact)
    }

    /// An IPv4 `struct sockaddr_in`.
    mutating func setAddress(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, port: UInt16) {
        socketAddress = store([2, 0, UInt8(port >> 8), UInt8(port & 255), a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    /// A `struct sockaddr_un`.
    mutating func setUnixAddress(_ path: String) { socketAddress = store([1, 0] + Array(path.utf8) + [0]) }
}
