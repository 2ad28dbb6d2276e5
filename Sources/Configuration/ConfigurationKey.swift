import AlertReduction
import EventModel
import EventSources
import ForwarderProtocol
import Outputs

/// A key of the configuration: its path, what it means, and what it does. `ConfigurationKey.all` is the one place that a
/// new key is added to.
struct ConfigurationKey: Sendable {
    /// A property that a value goes to.
    typealias Target<Value> = any WritableKeyPath<Configuration, Value> & Sendable

    /// What the value does. Key paths, so that the table is plain data.
    enum Effect: Sendable {
        case bool(Target<Bool>)
        case optionalBool(Target<Bool?>)
        case text(Target<String>)
        case integer(Target<Int>, ClosedRange<Int>)
        case optionalInteger(Target<Int?>, ClosedRange<Int>)
        /// Whole seconds, or numbers with `ms`, `s`, `m`, `h`, `d`, `w` or `y`; target and range are in seconds.
        case duration(Target<Int>, ClosedRange<Int>)
        /// The same, but target and range are in milliseconds.
        case milliseconds(Target<Int>, ClosedRange<Int>)
        case priority(Target<Priority>)
        case ruleMatching
        case hidingRules
        case noveltySetting
        case rulesFiles
        case ruleSelections
        case outputAdditions
        case staticFields
        case sources
        case syslogForm
        case networkOutputs
        case texts(Target<[String]>)
        case repeatOverrides
        case rateLimitOverrides
        /// Read before all others, by the loader.
        case includedFiles
        /// A key, or a whole section, that Falco has and Shrike doesn't act on; says why. A section whose `enabled` is false
        /// asks for nothing, so it doesn't warn.
        case ignored(because: String)
    }

    /// The path, levels separated by dots.
    let path: String
    let effect: Effect

    init(_ path: String, _ effect: Effect) {
        self.path = path
        self.effect = effect
    }

