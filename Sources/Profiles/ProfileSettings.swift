/// How profiles are learned.
public struct ProfileSettings: Sendable, Equatable {
    /// How long a window is in which what is seen again counts once, seconds.
    public var windowSeconds: UInt32
    /// A kind is settled when its unseen mass is at most this, from 0 to 1.
    public var unseenBound: Double
    /// The probability with which the unseen mass may be larger than what is bounded.
    public var risk: Double
    /// How long the start of a run takes, seconds.
    public var startSeconds: UInt32
    /// Runs that must have begun before something new at a run's start is told.
    public var startRuns: UInt32
    /// Whether something new is told only in hours of the day that were covered on an earlier occasion: what runs at night is not
    /// known before a night was seen.
    public var wholeDay: Bool
    /// For how long a behaviour that was told and that nobody approved is not told again, seconds.
    public var repeatSeconds: UInt32
    /// Behaviours of one kind in a profile.
    public var behavioursPerKind: Int
    /// Names in a directory that are kept apart; with more it is the directory that is known.
    public var namesInDirectory: Int
    /// Addresses of a net (IPv4 /24, IPv6 /64) that are kept apart for a port; with more it is the net that is known.
    public var addressesInNet: Int
    /// Directories whose names are always kept apart, since each file is of weight.
    public var neverWidened: [[UInt8]]
    /// How names are generalised.
    public var generalisation: Generalisation

    /// Settings for a node: half a dozen quiet hours settle a profile at least.
    public init(
        windowSeconds: UInt32 = 300, unseenBound: Double = 0.05, risk: Double = 0.05, startSeconds: UInt32 = 60,
        startRuns: UInt32 = 2, wholeDay: Bool = true, repeatSeconds: UInt32 = 3600, behavioursPerKind: Int = 1024,
        namesInDirectory: Int = 32, addressesInNet: Int = 16,
        neverWidened: [String] = [
            "/etc", "/root", "/boot", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin",
            "/proc/{pid}", "/var/run/secrets", "/run/secrets",
        ],
        generalisation: Generalisation = Generalisation()
    ) {
        self.windowSeconds = max(windowSeconds, 1)
        self.unseenBound = unseenBound
        self.risk = risk
        self.startSeconds = startSeconds
        self.startRuns = startRuns
        self.wholeDay = wholeDay
        self.repeatSeconds = repeatSeconds
        self.behavioursPerKind = max(behavioursPerKind, 1)
        self.namesInDirectory = max(namesInDirectory, 2)
        self.addressesInNet = max(addressesInNet, 2)
        self.neverWidened = neverWidened.map { Array($0.utf8) }
        self.generalisation = generalisation
    }
}
