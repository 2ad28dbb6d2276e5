import KernelInterface
public import Profiles

/// What was seen of a workload, as far as privileges go: what a profile of least privilege is made from.
public struct ObservedPrivileges: Sendable, Equatable {
    /// How often something was seen, and when.
    public struct Sight: Sendable, Equatable {
        /// How often.
        public var count: Int
        /// When first, seconds since the epoch.
        public var firstSeen: UInt32
        /// When last, seconds since the epoch.
        public var lastSeen: UInt32

        /// A sight from its parts.
        public init(count: Int, firstSeen: UInt32, lastSeen: UInt32) {
            (self.count, self.firstSeen, self.lastSeen) = (count, firstSeen, lastSeen)
        }
    }

    /// Something that was seen.
    public struct Item: Sendable, Equatable {
        /// What: a name, a path, an address.
        public var text: String
        /// How often and when.
        public var sight: Sight

        /// Something with its sight.
        public init(_ text: String, _ sight: Sight) { (self.text, self.sight) = (text, sight) }
    }

    /// A program that was executed.
    public struct Program: Sendable, Equatable {
        /// Its path.
        public var path: PathGlob
        /// How often and when.
        public var sight: Sight

        /// A program with its sight.
        public init(_ path: PathGlob, _ sight: Sight) { (self.path, self.sight) = (path, sight) }
    }

    /// A file or, where names were generalised, files.
    public struct File: Sendable, Equatable {
        /// What was done to a file.
        public enum Access: String, Sendable, CaseIterable {
            case read = "r"
            case write = "w"
            case execute = "x"
        }
        /// What was done.
        public var access: Access
        /// Which.
        public var path: PathGlob

        /// A file from its parts.
        public init(_ access: Access, _ path: PathGlob) { (self.access, self.path) = (access, path) }
    }

    /// What connections are made over.
    public enum Transport: String, Sendable, Comparable {
        case tcp, udp

        /// By name.
        public static func < (left: Transport, right: Transport) -> Bool { left.rawValue < right.rawValue }
    }

    /// A port that is listened on.
    public struct Port: Sendable, Hashable {
        /// What for.
        public var transport: Transport
        /// The number, from 1.
        public var number: UInt16

        /// A port from its parts.
        public init(_ transport: Transport, _ number: UInt16) { (self.transport, self.number) = (transport, number) }
    }

    /// Where it connects to.
    public struct Destination: Sendable, Hashable {
        /// Over what.
        public var transport: Transport
        /// An address or a net.
        public var address: NetworkAddress
        /// The port.
        public var port: UInt16

        /// A destination from its parts.
        public init(_ transport: Transport, _ address: NetworkAddress, _ port: UInt16) {
            (self.transport, self.address, self.port) = (transport, address, port)
        }
    }

    /// Whose.
    public var workload: WorkloadIdentity
    /// The image with its tag; empty outside containers.
    public var image = ""
    /// The first sight of anything, seconds since the epoch.
    public var since: UInt32 = 0
    /// The last sight of anything.
    public var until: UInt32 = 0
    /// Kinds of behaviour that are not known well enough for a list of all that is allowed, as words: `syscall`.
    public var unsettled: Set<String> = []
    /// System calls by name; `#1023` where nobody knew the name of a number.
    public var calls: [Item] = []
    /// Capabilities that were needed and held: `CAP_NET_BIND_SERVICE`.
    public var capabilities: [Item] = []
    /// Programs that were executed.
    public var programs: [Program] = []
    /// Files.
    public var files: [File] = []
    /// Ports that are listened on.
    public var ports: [Port] = []
    /// Whether it also listens on ports that the kernel chose.
    public var hasChosenPorts = false
    /// Where it connects to.
    public var destinations: [Destination] = []
    /// Effective user ids.
    public var users: [UInt32] = []
    /// Behaviours that can't be what they say: of a profile that somebody wrote by hand.
    public var nonsense: [String] = []

    /// Nothing seen of a workload.
    public init(_ workload: WorkloadIdentity) { self.workload = workload }
}

extension WorkloadIdentity {
    /// Whether a container runtime starts it.
    public var isContainer: Bool {
        switch self {
        case .kubernetes, .container: true
        case .unit, .program: false
        }
    }

    /// A word for names of files, rules and profiles, another for every workload: letters, digits, `-` and `.`, with a hash of the
    /// whole identity at its end, as the words alone may be the same.
    public var label: String {
        let text: String
        switch self {
        case .kubernetes(let namespace, let owner, let container): text = "\(namespace)-\(owner)-\(container)"
        case .container(let name, _): text = name
        case .unit(let name): text = name
        case .program(_, let path): text = path.split(separator: "/").last.map(String.init) ?? "program"
        }
        let word = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") ? $0 : "-" })
        // A label of a Kubernetes object has at most 63 characters.
        return "\(word.prefix(48))-\(hash)"
    }

    /// FNV-1a of the identity's text, the same on every node: eight hexadecimal digits.
    private var hash: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
