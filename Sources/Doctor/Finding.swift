public import EventModel

/// Something that `shrike doctor` looked at.
public struct Finding: Sendable, Equatable {
    /// What it means for the watching.
    public enum Status: String, Sendable {
        /// As it should be.
        case ok
        /// Worth knowing; nothing is missed for it.
        case note
        /// Something is not seen, or can be tampered with.
        case problem
    }

    /// What was looked at, one word.
    public var check: String
    /// What it means.
    public var status: Status
    /// What was found.
    public var message: String
    /// What mends it; empty when there is nothing to mend.
    public var fix: String
    /// The sources that it is about; none: it matters whatever watches.
    public var sources: Set<SourceKind>

    /// A finding from its parts.
    public init(
        _ check: String, _ status: Status, _ message: String, fix: String = "", of sources: Set<SourceKind> = []
    ) {
        self.check = check
        self.status = status
        self.message = message
        self.fix = fix
        self.sources = sources
    }
}
