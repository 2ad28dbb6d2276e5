import CBPF
import CBPFRecords

/// Checksums of what only user space sets and the programs go by; nil: not set up yet.
struct Seal {
    /// Calls and filters.
    var tables: UInt64?
    /// What is in `shrike_control` beside them.
    var settings: UInt64?
}

extension BPFSession {
    /// Notes what calls, filters and settings are, after user space has changed them.
    public func seal() {
        noteFilterChange()
        sealed = Seal(tables: tableChecksum, settings: settingsChecksum)
    }

    /// The same for settings alone, which is cheap.
    func sealSettings() {
        if sealed.settings != nil { sealed.settings = settingsChecksum }
    }

    private struct Checksum {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ bytes: UnsafeRawBufferPointer) {
            for word in bytes.assumingMemoryBound(to: UInt64.self) {
                value = (value ^ word) &* 0x100_0000_01b3
                value ^= value >> 29
            }
        }
    }

    private var tableChecksum: UInt64 {
        var sum = Checksum()
        sum.add(UnsafeRawBufferPointer(calls))
        sum.add(UnsafeRawBufferPointer(slots))
        sum.add(UnsafeRawBufferPointer(start: wantedWords, count: Int(SHRIKE_TABLES * SHRIKE_CALLS) / 8))
        sum.add(UnsafeRawBufferPointer(start: keptOperationWords, count: Int(SHRIKE_CALLS) / 8))
        sum.add(UnsafeRawBufferPointer(fourBytesHint))
        return sum.value
    }

    /// All of `shrike_control` that the programs go by and don't write themselves, but `armed`, which is looked at for itself.
    private var settingsChecksum: UInt64 {
        let (control, key) = (control.pointee, control.pointee.hash_key)
        let settings = [
            control.rate, control.burst, UInt64(control.environment), UInt64(UInt32(bitPattern: control.ignored)),
            UInt64(UInt32(bitPattern: control.canary_parent)), UInt64(control.call_sets), key.first, key.second,
            UInt64(control.processors), UInt64(control.spares), UInt64(control.notes_exec_late), control.memory_check,
            UInt64(UInt32(bitPattern: control.memory_asker)), UInt64(control.set_epoch), control.forgotten,
        ]
        var sum = Checksum()
        settings.withUnsafeBytes { sum.add($0) }
        return sum.value
    }

    /// Whether numbers of processes go backwards: then one of them could be taken for another's.
    private var isGenerationAltered: Bool {
        let generation = control.pointee.generation
        defer { greatestGeneration = max(greatestGeneration, generation) }
        return generation < greatestGeneration
    }

    /// What somebody else has altered since it was set; `limit` bounds how many entries of tables are looked at this time.
    public func alterations(limit: Int = 1024) -> [BPFAlteration] {
        var found: [BPFAlteration] = []
        for (index, attached) in facts.enumerated() where index < links.count {
            let name = links[index].name
            let now = AttachedFacts(link: bpf_link__fd(links[index].link), program: programDescriptor(name))
            if now != attached { found.append(.program(name)) }
        }
        hooks?.countRecursionMisses()
        for function in hooks?.altered ?? [] { found.append(.program("shrike_hook on \(function)")) }
        let isAltered =
            sealed.tables.map { $0 != tableChecksum } == true || sealed.settings.map { $0 != settingsChecksum } == true
        if isGenerationAltered || isAltered { found.append(.filter) }
        if !values.check(limit: limit) { found.append(.table("values")) }
        if !prefixes.check(limit: limit) { found.append(.table("prefixes")) }
        if control.pointee.armed == 0 { found.append(.disarmed) }
        return found
    }

    /// Times that a program was skipped since it ran on that CPU already: lost events.
    public var recursionMisses: UInt64 {
        links.reduce(hooks?.recursionMisses ?? 0) { sum, link in
            var facts = shrike_bpf_program_facts()
            return shrike_bpf_program_facts(programDescriptor(link.name), &facts) == 0
                ? sum &+ facts.recursion_misses : sum
        }
    }
}
