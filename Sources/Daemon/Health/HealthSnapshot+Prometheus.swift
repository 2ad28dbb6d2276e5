import AlertReduction
import CommandOutput
import Detection
import EventSources
import HealthServer
import KernelInterface
import NodeState
import Outputs
import RuleEngine

extension HealthSnapshot {
    /// The metrics as Prometheus reads them. `docs/falco-compatibility.md` says which of Falco's each one is.
    var prometheus: [UInt8] {
        var text = PrometheusText()
        let version = [("version", Version.shrike), ("rule_engine", Version.ruleEngine)]
        text.add(
            "shrike_version_info", .gauge, "Versions of Shrike and of Falco's rule engine that it is compatible with.",
            [.init(version, 1)])
        text.add("shrike_healthy", .gauge, "1 when /healthz says so.", complaints.isEmpty ? 1 : 0)
        text.add(
            "shrike_start_time_seconds", .gauge, "When the daemon was started, since the epoch.",
            Self.seconds(startedNanoseconds))
        text.add("shrike_uptime_seconds", .gauge, "How long the daemon runs.", Self.seconds(uptimeNanoseconds))
        addEvents(to: &text)
        addLag(to: &text)
        addLearning(to: &text)
        addCosts(to: &text)
        addCorrelations(to: &text)
        addOutputs(to: &text)
        if let delivery { delivery.add(to: &text) }
        text.add(
            "shrike_memory_rss_bytes", .gauge, "Resident memory of the sensor.", Double(usage.residentBytes))
        text.add(
            "shrike_cpu_seconds_total", .counter, "Time of the sensor on processors, user and system.",
            Self.seconds(usage.cpuNanoseconds))
        text.add(
            "shrike_event_thread_stall_seconds", .gauge,
            "The longest time since the start for which the event thread read no events.",
            Self.seconds(longestStandstillNanoseconds))
        addState(to: &text)
        text.add("shrike_rules_loaded", .gauge, "Rules that events are matched against.", Double(rules))
        text.add(
            "shrike_reloads_total", .counter, "Changes of rules and configuration, by what became of them.",
            [
                .init([("result", "accepted")], Double(reloads.accepted)),
                .init([("result", "rejected")], Double(reloads.rejected)),
            ])
        if reloads.lastAcceptedNanoseconds > 0 {
            text.add(
                "shrike_reload_time_seconds", .gauge, "When the last change took effect, since the epoch.",
                Self.seconds(reloads.lastAcceptedNanoseconds))
        }
        text.add("shrike_http_requests_total", .counter, "Requests that the health server answered.", Double(requests))
        return text.bytes
    }

