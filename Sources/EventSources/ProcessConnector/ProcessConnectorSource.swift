public import EventModel
import Glibc
import KernelInterface

/// Events of the kernel's process connector: processes made, programs started, ends, changes of identity.
///
/// The connector tells ids and no more; node state reads argv and the rest from /proc when the event arrives, so what a
/// very short process had as arguments may be gone. An exec is told as `execve`, a new process as `clone` (the
/// connector does not say which call it was), a change of user or group ids as `setresuid` or `setresgid`. A process
/// counts as ended when its first thread ends.
public final class ProcessConnectorSource: EventSource {
    /// What the source counted beside the common counters.
    public struct Details: Sendable, Equatable {
        /// Datagrams that the kernel did not send.
        public var forged: UInt64 = 0
        /// Messages that are no event here: threads made and ended, answers, events of newer kernels.
        public var ignored: UInt64 = 0
    }

    /// Bounds and choices.
    public struct Options: Sendable {
        /// The events to let through; all of them allow an exact count of lost ones.
        public var events: ProcessConnectorEvents = .known
        /// The socket's buffer: a message takes about 700 bytes of it.
        public var receiveBufferBytes: Int32 = 8 << 20

        /// The usual bounds.
        public init() {}
    }

    /// Batches for each call of `drain`.
    private static let batchesPerDrain = 8

    /// Which source it is.
    public let kind = SourceKind.processConnector
    /// What the source took and dropped so far.
    public private(set) var counters = SourceCounters()
    /// The further counters.
    public private(set) var details = Details()
    /// The event types that the source tells of.
    public let provides: EventTypeSet
    /// Where exec events are noted for the /proc scan.
    public var execLedger: ExecLedger?

    private var socket: ProcessConnectorSocket
    private let options: Options
    private let types = ConnectorEventTypes()
    /// Whether the kernel leaves out events that are not wanted: then gaps in the numbers tell nothing.
    let filtersInKernel: Bool
    private var sequence = ConnectorSequence()
    private var epochOffset = EpochOffset()
    private var event = RawEvent()
    private var lossAtLastReport: UInt64 = 0
    private var overrunsAtLastReport: UInt64 = 0
    private var watchedCanary = SourceCanary()
    private var failure: String?
    private var isStopped = false
    private var hasSignedOff = false

    /// Connects, asks for events and proves with a child process that they come.
    public init(options: Options = Options()) throws(ConnectorFailure) {
        self.options = options
        provides = types.provided(by: options.events)
        do { socket = try ProcessConnectorSocket(receiveBufferBytes: options.receiveBufferBytes) } catch {
            throw ConnectorFailure(error)
        }
        filtersInKernel = try ConnectorHandshake.perform(&socket, events: options.events).canFilter
        // A mask without exits leaves the test nothing to see.
        if options.events.contains(.exit) { try ConnectorHandshake.prove(&socket) }
    }

    deinit { stop() }

    /// The descriptor to wait on; nil after `stop`.
    public var descriptor: Int32? { isStopped ? nil : socket.rawValue }

    /// What ended the connection, or that a test process was not told of.
    public var outage: String? { failure ?? watchedCanary.outage }

    /// Seen by its end, so not with a mask that leaves ends out.
    public var canary: SourceCanary? { options.events.contains(.exit) ? watchedCanary : nil }

    /// Reads and delivers a bounded batch; false after `stop`.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped else { return false }
        for _ in 0..<Self.batchesPerDrain {
            let count: Int
            do { count = try socket.receive() } catch {
                guard error.errno == ENOBUFS else {
                    sink.report(SourceNotice(kind: .blind, source: kind, message: "process connector: \(error)"))
                    failure = "\(error)"
                    stop()
                    return false
                }
                counters.overruns &+= 1
                continue
            }
            if count == 0 { break }
            for index in 0..<count { take(socket.datagram(index), into: sink) }
            if count < 64 { break }
        }
        reportLoss(to: sink)
        return true
    }

    private func take(_ datagram: ProcessConnectorSocket.Datagram, into sink: any EventSink) {
        guard datagram.isFromKernel else {
            details.forged &+= 1
            return
        }
        counters.records &+= 1
        guard let message = ProcessConnectorMessage(socket.buffer.span.extracting(datagram.range)) else {
            counters.malformed &+= 1
            return
        }
        let missing = sequence.take(processor: message.processor, sequence: message.sequence)
        if !filtersInKernel { counters.lostInKernel &+= UInt64(missing) }
        if isCanary(message.event) {
            details.ignored &+= 1
            return
        }
        guard types.fill(&event, from: message, datagram: socket.buffer.span.extracting(datagram.range)) else {
            details.ignored &+= 1
            return
        }
        event.timeNanoseconds = epochOffset.epoch(monotonic: message.monotonicNanoseconds)
        if case .exec(let task) = message.event { execLedger?.note(task.process) }
        counters.events &+= 1
        sink.receive(&event)
    }

    /// Whether a message is about the canary: nobody else wants it.
    private func isCanary(_ event: ProcessConnectorMessage.Event) -> Bool {
        switch event {
        case .fork(let parent, let child): return child.process == watchedCanary.pid && parent.process == getpid()
        // Its id is another's only after its end.
        case .exit(let task, _) where watchedCanary.isAwaited && task.process == watchedCanary.pid:
            watchedCanary.seen(now: KernelClock.monotonic())
            return true
        default: return false
        }
    }

    /// Waits for the canary's end.
    public func canaryRan(_ process: CanaryProcess) {
        guard !isStopped, options.events.contains(.exit) else { return }
        watchedCanary.started(process, losses: counters.overruns)
    }

    /// Tells when the canary's end was not told.
    public func concludeCanary(into sink: any EventSink) {
        watchedCanary.conclude(kind, "ended", losses: counters.overruns, into: sink)
    }

    private func reportLoss(to sink: any EventSink) {
        let lost = counters.lostInKernel &- lossAtLastReport
        let overruns = counters.overruns &- overrunsAtLastReport
        guard lost > 0 || overruns > 0 else { return }
        lossAtLastReport = counters.lostInKernel
        overrunsAtLastReport = counters.overruns
        let number = lost > 0 ? "\(lost)" : "an unknown number of"
        let message =
            "process connector: \(number) events lost, the socket's buffer was full; /proc is scanned for what they told"
        sink.report(SourceNotice(kind: .lost, source: kind, message: message, count: max(lost, 1)))
    }

    /// Measures the clocks.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        if !isStopped { epochOffset.measure() }
    }

    /// Asks the kernel for no more events. Safe to call twice.
    public func finish() {
        guard !hasSignedOff else { return }
        hasSignedOff = true
        // The kernel counts listeners: without this it goes on making messages that nobody reads (before Linux 6.6).
        try? socket.send(.ignore)
    }

    /// Asks the kernel for no more events, and reads none. Safe to call twice.
    public func stop() {
        finish()
        isStopped = true
    }

    /// Whether the process connector works here, tried out on a socket of its own.
    public static func probe() -> SourceAvailability {
        var options = Options()
        options.receiveBufferBytes = 1 << 20
        do {
            let source = try ProcessConnectorSource(options: options)
            source.stop()
            return SourceAvailability(kind: .processConnector, isAvailable: true)
        } catch {
            return SourceAvailability(
                kind: .processConnector, isAvailable: false, reason: error.reason, fix: error.fix
            )
        }
    }
}
