/// The kinds of what a workload does. Each is learned, estimated and asked for by itself.
public enum BehaviourKind: UInt8, Sendable, Hashable, CaseIterable, Comparable {
    /// A program that is executed: its path.
    case exec
    /// A program with the one that starts it: `PARENT > PROGRAM`.
    case child
    /// A program with the form of its arguments.
    case arguments
    /// A file that is opened for reading alone: its generalised path.
    case read
    /// A file that is opened for writing.
    case write
    /// A port that is listened on: `tcp 80`.
    case listen
    /// A destination: `tcp 192.0.2.7:443`, or a net.
    case connect
    /// A system call by its name.
    case syscall
    /// A capability that was needed and held: `CAP_SYS_ADMIN`.
    case capability
    /// An effective user id.
    case user
    /// A namespace that is entered or made: the call and the namespace's kind.
    case namespace
    /// A kernel module.
    case module

    /// How many kinds there are.
    static let count = BehaviourKind.allCases.count

    /// The kind's word in documents and listings.
    public var word: String {
        switch self {
        case .exec: "exec"
        case .child: "child"
        case .arguments: "arguments"
        case .read: "read"
        case .write: "write"
        case .listen: "listen"
        case .connect: "connect"
        case .syscall: "syscall"
        case .capability: "capability"
        case .user: "user"
        case .namespace: "namespace"
        case .module: "module"
        }
    }

    /// What behaviours of this kind are, for sentences: `expected programs: …`.
    public var plural: String {
        switch self {
        case .exec: "programs"
        case .child: "programs by parent"
        case .arguments: "forms of arguments"
        case .read: "files to read"
        case .write: "files to write"
        case .listen: "ports"
        case .connect: "destinations"
        case .syscall: "system calls"
        case .capability: "capabilities"
        case .user: "users"
        case .namespace: "namespaces"
        case .module: "modules"
        }
    }

    /// The kind of a word; nil when there is none.
    public init?(word: String) {
        guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = kind
    }

    /// The one that is listed first comes first.
    public static func < (left: BehaviourKind, right: BehaviourKind) -> Bool { left.rawValue < right.rawValue }
}

/// Some kinds of behaviour.
public struct BehaviourKinds: OptionSet, Sendable, Hashable {
    /// A bit for each kind, at the kind's number.
    public let rawValue: UInt16
    /// Kinds from their bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// One kind.
    public init(_ kind: BehaviourKind) { rawValue = 1 << UInt16(kind.rawValue) }
    /// Several kinds.
    public init(_ kinds: some Sequence<BehaviourKind>) {
        rawValue = kinds.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    /// All kinds.
    public static let all = BehaviourKinds(BehaviourKind.allCases)
    /// Whether a kind is among them.
    public func has(_ kind: BehaviourKind) -> Bool { rawValue >> UInt16(kind.rawValue) & 1 == 1 }
}
