import Delivery
import HealthServer
import Outputs
import Spool

extension DeliveryStatus {
    /// Adds the delivery's metrics.
    func add(to text: inout PrometheusText) {
        text.add("shrike_spool_alerts", .gauge, "Alerts that wait for a network output.", Double(alerts))
        text.add("shrike_spool_bytes", .gauge, "Bytes of alerts in the spool.", Double(bytes))
        text.add(
            "shrike_spool_oldest_age_seconds", .gauge, "How long the oldest alert waits; 0 when none does.",
            oldestAgeSeconds)
        text.add(
            "shrike_spool_lost_total", .counter, "Alerts that no network output will get, by reason.",
            SpoolReport.LossReason.allCases.map { reason in
                .init([("reason", reason.label)], Double(lost.first { $0.reason == reason }?.count ?? 0))
            })
        text.add(
            "shrike_output_delivered_total", .counter, "Alerts that a network output's receiver has taken.",
            outputs.map { .init([("output", $0.name)], Double($0.delivered)) })
        text.add(
            "shrike_output_rejected_total", .counter, "Alerts that a network output's receiver refused for good.",
            outputs.map { .init([("output", $0.name)], Double($0.rejected)) })
        text.add(
            "shrike_output_queued", .gauge, "Alerts that wait for a network output.",
            outputs.map { .init([("output", $0.name)], Double($0.queued)) })
        text.add(
            "shrike_output_failing", .gauge, "1 while a network output's receiver takes nothing.",
            outputs.map { .init([("output", $0.name)], $0.isFailing ? 1 : 0) })
    }
}

extension SpoolReport.LossReason {
    /// The reason in one word.
    fileprivate var label: String {
        switch self {
        case .size: "size"
        case .age: "age"
        case .memory: "memory"
        }
    }
}

extension RunSummary {
    /// Adds what became of the alerts for network outputs.
    mutating func add(_ delivery: DeliveryStatus) {
        for output in delivery.outputs {
            addNetworkOutput(
                output.name, delivered: output.deliveredNow, refused: output.rejectedNow, queued: output.queued)
        }
        for (reason, count) in delivery.lost { addDrop("network outputs: \(reason.rawValue)", count: count) }
    }
}
