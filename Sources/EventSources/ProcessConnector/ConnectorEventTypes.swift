import EventModel

/// The event types that the process connector's events become; nil where the table lacks one.
struct ConnectorEventTypes: Sendable {
    let clone = EventType(name: "clone")
    let execve = EventType(name: "execve")
    let exit = EventType(name: "procexit")
    let setUserIDs = EventType(name: "setresuid")
    let setGroupIDs = EventType(name: "setresgid")
    let setSession = EventType(name: "setsid")
    let ptrace = EventType(name: "ptrace")
    let prctl = EventType(name: "prctl")

    /// PTRACE_ATTACH (linux/ptrace.h).
    static let ptraceAttach: UInt64 = 16
    /// PR_SET_NAME (linux/prctl.h).
    static let setName: UInt64 = 15

    /// The types that a mask of events yields.
    func provided(by events: ProcessConnectorEvents) -> EventTypeSet {
        var set = EventTypeSet()
        let pairs: [(ProcessConnectorEvents, EventType?)] = [
            (.fork, clone), (.exec, execve), (.exit, exit), (.uid, setUserIDs), (.gid, setGroupIDs),
            (.sid, setSession), (.ptrace, ptrace), (.comm, prctl),
        ]
        for (event, type) in pairs where events.contains(event) {
            if let type { set.insert(type) }
        }
        return set
    }

    /// Writes a message into `event`; false when it is nothing that an event tells.
    ///
    /// Only ids are told: node state reads the rest from /proc at once.
    func fill(_ event: inout RawEvent, from message: ProcessConnectorMessage, datagram: Span<UInt8>) -> Bool {
        event.reset()
        event.source = .processConnector
        event.sequence = UInt64(message.sequence)
        event.hasResult = true
        switch message.event {
        case .fork(let parent, let child) where child.isLeader:
            guard setType(clone, of: &event, by: parent) else { return false }
            event.childPID = child.process
            event.result = Int64(child.process)
        case .exec(let task):
            guard setType(execve, of: &event, by: task) else { return false }
        case .exit(let task, let status) where task.isLeader:
            guard setType(exit, of: &event, by: task) else { return false }
            event.exitStatus = Int32(bitPattern: status)
        case .uid(let task, let real, let effective):
            guard setType(setUserIDs, of: &event, by: task) else { return false }
            setArguments(&event, UInt64(real), UInt64(effective))
            event.process.known = .userIDs
            event.process.uid = real
            event.process.effectiveUID = effective
        case .gid(let task, let real, let effective):
            guard setType(setGroupIDs, of: &event, by: task) else { return false }
            setArguments(&event, UInt64(real), UInt64(effective))
            event.process.known = .groupIDs
            event.process.gid = real
            event.process.effectiveGID = effective
        case .sid(let task):
            guard setType(setSession, of: &event, by: task) else { return false }
            // A new session has its leader's id.
            event.result = Int64(task.process)
        case .ptrace(let task, let tracer) where tracer.process != 0:
            guard setType(ptrace, of: &event, by: tracer) else { return false }
            setArguments(&event, Self.ptraceAttach, UInt64(UInt32(bitPattern: task.process)))
        case .comm(let task, let name) where task.isLeader:
            guard setType(prctl, of: &event, by: task) else { return false }
            event.registers[0] = Self.setName
            event.registerCount = 1
            let start = event.mark
            event.append(datagram.extracting(name.clamped(to: datagram.indices)))
            event.process.command = event.range(from: start)
        case .fork, .exit, .ptrace, .comm, .coredump, .acknowledgement, .other: return false
        }
        return true
    }

    private func setType(
        _ type: EventType?, of event: inout RawEvent, by task: ProcessConnectorMessage.Task
    ) -> Bool {
        guard let type else { return false }
        event.type = type
        event.process.pid = task.process
        event.process.tid = task.thread
        return true
    }

    private func setArguments(_ event: inout RawEvent, _ first: UInt64, _ second: UInt64) {
        event.registers[0] = first
        event.registers[1] = second
        event.registerCount = 2
    }
}
