import CCurlShim
import EventModel
import Glibc
import KernelInterface
import Outputs
import Spool

/// One webhook's way through the spool: in order, one request at a time, an alert is done when the receiver has taken it
/// or refused it for good.
final class Delivery {
    private enum State {
        case idle
        /// The alerts of the request that runs.
        case sending([SpooledAlert])
        /// Nothing before this time, monotonic nanoseconds.
        case waiting(UInt64)
    }

    let settings: WebhookSettings
    let transfer: Transfer
    private var credentials: Credentials
    private let renderer: PayloadRenderer
    private let spool: SpoolReader
    private var state = State.idle
    private var position: Int64
    /// The id of the last alert that the request, if it succeeds, makes done.
    private var end: Int64 = 0
    /// Rows read ahead; few, since the sensor may give up rows when the spool is full.
    private var queue: ArraySlice<SpooledAlert> = []
    /// Up to this alert requests carry one alert each: a receiver refused a batch, and only one of it may be at fault.
    private var singlyUntil: Int64 = 0
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    private var isFailing = false
    private var timeouts = 0
    private var refused: (count: UInt64, text: String) = (0, "")
    private var nextRefusalReport: UInt64 = 0
    private(set) var reports: [ForwarderReport] = []

    private static let readAhead = 64
    private static let batchBytes = 1 << 20
    private static let refusalReportNanoseconds: UInt64 = 60_000_000_000

    init?(_ settings: WebhookSettings, _ credentials: Credentials, _ spool: SpoolReader, format: AlertFormat, tag: Int)
        throws(SpoolError)
    {
        guard let transfer = Transfer(settings, credentials, tag: tag) else { return nil }
        self.settings = settings
        self.credentials = credentials
        self.transfer = transfer
        self.spool = spool
        renderer = PayloadRenderer(settings, format: format)
        position = try spool.position(of: settings.name)
    }

    /// Whether a request runs.
    var isSending: Bool { if case .sending = state { true } else { false } }
    /// When it wants to try again, monotonic nanoseconds; nil when it waits for nothing.
    var wakeTime: UInt64? { if case .waiting(let time) = state { time } else { nil } }

    /// Begins the next request, if there is something to send and it is time. Gives whether one was begun.
    func start(_ group: TransferGroup, now: UInt64) throws(SpoolError) -> Bool {
        switch state {
        case .sending: return false
        case .waiting(let time) where now < time: return false
        case .waiting, .idle: break
        }
        let alerts = try nextAlerts()
        guard !alerts.isEmpty else {
            state = .idle
            return false
        }
        var payload = renderer.render(alerts, isBatch: settings.batchSize > 1)
        var headers = ["Content-Type: \(payload.contentType)", "Expect:"]
        if settings.isCompressed, let packed = GzipDeflater.pack(payload.bytes) {
            payload.bytes = packed
            headers.append("Content-Encoding: gzip")
        }
        headers.append("Idempotency-Key: \(Self.key(of: alerts))")
        credentials.refreshToken()
        if !credentials.bearerToken.isEmpty { headers.append("Authorization: Bearer \(credentials.bearerToken)") }
        // A header without a value is written with a semicolon (CURLOPT_HTTPHEADER(3)).
        headers += settings.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        guard transfer.prepare(body: payload.bytes, headers: headers), group.start(transfer) else {
            wait(now, retryAfter: 0)
            return false
        }
        state = .sending(alerts)
        return true
    }

    /// Takes the end of the request that ran.
    func finish(_ result: shrike_curl_result, now: UInt64) throws(SpoolError) {
        guard case .sending(let alerts) = state else { return }
        state = .idle
        if settings.echoes, !transfer.answer.isEmpty { echo(transfer.answer) }
        guard result.code == 0 else {
            let isTimeout = shrike_curl_is_timeout(result.code) == 1
            timeouts = isTimeout ? timeouts + 1 : 0
            fail(transfer.errorText(result.code), isQuiet: isTimeout && timeouts <= settings.quietTimeouts)
            return wait(now, retryAfter: 0)
        }
        timeouts = 0
        switch result.status {
        case 200..<300:
            position = end
            try spool.advance(settings.name, to: end, delivered: alerts.count)
            succeed()
        case 408, 429: retry(result, now)
        case 400..<500 where Refusal.isAboutSender(result.status, answer: transfer.answer): retry(result, now)
        case 400..<500:
            if alerts.count > 1 {
                singlyUntil = end
                queue = []
            } else if let alert = alerts.first {
                try refuse(alert, result.status, now)
            }
            backoff.reset()
        default: retry(result, now)
        }
    }

