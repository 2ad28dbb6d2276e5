import HealthServer

/// The health server: Falco's `webserver`.
public struct WebServerSettings: Sendable, Equatable {
    /// Whether it runs.
    public var isEnabled = false
    /// The port, from 1.
    public var port = 8765
    /// An IP address in numbers, or `unix:/path`. Falco listens on all addresses; here who wants that says so.
    public var address = "127.0.0.1"
    /// The path at which health is told.
    public var healthPath = "/healthz"
    /// Whether metrics are served at `/metrics`.
    public var servesMetrics = false
    /// `ssl_enabled`, which is refused.
    public var usesTLS = false
    /// The defaults.
    public init() {}

    /// Where it listens; nil when that is no address.
    public var listenAddress: ListenAddress? { UInt16(exactly: port).flatMap { ListenAddress(address, port: $0) } }
}

/// The periodic snapshot of metrics: Falco's `metrics`.
public struct MetricsSettings: Sendable, Equatable {
    /// Whether there is one.
    public var isEnabled = false
    /// The time between two, in milliseconds, from 100.
    public var intervalMilliseconds = 3_600_000
    /// Whether it is an alert: the one form that there is.
    public var raisesAlert = true
    /// With matches by rule.
    public var includesRules = true
    /// With CPU and memory.
    public var includesResources = true
    /// With sizes of tables.
    public var includesState = true
    /// With events and losses by source.
    public var includesEvents = true
    /// Memory in MB instead of bytes.
    public var showsMegabytes = true
    /// Also what is zero.
    public var includesZeros = false
    /// The defaults.
    public init() {}
}
