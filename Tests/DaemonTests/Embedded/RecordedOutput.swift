import EventModel
import KernelInterface

@testable import Outputs

/// Keeps the alerts that it is given.
final class RecordedOutput: AlertOutput {
    let name = "recorded"
    private(set) var alerts: [Alert] = []

    func write(_ alert: borrowing RenderedAlert) {}
    func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) { alerts.append(alert) }
    func flush() {}
    func close() {}
}

/// Its reader takes nothing, and has not for some seconds.
final class StalledOutput: AlertOutput {
    let name = "stalled"
    private var waiting = 0
    private let since = KernelClock.monotonic() &- 3_000_000_000

    var status: OutputStatus? {
        OutputStatus(delivered: 0, lost: 0, waiting: waiting, busySince: since, failure: nil, hasEnded: false)
    }

    func write(_ alert: borrowing RenderedAlert) { waiting += 1 }
    func flush() {}
    func close() {}
}
