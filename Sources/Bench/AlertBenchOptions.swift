import Configuration
public import EventModel

/// What `shrike bench alerts` is asked to do.
public struct AlertBenchOptions: Sendable {
    /// The configuration as it was loaded, without errors.
    public var configuration: Configuration
    /// Alerts a second; nil: as many as the spool takes.
    public var rate: Double?
    /// How many alerts, from 1.
    public var count: Int
    /// The rule that they name, with ` (synthetic)` behind it.
    public var rule = "Shrike bench"
    /// Their priority.
    public var priority = Priority.warning
    /// Their tags besides `synthetic`.
    public var tags: [String] = []
    /// About how many bytes an alert's JSON has.
    public var size = 800
    /// The spool's file; nil: one beside the configured one, removed at the end.
    public var spoolPath: String?
    /// How long to wait without any delivery before the rest is taken for undeliverable.
    public var patienceSeconds = 30
    /// The report as JSON.
    public var isJSON = false

    /// A bench with a configuration.
    public init(configuration: Configuration, rate: Double?, count: Int) {
        self.configuration = configuration
        self.rate = rate
        self.count = count
    }
}
