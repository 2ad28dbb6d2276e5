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

private func load(
    _ text: String?, _ overrides: [String] = [], files: [String: String] = [:], environment: [String: String] = [:]
) -> ConfigurationLoader.Result {
    var files = files
    if let text { files["shrike.yaml"] = text }
    return ConfigurationLoader(files: InventedFiles(texts: files), environment: { environment[$0] })
        .load(path: text == nil ? nil : "shrike.yaml", overrides: overrides)
}

/// `file:line:column: severity: message` and the suggestion of each diagnostic.
private func problems(_ result: ConfigurationLoader.Result) -> [String] {
    result.diagnostics.map {
        "\($0.location.file):\($0.location.line):\($0.location.column): \($0.severity): \($0.message)"
            + ($0.suggestion.map { " | \($0)" } ?? "")
    }
}

struct ProblemCase: Sendable, CustomTestStringConvertible {
    let text: String
    let expected: [String]
    var testDescription: String { text }

    init(_ text: String, _ expected: String...) { (self.text, self.expected) = (text, expected) }

    static let all = [
        ProblemCase(
            "priority: warn",
            "1:11: error: 'priority' must be one of 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', "
                + "'informational', 'debug', found 'warn' | did you mean 'warning'?"),
        ProblemCase(
            "json_output: ${NOT_SET}",
            "1:14: error: 'json_output' must be true or false, found ''; the environment variable NOT_SET is not set"),
        ProblemCase(
            "shrike: {state_directory: lib/shrike}",
            "1:27: error: 'shrike.state_directory' must be a path from the root, e.g. /var/lib/shrike, found 'lib/shrike'"
        ),
        ProblemCase(
            "config_files: [other.yaml]",
            "1:16: warning: 'config_files': there is no file or directory other.yaml, and it is skipped"),
        ProblemCase(
            "jsn_output: true", "1:1: warning: unknown key 'jsn_output' has no effect | did you mean 'json_output'?"),
        ProblemCase(
            "file_output:\n  enabled: false\n  file_name: x",
            "3:3: warning: unknown key 'file_output.file_name' has no effect | did you mean 'filename'?"),
        ProblemCase(
            "shrike: {repeats: {window: soon}}",
            "1:28: error: 'shrike.repeats.window' must be a time from 0s to 1d, e.g. 12h or 7d, found 'soon'"),
        ProblemCase(
            "shrike: {repeats: {overrides: [{window: 10s}, {rules: x}, {tag: x, priority: debug, window: 2d}]}}",
            "1:32: error: an entry of 'shrike.repeats.overrides' must be a mapping with one of 'rules', 'tags', "
                + "'priority', and what is different for them, e.g. {rules: [Read *], window: 10m}",
            "1:47: error: an entry of 'shrike.repeats.overrides' must be a mapping with one of 'rules', 'tags', "
                + "'priority', and what is different for them, e.g. {rules: [Read *], window: 10m}",
            "1:60: warning: unknown key 'shrike.repeats.overrides: tag' has no effect | did you mean 'tags'?",
            "1:93: error: 'shrike.repeats.overrides: window' must be a time from 0s to 1d, e.g. 12h or 7d, found '2d'"),
        ProblemCase(
            "outputs: {rate: 1}\nshrike: {rate_limit: {per_rule: 5, overrides: [{rules: a, per_rule: -1}, x]}}",
            "2:74: error: an entry of 'shrike.rate_limit.overrides' must be a mapping with one of 'rules', 'tags', "
                + "'priority', and what is different for them, e.g. {rules: [Read *], per_rule: 10}",
            "2:69: error: 'shrike.rate_limit.overrides: per_rule' must be a whole number from 0 to 1000000, found '-1'",
            "1:17: warning: 'outputs.rate' has no effect beside 'shrike.rate_limit.per_rule'"),
        ProblemCase(
            "shrike: {spool: {max_age: 3x}}",
            "1:27: error: 'shrike.spool.max_age' must be a time from 60s to 365d, e.g. 12h or 7d, found '3x'"),
        ProblemCase(
            "engine: {kind: modern_ebpf}",
            "1:1: warning: 'engine' has no effect: Shrike loads no driver; shrike.sources chooses where events come from"
        ),
        ProblemCase("json_output: maybe", "1:14: error: 'json_output' must be true or false, found 'maybe'"),
        ProblemCase("json_output: [true]", "1:14: error: 'json_output' must be true or false, found a sequence"),
        ProblemCase(
            "rule_matching: fist",
            "1:16: error: 'rule_matching' must be one of 'first', 'severest', 'all', found 'fist' | did you mean 'first'?"
        ),
        ProblemCase(
            "stdout_output: true", "1:16: error: 'stdout_output' is a section; expected a mapping with 'enabled'"),
        ProblemCase(
            "shrike: {proc: {poll_interval_ms: 1}}",
            "1:35: error: 'shrike.proc.poll_interval_ms' must be a whole number from 50 to 3600000, found '1'"),
        ProblemCase(
            "shrike: {sources: [audit, prok]}",
            "1:27: error: 'shrike.sources': 'prok' is no event source; expected auto, proc (connector, scan and fanotify "
                + "together), or a list of ebpf, audit, connector, scan, fanotify, audit-log"),
        ProblemCase(
            "rules_file: a\nrules_files: b",
            "1:1: error: 'rules_file' and 'rules_files' are the same setting; give only one"),
        ProblemCase(
            "file_output:\n  enabled: true",
            "2:12: error: 'file_output' is enabled, but 'file_output.filename' is not set"),
        ProblemCase(
            "stdout_output: {enabled: false}",
            "1:26: error: no output is enabled, so alerts would go nowhere; enable one of stdout_output, "
                + "syslog_output, file_output, program_output, http_output, shrike.outputs"),
        ProblemCase("rules:\n - disable: {}", "2:4: error: 'disable' needs a 'rule', a 'tag' or both"),
        ProblemCase(
            "rules:\n - remove: {rule: x}",
            "2:4: error: an entry of 'rules' must be a mapping with the one key 'enable' or 'disable', e.g. "
                + "disable: {rule: NAME}"),
        ProblemCase(
            "append_output:\n - extra_fields: [{a: x}, {a: y}]",
            "2:28: error: the extra field 'a' is given twice"),
        ProblemCase("- a", "1:1: error: a configuration must be a mapping of keys to values"),
        // All in one go.
        ProblemCase(
            "json_output: 1\npriority: loud\ntime_format_iso_8601: 2",
            "1:14: error: 'json_output' must be true or false, found '1'",
            "2:11: error: 'priority' must be one of 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', "
                + "'informational', 'debug', found 'loud'",
            "3:23: error: 'time_format_iso_8601' must be true or false, found '2'"),
    ]
}