    /// All keys. `docs/falco-compatibility.md` tells users about them.
    static let all: [ConfigurationKey] = [
        ConfigurationKey("config_files", .includedFiles),
        ConfigurationKey("watch_config_files", .bool(\.watchesFiles)),
        ConfigurationKey("rules_files", .rulesFiles),
        ConfigurationKey("rules_file", .rulesFiles),
        ConfigurationKey("rules", .ruleSelections),
        ConfigurationKey("priority", .priority(\.priorityThreshold)),
        ConfigurationKey("rule_matching", .ruleMatching),
        ConfigurationKey("append_output", .outputAdditions),
        ConfigurationKey("static_fields", .staticFields),

        ConfigurationKey("json_output", .bool(\.alertFormat.isJSON)),
        ConfigurationKey("json_include_output_property", .bool(\.alertFormat.includesOutput)),
        ConfigurationKey("json_include_message_property", .bool(\.alertFormat.includesMessage)),
        ConfigurationKey("json_include_output_fields_property", .bool(\.alertFormat.includesOutputFields)),
        ConfigurationKey("json_include_tags_property", .bool(\.alertFormat.includesTags)),
        ConfigurationKey("time_format_iso_8601", .bool(\.alertFormat.usesISO8601Time)),
        ConfigurationKey("buffer_format_base64", .bool(\.rendersBuffersAsBase64)),
        ConfigurationKey("buffered_outputs", .bool(\.outputs.isBuffered)),
        ConfigurationKey("outputs_queue.capacity", .integer(\.outputs.queueCapacity, 0...1_000_000_000)),
        ConfigurationKey("output_timeout", .integer(\.outputs.stallMilliseconds, 1...3_600_000)),

        ConfigurationKey("stdout_output.enabled", .optionalBool(\.outputs.standardOutput)),
        ConfigurationKey("syslog_output.enabled", .bool(\.outputs.syslog)),
        ConfigurationKey("syslog_output.format", .syslogForm),
        ConfigurationKey("file_output.enabled", .bool(\.outputs.file.isEnabled)),
        ConfigurationKey("file_output.filename", .text(\.outputs.file.target)),
        ConfigurationKey("file_output.keep_alive", .bool(\.outputs.file.keepsAlive)),
        ConfigurationKey("program_output.enabled", .bool(\.outputs.program.isEnabled)),
        ConfigurationKey("program_output.program", .text(\.outputs.program.target)),
        ConfigurationKey("program_output.keep_alive", .bool(\.outputs.program.keepsAlive)),

        ConfigurationKey("http_output.enabled", .bool(\.outputs.http.isEnabled)),
        ConfigurationKey("http_output.url", .text(\.outputs.http.webhook.url)),
        ConfigurationKey("http_output.user_agent", .text(\.outputs.http.webhook.userAgent)),
        ConfigurationKey("http_output.insecure", .bool(\.outputs.http.isInsecure)),
        ConfigurationKey("http_output.ca_cert", .text(\.outputs.http.authorityFile)),
        ConfigurationKey("http_output.ca_bundle", .text(\.outputs.http.connection.caFile)),
        ConfigurationKey("http_output.ca_path", .text(\.outputs.http.connection.caDirectory)),
        ConfigurationKey("http_output.mtls", .bool(\.outputs.http.isMutual)),
        ConfigurationKey("http_output.client_cert", .text(\.outputs.http.certificateFile)),
        ConfigurationKey("http_output.client_key", .text(\.outputs.http.keyFile)),
        ConfigurationKey("http_output.echo", .bool(\.outputs.http.webhook.echoes)),
        ConfigurationKey("http_output.compress_uploads", .bool(\.outputs.http.webhook.isCompressed)),
        ConfigurationKey("http_output.keep_alive", .bool(\.outputs.http.webhook.keepsAlive)),
        ConfigurationKey(
            "http_output.max_consecutive_timeouts", .integer(\.outputs.http.webhook.quietTimeouts, 0...1_000_000)),

        ConfigurationKey("log_level", .priority(\.logLevel)),

        ConfigurationKey("shrike.sources", .sources),
        ConfigurationKey("shrike.audit.hiding_rules", .hidingRules),
        ConfigurationKey(BPFLimits.Key.ringMebibytes.rawValue, .integer(\.bpfLimits.ringMebibytes, 1...1024)),
        ConfigurationKey(BPFLimits.Key.values.rawValue, .integer(\.bpfLimits.values, 4096...16_777_216)),
        ConfigurationKey(BPFLimits.Key.prefixes.rawValue, .integer(\.bpfLimits.prefixes, 1024...16_777_216)),
        ConfigurationKey(BPFLimits.Key.files.rawValue, .integer(\.bpfLimits.files, 64...1_000_000)),
        ConfigurationKey(BPFLimits.Key.controlGroups.rawValue, .integer(\.bpfLimits.controlGroups, 64...1_048_576)),
        ConfigurationKey(BPFLimits.Key.ringOperations.rawValue, .integer(\.bpfLimits.ringOperations, 64...1_048_576)),
        ConfigurationKey(BPFLimits.Key.callSets.rawValue, .integer(\.bpfLimits.callSets, 0...4096)),
        ConfigurationKey(BPFLimits.Key.hooksFunctions.rawValue, .bool(\.bpfLimits.hooksFunctions)),
        ConfigurationKey(
            BPFLimits.Key.eventsPerSecond.rawValue, .integer(\.bpfLimits.eventsPerSecond, 0...100_000_000)),
        ConfigurationKey(BPFLimits.Key.eventsAtOnce.rawValue, .integer(\.bpfLimits.eventsAtOnce, 1...100_000_000)),
        ConfigurationKey("shrike.audit_log.path", .text(\.auditLogPath)),
        ConfigurationKey("shrike.proc.poll_interval_ms", .integer(\.procPollMilliseconds, 50...3_600_000)),
        ConfigurationKey("shrike.limits.processes", .optionalInteger(\.processLimit, 256...4_194_304)),
        ConfigurationKey("shrike.limits.cpu_percent", .optionalInteger(\.limits.processorPercent, 1...6400)),
        ConfigurationKey("shrike.limits.memory_mib", .optionalInteger(\.limits.memoryMebibytes, 32...1_048_576)),
        ConfigurationKey("shrike.outputs", .networkOutputs),
        ConfigurationKey("shrike.spool.path", .text(\.outputs.spool.path)),
        ConfigurationKey("shrike.spool.max_bytes", .integer(\.outputs.spool.maximumBytes, 65_536...1 << 40)),
        ConfigurationKey("shrike.spool.max_age", .duration(\.outputs.spool.maximumAgeSeconds, 60...31_536_000)),
        ConfigurationKey("shrike.incidents.window", .duration(\.incidentSeconds, 0...86_400)),
        ConfigurationKey("shrike.repeats.window", .duration(\.repeats.windowSeconds, 0...86_400)),
        ConfigurationKey("shrike.repeats.fields", .texts(\.repeats.fields)),
        ConfigurationKey("shrike.repeats.max_keys", .integer(\.repeats.maximumKeys, 16...1_000_000)),
        ConfigurationKey("shrike.repeats.overrides", .repeatOverrides),
        ConfigurationKey("shrike.rate_limit.per_rule", .integer(\.rateLimit.alertsPerRule, 0...1_000_000)),
        ConfigurationKey("shrike.rate_limit.interval", .duration(\.rateLimit.intervalSeconds, 1...86_400)),
        ConfigurationKey("shrike.rate_limit.burst", .integer(\.rateLimit.burst, 0...1_000_000)),
        ConfigurationKey("shrike.rate_limit.overrides", .rateLimitOverrides),
        ConfigurationKey("shrike.learning.enabled", .bool(\.learning.isEnabled)),
        ConfigurationKey("shrike.learning.directory", .text(\.learning.directory)),
        ConfigurationKey("shrike.learning.public_key", .text(\.learning.publicKeyFile)),
        ConfigurationKey("shrike.learning.rules", .noveltySetting),
        ConfigurationKey("shrike.learning.workloads_by", .texts(\.learning.groupings)),
        ConfigurationKey("shrike.learning.window", .duration(\.learning.windowSeconds, 1...86_400)),
        ConfigurationKey("shrike.learning.unseen_percent", .integer(\.learning.unseenPercent, 1...100)),
        ConfigurationKey("shrike.learning.whole_day", .bool(\.learning.coversWholeDay)),
        ConfigurationKey("shrike.learning.start_runs", .integer(\.learning.startRuns, 0...1_000_000)),
        ConfigurationKey("shrike.learning.repeat", .duration(\.learning.repeatSeconds, 1...31_536_000)),
        ConfigurationKey("shrike.learning.quarantine_priority", .priority(\.learning.judgingPriority)),
        ConfigurationKey("shrike.learning.patterns", .texts(\.learning.patterns)),
        ConfigurationKey("shrike.learning.shapes", .texts(\.learning.shapes)),
        ConfigurationKey("shrike.learning.workloads", .integer(\.learning.workloads, 1...10_000)),
        ConfigurationKey("shrike.learning.behaviours", .integer(\.learning.behaviours, 16...32_768)),
        ConfigurationKey("shrike.learning.memory_mib", .integer(\.learning.memoryMebibytes, 8...4096)),
        ConfigurationKey("shrike.learning.disk_mib", .integer(\.learning.diskMebibytes, 8...65_536)),
        ConfigurationKey("shrike.learning.save_interval", .duration(\.learning.saveSeconds, 1...86_400)),
        ConfigurationKey("shrike.host_root", .text(\.hostRoot)),
        ConfigurationKey("shrike.rules_tests", .texts(\.ruleTests)),
        ConfigurationKey("shrike.sandbox", .bool(\.isSandboxed)),
        ConfigurationKey("shrike.state_directory", .text(\.stateDirectory)),

        ConfigurationKey("webserver.enabled", .bool(\.webServer.isEnabled)),
        ConfigurationKey("webserver.listen_port", .integer(\.webServer.port, 1...65_535)),
        ConfigurationKey("webserver.listen_address", .text(\.webServer.address)),
        ConfigurationKey("webserver.k8s_healthz_endpoint", .text(\.webServer.healthPath)),
        ConfigurationKey("webserver.prometheus_metrics_enabled", .bool(\.webServer.servesMetrics)),
        ConfigurationKey("webserver.ssl_enabled", .bool(\.webServer.usesTLS)),
        ConfigurationKey("webserver.ssl_certificate", .ignored(because: "the health server speaks plain HTTP")),
        ConfigurationKey(
            "webserver.threadiness", .ignored(because: "the event thread answers, within bounds of its own")),
        ConfigurationKey("metrics.enabled", .bool(\.metrics.isEnabled)),
        ConfigurationKey(
            "metrics.interval", .milliseconds(\.metrics.intervalMilliseconds, 100...315_360_000_000)),
        ConfigurationKey("metrics.output_rule", .bool(\.metrics.raisesAlert)),
        ConfigurationKey("metrics.rules_counters_enabled", .bool(\.metrics.includesRules)),
        ConfigurationKey("metrics.resource_utilization_enabled", .bool(\.metrics.includesResources)),
        ConfigurationKey("metrics.state_counters_enabled", .bool(\.metrics.includesState)),
        ConfigurationKey("metrics.kernel_event_counters_enabled", .bool(\.metrics.includesEvents)),
        ConfigurationKey("metrics.convert_memory_to_mb", .bool(\.metrics.showsMegabytes)),
        ConfigurationKey("metrics.include_empty_values", .bool(\.metrics.includesZeros)),
        ConfigurationKey(
            "metrics.output_file", .ignored(because: "snapshots are alerts; file_output writes them to a file")),
        ConfigurationKey("metrics.kernel_event_counters_per_cpu_enabled", .ignored(because: "there is no driver")),
        ConfigurationKey("metrics.libbpf_stats_enabled", .ignored(because: "there are no eBPF programs")),
        ConfigurationKey("metrics.plugins_metrics_enabled", .ignored(because: "Shrike loads no plugins")),
        ConfigurationKey(
            "metrics.kernel_iter_event_counters_enabled", .ignored(because: "there are no eBPF iterators")),
        ConfigurationKey("metrics.jemalloc_stats_enabled", .ignored(because: "Shrike does not use jemalloc")),

        ConfigurationKey("capture", .ignored(because: "Shrike makes no capture files")),
        ConfigurationKey(
            "engine", .ignored(because: "Shrike loads no driver; shrike.sources chooses where events come from")),
        ConfigurationKey("base_syscalls", .ignored(because: "Shrike asks the kernel for what the loaded rules need")),
        ConfigurationKey("falco_libs", .ignored(because: "shrike.limits.processes bounds the process table")),
        ConfigurationKey(
            "plugins", .ignored(because: "Shrike loads no plugins; container and pod fields are built in")),
        ConfigurationKey(
            "load_plugins", .ignored(because: "Shrike loads no plugins; container and pod fields are built in")),
        ConfigurationKey("plugins_hostinfo", .ignored(because: "Shrike loads no plugins")),
        ConfigurationKey("log_stderr", .ignored(because: "Shrike's own log goes to standard error")),
        ConfigurationKey("log_syslog", .ignored(because: "Shrike's own log goes to standard error")),
        ConfigurationKey("libs_logger", .ignored(because: "there are no libraries with a log of their own")),
        ConfigurationKey(
            "syscall_event_drops", .ignored(because: "every loss is counted and raises an alert of its own")),
        ConfigurationKey(
            "syscall_event_timeouts", .ignored(because: "a source that falls silent raises an alert of its own")),
        ConfigurationKey("grpc", .ignored(because: "Falco removed it")),
        ConfigurationKey("grpc_output", .ignored(because: "Falco removed it")),
        // Falco removed these two.
        ConfigurationKey("outputs.rate", .integer(\.falcoRateLimit.rate, 0...1_000_000)),
        ConfigurationKey("outputs.max_burst", .integer(\.falcoRateLimit.maximumBurst, 1...1_000_000)),
    ]

    /// The keys by path.
    static let byPath = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

    /// The names that may follow a path's prefix (`""` or `stdout_output.`), for suggestions.
    static func names(after prefix: String) -> [String] {
        var names: [String] = []
        for key in all where key.path.hasPrefix(prefix) {
            let name = String(key.path.dropFirst(prefix.count).prefix { $0 != "." })
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}
