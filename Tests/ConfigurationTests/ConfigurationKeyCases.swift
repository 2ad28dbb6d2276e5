import AlertReduction
import EventModel
import EventSources
import ForwarderProtocol
import KernelInterface
import Outputs
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import Configuration

/// A key, what is written, and what it sets.
/// The same without the places that values are written at.
func unplaced(_ configuration: Configuration) -> Configuration {
    var configuration = configuration
    for index in configuration.outputAdditions.indices { configuration.outputAdditions[index].location = nil }
    return configuration
}

struct KeyCase: Sendable, CustomTestStringConvertible {
    let text: String
    let expected: Configuration
    var testDescription: String { text }

    init(_ text: String, _ change: (inout Configuration) -> Void) {
        self.text = text
        var expected = Configuration()
        change(&expected)
        self.expected = expected
    }

    static let all = [
        KeyCase("rules_files: [a.yaml, rules.d]") { $0.rulesFiles = ["a.yaml", "rules.d"] },
        KeyCase("rules_files: a.yaml") { $0.rulesFiles = ["a.yaml"] },
        KeyCase("rules_file: [a.yaml]") { $0.rulesFiles = ["a.yaml"] },
        KeyCase("priority: Warning") { $0.priorityThreshold = .warning },
        KeyCase("priority: info") { $0.priorityThreshold = .informational },
        KeyCase("rule_matching: all") { $0.ruleMatching = .all },
        KeyCase("rule_matching: first") { $0.ruleMatching = .first },
        KeyCase("shrike: {audit: {hiding_rules: tell}}") { $0.hidingRules = .tell },
        KeyCase("shrike: {learning: {enabled: true, directory: /x, rules: eager}}") {
            ($0.learning.isEnabled, $0.learning.directory) = (true, "/x")
            $0.learning.setting = .eager
        },
        KeyCase("shrike: {learning: {public_key: /y}}") { $0.learning.publicKeyFile = "/y" },
        KeyCase("shrike: {learning: {workloads_by: unit, window: 1m, unseen_percent: 10, whole_day: no}}") {
            ($0.learning.groupings, $0.learning.windowSeconds) = (["unit"], 60)
            ($0.learning.unseenPercent, $0.learning.coversWholeDay) = (10, false)
        },
        KeyCase("shrike: {learning: {start_runs: 0, repeat: 1d, quarantine_priority: error, save_interval: 5}}") {
            ($0.learning.startRuns, $0.learning.repeatSeconds) = (0, 86_400)
            ($0.learning.judgingPriority, $0.learning.saveSeconds) = (.error, 5)
        },
        KeyCase("shrike: {learning: {patterns: [/srv/*], shapes: [uuid], workloads: 9, behaviours: 99}}") {
            ($0.learning.patterns, $0.learning.shapes) = (["/srv/*"], ["uuid"])
            ($0.learning.workloads, $0.learning.behaviours) = (9, 99)
        },
        KeyCase("shrike: {learning: {memory_mib: 16, disk_mib: 64}}") {
            ($0.learning.memoryMebibytes, $0.learning.diskMebibytes) = (16, 64)
        },
        KeyCase("shrike: {ebpf: {ring_mib: 64, values: 262144, prefixes: 65536, files: 10000}}") {
            ($0.bpfLimits.ringMebibytes, $0.bpfLimits.values) = (64, 262_144)
            ($0.bpfLimits.prefixes, $0.bpfLimits.files) = (65_536, 10_000)
        },
        KeyCase(
            "shrike: {ebpf: {control_groups: 64, ring_operations: 128, call_sets: 64, group_rate: 0, group_burst: 5, function_hooks: no}}"
        ) {
            ($0.bpfLimits.controlGroups, $0.bpfLimits.ringOperations) = (64, 128)
            ($0.bpfLimits.callSets, $0.bpfLimits.hooksFunctions) = (64, false)
            ($0.bpfLimits.eventsPerSecond, $0.bpfLimits.eventsAtOnce) = (0, 5)
        },
        KeyCase("json_output: true") { $0.alertFormat.isJSON = true },
        KeyCase("json_output: YES") { $0.alertFormat.isJSON = true },
        KeyCase("json_include_output_property: off") { $0.alertFormat.includesOutput = false },
        KeyCase("json_include_message_property: on") { $0.alertFormat.includesMessage = true },
        KeyCase("json_include_output_fields_property: false") { $0.alertFormat.includesOutputFields = false },
        KeyCase("json_include_tags_property: 'false'") { $0.alertFormat.includesTags = false },
        KeyCase("time_format_iso_8601: true") { $0.alertFormat.usesISO8601Time = true },
        KeyCase("buffer_format_base64: true") { $0.rendersBuffersAsBase64 = true },
        KeyCase("buffered_outputs: true") { $0.outputs.isBuffered = true },
        KeyCase("stdout_output: {enabled: true}") { $0.outputs.standardOutput = true },
        KeyCase("syslog_output:\n  enabled: true") { $0.outputs.syslog = true },
        KeyCase("file_output: {enabled: true, filename: /var/log/x, keep_alive: true}") {
            ($0.outputs.file.isEnabled, $0.outputs.file.target, $0.outputs.file.keepsAlive) = (true, "/var/log/x", true)
        },
        KeyCase("program_output: {enabled: true, program: \"mail -s x root\"}") {
            ($0.outputs.program.isEnabled, $0.outputs.program.target) = (true, "mail -s x root")
        },
        KeyCase("log_level: debug") { $0.logLevel = .debug },
        KeyCase("static_fields: {zone: b, cluster: a}") {
            $0.staticFields = [StaticField(name: "cluster", value: "a"), StaticField(name: "zone", value: "b")]
        },
        KeyCase("rules:\n - disable: {rule: '*'}\n - enable: {rule: Shell*, tag: network}") {
            $0.ruleSelections = [
                RuleSelection(isEnabling: false, rule: "*"),
                RuleSelection(isEnabling: true, rule: "Shell*", tag: "network"),
            ]
        },
        KeyCase(
            """
            append_output:
              - match: {source: syscall, rule: R, tags: [a, b]}
                extra_output: on %evt.hostname
                extra_fields: [proc.pid, {where: '%fd.name'}]
              - suggested_output: true
            """
        ) {
            var first = OutputAddition()
            (first.source, first.rule, first.tags) = ("syscall", "R", ["a", "b"])
            first.output = "on %evt.hostname"
            first.fields = [
                ResolvedRule.ExtraField(key: "proc.pid", template: "%proc.pid", isRaw: true),
                ResolvedRule.ExtraField(key: "where", template: "%fd.name", isRaw: false),
            ]
            var second = OutputAddition()
            second.addsSuggestedFields = true
            $0.outputAdditions = [first, second]
        },
        KeyCase("shrike: {sources: auto}") { $0.sources = .auto },
        KeyCase("shrike: {sources: proc}") { $0.sources = .only(SourceChoice.processSources) },
        KeyCase("shrike:\n  sources: [audit-log, scan]\n  audit_log: {path: /x}") {
            ($0.sources, $0.auditLogPath) = (.only([.auditLog, .procfs]), "/x")
        },
        KeyCase("shrike: {proc: {poll_interval_ms: 250}, limits: {processes: 4096}, host_root: /host}") {
            ($0.procPollMilliseconds, $0.processLimit, $0.hostRoot) = (250, 4096, "/host")
        },
        KeyCase("shrike: {incidents: {window: 1h}}") { $0.incidentSeconds = 3600 },
        KeyCase("outputs: {rate: 2, max_burst: 50}") {
            ($0.falcoRateLimit.rate, $0.falcoRateLimit.maximumBurst) = (2, 50)
        },
        KeyCase(
            """
            shrike:
              repeats:
                window: 1m
                fields: [proc.exepath, container.id]
                max_keys: 100
                overrides:
                  - {rules: [Read *], window: 0}
                  - {tags: [network], priority: warning, fields: fd.sip}
            """
        ) {
            $0.repeats.windowSeconds = 60
            $0.repeats.fields = ["proc.exepath", "container.id"]
            $0.repeats.maximumKeys = 100
            var first = RepeatSettings.Override()
            first.selection.rules = ["Read *"]
            first.windowSeconds = 0
            var second = RepeatSettings.Override()
            second.selection.tags = ["network"]
            second.selection.minimumPriority = .warning
            second.fields = ["fd.sip"]
            $0.repeats.overrides = [first, second]
        },
        KeyCase(
            "shrike: {rate_limit: {per_rule: 10, interval: 2m, burst: 5, overrides: [{priority: critical, per_rule: 0}, "
                + "{rules: A, burst: 7, interval: 1s}]}}"
        ) {
            $0.rateLimit.alertsPerRule = 10
            $0.rateLimit.intervalSeconds = 120
            $0.rateLimit.burst = 5
            var first = RateLimitSettings.Override()
            first.selection.minimumPriority = .critical
            first.alertsPerRule = 0
            var second = RateLimitSettings.Override()
            second.selection.rules = ["A"]
            (second.burst, second.intervalSeconds) = (7, 1)
            $0.rateLimit.overrides = [first, second]
        },
        KeyCase("") { _ in },
        KeyCase("json_output:\nstdout_output:\n") { _ in },
        // Sections that are switched off ask for nothing.
        KeyCase("webserver: {enabled: false}\nmetrics: {enabled: off}\nhttp_output: {enabled: false, url: x}") {
            $0.outputs.http.webhook.url = "x"
        },
    ]
}
