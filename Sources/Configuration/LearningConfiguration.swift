public import EventModel
import KernelInterface
import ProfileStorage
public import Profiles
import RuleLanguage

/// Which of the rules about something new are used.
public enum NoveltySetting: String, Sendable, CaseIterable {
    /// None: novelty is for the user's own rules.
    case none
    /// Programs, users, ports, modules.
    case quiet
    /// Also parents, destinations, written files, capabilities, chains of odd acts.
    case middle
    /// Also read files, arguments, system calls.
    case eager

    /// The tags of the rules of `anomaly.yaml` that are not used.
    public var unusedTags: [String] {
        switch self {
        case .none: Self.tags
        case .eager: []
        case .middle: ["anomaly_eager"]
        case .quiet: ["anomaly_middle", "anomaly_eager"]
        }
    }
}

extension NoveltySetting {
    /// The tags that tell the settings of the rules of `anomaly.yaml` apart.
    public static let tags = ["anomaly_quiet", "anomaly_middle", "anomaly_eager"]
}

/// `shrike.learning`: what workloads do is learned, and told when it is new.
public struct LearningConfiguration: Sendable, Equatable {
    /// Whether anything is learned.
    public var isEnabled = false
    /// Where profiles are kept.
    public var directory = "/var/lib/shrike/profiles"
    /// The key by which frozen profiles must be signed; empty: they need not be.
    public var publicKeyFile = ""
    /// Which of the built-in rules about something new are used.
    public var setting = NoveltySetting.middle
    /// What workloads are told apart by.
    public var groupings = LearningSettings.Grouping.allCases.map(\.rawValue)
    /// How long a window is, seconds.
    public var windowSeconds = 300
    /// The unseen mass that a settled kind may have, percent.
    public var unseenPercent = 5
    /// Whether something new is told only in hours of the day that were covered before.
    public var coversWholeDay = true
    /// Runs that must have begun before something new at a run's start is told.
    public var startRuns = 2
    /// For how long what was told is not told again, seconds.
    public var repeatSeconds = 3600
    /// What alerts of this priority tell of, or of a more severe one, is not learned.
    public var judgingPriority = Priority.warning
    /// Patterns of paths that are one file each.
    public var patterns: [String] = []
    /// Built-in rules of generalisation.
    public var shapes = Generalisation.Shape.allCases.map(\.rawValue)
    /// Most workloads.
    public var workloads = 300
    /// Most behaviours of a kind in a profile.
    public var behaviours = 1024
    /// What profiles may take in memory, MiB.
    public var memoryMebibytes = 32
    /// What profiles may take on disk, MiB.
    public var diskMebibytes = 128
    /// How often changed profiles are written, seconds.
    public var saveSeconds = 60

    /// Off.
    public init() {}

    /// The settings of learning. Names that mean nothing are left out; the loader has refused them.
    public var settings: LearningSettings {
        var settings = LearningSettings()
        settings.profiles = ProfileSettings(
            windowSeconds: UInt32(clamping: windowSeconds), unseenBound: Double(unseenPercent) / 100,
            startRuns: UInt32(clamping: startRuns), wholeDay: coversWholeDay,
            repeatSeconds: UInt32(clamping: repeatSeconds), behavioursPerKind: behaviours,
            generalisation: Generalisation(
                patterns: patterns.compactMap(PathPattern.init),
                shapes: Set(shapes.compactMap(Generalisation.Shape.init(rawValue:)))))
        settings.groupings = Set(groupings.compactMap(LearningSettings.Grouping.init(rawValue:)))
        settings.workloads = workloads
        settings.memoryBytes = memoryMebibytes << 20
        settings.diskBytes = diskMebibytes << 20
        settings.judgingPriority = judgingPriority
        return settings
    }
}

extension ConfigurationReader {
    /// Refuses a key for frozen profiles that can't be read or is none: the sensor would not start with it.
    mutating func checkLearningKey(_ root: Setting, _ files: any ConfigurationFiles) {
        let learning = configuration.learning
        guard learning.isEnabled, !learning.publicKeyFile.isEmpty else { return }
        let place = root["shrike"]?["learning"]?["public_key"]?.location ?? root.location
        let expected = "expected a file with a key of 64 hexadecimal digits; 'shrike profile key' makes one"
        switch files.read(learning.publicKeyFile) {
        case .success(let bytes):
            guard PublicKey(text: bytes) == nil else { return }
            diagnostics.error(
                "'shrike.learning.public_key': \(learning.publicKeyFile) holds no public key; \(expected)", at: place)
        case .failure(let error):
            diagnostics.error("'shrike.learning.public_key': \(error); \(expected)", at: place)
        }
    }

    /// Refuses names and patterns of `shrike.learning` that mean nothing.
    mutating func checkLearning(_ root: Setting) {
        let learning = configuration.learning
        guard let section = root["shrike"]?["learning"] else { return }
        func place(_ key: String) -> SourceLocation { (section[key] ?? section).location }
        let groupings = LearningSettings.Grouping.allCases.map(\.rawValue)
        for name in learning.groupings where !groupings.contains(name) {
            diagnostics.error(
                "'shrike.learning.workloads_by' has '\(name)'; expected \(list(groupings))", at: place("workloads_by"),
                suggestion: Suggestion.nearest(to: name, in: groupings))
        }
        let shapes = Generalisation.Shape.allCases.map(\.rawValue)
        for name in learning.shapes where !shapes.contains(name) {
            diagnostics.error(
                "'shrike.learning.shapes' has '\(name)'; expected \(list(shapes))", at: place("shapes"),
                suggestion: Suggestion.nearest(to: name, in: shapes))
        }
        for text in learning.patterns where PathPattern(text) == nil {
            diagnostics.error(
                "'shrike.learning.patterns' has '\(text)'; expected an absolute path of printable ASCII without blanks, '%', "
                    + "'{' and '}', where * is any part of a name and ** any directories, at the end all below, e.g. /srv/uploads/*",
                at: place("patterns"))
        }
        if learning.isEnabled, !learning.directory.hasPrefix("/") {
            diagnostics.error(
                "'shrike.learning.directory' is '\(learning.directory)'; expected an absolute path",
                at: place("directory"))
        }
    }
}
