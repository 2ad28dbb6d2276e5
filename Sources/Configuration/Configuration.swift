import AlertReduction
public import EventModel
public import EventSources
public import ForwarderProtocol
public import Outputs
public import RuleEngine

/// What the daemon is to do: Falco's configuration keys as far as they apply here, and Shrike's own (`shrike:`). The
/// default value is what Shrike does without a configuration file.
public struct Configuration: Sendable, Equatable {
    // MARK: Rules

    /// Rules files and directories in order; nil: the rules that are built into the binary.
    public var rulesFiles: [String]?
    /// Whether a missing one is an error; configured ones may be missing, as in Falco, those of `-r` may not.
    public var mustRulesFilesExist = false
    /// Which rules are enabled or disabled, applied in order after each rule's own `enabled`.
    public var ruleSelections: [RuleSelection] = []
    /// Rules less severe than this are checked but not used.
    public var priorityThreshold: Priority = .debug
    /// Which matching rule's alert an event raises; nil: the rules that are loaded decide (`ConfiguredRules.matching`).
    public var ruleMatching: RuleMatching?
    /// What is added to the rules' outputs.
    public var outputAdditions: [OutputAddition] = []
    /// `static.NAME` fields with constant text, sorted by name.
    public var staticFields: [StaticField] = []

    // MARK: Alerts

    /// How alerts are written.
    public var alertFormat = AlertFormat()
    /// Byte buffers in base64 instead of printable characters and dots.
    public var rendersBuffersAsBase64 = false
    /// Where alerts go.
    public var outputs = OutputSettings()

    /// For how long an incident waits for further alerts of its process tree, in seconds; 0: there are none.
    public var incidentSeconds = 600
    /// When repeats of an alert are folded.
    public var repeats = RepeatSettings()
    /// How many alerts of a rule go out.
    public var rateLimit = RateLimitSettings()
    /// Falco's old limit.
    public var falcoRateLimit = FalcoRateLimit()

    // MARK: The daemon itself

    /// Whether a change of the configuration or of a rules file is taken over while the daemon runs.
    public var watchesFiles = true
    /// The configuration files that were read, in order.
    public var files: [String] = []
    /// The health server.
    public var webServer = WebServerSettings()
    /// The periodic snapshot of metrics.
    public var metrics = MetricsSettings()
    /// Remarks less severe than this are not logged.
    public var logLevel: Priority = .informational
    /// Which event sources to use.
    public var sources = SourceChoice.auto
    /// The audit log that the `audit-log` source follows.
    public var auditLogPath = "/var/log/audit/audit.log"
    /// Milliseconds between two scans of /proc.
    public var procPollMilliseconds = 1000
    /// What is done with audit rules of others that hide events.
    public var hidingRules = HidingRules.remove
    /// Bounds of the eBPF source.
    public var bpfLimits = BPFLimits(callSets: 512)
    /// Most processes kept in the process table; nil: the table's own bound.
    public var processLimit: Int?
    /// What the sensor may use of the machine.
    public var limits = ResourceLimits()
    /// What workloads do is learned.
    public var learning = LearningConfiguration()
    /// Files of rule tests, or directories of them, that must pass before changed rules are taken over.
    public var ruleTests: [String] = []
    /// Whether the sensor confines itself to the system calls that it needs.
    public var isSandboxed = true
    /// A directory for what must outlast the daemon; empty: the one that the service manager gives.
    public var stateDirectory = ""
    /// Where the host's root directory is mounted, e.g. `/host` in a container, without a slash at its end; empty on
    /// the node itself.
    public var hostRoot = "" {
        didSet { while hostRoot.hasSuffix("/") { hostRoot.removeLast() } }
    }

    /// What Shrike does without a configuration file.
    public init() { alertFormat.hostName = AlertFormat.currentHostName() }

    /// `json_output`: JSON for alerts, and for what Falco's `-V`, `-L` and `-l` print.
    public var isJSON: Bool { alertFormat.isJSON }
}

/// What is done with audit rules of others that hide events wherever they stand.
public enum HidingRules: String, Sendable, CaseIterable {
    /// They are taken out; what was there before is put back at the end.
    case remove
    /// They are told, and stay.
    case tell
}

/// How many alerts an event can raise.
public enum RuleMatching: String, Sendable, CaseIterable {
    /// The first matching rule's, in definition order.
    case first
    /// The most severe matching rule's; of equally severe ones the first one's.
    case severest
    /// Every matching rule's.
    case all
}

/// A field with a constant value.
public struct StaticField: Sendable, Equatable {
    /// The name behind `static.`.
    public var name: String
    /// Its value.
    public var value: String

    /// A field with a constant value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Where alerts go.
public struct OutputSettings: Sendable, Equatable {
    /// A channel that is on when `target` (a file name, a command) is to be used.
    public struct Channel: Sendable, Equatable {
        /// Whether it is used.
        public var isEnabled = false
        /// The file name or the command.
        public var target = ""
        /// Keeps the file open or the program running between alerts.
        public var keepsAlive = false
    }
    /// Standard output; nil: used when no other channel is.
    public var standardOutput: Bool?
    /// The node's syslog.
    public var syslog = false
    /// The form of messages there.
    public var syslogForm = SyslogForm.rfc3164
    /// A file.
    public var file = Channel()
    /// A shell command.
    public var program = Channel()
    /// Falco's `http_output`.
    public var http = HTTPOutput()
    /// `shrike.outputs`.
    public var network: [NetworkOutput] = []
    /// Where alerts wait for the network outputs.
    public var spool = SpoolSettings()
    /// Lines wait until a buffer is full.
    public var isBuffered = false
    /// Most alerts that wait for an output's reader; 0: as many as fit.
    public var queueCapacity = 0
    /// The milliseconds after which a reader that takes nothing is told of.
    public var stallMilliseconds = 2000
}
