import Glibc

/// Tells the service manager how the daemon is (sd_notify(3)): ready, stopping, alive. The protocol is a datagram
/// of `NAME=VALUE` lines to a socket that the manager names, so no library is needed. Without a manager all of it does
/// nothing.
public final class ServiceNotifier {
    /// The time between two keep-alives: half of what the manager waits for one, in nanoseconds, at least one millisecond.
    /// Nil when the manager asks for none.
    public let keepAliveNanoseconds: UInt64?

    /// Whether there is a manager to tell.
    public var hasManager: Bool { socket != nil }

    private let socket: LocalDatagramSocket?
    /// Sent again at the next tick: the manager was busy. The newest states count, so this stays short.
    private var unsent: [String] = []
    private var nextKeepAlive: UInt64 = 0

    private static let unsentLimit = 8

    /// A notifier of the manager that listens at a socket: an absolute path, or `@` and a name in the abstract namespace
    /// (unix(7)). `nil`: there is no manager. `watchdogMicroseconds` is the time after which the manager takes a silent
    /// daemon for dead.
    public init(socketName: String?, watchdogMicroseconds: UInt64? = nil) throws(KernelError) {
        keepAliveNanoseconds = watchdogMicroseconds.flatMap { microseconds in
            microseconds == 0 ? nil : max(1_000_000, microseconds.multipliedReportingOverflow(by: 500).partialValue)
        }
        guard let socketName, !socketName.isEmpty else {
            socket = nil
            return
        }
        guard socketName.hasPrefix("@") || socketName.hasPrefix("/") else {
            throw KernelError(
                call: "sendto", object: socketName, errno: EAFNOSUPPORT,
                hint: "NOTIFY_SOCKET must be an absolute path, or begin with '@'")
        }
        socket = try LocalDatagramSocket(to: socketName)
    }

    /// The notifier that this process's environment describes. Takes the variables out of the environment, so that programs
    /// that the daemon starts can't speak for it; call it before there are threads. What can't be used is told to
    /// `onProblem` and then does nothing.
    public static func ofThisProcess(onProblem: (KernelError) -> Void) -> ServiceNotifier? {
        let socketName = variable("NOTIFY_SOCKET")
        let watchdog = variable("WATCHDOG_USEC").flatMap { UInt64($0) }
        let watched = variable("WATCHDOG_PID").flatMap { Int32($0) }
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        // A watchdog of another process was inherited through a wrapper: not ours to feed.
        let isOurs = watched == nil || watched == getpid()
        do throws(KernelError) {
            return try ServiceNotifier(socketName: socketName, watchdogMicroseconds: isOurs ? watchdog : nil)
        } catch {
            onProblem(error)
            return nil
        }
    }

    /// The daemon does its work. `status` is one line for `systemctl status`.
    public func ready(status: String) { send("READY=1\nSTATUS=\(Self.oneLine(status))") }

    /// What the daemon does now, one line.
    public func status(_ status: String) { send("STATUS=\(Self.oneLine(status))") }

    /// The daemon ends in good order.
    public func stopping() { send("STOPPING=1\nSTATUS=stopping") }

    /// Has the manager keep descriptors (sixteen at most) until the service is stopped, also while it is started anew; those of a name
    /// are given to the next start (`StoredDescriptors`). False when they could not be sent. Whether the manager keeps them, it does
    /// not say: it does where the unit has FileDescriptorStoreMax.
    public func store(_ descriptors: [Int32], named name: String) -> Bool {
        // Not before what waits: that can be to let go of what it keeps by this name.
        guard let socket, unsent.isEmpty else { return false }
        // Without FDPOLL=0 the manager lets those go that poll(2) finds an error in, as it does in every eBPF map that is no ring.
        let message = "FDSTORE=1\nFDPOLL=0\nFDNAME=\(Self.oneLine(name))"
        return socket.send(Array(message.utf8), descriptors: descriptors) == 0
    }

    /// Has the manager close what it keeps by a name; false when it will be told later only.
    @discardableResult
    public func forget(named name: String) -> Bool {
        send("FDSTOREREMOVE=1\nFDNAME=\(Self.oneLine(name))")
        return unsent.isEmpty
    }

    /// Sends what could not be sent before, and a keep-alive when it is time for one. To be called by the loop that must
    /// not stand still, with CLOCK_MONOTONIC's time.
    public func tick(nowNanoseconds: UInt64) {
        if !unsent.isEmpty {
            let waiting = unsent
            unsent = []
            for message in waiting { send(message) }
        }
        guard let keepAliveNanoseconds, nowNanoseconds >= nextKeepAlive else { return }
        // One that is not sent is followed by the next in time: the manager waits for two of them.
        if put("WATCHDOG=1") { nextKeepAlive = nowNanoseconds &+ keepAliveNanoseconds }
    }

    private func send(_ message: String) {
        if unsent.isEmpty, put(message) { return }
        if unsent.count == Self.unsentLimit { unsent.removeFirst() }
        unsent.append(message)
    }

    /// Sends one datagram without waiting; false when the manager's queue is full. Other failures are final: without the
    /// manager there is nobody to tell.
    private func put(_ message: String) -> Bool {
        guard let socket else { return true }
        let bytes = Array(message.utf8)
        return switch socket.send(bytes, count: bytes.count) {
        case EAGAIN, ENOBUFS: false
        default: true
        }
    }

    /// A line break would begin another assignment.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
