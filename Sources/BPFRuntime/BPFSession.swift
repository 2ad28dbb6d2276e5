import CBPF
public import CBPFRecords
import Glibc
public import KernelInterface

/// What the eBPF programs are loaded with.
public struct BPFSettings: Sendable, Equatable {
    /// Bytes of the ring buffer: a power of two of pages.
    public var ringBytes = 16 << 20
    /// Entries of the table of values, and of prefixes.
    public var valueCapacity = 131_072
    /// The same for prefixes.
    public var prefixCapacity = 32_768
    /// Control groups that are counted apart; the least recently seen is forgotten first.
    public var groupCapacity = 8192
    /// Operations of io_uring whose names are kept until their end.
    public var operationCapacity = 16_384
    /// Sets of calls by control group: a power of two, twice as many as groups that are to have one, at most 8192; 0: calls are
    /// not noted, and nothing is paid for that.
    public var callSetCapacity = 0
    /// Whether programs hang on the functions of wanted calls where the kernel takes that and no calls are noted; else on one place that
    /// all calls pass.
    public var hooksFunctions = true

    /// The usual sizes.
    public init() {}
}

/// The eBPF programs of Shrike, loaded into the kernel, and the maps through which they are told what is wanted.
///
/// Loading needs CAP_BPF and CAP_PERFMON. After `attach` nothing here needs a capability. Programs and maps go when the session goes,
/// also after `kill -9`: nothing is pinned. To be used by one thread at a time.
public final class BPFSession {
    let object: OpaquePointer
    private let ringPrograms: [String]
    /// Why operations of io_uring are not seen; nil where they are, or the kernel has no io_uring.
    public let ringObstacle: BPFError?
    var links: [(name: String, link: OpaquePointer)] = []
    var facts: [AttachedFacts] = []
    var sealed = Seal()
    /// What `shrike_control` is given while the programs run, to be put right when somebody alters it.
    var memoryCheck: UInt64 = 0
    var forgotten: UInt64 = 0
    /// The greatest generation that a process was seen to have.
    var greatestGeneration: UInt64 = 0

    private let controlMemory: MappedArray<shrike_control>
    private let callMemory: MappedArray<shrike_call>
    private let slotMemory: MappedArray<shrike_slot>
    private let counterMemory: MappedArray<shrike_counters>
    /// The ring buffer that records come out of.
    public private(set) var ring: RingReader
    /// Values of names, users, ports … by slot.
    public internal(set) var values: BPFTable<shrike_value_key, shrike_verdict>
    /// Prefixes of names, and nets.
    public internal(set) var prefixes: BPFTable<shrike_prefix_key, shrike_verdict>
    /// What texts are hashed with.
    public let hashKey = BPFSession.randomKey()
    /// What control groups call; nil where that is not noted.
    let callSets: CallSets?
    let setPlaces: SetPlaces?
    let callSetCapacity: Int
    /// What is noted of control groups.
    public let countedKinds: GroupUse.Kinds
    let notesExecLate: Bool
    /// What hangs on the functions of calls; nil where all calls pass one program.
    let hooks: CallHooks?
    private let buffers: BufferCounts
    private let groupMap: Int32
    let controlMap: Int32
    let counterMap: Int32
    private let command: Int32

    /// Loads the programs, without hooks on functions where the kernel refuses those after all; nothing runs yet.
    public static func load(_ settings: BPFSettings = BPFSettings()) throws(BPFError) -> BPFSession {
        let functions = functions(settings)
        do throws(BPFError) { return try BPFSession(settings, functions) } catch {
            // Without hooks it was the whole of it that failed.
            guard functions != nil else { throw error }
            return try BPFSession(settings, nil)
        }
    }

    /// What hooks can be set on; nil where all calls pass one program.
    private static func functions(_ settings: BPFSettings) -> CallFunctions? {
        settings.hooksFunctions && settings.callSetCapacity == 0 && KernelPreemption.running.isExcluded
            ? CallFunctions.find() : nil
    }

    /// Loads the programs; nothing runs yet.
    public convenience init(_ settings: BPFSettings = BPFSettings()) throws(BPFError) {
        try self.init(settings, Self.functions(settings))
    }

