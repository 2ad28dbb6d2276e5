/// One message of the kernel's process connector.
///
/// Layout (linux/netlink.h, linux/connector.h, linux/cn_proc.h): `nlmsghdr` (16 bytes), `cn_msg` (20), `proc_event`:
/// what, cpu (4 bytes each), timestamp (8), then the members of the event. Everything in host byte order.
struct ProcessConnectorMessage: Equatable, Sendable {
    /// A thread and the process (thread group) that it belongs to, in the initial pid namespace.
    struct Task: Equatable, Sendable {
        var thread: Int32
        var process: Int32
        /// Whether this is the process's first thread, which stands for the process.
        var isLeader: Bool { thread == process }
    }

    enum Event: Equatable, Sendable {
        /// The answer to a request.
        case acknowledgement(error: UInt32)
        case fork(parent: Task, child: Task)
        case exec(Task)
        case uid(Task, real: UInt32, effective: UInt32)
        case gid(Task, real: UInt32, effective: UInt32)
        case sid(Task)
        /// `tracer` is 0 when a tracer let go.
        case ptrace(Task, tracer: Task)
        /// The range of the new name in the datagram, without the NULs.
        case comm(Task, Range<Int>)
        case coredump(Task)
        /// `status` is a wait status (wait(2)).
        case exit(Task, status: UInt32)
        /// An event that a newer kernel has.
        case other(UInt32)
    }

    /// The processor that the event happened on.
    var processor: UInt32
    /// The number of the message: one sequence for each processor.
    var sequence: UInt32
    /// CLOCK_MONOTONIC (`ktime_get_ns`).
    var monotonicNanoseconds: UInt64
    var event: Event

    private static let connectorIndex: UInt32 = 1
    private static let eventStart = 36
    private static let membersStart = 52
    private static let commandLength = 16

    /// Decodes a datagram; nil when it is none of the process connector's or too short for what it says it is.
    init?(_ datagram: Span<UInt8>) {
        // nlmsg_len is not needed: one datagram is one message, and its own length bounds the reading.
        guard datagram.hostInteger(at: 16, as: UInt32.self) == Self.connectorIndex,
            datagram.hostInteger(at: 20, as: UInt32.self) == Self.connectorIndex,
            let sequence = datagram.hostInteger(at: 24, as: UInt32.self),
            let what = datagram.hostInteger(at: Self.eventStart, as: UInt32.self),
            let processor = datagram.hostInteger(at: Self.eventStart + 4, as: UInt32.self),
            let time = datagram.hostInteger(at: Self.eventStart + 8, as: UInt64.self),
            let event = Self.event(what, datagram)
        else { return nil }
        self.processor = processor
        self.sequence = sequence
        monotonicNanoseconds = time
        self.event = event
    }

    private static func event(_ what: UInt32, _ datagram: Span<UInt8>) -> Event? {
        if what == 0 {
            return datagram.hostInteger(at: membersStart, as: UInt32.self).map(Event.acknowledgement)
        }
        guard ProcessConnectorEvents.known.rawValue & what != 0 else { return .other(what) }
        // All events but the acknowledgement begin with the thread and the process they are about.
        guard let first = task(datagram, membersStart) else { return nil }
        let next = membersStart + 8
        switch ProcessConnectorEvents(rawValue: what) {
        case .fork: return task(datagram, next).map { .fork(parent: first, child: $0) }
        case .exec: return .exec(first)
        case .uid: return identifiers(datagram, next).map { .uid(first, real: $0, effective: $1) }
        case .gid: return identifiers(datagram, next).map { .gid(first, real: $0, effective: $1) }
        case .sid: return .sid(first)
        case .ptrace: return task(datagram, next).map { .ptrace(first, tracer: $0) }
        case .comm:
            guard datagram.count >= next + commandLength else { return nil }
            var end = next
            while end < next + commandLength, datagram[end] != 0 { end += 1 }
            return .comm(first, next..<end)
        case .coredump: return .coredump(first)
        case .exit: return datagram.hostInteger(at: next, as: UInt32.self).map { .exit(first, status: $0) }
        default: return .other(what)
        }
    }

    private static func task(_ datagram: Span<UInt8>, _ offset: Int) -> Task? {
        guard let thread = datagram.hostInteger(at: offset, as: Int32.self),
            let process = datagram.hostInteger(at: offset + 4, as: Int32.self)
        else { return nil }
        return Task(thread: thread, process: process)
    }

    private static func identifiers(_ datagram: Span<UInt8>, _ offset: Int) -> (UInt32, UInt32)? {
        guard let real = datagram.hostInteger(at: offset, as: UInt32.self),
            let effective = datagram.hostInteger(at: offset + 4, as: UInt32.self)
        else { return nil }
        return (real, effective)
    }
}
