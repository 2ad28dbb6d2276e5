import CBPFRecords
public import EventModel

/// Turns the records of the eBPF programs (`CBPFRecords`) into events. Pure; any bytes give an event or are counted.
public struct BPFRecordDecoder: Sendable {
    /// What a record was.
    public enum Outcome: Sendable, Equatable {
        /// An event is filled in.
        case event
        /// Nothing: the record can't be read, and is counted.
        case none
    }

    /// What was taken and not taken.
    public private(set) var counters = BPFRecordCounters()
    /// By which numbers the programs may count the last record's control group (`shrike_groups`): its id, and what stands for it
    /// where control groups don't tell processes apart.
    public private(set) var controlGroups: InlineArray<2, UInt64> = [0, 0]
    /// What is added to CLOCK_BOOTTIME to get nanoseconds since the epoch; wraps.
    public var epochOffset: UInt64 = 0

    private let native: RawEvent.Architecture
    private let narrow: RawEvent.Architecture
    let types = RecordEventTypes()

    /// A decoder of records of this machine, or of another architecture's.
    ///
    /// - Parameters:
    ///   - native: what calls of 64-bit programs have.
    ///   - narrow: what calls of 32-bit programs have.
    public init(native: RawEvent.Architecture = .host64, narrow: RawEvent.Architecture = .host32) {
        self.native = native
        self.narrow = narrow
    }

    /// Reads one record. The event is reset first; afterwards it has a copy of what it refers to.
    public mutating func decode(_ bytes: Span<UInt8>, into event: inout RawEvent) -> Outcome {
        event.reset()
        counters.records &+= 1
        guard let record = bytes.structure(at: 0, as: shrike_record.self), let size = Int(exactly: record.size),
            size >= MemoryLayout<shrike_record>.size, size <= bytes.count, size <= Int(SHRIKE_RECORD_MAX)
        else {
            counters.malformed &+= 1
            return .none
        }
        guard record.version == UInt16(SHRIKE_RECORD_VERSION) else {
            counters.foreign &+= 1
            return .none
        }
        event.append(bytes.extracting(0..<size))
        controlGroups = [record.cgroup, 1 << 63 | UInt64(record.mnt_ns) << 32 | UInt64(record.pid_ns)]
        guard takeKind(record, into: &event) else {
            counters.malformed &+= 1
            event.reset()
            return .none
        }
        takeProcess(record, bytes, into: &event)
        var assembly = RecordAssembly()
        var parts = RecordParts(record, end: size)
        while let part = parts.next(bytes) { assembly.take(part, bytes, into: &event) }
        guard !parts.isBroken else {
            counters.malformed &+= 1
            event.reset()
            return .none
        }
        assembly.finish(record, bytes, types, into: &event)
        if record.has(SHRIKE_FLAG_INCOMPLETE) {
            counters.incomplete &+= 1
            event.isTruncated = true
        }
        counters.events &+= 1
        return .event
    }

    /// What happened; false for a record of no known kind.
    private func takeKind(_ record: shrike_record, into event: inout RawEvent) -> Bool {
        event.source = .ebpf
        event.timeNanoseconds = record.time &+ epochOffset
        event.bootNanoseconds = record.time
        switch UInt32(record.kind) {
        case SHRIKE_RECORD_CALL.rawValue, SHRIKE_RECORD_RING.rawValue:
            guard Int(record.type) < EventType.count else { return false }
            event.type = EventType(index: record.type)
            takeCall(record, into: &event)
        case SHRIKE_RECORD_EXEC.rawValue:
            event.type = types.isExecveat(record, native: native) ? types.execveat : types.execve
            event.hasResult = true
            event.syscallNumber = record.call
            event.architecture = architecture(of: record)
        case SHRIKE_RECORD_FORK.rawValue:
            event.type = types.clone
            event.hasResult = true
            // The call's own event, if rules ask for it, comes when the caller returns.
            event.isForStateOnly = true
        case SHRIKE_RECORD_EXIT.rawValue:
            event.type = types.procexit
            event.exitStatus = record.status
        default: return false
        }
        return true
    }

    private func architecture(of record: shrike_record) -> RawEvent.Architecture {
        record.has(SHRIKE_FLAG_32BIT) ? narrow : native
    }