    /// Reports since the last call.
    func takeReports(now: UInt64) -> [ForwarderReport] {
        if refused.count > 0, now >= nextRefusalReport {
            nextRefusalReport = now &+ Self.refusalReportNanoseconds
            reports.append(
                ForwarderReport(kind: .rejected, output: settings.name, count: refused.count, text: refused.text))
            refused.count = 0
        }
        defer { reports.removeAll() }
        return reports
    }

    // MARK: What to send

    /// The alerts of the next request. Those that the filter leaves out are done at once.
    private func nextAlerts() throws(SpoolError) -> [SpooledAlert] {
        var found: [SpooledAlert] = []
        var bytes = 0
        end = position
        while true {
            if queue.isEmpty {
                queue = try spool.alerts(after: end, limit: Self.readAhead, byteLimit: Self.batchBytes)[...]
            }
            guard let alert = queue.first else { break }
            let limit = alert.id <= singlyUntil ? 1 : settings.batchSize
            let isWanted = settings.wants(
                priority: alert.priority, rule: alert.rule, tags: alert.tags, source: alert.source)
            if isWanted {
                bytes += alert.payload.count
                if found.count >= limit || (!found.isEmpty && bytes > Self.batchBytes) { break }
                found.append(alert)
            } else if found.count >= limit {
                break
            }
            end = alert.id
            queue.removeFirst()
        }
        if found.isEmpty, end > position {
            position = end
            try spool.advance(settings.name, to: end, delivered: 0)
        }
        return found
    }

    /// The key of a request: its alert's, or the first's and the last's of a batch.
    private static func key(of alerts: [SpooledAlert]) -> String {
        guard let first = alerts.first, let last = alerts.last, alerts.count > 1 else { return alerts.first?.key ?? "" }
        return "\(first.key)..\(last.key)"
    }

    // MARK: How it went

    private func retry(_ result: shrike_curl_result, _ now: UInt64) {
        fail("HTTP status \(result.status)\(excerpt)", isQuiet: false)
        wait(now, retryAfter: result.retry_after)
    }

    private func refuse(_ alert: SpooledAlert, _ status: Int, _ now: UInt64) throws(SpoolError) {
        let reason = "HTTP status \(status)\(excerpt)"
        position = end
        // Told first: whether it can be noted is another matter.
        if alert.source == "internal" {
            // Must not raise an alert, which would be refused in its turn.
            reports.append(ForwarderReport(kind: .remark, output: settings.name, count: 1, text: "refused: \(reason)"))
        } else {
            refused = (refused.count + 1, reason)
        }
        try spool.reject(settings.name, alert, status: status, reason: reason)
    }

    private func wait(_ now: UInt64, retryAfter: Int64) {
        let milliseconds = backoff.next(retryAfterSeconds: retryAfter, using: &random)
        state = .waiting(now &+ milliseconds &* 1_000_000)
        // Read again: the sensor may have given up some of them meanwhile.
        queue = []
    }

    private func fail(_ reason: String, isQuiet: Bool) {
        if isFailing || isQuiet { return }
        isFailing = true
        reports.append(ForwarderReport(kind: .failing, output: settings.name, count: 0, text: reason))
    }

    private func succeed() {
        backoff.reset()
        if isFailing { reports.append(ForwarderReport(kind: .recovered, output: settings.name, count: 0, text: "")) }
        isFailing = false
    }

    /// The beginning of the answer, which often says what the receiver did not like.
    private var excerpt: String {
        let answer = transfer.answer.prefix(200)
        return answer.isEmpty ? "" : ": \(String(decoding: answer, as: UTF8.self))"
    }

    private func echo(_ answer: [UInt8]) {
        let line = answer + [UInt8(ascii: "\n")]
        _ = line.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