    private func addEvents(to text: inout PrometheusText) {
        text.add(
            "shrike_events_total", .counter, "Events that a source delivered.",
            sources.map { .init([("source", $0.name)], Double($0.counters.events)) })
        text.add(
            "shrike_events_matched_against_rules_total", .counter,
            "Events that reached the rules: of each event type, those of the source that tells it best.",
            Double(events))
        text.add(
            "shrike_rules_matches_total", .counter,
            "Matches by rule, whether sent, folded or held back; Shrike's own alerts are among them.",
            matches.map { .init([("rule_name", $0.rule)], Double($0.count)) })
        text.add(
            "shrike_drops_total", .counter, "What a source lost, by cause.",
            sources.flatMap { source in
                source.counters.drops.map { cause, count in
                    .init([("source", source.name), ("cause", cause)], Double(count))
                }
            })
        text.add(
            "shrike_held_back_total", .counter,
            "Events that the kernel held back since their control group sent more than its share, by group.",
            sources.flatMap { source in
                source.heldBack.map {
                    .init([("source", source.name), ("control_group", $0.group)], Double($0.count))
                }
            })
        text.add(
            "shrike_filter_gaps", .gauge,
            "What rules ask for that the source's filter in the kernel has no room for; nothing is missed for it but links to files.",
            sources.flatMap { source in
                (source.gaps?.byKind ?? []).map { what, count in
                    .init([("source", source.name), ("what", what)], Double(count))
                }
            })
        text.add(
            "shrike_source_up", .gauge, "1 while the source works.",
            sources.map { .init([("source", $0.name)], $0.outage == nil ? 1 : 0) })
        text.add(
            "shrike_canary_latency_seconds", .gauge,
            "From the start of the last test process to the event that told of it.",
            sources.compactMap { source in
                source.canary?.latencyNanoseconds.map { .init([("source", source.name)], Self.seconds($0)) }
            })
        text.add(
            "shrike_canary_missed_total", .counter, "Test processes that a source did not tell of.",
            sources.compactMap { source in
                source.canary.map { .init([("source", source.name)], Double($0.missed)) }
            })
        func arming(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (ContainerArming) -> Double
        ) {
            text.add(
                name, kind, help,
                sources.compactMap { source in source.arming.map { .init([("source", source.name)], value($0)) } })
        }
        arming("shrike_containers_watched", .gauge, "Containers whose files are watched.") { Double($0.watched) }
        arming("shrike_container_arming_total", .counter, "Containers whose files came to be watched.") {
            Double($0.armed)
        }
        arming(
            "shrike_container_arming_failures_total", .counter,
            "Containers whose files are not watched: not to be seen from here, or not looked at in time."
        ) { Double($0.unreachable) }
        arming(
            "shrike_container_arming_longest_seconds", .gauge,
            "The longest time from hearing of a container to its file rules being in place: what it did before is not seen."
        ) { Self.seconds($0.longestNanoseconds) }
        arming(
            "shrike_containers_late_total", .counter,
            "Containers whose first program had begun when their files came to be watched."
        ) { Double($0.late) }
        arming(
            "shrike_container_gap_longest_seconds", .gauge,
            "For how long such a program had run by then at most: what it did to files until then is not seen."
        ) { Self.seconds($0.longestGapNanoseconds) }
    }

    private func addLag(to text: inout PrometheusText) {
        text.addHistogram(
            "shrike_event_lag_seconds",
            "Time from the kernel's stamp of an event to its evaluation; audit stamps the entry of a system call.",
            bounds: EventLag.bounds.map(Self.seconds),
            sources.map { source in
                let counted = lag.counted(source.kind)
                return PrometheusText.Histogram(
                    [("source", source.name)], buckets: Array(counted.buckets), sum: Self.seconds(counted.sum))
            })
        func gauge(_ name: String, _ help: String, _ value: (Source) -> Double?) {
            text.add(
                name, .gauge, help,
                sources.compactMap { source in value(source).map { .init([("source", source.name)], $0) } })
        }
        gauge("shrike_source_queue_bytes", "Memory of what waits in the source's descriptor to be read.") {
            $0.queue.map { Double($0.bytes) }
        }
        gauge("shrike_source_queue_limit_bytes", "Memory at which the kernel begins to lose what it queues.") {
            $0.queue?.limitBytes.map { Double($0) }
        }
        gauge("shrike_source_backlog_records", "Records that the kernel had not handed over at its last status.") {
            $0.backlog.map { Double($0.records) }
        }
        gauge("shrike_source_backlog_limit_records", "Records in the backlog at which the kernel begins to lose them.")
        {
            $0.backlog.map { Double($0.limit) }
        }
    }

    private func addCosts(to text: inout PrometheusText) {
        let rules = costs.rules.sorted { $0.key < $1.key }
        let sample = "estimated from a sample of one in \(RuleCostEstimate.sampleInterval) events"
        text.add(
            "shrike_rule_evaluation_seconds_total", .counter,
            "Time in the rule's condition, \(sample); what rules share is charged to the first that needs it.",
            rules.map { .init([("rule_name", $0.key)], Self.seconds($0.value.nanoseconds)) })
        text.add(
            "shrike_rule_evaluations_total", .counter, "How often the rule's condition was tried, \(sample).",
            rules.map { .init([("rule_name", $0.key)], Double($0.value.evaluations)) })
        text.add(
            "shrike_rule_selection_seconds_total", .counter,
            "Time to find which rules can match an event, before any condition is tried, \(sample).",
            Self.seconds(costs.selectionNanoseconds))
        text.add(
            "shrike_rule_evaluation_samples_total", .counter, "Events whose evaluation was measured.",
            Double(costs.sampledEvents))
    }

