public import EventModel

/// Whether a source works here, and if not why, and what would mend it.
public struct SourceAvailability: Sendable, Equatable {
    /// Which source.
    public var kind: SourceKind
    /// Whether it works here.
    public var isAvailable: Bool
    /// Why it does not, or what to know although it does; empty when there is nothing to say.
    public var reason: String
    /// What the user can do about it; empty when nothing.
    public var fix: String
    /// Whether it works but permissions keep most of what rules need from it.
    public var isRestricted: Bool

    /// An availability from its parts.
    public init(
        kind: SourceKind, isAvailable: Bool, reason: String = "", fix: String = "", isRestricted: Bool = false
    ) {
        self.kind = kind
        self.isAvailable = isAvailable
        self.reason = reason
        self.fix = fix
        self.isRestricted = isRestricted
    }
}

extension SourceAvailability {
    /// Which sources work here; changes nothing.
    public static func ofThisNode() -> [SourceAvailability] {
        SourceDriver.all.map { $0.probe() }
    }
}