    private func takeCall(_ record: shrike_record, into event: inout RawEvent) {
        let isRing = record.is(SHRIKE_RECORD_RING)
        event.architecture = isRing ? native : architecture(of: record)
        event.syscallNumber = isRing ? -1 : record.call
        if !record.has(SHRIKE_FLAG_NO_RESULT), !record.has(SHRIKE_FLAG_SUBMITTED) {
            event.result = record.result
            event.hasResult = true
        }
        // Nothing of the process' table: a direct descriptor of the ring, or one whose number nobody tells.
        event.isUnnumbered = isRing && (record.has(SHRIKE_FLAG_DIRECT) || record.has(SHRIKE_FLAG_NO_RESULT))
        guard !record.has(SHRIKE_FLAG_NO_ARGUMENTS) else {
            event.hasUnknownArguments = true
            return
        }
        let arguments = record.arguments
        event.registers = [arguments.0, arguments.1, arguments.2, arguments.3, arguments.4, arguments.5]
        event.registerCount = 6
    }

    /// Who did it. The record of a fork describes the new process; who made it is like it in most.
    private func takeProcess(_ record: shrike_record, _ bytes: Span<UInt8>, into event: inout RawEvent) {
        var process = ProcessFacts()
        process.uid = record.uid
        process.effectiveUID = record.euid
        process.gid = record.gid
        process.effectiveGID = record.egid
        process.loginUID = record.login_uid
        process.auditSession = record.audit_session
        process.terminal = record.terminal
        process.processGroup = record.pgid
        process.processSession = record.sid
        process.known = [
            .userIDs, .groupIDs, .loginUser, .session, .terminal, .processGroup,
        ]
        process.command = Self.command(bytes)
        var ids = ProcessFacts.NamespaceIDs()
        ids.namespace = UInt64(record.pid_ns)
        (ids.pid, ids.tid, ids.parentPID) = (record.ns_tgid, record.ns_tid, record.ns_ppid)
        (ids.group, ids.session) = (record.ns_pgid, record.ns_sid)
        if record.is(SHRIKE_RECORD_FORK) {
            process.pid = record.other_tgid
            process.tid = record.other_tid
            event.childPID = record.tgid
            event.result = Int64(record.tgid)
            event.childStartNanoseconds = record.start_time
            event.childNamespaceIDs = ids
            event.childControlGroupID = record.cgroup
            // Another parent than the caller is what CLONE_PARENT (linux/sched.h) makes.
            event.registers[0] = record.ppid == record.other_tgid ? 0 : 0x8000
            event.registerCount = 1
        } else {
            process.pid = record.tgid
            process.tid = record.tid
            process.parentPID = record.ppid
            process.startNanoseconds = record.start_time
            process.namespaceIDs = ids
            process.capabilitiesPermitted = record.cap_permitted
            process.capabilitiesEffective = record.cap_effective
            process.capabilitiesInheritable = record.cap_inheritable
            process.controlGroupID = record.cgroup
            process.known.formUnion([.parent, .namespaceIDs, .capabilities, .controlGroup])
        }
        event.process = process
    }

    /// The thread's name, without what stands behind its zero.
    private static func command(_ bytes: Span<UInt8>) -> ByteRange {
        let start = MemoryLayout<shrike_record>.offset(of: \.comm) ?? 0
        var end = start
        while end < start + MemoryLayout<shrike_record>.size(ofValueAt: \.comm), bytes[end] != 0 { end += 1 }
        return ByteRange(start..<end)
    }
}

extension MemoryLayout where T == shrike_record {
    /// The bytes of a member.
    fileprivate static func size<Value>(ofValueAt path: KeyPath<T, Value>) -> Int { MemoryLayout<Value>.size }
}

extension shrike_record {
    func has(_ flag: shrike_record_flag) -> Bool { flags & flag.rawValue != 0 }
    func `is`(_ kind: shrike_record_kind) -> Bool { UInt32(self.kind) == kind.rawValue }
}

extension RawEvent.Architecture {
    #if arch(arm64)
        /// Programs of this machine with 64 bits.
        public static let host64 = aarch64
        /// Programs of this machine with 32 bits.
        public static let host32 = arm
    #else
        /// Programs of this machine with 64 bits.
        public static let host64 = x86_64
        /// Programs of this machine with 32 bits.
        public static let host32 = i386
    #endif
}