    private func addCorrelations(to text: inout PrometheusText) {
        func add(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (CorrelationCounters) -> UInt64
        ) {
            text.add(name, kind, help, correlations.map { .init([("rule_name", $0.name)], Double(value($0.counters))) })
        }
        add("shrike_correlation_keys", .gauge, "Keys that a correlation remembers.") { UInt64($0.keys) }
        add("shrike_correlation_events_total", .counter, "Events that were one of a correlation's.") { $0.events }
        add(
            "shrike_correlation_unknown_total", .counter,
            "Events that a correlation joined to nothing, since their key or value was not known."
        ) { $0.unknown }
        add("shrike_correlation_resting_total", .counter, "Events of keys that rested after an alert.") { $0.resting }
        add(
            "shrike_correlation_keys_given_up_total", .counter,
            "Keys that a correlation gave up before their time was over, since it had too many."
        ) { $0.keysPushedOut }
        text.add(
            "shrike_incidents_ended_early_total", .counter,
            "Incidents that were ended before their time was over, since too many were open.",
            Double(incidentsEndedEarly))
    }

    private func addOutputs(to text: inout PrometheusText) {
        text.add(
            "shrike_alerts_folded_total", .counter, "Repeats that were counted in a later alert instead of sent.",
            Double(reduction.folded))
        text.add(
            "shrike_alerts_rate_limited_total", .counter,
            "Alerts over their rule's rate limit, counted in a later alert instead of sent.",
            Double(reduction.rateLimited))
        text.add(
            "shrike_outputs_delivered_total", .counter, "Alerts handed over to an output.",
            outputs.map { .init([("output", $0.name)], Double($0.delivered)) })
        text.add(
            "shrike_outputs_failed_total", .counter, "Deliveries that failed.",
            outputs.map { .init([("output", $0.name)], Double($0.failed)) })
    }

    private func addState(to text: inout PrometheusText) {
        text.add(
            "shrike_state_entries", .gauge, "Entries of a table now.",
            [
                .init([("table", "processes")], Double(state.processes)),
                .init([("table", "descriptors")], Double(state.descriptors)),
                .init([("table", "containers")], Double(state.containers)),
            ])
        text.add(
            "shrike_state_evictions_total", .counter, "Entries given up because their table was full.",
            [
                .init([("table", "processes")], Double(state.processesEvicted)),
                .init([("table", "descriptors")], Double(state.descriptorsEvicted)),
                .init([("table", "containers")], Double(state.containersEvicted)),
            ])
        text.add(
            "shrike_state_misses_total", .counter, "What an event referred to and could not be found.",
            [
                .init([("what", "process")], Double(state.processMisses)),
                .init([("what", "socket")], Double(state.socketMisses)),
                .init([("what", "container_metadata")], Double(state.containerMetadataMisses)),
                .init([("what", "container_bundle")], Double(state.containersHidden)),
                .init([("what", "field_over_budget")], Double(state.looksRefused)),
                .init([("what", "named_file")], Double(state.namedFilesLeftOut)),
            ])
        text.add(
            "shrike_package_files_left_out", .gauge,
            "Files of packages, or whole lists of them, that could not be read or are too many or too large.",
            Double(state.packageFilesLeftOut))
    }

    /// Nanoseconds as seconds.
    static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
}

extension SourceCounters {
    /// What was lost, by cause.
    var drops: [(cause: String, count: UInt64)] {
        (kernelLosses?.byCause ?? [("kernel", lostInKernel)]) + [("malformed", malformed), ("incomplete", incomplete)]
    }
}