struct OverrideCase: Sendable, CustomTestStringConvertible {
    let overrides: [String]
    let expected: Configuration
    var testDescription: String { overrides.joined(separator: " ") }

    init(_ overrides: String..., change: (inout Configuration) -> Void) {
        self.overrides = overrides
        var expected = Configuration()
        change(&expected)
        self.expected = expected
    }

    static let all = [
        OverrideCase("json_output=true") { $0.alertFormat.isJSON = true },
        OverrideCase("json_output=true", "json_output=false") { _ in },
        OverrideCase("file_output.enabled=true", "file_output.filename=a=b") {
            ($0.outputs.file.isEnabled, $0.outputs.file.target) = (true, "a=b")
        },
        OverrideCase("rules[].disable.rule=Shell *", "rules[].enable.tag=x") {
            $0.ruleSelections = [
                RuleSelection(isEnabling: false, rule: "Shell *"), RuleSelection(isEnabling: true, tag: "x"),
            ]
        },
        OverrideCase("rules_files[]=a", "rules_files[]=b", "rules_files[0]=c") { $0.rulesFiles = ["c", "b"] },
        OverrideCase("append_output[]={extra_output: 'on %evt.hostname', match: {source: syscall}}") {
            var output = OutputAddition()
            (output.source, output.output) = ("syscall", "on %evt.hostname")
            $0.outputAdditions = [output]
        },
        OverrideCase("rules_files=[a, b]") { $0.rulesFiles = ["a", "b"] },
        OverrideCase(#"static_fields.a\.b=${ZONE}"#) { $0.staticFields = [StaticField(name: "a.b", value: "eu")] },
    ]
}

@Suite struct ConfigurationLoaderTests {
    @Test(arguments: KeyCase.all)
    func `a key sets what it names`(_ c: KeyCase) {
        let result = load(c.text)
        #expect(unplaced(result.configuration) == c.expected)
        #expect(problems(result) == [])
    }

    @Test(arguments: ProblemCase.all)
    func `a problem is told with its place`(_ c: ProblemCase) {
        #expect(problems(load(c.text)) == c.expected.map { "shrike.yaml:" + $0 })
    }

