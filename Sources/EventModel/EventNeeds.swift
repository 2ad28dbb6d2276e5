/// What the loaded rules need from any source, in source-neutral form: the input of pushdown.
///
/// For each event type a list of alternatives; an event that satisfies none of them can't match any rule. The needs are
/// necessary conditions: they may let too much through, never too little.
public struct EventNeeds: Sendable, Equatable {
    /// The alternatives of each event type that a rule asks for.
    public var alternatives: [EventType: [EventNeed]]
    /// The fields that rules read; a source need not make what nobody reads.
    public var fields: Set<FieldReference>

    /// The files that rules compare the file of an open with, by name, whatever else is asked for: each has to be known by its inode.
    public var namedFiles: Set<String> = []
    /// The directories that rules name files in, or name as the beginning of a path.
    public var namedDirectories: Set<String> = []

    /// The event sources of the rules. The alternatives are those of `syscall` alone.
    public var ruleSources: Set<RuleSource>

    /// Needs from their parts.
    public init(
        alternatives: [EventType: [EventNeed]] = [:], fields: Set<FieldReference> = [],
        ruleSources: Set<RuleSource> = [.syscall]
    ) {
        self.alternatives = alternatives
        self.fields = fields
        self.ruleSources = ruleSources
    }

    /// The event types that a rule asks for.
    public var types: EventTypeSet { EventTypeSet(alternatives.keys) }

    /// The needs as a source sees them that can filter by these fields alone: alternatives that differ in others only are
    /// one.
    public func projected(onto names: Set<String>) -> EventNeeds {
        var result = self
        result.alternatives = alternatives.mapValues { needs in
            EventNeed.merged(
                needs.map { need in
                    var need = need
                    need.fields.removeAll { !names.contains($0.field) }
                    return need
                })
        }
        return result
    }
}

/// One conjunction of necessary conditions on an event of one type. Everything unset means "any".
public struct EventNeed: Sendable, Hashable {
    /// Necessary condition on the event's path: the one of `fd.name` for opens, of the path arguments for other calls.
    public var paths: PathNeed
    /// For the open family: the ways of access that can match.
    public var access: AccessNeed
    /// Conditions on integer or flag arguments by event argument name, e.g. `domain` of socket, `request` of ptrace.
    public var arguments: [ArgumentNeed]
    /// Which outcome of the call can match.
    public var outcome: OutcomeNeed
    /// Whether the event can match for host processes and for containers.
    public var scope: ScopeNeed
    /// Conditions on the values of other fields, each field once, by name.
    public var fields: [FieldNeed]

    /// A need; by default one that every event of the type satisfies.
    public init(
        paths: PathNeed = .any, access: AccessNeed = .any, arguments: [ArgumentNeed] = [], outcome: OutcomeNeed = .any,
        scope: ScopeNeed = .any, fields: [FieldNeed] = []
    ) {
        self.paths = paths
        self.access = access
        self.arguments = arguments
        self.outcome = outcome
        self.scope = scope
        self.fields = fields
    }
}

/// Necessary condition on a path.
public enum PathNeed: Sendable, Hashable {
    case any
    /// The path is one of `exact`, or starts with one of `prefixes` (bytes, not components: `/etc/ld.so` is possible),
    /// or ends with one of `suffixes`.
    case oneOf(exact: Set<String>, prefixes: Set<String>, suffixes: Set<String>)
}

/// The ways of access of an open.
public struct AccessNeed: OptionSet, Sendable, Hashable {
    /// One bit for each way.
    public let rawValue: UInt8
    /// Ways from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Opened for reading (O_RDONLY or O_RDWR).
    public static let read = AccessNeed(rawValue: 1)
    /// Opened for writing (O_WRONLY or O_RDWR).
    public static let write = AccessNeed(rawValue: 2)
    /// Both.
    public static let any: AccessNeed = [.read, .write]
}

/// A necessary condition on one argument of the event.
public struct ArgumentNeed: Sendable, Hashable {
    /// The event argument's name, e.g. `domain`.
    public let name: String
    /// The texts of which the argument must contain at least one, e.g. `AF_PACKET`.
    public let containsOneOf: Set<String>

    /// The argument's text contains one of these.
    public init(name: String, containsOneOf: Set<String>) {
        self.name = name
        self.containsOneOf = containsOneOf
    }
}

/// A necessary condition on the value that a field has for the event: of the program, the user, the connection. A source
/// that knows the value, or what it is made of, can filter by it.
public struct FieldNeed: Sendable, Hashable {
    /// The field's name; it has no argument.
    public let field: String
    /// The values with which the event can match.
    public var values: ValueSet
    /// Whether an event for which the field has no value can match, too.
    public var allowsMissing: Bool

    /// The field's value is one of these.
    public init(field: String, values: ValueSet, allowsMissing: Bool = false) {
        self.field = field
        self.values = values
        self.allowsMissing = allowsMissing
    }
}

/// Which outcome of a call can match.
public enum OutcomeNeed: Sendable, Hashable { case any, success, failure }

/// Which processes can match.
public enum ScopeNeed: Sendable, Hashable { case any, host, container }
