import EventModel
import TestNode

@testable import NodeState

/// A node with a scripted /proc and events made by hand.
final class StateScene {
    let files = ScriptedFiles()
    let state: NodeState
    /// Seconds since the boot of the scripted machine, which began at the epoch.
    var seconds: Double = 1000

    init(_ change: (inout NodeStateOptions) -> Void = { _ in }) {
        var options = NodeStateOptions()
        options.bootTimeNanoseconds = 0
        change(&options)
        files.addProcess(1, parent: 0, command: "systemd", ticks: 1)
        state = NodeState(options: options, files: files)
    }

    var now: UInt64 { UInt64(seconds * 1_000_000_000) }

    @discardableResult
    func apply(_ type: String, pid: Int32, source: SourceKind = .audit, _ fill: (inout RawEvent) -> Void = { _ in })
        -> AppliedEvent
    {
        var event = RawEvent()
        event.type = EventType(name: type) ?? EventType(index: 0)
        event.source = source
        event.timeNanoseconds = now
        event.process.pid = pid
        event.process.tid = pid
        event.hasResult = true
        fill(&event)
        return state.apply(&event)
    }

    @discardableResult
    func exec(
        pid: Int32, parent: Int32? = nil, _ path: String, _ arguments: [String], command: String? = nil,
        source: SourceKind = .audit, directory: String? = nil, uid: UInt32? = nil
    ) -> AppliedEvent {
        apply("execve", pid: pid, source: source) { event in
            if let uid {
                event.process.uid = uid
                event.process.effectiveUID = uid
                event.process.known.insert(.userIDs)
            }
            if let parent {
                event.process.parentPID = parent
                event.process.known.insert(.parent)
            }
            let name = command ?? String(path.split(separator: "/").last ?? "")
            event.process.command = event.store(Array(name.utf8.prefix(15)))
            event.process.executable = event.store(Array(path.utf8))
            event.process.arguments = event.store(arguments.flatMap { Array($0.utf8) + [0] })
            if let directory { event.process.currentDirectory = event.store(Array(directory.utf8)) }
        }
    }

    @discardableResult
    func fork(_ parent: Int32, to child: Int32, source: SourceKind = .audit) -> AppliedEvent {
        apply("fork", pid: parent, source: source) { $0.childPID = child }
    }

    @discardableResult
    func exit(_ pid: Int32, source: SourceKind = .audit) -> AppliedEvent { apply("procexit", pid: pid, source: source) }

    func process(_ pid: Int32) -> ProcessRecord? { state.process(pid: pid) }

    /// The command names of a process and its ancestors.
    func ancestry(_ pid: Int32) -> [String] {
        var names: [String] = []
        guard let process = process(pid) else { return names }
        var generation = 0
        while let ancestor = state.ancestor(generation, of: process) {
            names.append(text(ancestor.command))
            generation += 1
        }
        return names
    }

    /// The name of the current event's descriptor.
    var descriptorName: String? {
        guard let descriptor = state.current.descriptor else { return nil }
        var name: [UInt8] = []
        state.appendName(of: descriptor, into: &name)
        return text(name)
    }
}

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

extension RawEvent {
    mutating func setRegisters(_ values: UInt64...) {
        for (index, value) in values.enumerated() where index < 6 { registers[index] = value }
        registerCount = UInt8(values.count)
    }

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
}

extension NodeState {
    /// The containers of which a beginning was told since the last call.
    func takeStarted() -> [StartedContainer] {
        takeContainerChanges().compactMap { if case .started(let container) = $0 { container } else { nil } }
    }
}