    private init(_ settings: BPFSettings, _ functions: CallFunctions?) throws(BPFError) {
        let cpus = UInt32(max(libbpf_num_possible_cpus(), 1))
        let callSetCount = settings.callSetCapacity
        let buffers = BufferCounts(runningProcessors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let sizes: [(name: String, entries: UInt32)] = [
            ("shrike_ring", UInt32(clamping: settings.ringBytes)), ("shrike_scratch", buffers.all),
            ("shrike_counters", cpus), ("shrike_values", UInt32(clamping: settings.valueCapacity)),
            ("shrike_prefixes", UInt32(clamping: settings.prefixCapacity)),
            ("shrike_groups", UInt32(clamping: settings.groupCapacity)),
            ("shrike_operations", UInt32(clamping: settings.operationCapacity)),
            ("shrike_call_sets", UInt32(clamping: max(callSetCount, 1))),
            ("shrike_set_places", UInt32(clamping: max(callSetCount * Int(SHRIKE_PLACES_PER_SET), 1))),
            ("shrike_requests", UInt32(clamping: settings.operationCapacity)),
            ("shrike_counted", UInt32(clamping: settings.operationCapacity)),
        ]
        let excluded = Self.withoutCallSets(callSetCount) + CallHooks.excluded(functions)
        let loaded = try LoadedObject.load(sizes: sizes, without: excluded, targets: CallHooks.targets(functions))
        let object = loaded.object
        (ringPrograms, ringObstacle) = (loaded.ringPrograms, loaded.ringObstacle)
        var isReady = false
        defer { if !isReady { bpf_object__close(object) } }

        func map(_ name: String) throws(BPFError) -> Int32 {
            let descriptor = bpf_object__find_map_fd_by_name(object, name)
            guard descriptor >= 0 else { throw BPFError(step: .map, object: name, errno: -descriptor) }
            return descriptor
        }
        func array<Element: BitwiseCopyable>(_ name: String, _ count: Int) throws(BPFError) -> MappedArray<Element> {
            try MappedArray(descriptor: try map(name), count: count, name: name)
        }
        // Only programs write it: nobody can say by a system call that something was stopped.
        let discarders = bpf_map_freeze(try map("shrike_discarders"))
        guard discarders == 0 else { throw BPFError(step: .map, object: "shrike_discarders", errno: -discarders) }
        let values = try map("shrike_values")
        let prefixes = try map("shrike_prefixes")
        groupMap = try map("shrike_groups")
        let placeMap = try map("shrike_set_places")
        let callSetMap = try map("shrike_call_sets")
        controlMap = try map(".bss")
        counterMap = try map("shrike_counters")
        // What has to be unmapped is made last: a failure must not leave this half made.
        let control: MappedArray<shrike_control> = try array(".bss", 1)
        let calls: MappedArray<shrike_call> = try array("shrike_calls", Int(SHRIKE_TABLES * SHRIKE_CALLS))
        let slots: MappedArray<shrike_slot> = try array("shrike_slots", Int(SHRIKE_SLOTS))
        let counters: MappedArray<shrike_counters> = try array("shrike_counters", Int(cpus))
        let callSets: CallSets? =
            callSetCount > 0 ? try CallSets(descriptor: callSetMap, count: callSetCount) : nil
        let setPlaces: SetPlaces? =
            callSetCount > 0
            ? try SetPlaces(descriptor: placeMap, count: callSetCount * Int(SHRIKE_PLACES_PER_SET)) : nil
        let hooks: CallHooks? =
            if let functions {
                try CallHooks(functions) { program in
                    bpf_program__fd(bpf_object__find_program_by_name(object, program))
                }
            } else { nil }
        let ring = try RingReader(descriptor: try map("shrike_ring"))
        controlMemory = control
        callMemory = calls
        slotMemory = slots
        counterMemory = counters
        self.ring = ring
        self.callSets = callSets
        self.setPlaces = setPlaces
        callSetCapacity = callSetCount
        countedKinds = Self.countedKinds(callSetCount, without: excluded)
        self.values = BPFTable(descriptor: values, name: "shrike_values")
        self.prefixes = BPFTable(descriptor: prefixes, name: "shrike_prefixes")
        command = bpf_program__fd(bpf_object__find_program_by_name(object, "shrike_command"))
        self.object = object
        isReady = true
        self.hooks = hooks
        self.buffers = buffers
        notesExecLate = excluded.contains("shrike_prepare_exec")
        setConstants()
    }

    deinit {
        detach()
        bpf_object__close(object)
    }

    // MARK: - Memory that is shared with the programs

    /// What both sides share all the time.
    public var control: UnsafeMutablePointer<shrike_control> {
        // One entry, so there is a base address.
        controlMemory.entries.baseAddress.unsafelyUnwrapped
    }
    /// The table of calls: `table * SHRIKE_CALLS + number`.
    public var calls: UnsafeMutableBufferPointer<shrike_call> { callMemory.entries }
    /// The filters.
    public var slots: UnsafeMutableBufferPointer<shrike_slot> { slotMemory.entries }

    /// Says how a call is read, and which filter it meets. Its slot is filled before; it counts from this moment on.
    public func set(_ call: shrike_call, table: Int, number: Int) {
        let index = table * Int(SHRIKE_CALLS) + number
        guard number >= 0, number < Int(SHRIKE_CALLS), calls.indices.contains(index) else { return }
        let isWanted =
            call.slot != 0
            || call.flags & UInt16(SHRIKE_CALL_CHANGES_PROCESS.rawValue | SHRIKE_CALL_SOCKETCALL.rawValue) != 0
        let bit = UInt64(1) << UInt64(number % 64)
        if !isWanted { wantedWords[index / 64] &= ~bit }
        guard let entry = calls.baseAddress?.advanced(by: index) else { return }
        var body = call
        body.slot = entry.pointee.slot
        entry.pointee = body
        // One store, after the rest of the entry: a program sees the former filter or the new one.
        let slot = UnsafeMutableRawPointer(entry) + (MemoryLayout<shrike_call>.offset(of: \.slot) ?? 0)
        shrike_bpf_store_short(slot.assumingMemoryBound(to: UInt16.self), call.slot)
        if isWanted { wantedWords[index / 64] |= bit }
    }

    /// The words of `shrike_control.wanted`, table after table.
    var wantedWords: UnsafeMutablePointer<UInt64> {
        let offset = MemoryLayout<shrike_control>.offset(of: \.wanted) ?? 0
        return (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self)
    }

    /// The words of `shrike_control.kept_operations`.
    var keptOperationWords: UnsafeMutablePointer<UInt64> {
        let offset = MemoryLayout<shrike_control>.offset(of: \.kept_operations) ?? 0
        return (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self)
    }

    /// The words of `shrike_control.four_bytes_hint`.
    public var fourBytesHint: UnsafeMutableBufferPointer<UInt64> {
        let offset = MemoryLayout<shrike_control>.offset(of: \.four_bytes_hint) ?? 0
        return UnsafeMutableBufferPointer(
            start: (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self),
            count: Int(SHRIKE_HINT_BITS) / 64
        )
    }

    /// Sets what stays the same as long as the programs run.
    func setConstants() {
        control.pointee.hash_key = hashKey
        (control.pointee.processors, control.pointee.spares) = (buffers.own, buffers.shared)
        control.pointee.call_sets = UInt32(clamping: callSetCapacity)
        control.pointee.notes_exec_late = notesExecLate ? 1 : 0
        (control.pointee.memory_asker, control.pointee.memory_check) = (0, memoryCheck)
        control.pointee.forgotten = forgotten
    }

    // MARK: - Running

    /// Lets the programs run. What they tell comes out of `ring` as soon as `control.armed` is set.
    public func attach() throws(BPFError) {
        let log = LibraryLog()
        for name in Self.attached + ringPrograms + Self.ofCallSets {
            guard let program = bpf_object__find_program_by_name(object, name), bpf_program__fd(program) >= 0 else {
                continue
            }
            guard let link = bpf_program__attach(program) else {
                let error = BPFError(step: .attach, object: name, errno: errno, log: log.lastWords)
                detach()
                throw error
            }
            links.append((name, link))
        }
        facts = links.map { AttachedFacts(link: bpf_link__fd($0.link), program: programDescriptor($0.name)) }
        findMemoryCheck()
    }

    /// The programs that hook into the kernel.
    static let attached = [
        "shrike_renamed", "shrike_moved", "shrike_group_made", "shrike_group_removed", "shrike_exec", "shrike_fork",
        "shrike_exit", "shrike_sys_exit", "shrike_hooked_compat",
    ]

    func programDescriptor(_ name: String) -> Int32 {
        bpf_program__fd(bpf_object__find_program_by_name(object, name))
    }

    /// Takes the programs out of the kernel; what is in the ring stays. Safe to call twice.
    public func detach() {
        hooks?.detach()
        for (_, link) in links { bpf_link__destroy(link) }
        links = []
        facts = []
    }

    /// Says that the reader is going to wait for the ring's descriptor: the next record wakes it. What is in the ring already does
    /// not: look once more afterwards.
    public func willSleep() { shrike_bpf_store(&control.pointee.sleeping, 1) }

    /// Hands up to `limit` records over, each valid during the call alone. Returns how many there were.
    public func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        ring.drain(limit: limit, body)
    }