    @Test(arguments: OverrideCase.all)
    func `the command line overrides`(_ c: OverrideCase) {
        let result = load(nil, c.overrides, environment: ["ZONE": "eu"])
        #expect(unplaced(result.configuration) == c.expected)
        #expect(problems(result) == [])
    }

    @Test(
        arguments: [
            ("json_output", "'json_output' has no '='; expected KEY=VALUE, e.g. json_output=true"),
            ("a..b=1", "'a..b' is no key: a name between dots is empty"),
            ("=1", "'' is no key: a name between dots is empty"),
            ("rules[0=1", "'rules[0' is no key: a '[' is not closed"),
            ("rules[x]=1", "'rules[x]' is no key: '[x]' is no index"),
            ("rules[3]=1", "there is no element [3]; the sequence has 0"),
            ("rules[0]x=1", "'rules[0]x' is no key: a '.' or '[' must follow ']'"),
            (#"a\=1"#, #"'a\' is no key: it ends in a backslash"#),
            (#"a\nb=1"#, #"'a\nb' is no key: '\n' is no escape; there are '\.', '\[', '\]' and '\\'"#),
        ])
    func `a malformed override is an error that shows it`(_ text: String, _ message: String) {
        let result = load(nil, [text])
        #expect(problems(result) == ["-o \(text):1:1: error: \(message)"])
        #expect(result.diagnostics.first?.sourceLine == text)
    }

    @Test func `an override with too many levels is refused`() {
        #expect(load(nil, [String(repeating: "a.", count: 100_000) + "a=1"]).hasErrors)
    }

    @Test(
        arguments: [
            ("${NODE}", "worker"), ("${NODE}-${NODE}x", "worker-workerx"), ("a${UNSET}b", "ab"), ("$NODE", "$NODE"),
            ("$${NODE}", "${NODE}"), ("${NODE", "${NODE"), ("${A${NODE}}", "}"), ("100$", "100$"), ("", ""),
        ])
    func `environment variables are expanded`(_ text: String, _ expected: String) {
        let expansion = EnvironmentExpansion { ["NODE": "worker"][$0] }
        #expect(expansion.expand(text) == expected)
    }

    @Test func `variables are expanded before conversion`() {
        let result = load("json_output: ${JSON}\npriority: \"${P}\"", environment: ["JSON": "true", "P": "error"])
        #expect(result.configuration.alertFormat.isJSON)
        #expect(result.configuration.priorityThreshold == .error)
    }

    @Test(
        arguments: [
            ("[conf.d/]", ["a", "b"], true), ("[{path: conf.d/, strategy: append}]", ["a", "b"], true),
            ("[{path: conf.d/, strategy: override}]", ["b"], true),
            ("[{path: conf.d/, strategy: add-only}]", ["a"], true),
        ])
    func `included files join by their strategy`(_ list: String, _ rulesFiles: [String], _ isJSON: Bool) {
        let result = load(
            "config_files: \(list)\nrules_files: [a]", files: ["conf.d/1.yaml": "json_output: true\nrules_files: [b]"])
        #expect(problems(result) == [])
        #expect(result.configuration.rulesFiles == rulesFiles)
        #expect(result.configuration.alertFormat.isJSON == isJSON)
    }

    @Test func `a key for profiles that is none, or can't be read, is refused where it is named`() {
        let text = "shrike:\n  learning:\n    enabled: true\n    public_key: /key\n"
        let good = String(repeating: "0a", count: 32) + "\n"
        #expect(load(text, files: ["/key": good]).diagnostics.isEmpty)
        let bad = problems(load(text, files: ["/key": "abc"]))
        #expect(bad.count == 1)
        #expect(
            bad.first?.hasPrefix(
                "shrike.yaml:4:17: error: 'shrike.learning.public_key': /key holds no public key; expected a file")
                == true,
            "\(bad)")
        let missing = problems(load(text))
        #expect(
            missing.first?.hasPrefix("shrike.yaml:4:17: error: 'shrike.learning.public_key': open(/key)") == true,
            "\(missing)")
        let override = problems(load(nil, ["shrike.learning.enabled=true", "shrike.learning.public_key=/key"]))
        #expect(override.first?.hasPrefix("-o shrike.learning.public_key=/key:1:") == true, "\(override)")
        // Nobody looks at it where nothing is learned.
        #expect(load("shrike: {learning: {public_key: /key}}").diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            ("workloads_by: [pod]", "'shrike.learning.workloads_by' has 'pod'"),
            ("shapes: [hashes]", "'shrike.learning.shapes' has 'hashes'"),
            ("patterns: [srv/*]", "'shrike.learning.patterns' has 'srv/*'"),
            ("rules: loud", "'shrike.learning.rules' must be one of 'none', 'quiet', 'middle', 'eager', found 'loud'"),
            ("{enabled: true, directory: x}", "'shrike.learning.directory' is 'x'; expected an absolute path"),
        ])
    func `what learning can't use is refused`(_ text: String, _ message: String) {
        let section = text.hasPrefix("{") ? text : "{\(text)}"
        let found = problems(load("shrike: {learning: \(section)}"))
        #expect(found.count == 1)
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test(arguments: ["config_files=x.yaml", "config_files[]=x.yaml", "config_files=[x.yaml]"])
    func `the command line says which files are included, and overrides them`(_ override: String) {
        for main in ["priority: debug", nil] {
            let result = load(
                main, ["priority=error", override], files: ["x.yaml": "json_output: true\npriority: warning"])
            #expect(problems(result) == [])
            #expect(result.configuration.alertFormat.isJSON)
            #expect(result.configuration.priorityThreshold == .error)
        }
    }

    @Test func `a strategy that Falco does not know is taken as append, and told`() {
        let result = load(
            "config_files: [{path: x.yaml, strategy: merge}]\nrules_files: [a]", files: ["x.yaml": "rules_files: [b]"])
        #expect(result.configuration.rulesFiles == ["a", "b"])
        #expect(
            problems(result) == [
                "shrike.yaml:1:41: warning: 'strategy' must be one of append, override, add-only, found 'merge'; taken as "
                    + "append"
            ])
    }

