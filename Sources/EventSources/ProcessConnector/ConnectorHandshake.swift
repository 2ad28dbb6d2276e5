import Glibc
import KernelInterface

/// Why the process connector can't be used.
public struct ConnectorFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// What would mend it; empty when nothing.
    public let fix: String

    /// Both in one sentence.
    public var description: String { fix.isEmpty ? reason : "\(reason); \(fix)" }
}

/// Asks the process connector for events and proves that they come.
struct ConnectorHandshake {
    /// What the kernel turned out to understand.
    struct Outcome {
        /// Whether the kernel can leave out events that are not wanted (Linux 6.6).
        var canFilter: Bool
    }

    /// The masked request for everything: kernels that know masks answer it, older ones ignore it.
    private static let everything: UInt32 = 0

    /// Listens on the socket; `events` is what to let through.
    static func perform(
        _ socket: inout ProcessConnectorSocket, events: ProcessConnectorEvents
    ) throws(ConnectorFailure) -> Outcome {
        try request(&socket, mask: nil)
        // The kernel answers within the call, so an answer is there by now or never comes.
        guard try answer(&socket) else { throw silence() }
        try request(&socket, mask: everything)
        let canFilter = try answer(&socket)
        if canFilter, events != .known {
            // No answer comes to this one: the answer itself does not pass the mask.
            try request(&socket, mask: events.rawValue)
        }
        return Outcome(canFilter: canFilter && events != .known)
    }

    /// Makes a child process and looks for its end among the events.
    static func prove(_ socket: inout ProcessConnectorSocket) throws(ConnectorFailure) {
        let canary: CanaryProcess
        do { canary = try CanaryProcess.run() } catch {
            throw ConnectorFailure(reason: "can't make a child process to test with: \(error)", fix: "")
        }
        // The kernel wakes who waits for the child before it tells the connector of its end (kernel/exit.c, do_exit), so
        // the event may be on its way still.
        let isSeen = try search(&socket, patience: proofPatience) { event in
            if case .exit(let task, _) = event { return task.process == canary.pid }
            return false
        }
        guard isSeen else {
            throw ConnectorFailure(
                reason: "the kernel accepted the request but sent no event for a test process",
                fix: "run in the host's pid and network namespaces"
            )
        }
    }

    private static func request(_ socket: inout ProcessConnectorSocket, mask: UInt32?) throws(ConnectorFailure) {
        do { try socket.send(.listen, eventMask: mask) } catch { throw ConnectorFailure(error) }
    }

    private static func answer(_ socket: inout ProcessConnectorSocket) throws(ConnectorFailure) -> Bool {
        try search(&socket) { event in
            if case .acknowledgement(let error) = event { return error == 0 }
            return false
        }
    }

    /// How long the test process's end may take to be told, in milliseconds: a loaded machine is slow, a deaf one silent.
    private static let proofPatience: Int32 = 3000

    /// What a look at the socket gave.
    enum Look { case found, others, nothing }

    /// Looks until something is found, or nothing has come for `patience` milliseconds; reads at most as much as a busy
    /// machine makes meanwhile. `wait` waits for more, for so long at most, and tells whether there is.
    static func search(
        patience: Int32, wait: (Int32) -> Bool, look: () throws(ConnectorFailure) -> Look
    ) throws(ConnectorFailure) -> Bool {
        for _ in 0..<4096 {
            switch try look() {
            case .found: return true
            case .others: break
            case .nothing: guard patience > 0, wait(patience) else { return false }
            }
        }
        return false
    }

    private static func search(
        _ socket: inout ProcessConnectorSocket, patience: Int32 = 0,
        for isWanted: (ProcessConnectorMessage.Event) -> Bool
    ) throws(ConnectorFailure) -> Bool {
        let descriptor = socket.rawValue
        return try search(patience: patience) { milliseconds in
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&entry, 1, milliseconds) > 0
        } look: { () throws(ConnectorFailure) in
            try look(&socket, for: isWanted)
        }
    }

    private static func look(
        _ socket: inout ProcessConnectorSocket, for isWanted: (ProcessConnectorMessage.Event) -> Bool
    ) throws(ConnectorFailure) -> Look {
        let count: Int
        do { count = try socket.receive() } catch {
            // An overflow this early only means that what was asked for may come later.
            if error.errno == ENOBUFS { return .others }
            throw ConnectorFailure(error)
        }
        for index in 0..<count {
            let datagram = socket.datagram(index)
            guard datagram.isFromKernel,
                let message = ProcessConnectorMessage(socket.buffer.span.extracting(datagram.range))
            else { continue }
            if isWanted(message.event) { return .found }
        }
        return count == 0 ? .nothing : .others
    }

    /// Requests from other namespaces than the initial ones get no answer at all (cn_proc.c, cn_proc_mcast_ctl): find
    /// out which namespace it is.
    private static func silence() -> ConnectorFailure {
        if DescriptorFacts.namespaceInode("user") != DescriptorFacts.initialUserNamespace {
            return ConnectorFailure(
                reason: "the kernel ignores requests from other user namespaces than the first",
                fix: "run without a user namespace (no rootless container, no hostUsers: false)"
            )
        }
        if DescriptorFacts.namespaceInode("pid") != DescriptorFacts.initialPIDNamespace {
            return ConnectorFailure(
                reason: "the kernel ignores requests from other pid namespaces than the first",
                fix: "run in the host's pid namespace (hostPID: true, --pid=host)"
            )
        }
        return ConnectorFailure(
            reason: "the kernel did not answer the request",
            fix: "needs a kernel with CONFIG_PROC_EVENTS"
        )
    }
}

extension ConnectorFailure {
    init(_ error: KernelError) {
        var bare = error
        bare.hint = nil
        reason = bare.description
        fix = error.hint ?? ""
    }
}