    /// Bytes that were read from the ring, and written.
    public var positions: (read: UInt64, written: UInt64) { ring.positions }

    /// Bytes that wait in the ring.
    public var waiting: Int { ring.waiting }

    /// Changes the table of values.
    public func set(_ key: shrike_value_key, _ verdict: shrike_verdict) throws(BPFError) {
        try values.set(key, verdict)
        noteFilterChange()
    }
    /// Changes the table of prefixes.
    public func set(_ key: shrike_prefix_key, _ verdict: shrike_verdict) throws(BPFError) {
        try prefixes.set(key, verdict)
        noteFilterChange()
    }
    /// Removes a value.
    public func remove(_ key: shrike_value_key) throws(BPFError) {
        try values.remove(key)
        noteFilterChange()
    }
    /// Removes a prefix.
    public func remove(_ key: shrike_prefix_key) throws(BPFError) {
        try prefixes.remove(key)
        noteFilterChange()
    }

    /// Has the programs test again what they have stopped.
    func noteFilterChange() {
        let offset = MemoryLayout<shrike_control>.offset(of: \.filter_epoch) ?? 0
        let epoch = (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self)
        shrike_bpf_store_long(epoch, epoch.pointee &+ 1)
    }

    // MARK: - What the kernel tells

    /// The counts of all CPUs together.
    public var counters: shrike_counters {
        var sum = shrike_counters()
        for entry in counterMemory.entries {
            sum.delivered &+= entry.delivered
            sum.missing.add(entry.missing)
            sum.told_early &+= entry.told_early
            sum.told_unproven &+= entry.told_unproven
            sum.told_short &+= entry.told_short
            sum.groups_apart &+= entry.groups_apart
        }
        return sum
    }

