public import EventModel
import KernelInterface

/// What a running source is asked for. Each source does what concerns it.
public enum SourceRequest: Sendable {
    /// Tell of what these rules need from now on.
    case needs(SourceNeeds)
    /// A container began: watch its files too. The path is its root directory's on the host.
    case containerStarted(root: String)
    /// The first program of a container that was told of began, at this time (nanoseconds since the epoch).
    case containerBegan(root: String, at: UInt64)
    /// A container ended. Comes once for each that began.
    case containerEnded(root: String)
    /// A container began whose root directory is not known, for this reason, as part of a sentence: its files can't be watched.
    case containerHidden(id: String, reason: String)
    /// Another source lost events: look for what it would have told.
    case lookAnew
}

/// What rules need, as sources see it.
public struct SourceNeeds: Sendable, Equatable {
    /// The events.
    public var events: EventNeeds
    /// The names, without arguments, of the fields that rules read.
    public var fieldNames: Set<String>
    /// The events as tables for a filter in the kernel; nil where nobody made them.
    public var filter: FilterProgram?

    /// Needs from their parts.
    public init(events: EventNeeds, fieldNames: Set<String>, filter: FilterProgram? = nil) {
        (self.events, self.fieldNames, self.filter) = (events, fieldNames, filter)
    }
}

/// Why a source can't be opened, or can't do what it is asked for.
public struct SourceFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public var reason: String
    /// What the user can do about it; empty when nothing.
    public var fix: String

    /// A failure from its parts.
    public init(reason: String, fix: String = "") { (self.reason, self.fix) = (reason, fix) }

    init(_ error: KernelError) {
        var bare = error
        bare.hint = nil
        self.init(reason: bare.description, fix: error.hint ?? "")
    }

    /// A control thread has more to do than it takes.
    static func overrun(_ what: String) -> SourceFailure {
        SourceFailure(reason: "more changes wait than the \(what) can follow")
    }

    /// `reason; fix`.
    public var description: String { fix.isEmpty ? reason : "\(reason); \(fix)" }
}
