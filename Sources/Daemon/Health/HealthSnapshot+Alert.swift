import AlertReduction
import CommandOutput
import Configuration
import Detection
import EventModel
import EventSources
import InternalAlerts
import KernelInterface
import NodeState
import Outputs

extension HealthSnapshot {
    /// The periodic alert, in the form of Falco's `Falco internal: metrics snapshot`: the keys are Falco's with `shrike.` in
    /// place of `falco.`.
    ///
    /// - Parameter previous: the state at the last one, or at the start: rates are since then. Times are CLOCK_MONOTONIC.
    func alert(
        _ settings: MetricsSettings, since previous: (time: UInt64, events: UInt64, usage: ProcessUsage), now: UInt64,
        hostName: String
    ) -> Alert {
        let nanoseconds = max(Double(now &- previous.time), 1)
        var fields: [(key: String, value: AlertValue)] = [
            ("evt.source", .string(Array("internal".utf8))), ("evt.time", .unsigned(timeNanoseconds)),
            ("shrike.version", .string(Array(Version.shrike.utf8))), ("shrike.hostname", .string(Array(hostName.utf8))),
            ("shrike.start_ts", .unsigned(startedNanoseconds)),
            ("shrike.duration_sec", .unsigned(uptimeNanoseconds / 1_000_000_000)),
        ]
        var numbers: [(key: String, value: UInt64)] = [("shrike.num_evts", events)]
        if settings.includesEvents { numbers += eventNumbers }
        if settings.includesRules { numbers += ruleNumbers }
        numbers += [
            ("shrike.alerts.folded", reduction.folded), ("shrike.alerts.rate_limited", reduction.rateLimited),
        ]
        numbers += outputs.map { ("shrike.outputs.\(Self.key($0.name)).failed", $0.failed) }
        if settings.includesState {
            numbers += [
                ("shrike.state.processes", state.processes), ("shrike.state.descriptors", state.descriptors),
                ("shrike.state.containers", state.containers),
                (
                    "shrike.state.evictions",
                    state.processesEvicted &+ state.descriptorsEvicted &+ state.containersEvicted
                ),
            ]
        }
        for number in numbers where settings.includesZeros || number.value > 0 {
            fields.append((number.key, .unsigned(number.value)))
        }
        fields.append(
            ("shrike.evts_rate_sec", .double(Self.rounded(Double(events &- previous.events) * 1e9 / nanoseconds))))
        if settings.includesResources {
            let cpu = Double(usage.cpuNanoseconds &- previous.usage.cpuNanoseconds) * 100 / nanoseconds
            fields.append(("shrike.cpu_usage_perc", .double(Self.rounded(cpu))))
            fields.append(
                (
                    "shrike.memory_rss",
                    settings.showsMegabytes
                        ? .double(Self.rounded(Double(usage.residentBytes) / 1_048_576))
                        : .unsigned(usage.residentBytes)
                ))
        }
        return InternalAlert.make(.metricsSnapshot, "Shrike metrics snapshot", fields, timeNanoseconds)
    }

    // A loop, because the compiler needs 14 s for the types of one expression that says the same.
    private var eventNumbers: [(key: String, value: UInt64)] {
        var numbers: [(key: String, value: UInt64)] = []
        for source in sources {
            let prefix = "shrike.sources.\(source.name)."
            numbers.append((prefix + "n_evts", source.counters.events))
            for drop in source.counters.drops { numbers.append((prefix + "n_drops_\(drop.cause)", drop.count)) }
            numbers.append((prefix + "queue_bytes", source.queue?.bytes ?? 0))
            numbers.append((prefix + "backlog_records", source.backlog?.records ?? 0))
            numbers.append((prefix + "lag_ns_sum", lag.counted(source.kind).sum))
        }
        return numbers
    }

    private var ruleNumbers: [(key: String, value: UInt64)] {
        [("shrike.rules.matches_total", matches.reduce(0) { $0 &+ $1.count })]
            + matches.map { ("shrike.rules.\(Self.key($0.rule))", $0.count) } + costNumbers
    }

    /// The rules that cost most: an alert with all of them would be as long as the rules.
    private var costNumbers: [(key: String, value: UInt64)] {
        costs.rules.sorted { ($1.value.nanoseconds, $0.key) < ($0.value.nanoseconds, $1.key) }.prefix(10).map {
            ("shrike.rules.\(Self.key($0.key)).evaluation_ns", $0.value.nanoseconds)
        } + [("shrike.rules.selection_ns", costs.selectionNanoseconds)]
    }

    /// A name as part of a key: what is no letter or digit becomes `_`.
    private static func key(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }

    /// One place behind the point.
    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
