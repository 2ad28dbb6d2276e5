import CCurlShim
import ForwarderProtocol
import Spool

/// One output's work in the forwarder's loop. Nothing here waits; an alert is done when the receiver has it, or has refused
/// it for good.
protocol Delivery: AnyObject {
    /// Whether something is on its way that a moment's patience would see through.
    var isSending: Bool { get }
    /// When it wants to go on at the latest, monotonic nanoseconds; nil when it waits for nothing.
    var wakeTime: UInt64? { get }
    /// A descriptor of its own to be waited for.
    var wait: TransferGroup.Wait? { get }
    /// Goes on: begins what can be begun. Gives whether something was.
    func advance(_ group: TransferGroup, now: UInt64) throws(SpoolError) -> Bool
    /// Takes the end of the transfer with its tag.
    func finish(_ result: shrike_curl_result, _ group: TransferGroup, now: UInt64) throws(SpoolError)
    /// The process is going to end: nothing is begun that needs waiting.
    func prepareToEnd()
    /// Reports since the last call.
    func takeReports(now: UInt64) -> [ForwarderReport]
}

/// What one output has to report: whether it fails, and what was refused.
struct DeliveryReports {
    private let output: String
    private var isFailing = false
    private var refused: (count: UInt64, text: String) = (0, "")
    private var nextRefusalReport: UInt64 = 0
    private var reports: [ForwarderReport] = []
    private static let refusalReportNanoseconds: UInt64 = 60_000_000_000

    init(output: String) { self.output = output }

    /// A delivery failed; the first of a row is worth a word.
    mutating func fail(_ reason: String) {
        if isFailing { return }
        isFailing = true
        add(.failing, 0, reason)
    }

    /// A delivery succeeded.
    mutating func succeed() {
        if isFailing { add(.recovered, 0, "") }
        isFailing = false
    }

    /// An alert was refused for good. Shrike's own must not raise an alert, which would be refused in its turn.
    mutating func refuse(_ alert: SpooledAlert, _ reason: String) {
        if alert.source == "internal" {
            add(.remark, 1, "refused: \(reason)")
        } else {
            refused = (refused.count + 1, reason)
        }
    }

    /// Reports since the last call; refusals are summed up for a minute.
    mutating func take(now: UInt64) -> [ForwarderReport] {
        if refused.count > 0, now >= nextRefusalReport {
            nextRefusalReport = now &+ Self.refusalReportNanoseconds
            add(.rejected, refused.count, refused.text)
            refused.count = 0
        }
        defer { reports.removeAll() }
        return reports
    }

    private mutating func add(_ kind: ForwarderReport.Kind, _ count: UInt64, _ text: String) {
        reports.append(ForwarderReport(kind: kind, output: output, count: count, text: text))
    }
}
