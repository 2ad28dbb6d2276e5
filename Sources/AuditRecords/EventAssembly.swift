import EventModel

/// One event in the making: takes records in any order, then hands over a complete `RawEvent`.
///
/// Lives in a slot that is used again and again; its buffers stay.
struct EventAssembly {
    /// Which records came.
    struct Seen: OptionSet {
        let rawValue: UInt16
        static let syscall = Seen(rawValue: 1)
        static let ringOperation = Seen(rawValue: 2)
        static let end = Seen(rawValue: 4)
        static let currentDirectory = Seen(rawValue: 8)
        static let socketAddress = Seen(rawValue: 16)
        static let proctitle = Seen(rawValue: 32)
        static let socketCall = Seen(rawValue: 64)
        static let capabilities = Seen(rawValue: 128)
        static let descriptorPair = Seen(rawValue: 256)
        static let mmap = Seen(rawValue: 512)
        static let openat2 = Seen(rawValue: 1024)
        static let module = Seen(rawValue: 2048)
        static let control = Seen(rawValue: 4096)
        /// EOE itself; `end` may also be PROCTITLE.
        static let endOfEvent = Seen(rawValue: 8192)
    }

    /// What became of a record.
    enum Outcome { case taken, duplicate, malformed }

    /// Bound on the texts of one event, arguments aside.
    static let maximumBytes = 262_144
    static let maximumPaths = 64

    var id = EventID(time: 0, serial: 0)
    /// When the first record came, as the caller's clock says.
    var receivedAt: UInt64 = 0
    /// Numbers of the decoder's records: of the first and the last one taken.
    var firstRecord: UInt64 = 0
    var lastRecord: UInt64 = 0
    /// Index of the node in the decoder's clocks.
    var clock = 0

    var event = RawEvent()
    var bytes: [UInt8] = []
    var arguments = ArgumentAssembly()
    var seen: Seen = []
    /// `items=` of the SYSCALL or URINGOP record.
    var declaredPaths: UInt64 = 0
    /// `item=` of each path, in record order.
    var pathItems: [UInt32] = []
    /// Whether any PATH record said what its path is.
    var areRolesTold = false
    /// Whether the call is of an ABI whose numbers no table has, and the record does not name it either.
    var isArchitectureUnknown = false
    /// Of a ring operation: which, and its result; the event's own members are the system call's.
    var ringOperation: Int32 = -1
    var ringResult: Int64?
    /// What CONFIG_CHANGE and its kin said; rare.
    var controls: [AuditControlRecord] = []

    init() {
        // The event's reserve serves as the assembly's buffer; they are exchanged again on delivery.
        event.exchangeBytes(with: &bytes)
    }

    /// Whether there is a process to speak of: without SYSCALL or URINGOP no event can be made.
    var isDeliverable: Bool { !seen.isDisjoint(with: [.syscall, .ringOperation]) }
    /// Whether every record came that others announced.
    @inline(__always)
    var isWhole: Bool { isWhole(whereArguments: arguments.isComplete) }
    @inline(__always)
    private func isWhole(whereArguments areThere: Bool) -> Bool {
        isDeliverable && UInt64(event.paths.count) >= min(declaredPaths, UInt64(Self.maximumPaths))
            && areThere && (arguments.isPresent || !hasExecuted)
    }
    /// Whether records come in the kernel's order, as netlink gives them.
    var isOrdered = false
    /// Whether the call has put a new program in place: then the kernel writes EXECVE. (It writes CWD with every named
    /// path too, but many rule sets exclude that type, so it is not waited for.)
    @inline(__always)
    private var hasExecuted: Bool {
        event.hasResult && event.result == 0 && seen.contains(.syscall)
            && (event.type == EventAssembly.execve || event.type == EventAssembly.execveat)
    }
    /// Whether the event is over and nothing is known to be missing. A change of audit itself has no SYSCALL record where
    /// the call that made it is not audited.
    ///
    /// Asked with every record, and inlined: a call would copy the whole assembly for it.
    @inline(__always)
    var isDone: Bool {
        guard seen.contains(.end) else { return false }
        if isWhole || seen.contains(.control) && !isDeliverable { return true }
        // Nothing follows EOE where records keep the kernel's order: what is missing then never comes.
        if seen.contains(.endOfEvent), isOrdered, isDeliverable { return true }
        return isWhole(whereArguments: arguments.isOver)
    }
    /// How much memory the event's texts take.
    var byteCount: Int { bytes.count &+ arguments.bytes.count }

