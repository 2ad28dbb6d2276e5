import CCurlShim
import ForwarderProtocol
import Outputs
import Spool

/// One syslog server's way through the spool: in order, and again from the first message that may be lost.
final class SyslogDelivery: Delivery {
    private enum State {
        case closed
        /// Nothing before this time, monotonic nanoseconds.
        case waiting(UInt64)
        case connecting
        case open
    }

    private let transport: any SyslogTransport
    private let queue: AlertQueue
    private let timeout: UInt64
    private var formatter: SyslogFormatter
    private var state = State.closed
    /// Taken from the queue and not yet handed to the transport.
    private var outgoing: ArraySlice<SpooledAlert> = []
    private var window = SentWindow()
    /// There is more to send than one turn sends.
    private var hasMore = false
    private var isEnding = false
    /// The server was told that nothing more comes.
    private var hasEndedSending = false
    private var nextLook: UInt64 = 0
    /// The time of the last turn.
    private var lastTurn: UInt64 = 0
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    private var reports: DeliveryReports

    /// Messages in one turn of the loop, so that the other outputs have theirs.
    private static let turnCount = 256
    private static let lookUpNanoseconds: UInt64 = 20_000_000

    init?(
        _ output: NetworkOutput, _ settings: SyslogSettings, _ credentials: Credentials, _ spool: SpoolReader,
        format: AlertFormat, sensor: Int32, tag: Int
    ) throws(SpoolError) {
        if settings.transport == .udp {
            transport = SyslogDatagrams(settings, output.connection)
        } else {
            guard let stream = SyslogStream(settings, output.connection, credentials, tag: tag) else { return nil }
            transport = stream
        }
        queue = try AlertQueue(output, spool)
        timeout = UInt64(clamping: output.connection.timeoutMilliseconds) &* 1_000_000
        formatter = SyslogFormatter(settings, format: format, processID: sensor)
        reports = DeliveryReports(output: output.name)
    }

    func takeReports(now: UInt64) -> [ForwarderReport] { reports.take(now: now) }
    func prepareToEnd() { isEnding = true }

    var isSending: Bool {
        switch state {
        case .closed, .waiting: false
        case .connecting: true
        case .open:
            !transport.isFlushed || !outgoing.isEmpty || hasMore
                || window.unconfirmedSince(confirmed: transport.confirmedBytes(now: lastTurn)) != nil
                || (hasEndedSending && !window.isEmpty)
        }
    }

    var wakeTime: UInt64? {
        switch state {
        case .closed: nil
        case .waiting(let time): time
        // The end of a name's look-up wakes nobody.
        case .connecting: nextLook
        case .open: hasMore ? transport.roomTime ?? 0 : nil
        }
    }

    var wait: TransferGroup.Wait? {
        guard case .open = state, transport.descriptor >= 0 else { return nil }
        return .init(descriptor: transport.descriptor, wantsRoom: !transport.isFlushed)
    }

    func advance(_ group: TransferGroup, now: UInt64) throws(SpoolError) -> Bool {
        lastTurn = now
        switch state {
        case .waiting(let time) where now < time: return false
        case .closed, .waiting:
            guard try fill() else {
                state = .closed
                return false
            }
            state = .connecting
            hasEndedSending = false
            nextLook = now &+ Self.lookUpNanoseconds
            if !transport.connect(group, now: now) { lose("no memory", group, now) }
            return true
        case .connecting:
            switch transport.connection(now: now) {
            case .connecting:
                nextLook = now &+ Self.lookUpNanoseconds
                return false
            case .failed(let reason):
                lose(reason, group, now)
                return false
            case .open: state = .open
            }
            return try send(group, now)
        case .open: return try send(group, now)
        }
    }

    func finish(_ result: shrike_curl_result, _ group: TransferGroup, now: UInt64) throws(SpoolError) {
        transport.finish(result)
    }

    // MARK: Sending

    /// Takes the next alerts; false when there are none.
    private func fill() throws(SpoolError) -> Bool {
        if outgoing.isEmpty { outgoing = try queue.take(Self.turnCount)[...] }
        if outgoing.isEmpty, window.isEmpty { try queue.completePassed() }
        return !outgoing.isEmpty
    }

    private func send(_ group: TransferGroup, _ now: UInt64) throws(SpoolError) -> Bool {
        // Before and after: what is written to a connection that has ended is lost without a word.
        if try !stillStands(group, now) { return true }
        var count = 0
        hasMore = false
        while true {
            if let reason = transport.flush() {
                lose(reason, group, now)
                return true
            }
            guard transport.isFlushed, try fill() else { break }
            guard count < Self.turnCount, transport.hasRoom(now: now) else {
                hasMore = true
                break
            }
            while transport.hasRoom(now: now), let alert = outgoing.popFirst() {
                transport.queue(formatter.message(for: alert), now: now)
                window.append(alert.id, end: transport.queuedBytes, time: now)
                count += 1
            }
        }
        if count > 0, try !stillStands(group, now) { return true }
        try settle(group, now)
        return count > 0
    }

    /// Looks whether the connection stands; if not, what may be lost is sent again later.
    private func stillStands(_ group: TransferGroup, _ now: UInt64) throws(SpoolError) -> Bool {
        guard let end = transport.look() else { return true }
        switch end {
        case .closed where hasEndedSending:
            // It has read to the end that it was told of, so it has everything.
            if let settled = window.settleAll() { try queue.complete(to: settled.id, delivered: settled.count) }
            transport.disconnect(group)
            state = .closed
        case .closed: lose("the server closed the connection", group, now)
        case .lost(let reason): lose(reason, group, now)
        }
        return false
    }

    private func settle(_ group: TransferGroup, _ now: UInt64) throws(SpoolError) {
        guard !window.isEmpty else { return }
        let confirmed = transport.confirmedBytes(now: now)
        if window.hasConfirmed(confirmed) {
            backoff.reset()
            reports.succeed()
        }
        if let settled = window.settle(confirmed: confirmed, now: now) {
            try queue.complete(to: settled.id, delivered: settled.count)
        }
        if let since = window.unconfirmedSince(confirmed: confirmed), now &- since > timeout {
            lose("nothing was acknowledged for \(timeout / 1_000_000_000) s", group, now)
        } else if isEnding, transport.isFlushed, outgoing.isEmpty, !hasMore, !hasEndedSending {
            hasEndedSending = transport.endSending()
        }
    }

    /// Gives the connection up; everything that may be lost is sent again.
    private func lose(_ reason: String, _ group: TransferGroup, _ now: UInt64) {
        transport.disconnect(group)
        let hasWork = !window.isEmpty || !outgoing.isEmpty || !transport.isFlushed
        window.removeAll()
        outgoing = []
        hasMore = false
        queue.rewind()
        guard hasWork else {
            // A server may close what is idle.
            state = .closed
            return
        }
        reports.fail(reason)
        state = .waiting(now &+ backoff.next(retryAfterSeconds: 0, using: &random) &* 1_000_000)
    }
}
