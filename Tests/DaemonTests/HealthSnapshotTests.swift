import AlertReduction
import Configuration
import Detection
import EventModel
import EventSources
import KernelInterface
import NodeState
import Testing

@testable import Daemon

@Suite struct HealthSnapshotTests {
    private static func snapshot() -> HealthSnapshot {
        var snapshot = HealthSnapshot()
        var ebpf = HealthSnapshot.Source(kind: .ebpf, counters: SourceCounters())
        var losses = KernelLosses()
        (losses.ringFull, losses.heldBack) = (3, 4)
        (ebpf.counters.lostInKernel, ebpf.counters.kernelLosses) = (7, losses)
        ebpf.counters.malformed = 2
        var gaps = FilterGaps()
        gaps.files = 9
        ebpf.gaps = gaps
        snapshot.sources = [
            HealthSnapshot.Source(
                kind: .audit, counters: SourceCounters(), queue: ReceiveQueue(bytes: 768, limitBytes: 2048),
                backlog: KernelBacklog(records: 3, limit: 16_384)),
            HealthSnapshot.Source(kind: .procfs, counters: SourceCounters()),
            ebpf,
        ]
        snapshot.costs.rules = [
            "Costly \"rule\"": .init(nanoseconds: 2_500_000_000, evaluations: 2048), "Idle": .init(),
        ]
        snapshot.costs.selectionNanoseconds = 500_000_000
        snapshot.costs.sampledEvents = 2
        snapshot.lag.count(.audit, stamped: 1_000_000_000, now: 1_003_000_000)
        snapshot.reduction = ReductionCounters(folded: 5, rateLimited: 7)
        return snapshot
    }

    @Test(arguments: [
        "shrike_rule_evaluation_seconds_total{rule_name=\"Costly \\\"rule\\\"\"} 2.5",
        "shrike_rule_evaluation_seconds_total{rule_name=\"Idle\"} 0",
        "shrike_rule_evaluations_total{rule_name=\"Costly \\\"rule\\\"\"} 2048",
        "shrike_rule_selection_seconds_total 0.5", "shrike_rule_evaluation_samples_total 2",
        "# TYPE shrike_event_lag_seconds histogram", "shrike_event_lag_seconds_bucket{source=\"audit\",le=\"0.002\"} 0",
        "shrike_event_lag_seconds_bucket{source=\"audit\",le=\"0.005\"} 1",
        "shrike_event_lag_seconds_bucket{source=\"audit\",le=\"+Inf\"} 1",
        "shrike_event_lag_seconds_sum{source=\"audit\"} 0.003", "shrike_event_lag_seconds_count{source=\"audit\"} 1",
        "shrike_event_lag_seconds_count{source=\"scan\"} 0", "shrike_source_queue_bytes{source=\"audit\"} 768",
        "shrike_source_queue_limit_bytes{source=\"audit\"} 2048", "shrike_source_backlog_records{source=\"audit\"} 3",
        "shrike_source_backlog_limit_records{source=\"audit\"} 16384", "shrike_alerts_folded_total 5",
        "shrike_alerts_rate_limited_total 7", "shrike_drops_total{source=\"audit\",cause=\"kernel\"} 0",
        "shrike_drops_total{source=\"ebpf\",cause=\"ring_full\"} 3",
        "shrike_drops_total{source=\"ebpf\",cause=\"held_back\"} 4",
        "shrike_drops_total{source=\"ebpf\",cause=\"nested\"} 0",
        "shrike_drops_total{source=\"ebpf\",cause=\"malformed\"} 2",
        "shrike_filter_gaps{source=\"ebpf\",what=\"files\"} 9",
    ])
    func `metrics have the line`(line: String) {
        let text = String(decoding: Self.snapshot().prometheus, as: UTF8.self)
        #expect(text.split(separator: "\n").contains(Substring(line)), "\(text)")
    }

    @Test func `a source without a queue has no such metric`() {
        let text = String(decoding: Self.snapshot().prometheus, as: UTF8.self)
        #expect(!text.contains("queue_bytes{source=\"scan\"}"))
        #expect(!text.contains("backlog_records{source=\"scan\"}"))
    }

    @Test func `the alert names the ten costliest rules`() {
        var snapshot = Self.snapshot()
        for index in 1...20 {
            snapshot.costs.rules["Rule \(index)"] = .init(nanoseconds: UInt64(index), evaluations: 1)
        }
        let alert = snapshot.alert(
            MetricsSettings(), since: (0, 0, ProcessUsage()), now: 1_000_000_000, hostName: "node")
        let costs = alert.fields.map(\.key).filter { $0.hasSuffix(".evaluation_ns") }
        #expect(
            costs == ["shrike.rules.Costly__rule_.evaluation_ns"]
                + (12...20).reversed().map { "shrike.rules.Rule_\($0).evaluation_ns" })
        let text = String(decoding: alert.message, as: UTF8.self)
        #expect(text.hasPrefix("Shrike metrics snapshot"))
        let values = Dictionary(alert.fields.map { ($0.key, $0.value) }) { $1 }
        #expect(values["shrike.rules.selection_ns"] == .unsigned(500_000_000))
        #expect(values["shrike.sources.audit.queue_bytes"] == .unsigned(768))
        #expect(values["shrike.sources.audit.lag_ns_sum"] == .unsigned(3_000_000))
        #expect(values["shrike.alerts.folded"] == .unsigned(5))
    }
}

@Suite struct EventLagTests {
    private static let millisecond: UInt64 = 1_000_000

    @Test(
        arguments: [
            (0, 0), (1, 0), (millisecond, 0), (millisecond + 1, 1), (60_000 * millisecond, 13),
            (60_000 * millisecond + 1, 14), (UInt64.max / 4, 14),
        ] as [(UInt64, Int)])
    func `a time is in the first bucket whose bound it does not exceed`(lag: UInt64, bucket: Int) {
        var histogram = EventLag()
        histogram.count(.fanotify, stamped: 100, now: 100 + lag)
        let counted = histogram.counted(.fanotify)
        #expect(Array(counted.buckets).firstIndex(of: 1) == bucket)
        #expect(counted.buckets.reduce(0, +) == 1)
        #expect(counted.sum == lag)
        #expect(histogram.counted(.audit).buckets.allSatisfy { $0 == 0 })
    }

    @Test func `an event from the future is not late`() {
        var histogram = EventLag()
        histogram.count(.audit, stamped: 200, now: 100)
        #expect(histogram.counted(.audit).buckets.first == 1)
        #expect(histogram.counted(.audit).sum == 0)
    }

    @Test func `what of the packages is not known is said again only when it is more`() {
        var remark = PackageRemark()
        #expect([0, 2, 2, 1, 3].map { remark.text(leftOut: $0)?.prefix(1) } == [nil, "2", nil, nil, "3"])
        var snapshot = HealthSnapshot()
        snapshot.state.packageFilesLeftOut = 3
        #expect(String(decoding: snapshot.prometheus, as: UTF8.self).contains("\nshrike_package_files_left_out 3\n"))
    }
}