    mutating func reset() {
        if bytes.capacity > 2 * Self.maximumBytes { bytes = [] }
        bytes.removeAll(keepingCapacity: true)
        event.reset()
        arguments.reset()
        seen = []
        declaredPaths = 0
        pathItems.removeAll(keepingCapacity: true)
        areRolesTold = false
        isOrdered = false
        isArchitectureUnknown = false
        ringOperation = -1
        ringResult = nil
        controls.removeAll()
    }

    // MARK: Delivery

    /// Whether the event is two: an operation of io_uring that ran inside a system call.
    var isPair: Bool { seen.isSuperset(of: [.syscall, .ringOperation]) }

    /// Completes the event; call once.
    mutating func complete(_ table: SyscallTable, _ source: SourceKind) {
        event.source = source
        event.timeNanoseconds = id.time
        event.sequence = UInt64(id.serial)
        if arguments.isPresent { event.process.arguments = arguments.finish(into: &bytes) }
        if arguments.isTruncated { event.isTruncated = true }
        if !pathItems.isEmpty {
            orderPaths()
            inferRoles()
        }
        if seen.contains(.syscall) {
            if table.isSocketCall(event.architecture, event.syscallNumber) { resolveSocketCall(table) }
            if event.architecture == .s390x { takeRegistersOfS390() }
            if event.socketAddress.isPresent { orderFamily() }
            // exit and exit_group: the status as wait(2) encodes it.
            if event.type == EventAssembly.exitGroup || event.type == EventAssembly.exit {
                event.exitStatus = Int32(truncatingIfNeeded: (event.registers[0] & 0xff) << 8)
            }
        } else {
            makeRingOperation()
        }
    }

    /// Hands the event over and takes the other one's memory for the next.
    mutating func deliver(into other: inout RawEvent) {
        swap(&event, &other)
        other.exchangeBytes(with: &bytes)
        event.exchangeBytes(with: &bytes)
    }

    /// clone has its stack before its flags there (CONFIG_CLONE_BACKWARDS2).
    private mutating func takeRegistersOfS390() {
        if event.type == EventAssembly.clone, event.registerCount > 1 { event.registers.swapAt(0, 1) }
    }

    /// The family of an address is in the order of the machine that wrote the log; makes it this one's.
    private mutating func orderFamily() {
        let start = Int(event.socketAddress.start)
        guard event.architecture != .none, event.socketAddress.range.count > 1, start &+ 1 < bytes.count else { return }
        if event.architecture.isLittleEndian != (UInt16(littleEndian: 1) == 1) { bytes.swapAt(start, start &+ 1) }
    }

    /// The registers of a socket call are its number and an address; the SOCKETCALL record has the true arguments.
    private mutating func resolveSocketCall(_ table: SyscallTable) {
        event.type = table.type(ofSocketCall: event.registers[0]) ?? SyscallTable.unknownType
        event.registerCount = 0
        if seen.contains(.socketCall) {
            event.registers = socketCallArguments
            event.registerCount = socketCallCount
        }
    }

    private static let execve = EventType(name: "execve")
    private static let execveat = EventType(name: "execveat")
    private static let exitGroup = EventType(name: "exit_group")
    private static let clone = EventType(name: "clone")
    private static let exit = EventType(name: "exit")

    var socketCallArguments: InlineArray<6, UInt64> = .init(repeating: 0)
    var socketCallCount: UInt8 = 0
}
