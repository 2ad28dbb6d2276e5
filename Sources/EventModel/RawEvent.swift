/// A range of a `RawEvent`'s bytes; `isPresent` tells an absent text from an empty one.
public struct ByteRange: Sendable, Hashable {
    /// First byte.
    public let start: UInt32
    /// Number of bytes; `UInt32.max` when absent.
    public let count: UInt32

    /// The range of these bytes.
    public init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        count = UInt32(truncatingIfNeeded: range.count)
    }
    private init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// The source did not tell.
    public static let absent = ByteRange(start: 0, count: .max)
    /// Whether the source told.
    public var isPresent: Bool { count != .max }
    /// The range as indices; empty when absent.
    public var range: Range<Int> { isPresent ? Int(start)..<Int(start) + Int(count) : 0..<0 }
}

/// The `struct open_how` of an openat2 call (linux/openat2.h); the audit subsystem tells it in an OPENAT2 record.
public struct OpenHow: Sendable, Equatable {
    /// Open flags, as openat's.
    public var flags: UInt64
    /// Mode of a created file.
    public var mode: UInt64
    /// `RESOLVE_…` flags.
    public var resolve: UInt64
    /// The parts of the structure.
    public init(flags: UInt64, mode: UInt64, resolve: UInt64) {
        self.flags = flags
        self.mode = mode
        self.resolve = resolve
    }
}

/// An argument of the event that the source brought ready-made, beside or instead of registers and paths.
public struct ArgumentFact: Sendable {
    /// The argument's position among those of the event's type.
    public var index: UInt8
    /// Its text or bytes; absent for a number.
    public var bytes: ByteRange
    /// Its number as the rule language counts it, flags in its own bits; a signed one as its bit pattern.
    public var number: UInt64

    /// A text, path or buffer.
    public init(index: UInt8, bytes: ByteRange) {
        self.index = index
        self.bytes = bytes
        number = 0
    }

    /// A number.
    public init(index: UInt8, number: UInt64) {
        self.index = index
        self.number = number
        bytes = .absent
    }
}

/// What a source tells about the process that made the event. A bit in `known` says which members are told.
public struct ProcessFacts: Sendable {
    /// Which members the source told.
    public struct Known: OptionSet, Sendable {
        /// The number itself.
        public let rawValue: UInt32
        /// From the number itself.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// `parentPID`.
        public static let parent = Known(rawValue: 1)
        /// `uid` and `effectiveUID`.
        public static let userIDs = Known(rawValue: 2)
        /// `gid` and `effectiveGID`.
        public static let groupIDs = Known(rawValue: 4)
        /// `loginUID`.
        public static let loginUser = Known(rawValue: 8)
        /// `auditSession`.
        public static let session = Known(rawValue: 16)
        /// `terminal`.
        public static let terminal = Known(rawValue: 32)
        /// `controlGroupID`.
        public static let controlGroup = Known(rawValue: 0x1_0000)
        /// `namespaceIDs`.
        public static let namespaceIDs = Known(rawValue: 0x2_0000)
        /// `processGroup` and `processSession`.
        public static let processGroup = Known(rawValue: 0x4_0000)
        /// `executableFile`.
        public static let executableFile = Known(rawValue: 0x8_0000)
        /// The capability sets.
        public static let capabilities = Known(rawValue: 64)
    }

    /// Which of the following are told.
    public var known: Known = []
    /// Process (thread group) id in the initial pid namespace.
    public var pid: Int32 = 0
    /// Thread id; equal to `pid` when the source does not tell.
    public var tid: Int32 = 0
    /// The parent process in the initial pid namespace.
    public var parentPID: Int32 = 0
    /// Real user id.
    public var uid: UInt32 = 0
    /// Effective user id.
    public var effectiveUID: UInt32 = 0
    /// Real group id.
    public var gid: UInt32 = 0
    /// Effective group id.
    public var effectiveGID: UInt32 = 0
    /// Audit login uid; `UInt32.max` when unset.
    public var loginUID: UInt32 = .max
    /// Audit session id; `UInt32.max` when unset.
    public var auditSession: UInt32 = .max
    /// Controlling terminal as a device number (`makedev`), 0 when none.
    public var terminal: UInt32 = 0
    /// Capability sets, one bit per capability.
    public var capabilitiesPermitted: UInt64 = 0
    /// The effective set.
    public var capabilitiesEffective: UInt64 = 0
    /// The inheritable set.
    public var capabilitiesInheritable: UInt64 = 0
    /// The kernel's command name (15 bytes).
    public var command: ByteRange = .absent
    /// The name that the source had for the effective user id at that moment.
    public var userName: ByteRange = .absent
    /// The name that the source had for the login uid.
    public var loginUserName: ByteRange = .absent
    /// The name that the source had for the effective group id.
    public var groupName: ByteRange = .absent
    /// The executable's path as the kernel resolved it.
    public var executable: ByteRange = .absent
    /// The current directory.
    public var currentDirectory: ByteRange = .absent
    /// The arguments including argument 0, each followed by a NUL.
    public var arguments: ByteRange = .absent
    /// The environment, each `K=V` followed by a NUL.
    public var environment: ByteRange = .absent
    /// What the process shows as its command line (audit PROCTITLE): at most 128 bytes, arguments separated by NUL. The
    /// process can overwrite it and the kernel keeps it across exec: for use only where nothing better is known.
    public var title: ByteRange = .absent
    /// Start time since boot in clock ticks (field 22 of /proc/PID/stat), 0 when unknown.
    public var startTicks: UInt64 = 0
    /// Start time in nanoseconds since boot, 0 when unknown: what `startTicks` is a rounded form of.
    public var startNanoseconds: UInt64 = 0
    /// The control group (version 2) by the inode of its directory, which is its id to the kernel.
    public var controlGroupID: UInt64 = 0
    /// The process group in the initial pid namespace.
    public var processGroup: Int32 = 0
    /// The session (setsid(2)) in the initial pid namespace; `auditSession` is another thing.
    public var processSession: Int32 = 0
    /// Ids in the process' own pid namespace.
    public var namespaceIDs = NamespaceIDs()
    /// The file that it executes.
    public var executableFile = ExecutableFile()