    @Test(
        arguments: [
            ("100ms", 100), ("1500ms", 1500), ("1h30m", 5_400_000), ("1y2w3d4h5m6s7ms", 33_019_506_007), ("60", 60_000),
            ("1y", 31_536_000_000), ("99ms", nil), ("1x", nil), ("h", nil), ("-1s", nil), ("9999999999999999999s", nil),
            ("11y", nil),
        ] as [(String, Int?)])
    func `an interval has Prometheus' units`(_ text: String, _ milliseconds: Int?) {
        let result = load("metrics: {interval: \(text)}")
        #expect(result.hasErrors == (milliseconds == nil))
        #expect(result.configuration.metrics.intervalMilliseconds == milliseconds ?? 3_600_000)
    }

    @Test func `a variable's value is not looked through for variables`() {
        let expansion = EnvironmentExpansion { ["A": "${B}", "B": "secret"][$0] }
        #expect(expansion.expand("${A}") == "${B}")
    }

    @Test func `problems of included files name those files`() {
        let result = load(
            "config_files: [x.yaml, shrike.yaml, y.yaml]",
            files: ["x.yaml": "config_files: [z]\npriority: 7", "y.yaml": "a: ["])
        let found = problems(result)
        #expect(found.contains("x.yaml:1:1: error: an included file may not include others"))
        #expect(found.contains("shrike.yaml:1:24: error: 'shrike.yaml' includes itself"))
        #expect(found.contains { $0.hasPrefix("y.yaml:1:") })
        #expect(found.contains { $0.hasPrefix("x.yaml:2:11: error: 'priority' must be one of") })
        #expect(result.files == ["shrike.yaml", "x.yaml"] || result.files == ["shrike.yaml", "x.yaml", "y.yaml"])
    }

    @Test func `Falco's old limit is one for each rule unless there is another`() {
        let old = load("outputs: {rate: 2, max_burst: 50}").configuration.reduction.rateLimit
        // The same rate; what was held back is told of once in a minute.
        #expect((old.alertsPerRule, old.intervalSeconds, old.burst) == (120, 60, 50))
        let off = load("outputs: {rate: 0, max_burst: 50}").configuration.reduction.rateLimit
        #expect(off.alertsPerRule == 0)
        let both = load("outputs: {rate: 2}\nshrike: {rate_limit: {per_rule: 7}}").configuration.reduction.rateLimit
        #expect((both.alertsPerRule, both.burst) == (7, 0))
    }

    @Test func `a missing file is an error`() {
        let result = ConfigurationLoader(files: InventedFiles(texts: [:]), environment: { _ in nil }).load(path: "x")
        #expect(problems(result) == ["x:1:1: error: can't read the configuration: open(x): No such file or directory"])
        #expect(result.hasErrors)
    }
}
