import Delivery
import EventModel
import EventSources
import HealthServer
import Outputs
import Spool
import Testing

@testable import Daemon

/// How the delivery over the network is told: health, metrics, the summary at the end.
@Suite struct DeliveryStatusTests {
    private var status: DeliveryStatus {
        var status = DeliveryStatus()
        (status.alerts, status.bytes, status.oldestAgeSeconds) = (7, 4096, 12.5)
        status.lost = [(reason: .size, count: 3)]
        status.outputs = [
            DeliveryStatus.Output(
                name: "siem", delivered: 100, rejected: 2, queued: 7, deliveredNow: 10, rejectedNow: 1, isFailing: true)
        ]
        return status
    }

    private func snapshot(_ delivery: DeliveryStatus?) -> HealthSnapshot {
        var snapshot = HealthSnapshot()
        snapshot.sources = [HealthSnapshot.Source(kind: .audit, counters: .init(), outage: nil)]
        snapshot.delivery = delivery
        return snapshot
    }

    @Test func `a receiver that is away is no illness, a forwarder that ends again and again is one`() {
        #expect(snapshot(status).complaints.isEmpty)
        var ill = status
        ill.trouble = "the forwarder ended 3 times in a row, with status 1"
        #expect(
            snapshot(ill).complaints == ["network outputs: the forwarder ended 3 times in a row, with status 1"])
    }

    @Test func `metrics`() {
        let text = String(decoding: snapshot(status).prometheus, as: UTF8.self)
        for line in [
            "shrike_spool_alerts 7", "shrike_spool_bytes 4096", "shrike_spool_oldest_age_seconds 12.5",
            "shrike_spool_lost_total{reason=\"size\"} 3", "shrike_spool_lost_total{reason=\"memory\"} 0",
            "shrike_output_delivered_total{output=\"siem\"} 100", "shrike_output_rejected_total{output=\"siem\"} 2",
            "shrike_output_queued{output=\"siem\"} 7", "shrike_output_failing{output=\"siem\"} 1",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        #expect(!String(decoding: snapshot(nil).prometheus, as: UTF8.self).contains("shrike_spool"))
    }

    @Test func `the summary counts this run`() {
        var summary = RunSummary()
        summary.add(status)
        #expect(summary.text.contains("Network outputs:\n   siem: 10 delivered, 1 refused, 7 queued\n"))
        #expect(summary.text.contains("Dropped:\n   network outputs: the spool is full: 3\n"))
    }
}