    /// No facts.
    public init() {}
}

/// One event as a decoder made it: plain facts over a byte buffer, reused from event to event.
///
/// A source (or decoder) fills one `RawEvent`; `NodeState` completes it with what the kernel does not repeat.
public struct RawEvent: Sendable {
    /// The ABI of a system call, as the audit subsystem names it (`AUDIT_ARCH_…`, linux/audit.h).
    public struct Architecture: RawRepresentable, Sendable, Hashable {
        /// The number itself.
        public let rawValue: UInt32
        /// From the number itself.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// `AUDIT_ARCH_X86_64`.
        public static let x86_64 = Architecture(rawValue: 0xc000_003e)
        /// `AUDIT_ARCH_I386`.
        public static let i386 = Architecture(rawValue: 0x4000_0003)
        /// `AUDIT_ARCH_AARCH64`.
        public static let aarch64 = Architecture(rawValue: 0xc000_00b7)
        /// `AUDIT_ARCH_ARM`.
        public static let arm = Architecture(rawValue: 0x4000_0028)
        /// Not a system call, or the source does not tell.
        public static let none = Architecture(rawValue: 0)
        /// `AUDIT_ARCH_S390X`.
        public static let s390x = Architecture(rawValue: 0x8000_0016)
        /// `AUDIT_ARCH_PPC64LE`.
        public static let ppc64le = Architecture(rawValue: 0xc000_0015)
        /// `AUDIT_ARCH_RISCV64`.
        public static let riscv64 = Architecture(rawValue: 0xc000_00f3)
        /// Whether pointers and longs have 64 bits (`__AUDIT_ARCH_64BIT`).
        public var is64Bit: Bool { rawValue & 0x8000_0000 != 0 }
        /// Whether numbers in memory have their least byte first (`__AUDIT_ARCH_LE`).
        public var isLittleEndian: Bool { rawValue & 0x4000_0000 != 0 }
    }

