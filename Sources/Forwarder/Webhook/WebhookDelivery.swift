import CCurlShim
import EventModel
import ForwarderProtocol
import Glibc
import KernelInterface
import Outputs
import Spool

/// One webhook's way through the spool: in order, one request at a time.
final class WebhookDelivery: Delivery {
    private enum State {
        case idle
        /// The alerts of the request that runs.
        case sending([SpooledAlert])
        /// Nothing before this time, monotonic nanoseconds.
        case waiting(UInt64)
    }

    private let settings: WebhookSettings
    private let transfer: WebhookTransfer
    private var credentials: Credentials
    private let renderer: PayloadRenderer
    private let queue: AlertQueue
    private var state = State.idle
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    private var timeouts = 0
    private var reports: DeliveryReports

    init?(
        _ output: NetworkOutput, _ settings: WebhookSettings, _ credentials: Credentials, _ spool: SpoolReader,
        format: AlertFormat, tag: Int
    ) throws(SpoolError) {
        guard let transfer = WebhookTransfer(settings, output.connection, credentials, tag: tag) else { return nil }
        self.settings = settings
        self.credentials = credentials
        self.transfer = transfer
        queue = try AlertQueue(output, spool)
        renderer = PayloadRenderer(settings, format: format)
        reports = DeliveryReports(output: output.name)
    }

    var isSending: Bool { if case .sending = state { true } else { false } }
    var wakeTime: UInt64? { if case .waiting(let time) = state { time } else { nil } }
    var wait: TransferGroup.Wait? { nil }
    func prepareToEnd() {}
    func takeReports(now: UInt64) -> [ForwarderReport] { reports.take(now: now) }

    func advance(_ group: TransferGroup, now: UInt64) throws(SpoolError) -> Bool {
        switch state {
        case .sending: return false
        case .waiting(let time) where now < time: return false
        case .waiting, .idle: break
        }
        let alerts = try queue.take(settings.batchSize)
        guard !alerts.isEmpty else {
            state = .idle
            try queue.completePassed()
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
        guard transfer.prepare(body: payload.bytes, headers: headers), group.start(transfer.handle) else {
            wait(now, retryAfter: 0)
            return false
        }
        state = .sending(alerts)
        return true
    }

    func finish(_ result: shrike_curl_result, _ group: TransferGroup, now: UInt64) throws(SpoolError) {
        group.end(transfer.handle)
        guard case .sending(let alerts) = state else { return }
        state = .idle
        if settings.echoes, !transfer.answer.isEmpty { echo(transfer.answer) }
        guard result.code == 0 else {
            let isTimeout = shrike_curl_is_timeout(result.code) == 1
            timeouts = isTimeout ? timeouts + 1 : 0
            if !isTimeout || timeouts > settings.quietTimeouts { reports.fail(transfer.handle.errorText(result.code)) }
            return wait(now, retryAfter: 0)
        }
        timeouts = 0
        switch AnswerMeaning(status: result.status, answer: transfer.answer) {
        case .taken:
            try queue.complete(to: queue.taken, delivered: alerts.count)
            backoff.reset()
            reports.succeed()
        case .refused:
            if alerts.count > 1 {
                queue.singlyUntil = queue.taken
                queue.rewind()
            } else if let alert = alerts.first {
                let reason = "HTTP status \(result.status)\(excerpt)"
                do throws(SpoolError) { try queue.reject(alert, status: result.status, reason: reason) } catch {
                    wait(now, retryAfter: 0)
                    throw error
                }
                reports.refuse(alert, reason)
            }
            backoff.reset()
        case .later(let hint):
            reports.fail("HTTP status \(result.status)\(hint.map { " (\($0))" } ?? "")\(excerpt)")
            wait(now, retryAfter: result.retry_after)
        }
    }

    /// The key of a request: its alert's, or the first's and the last's of a batch.
    private static func key(of alerts: [SpooledAlert]) -> String {
        guard let first = alerts.first, let last = alerts.last, alerts.count > 1 else { return alerts.first?.key ?? "" }
        return "\(first.key)..\(last.key)"
    }

    private func wait(_ now: UInt64, retryAfter: Int64) {
        let milliseconds = backoff.next(retryAfterSeconds: retryAfter, using: &random)
        state = .waiting(now &+ milliseconds &* 1_000_000)
        // Read again: the sensor may have given up some of them meanwhile.
        queue.rewind()
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
