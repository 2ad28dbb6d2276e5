import Delivery
import Detection
import EventModel
import EventSources
import Foundation
import KernelInterface
import Testing

@testable import Daemon
@testable import Outputs

/// samples/prometheus: every metric that its alert rules, their tests and its dashboard name is one that Shrike has.
@Suite struct SamplePrometheusTests {
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples/prometheus")

    /// The names in `/metrics` of a daemon that has something to tell of everything.
    private static var metrics: Set<Substring> {
        var canary = SourceCanary()
        canary.started(CanaryProcess(pid: 1, startedNanoseconds: 1, openedFile: false), losses: 0)
        canary.seen(now: 2)
        var snapshot = HealthSnapshot()
        snapshot.sources = [
            HealthSnapshot.Source(
                kind: .audit, counters: SourceCounters(), queue: ReceiveQueue(bytes: 1, limitBytes: 2),
                backlog: KernelBacklog(records: 1, limit: 2), canary: canary)
        ]
        snapshot.matches = [(rule: "A", count: 1)]
        snapshot.costs.rules = ["A": .init()]
        snapshot.outputs = [OutputChannels.Counters(name: "stdout")]
        snapshot.reloads.lastAcceptedNanoseconds = 1
        var delivery = DeliveryStatus()
        delivery.outputs = [
            DeliveryStatus.Output(
                name: "siem", delivered: 1, rejected: 1, queued: 1, deliveredNow: 1, rejectedNow: 1, isFailing: false)
        ]
        snapshot.delivery = delivery
        var names: Set<Substring> = []
        for line in String(decoding: snapshot.prometheus, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "#", words[1] == "TYPE" else { continue }
            names.formUnion(words[3] == "histogram" ? [words[2] + "_bucket"] : [words[2]])
        }
        return names
    }

    @Test(arguments: ["shrike-alerts.yaml", "shrike-alerts.test.yaml", "dashboard.json"])
    func `every metric is one that there is`(file: String) throws {
        let text = try String(contentsOf: Self.directory.appendingPathComponent(file), encoding: .utf8)
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter { $0.hasPrefix("shrike_") }
        #expect(words.count > 10)
        #expect(Set(words).subtracting(Self.metrics).isEmpty)
    }
}