    /// The event's type.
    public var type = EventType(index: 0)
    /// By what means it came.
    public var source: SourceKind = .audit
    /// The event source that rules name.
    public var ruleSource: RuleSource = .syscall
    /// Nanoseconds since the epoch.
    public var timeNanoseconds: UInt64 = 0
    /// Nanoseconds since the boot (CLOCK_BOOTTIME), where the source stamps its events so; 0 where it doesn't. Nobody sets this clock.
    public var bootNanoseconds: UInt64 = 0
    /// The source's own number for the event (audit serial), 0 when it has none.
    public var sequence: UInt64 = 0
    /// The ABI of the call.
    public var architecture: Architecture = .none
    /// The call's number in that ABI, -1 when the event is no system call.
    public var syscallNumber: Int32 = -1
    /// The registers of the call.
    public var registers: InlineArray<6, UInt64> = .init(repeating: 0)
    /// How many of `registers` the source told (audit tells 4).
    public var registerCount: UInt8 = 0
    /// Whether the source tells the call but not what is in its registers (operations of io_uring). A rule that asks
    /// about such an argument takes it as matching: what can't be known must not hide the call.
    public var hasUnknownArguments = false
    /// Whether what the call makes has no number that is known in the process' table of descriptors, though it succeeds or may: an
    /// operation of io_uring with a descriptor of the ring's own, or of which nobody tells the end.
    public var isUnnumbered = false
    /// The call's return value; negative errno on failure.
    public var result: Int64 = 0
    /// Whether `result` is told.
    public var hasResult = false
    /// The process that made the event.
    public var process = ProcessFacts()
    /// For fork-like events the new process in the initial pid namespace, 0 when unknown.
    public var childPID: Int32 = 0
    /// For process exits: the wait status.
    public var exitStatus: Int32 = 0
    /// The child's start in nanoseconds since boot, 0 when unknown.
    public var childStartNanoseconds: UInt64 = 0
    /// The child's control group, as `ProcessFacts.controlGroupID`; 0 when unknown.
    public var childControlGroupID: UInt64 = 0
    /// The child's ids in its own pid namespace.
    public var childNamespaceIDs = ProcessFacts.NamespaceIDs()
    /// The socket address as the kernel's `struct sockaddr` bytes.
    public var socketAddress: ByteRange = .absent
    /// What the socket itself has as its own address after the call, in the same form.
    public var localAddress: ByteRange = .absent
    /// What the socket itself has as its peer's.
    public var peerAddress: ByteRange = .absent
    /// The socket's address family, 0 when the source did not look at the socket.
    public var socketFamily: UInt16 = 0
    /// The socket's type (socket(2)), 0 when unknown.
    public var socketType: UInt16 = 0
    /// Its protocol, 0 when unknown.
    public var socketProtocol: UInt16 = 0
    /// Its inode number, 0 when unknown.
    public var socketInode: UInt64 = 0
    /// The file that the descriptor which the call used is open on, where the source looked: it has a path or an inode number then.
    public var usedFile = PathFact()
    /// Whether only the node's state is to learn of it: another event tells rules the same.
    public var isForStateOnly = false
    /// The descriptors that pipe and socketpair made, -1 when unknown.
    public var descriptors: InlineArray<2, Int32> = .init(repeating: -1)
    /// For openat2: how to open, nil when the source did not tell.
    public var openHow: OpenHow?
    /// The name of the kernel module that the call loads or removes.
    public var moduleName: ByteRange = .absent
    /// The name of the node that the event is from, where a log holds events of several.
    public var node: ByteRange = .absent
    /// Whether argv or a path was cut to the decoder's bound.
    public var isTruncated = false
    /// What an event of another source than the kernel says, as it came: a JSON document, a plugin's data.
    public var payload: ByteRange = .absent
    /// The arguments that the source brought ready-made; empty for sources that tell registers and paths.
    public private(set) var arguments: [ArgumentFact] = []
    /// The paths in record order.
    public private(set) var paths: [PathFact] = []
    /// The bytes that ranges refer to.
    public private(set) var bytes: [UInt8] = []

    /// An empty event with room for typical ones.
    public init() {
        // Hundreds may be under way at a time.
        bytes.reserveCapacity(2048)
        paths.reserveCapacity(8)
    }

    /// Makes the event empty again; the memory stays.
    public mutating func reset() {
        var emptied = RawEvent(keeping: bytes, paths, arguments)
        bytes = []
        paths = []
        arguments = []
        emptied.bytes.removeAll(keepingCapacity: true)
        emptied.paths.removeAll(keepingCapacity: true)
        emptied.arguments.removeAll(keepingCapacity: true)
        self = emptied
    }
    private init(
        keeping bytes: consuming [UInt8], _ paths: consuming [PathFact], _ arguments: consuming [ArgumentFact]
    ) {
        self.bytes = bytes
        self.paths = paths
        self.arguments = arguments
    }

    /// Adds an argument that came ready-made.
    public mutating func append(argument: ArgumentFact) { arguments.append(argument) }
    /// The argument at a position, if it came ready-made.
    public func argument(at index: Int) -> ArgumentFact? {
        arguments.isEmpty ? nil : arguments.first { Int($0.index) == index }
    }

    /// Adds a path.
    public mutating func append(path: PathFact) { paths.append(path) }
    /// Changes a path already added; `index` is below `paths.count`.
    public mutating func replacePath(at index: Int, with path: PathFact) { paths[index] = path }

    /// Where the next byte goes.
    public var mark: Int { bytes.count }
    /// Adds a byte.
    public mutating func append(_ byte: UInt8) { bytes.append(byte) }
    /// Adds bytes.
    public mutating func append(_ span: Span<UInt8>) {
        // The pointer is used within the closure only.
        span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
    /// Adds bytes.
    public mutating func append(_ slice: some Collection<UInt8>) { bytes.append(contentsOf: slice) }
    /// Exchanges the bytes for a buffer that a decoder filled, which then has the former bytes. The event's ranges must
    /// refer to the buffer.
    public mutating func exchangeBytes(with buffer: inout [UInt8]) { swap(&bytes, &buffer) }
    /// The range of what was added since `start`.
    public func range(from start: Int) -> ByteRange { ByteRange(start..<bytes.count) }
    /// Adds bytes and gives their range.
    public mutating func store(_ slice: some Collection<UInt8>) -> ByteRange {
        let start = mark
        append(slice)
        return range(from: start)
    }

    /// The bytes of a range.
    public func slice(_ range: ByteRange) -> ArraySlice<UInt8> { bytes[range.range] }
}