    /// Calls `body` for each control group that is counted.
    public func groups(_ body: (UInt64, shrike_group) -> Void) {
        eachEntry(of: groupMap, body)
    }

    /// Calls `body` for each entry of a hash map of numbers.
    func eachEntry<Value: BitwiseCopyable>(of map: Int32, _ body: (UInt64, Value) -> Void) {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { value in
            guard let address = value.baseAddress else { return }
            var key: UInt64 = 0
            var more = bpf_map_get_next_key(map, nil, &key)
            // The map can change meanwhile, and the walk begin again.
            for _ in 0..<65_536 where more == 0 {
                if bpf_map_lookup_elem(map, &key, address) == 0 { body(key, address.pointee) }
                var next: UInt64 = 0
                more = bpf_map_get_next_key(map, &key, &next)
                key = next
            }
        }
    }

    // MARK: - Bits of processes

    /// The generation of a process, which its bits are to be evaluated for; nil when it is gone.
    public func beginBits(ofProcess pid: Int32) -> UInt64? {
        var request = shrike_command()
        request.what = 0
        request.pid = pid
        return run(&request) == 0 ? request.generation : nil
    }

    /// Sets the bits of a process that were evaluated for that generation. False when it has changed since, or is gone; then all
    /// its bits count.
    public func setBits(_ words: [UInt64], ofProcess pid: Int32, generation: UInt64) -> Bool {
        var request = shrike_command()
        request.what = 1
        request.pid = pid
        request.generation = generation
        withUnsafeMutableBytes(of: &request.words) { memory in
            let target = memory.bindMemory(to: UInt64.self)
            for index in target.indices { target[index] = index < words.count ? words[index] : .max }
        }
        return run(&request) == 0
    }

    /// Makes all bits of all processes count again, at the cost of one store: what was evaluated for numbers given so far is void.
    public func forgetBits() {
        forgotten = control.pointee.generation
        control.pointee.forgotten = forgotten
        sealSettings()
    }

    private func run(_ request: inout shrike_command) -> Int32 {
        withUnsafeMutableBytes(of: &request) { shrike_bpf_run(command, $0.baseAddress, UInt32($0.count)) }
    }
}
