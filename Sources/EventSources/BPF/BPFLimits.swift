import BPFRuntime

/// Bounds of the eBPF source: the room of its tables in the kernel, and what one control group may send.
///
/// Tables of names and prefixes have room for the rules in use and for those of a reload beside them, so rules can take half of them.
public struct BPFLimits: Sendable, Equatable {
    /// The configuration's keys of them, which notices name.
    public enum Key: String, Sendable {
        case ringMebibytes = "shrike.ebpf.ring_mib"
        case values = "shrike.ebpf.values"
        case prefixes = "shrike.ebpf.prefixes"
        case files = "shrike.ebpf.files"
        case controlGroups = "shrike.ebpf.control_groups"
        case ringOperations = "shrike.ebpf.ring_operations"
        case callSets = "shrike.ebpf.call_sets"
        case hooksFunctions = "shrike.ebpf.function_hooks"
        case eventsPerSecond = "shrike.ebpf.group_rate"
        case eventsAtOnce = "shrike.ebpf.group_burst"
    }

    /// MiB of the ring buffer; rounded up to a power of two.
    public var ringMebibytes = 16
    /// Names, users, ports … that rules name, and files by inode.
    public var values = 131_072
    /// Beginnings of names, and networks.
    public var prefixes = 32_768
    /// Files that rules name as a whole and that are looked up, so that they are known under other names.
    public var files = 4096
    /// Control groups that are counted apart; the least recently seen is forgotten first.
    public var controlGroups = 8192
    /// Operations of io_uring whose names are kept until their end.
    public var ringOperations = 16_384
    /// Control groups whose system calls are noted, each with a set of its own; 0: no group's, which then costs nothing.
    public var callSets = 0
    /// Whether programs hang on the functions of the calls that rules ask for, where the kernel takes that.
    public var hooksFunctions = true
    /// Events a second that one control group may send; 0: any number.
    public var eventsPerSecond = 10_000
    /// How many of them at once.
    public var eventsAtOnce = 20_000

    /// The usual ones.
    public init(callSets: Int = 0) { self.callSets = callSets }

    /// Values that the rules in use can take.
    var usableValues: Int { values / 2 }
    /// Prefixes that the rules in use can take.
    var usablePrefixes: Int { prefixes / 2 }

    /// The sizes of the tables.
    var settings: BPFSettings {
        var settings = BPFSettings()
        settings.ringBytes = Self.powerOfTwo(atLeast: max(ringMebibytes, 1)) << 20
        settings.valueCapacity = values
        settings.prefixCapacity = prefixes
        settings.groupCapacity = controlGroups
        settings.operationCapacity = ringOperations
        settings.hooksFunctions = hooksFunctions
        // Sets are found by hash: half of them stay free.
        if callSets > 0 { settings.callSetCapacity = Self.powerOfTwo(atLeast: min(max(callSets, 32), 4096) * 2) }
        return settings
    }

    /// What one control group may send.
    var share: LoadedPrograms.Share {
        LoadedPrograms.Share(
            rate: UInt64(clamping: eventsPerSecond), burst: UInt64(clamping: max(eventsAtOnce, 1)))
    }

    static func powerOfTwo(atLeast number: Int) -> Int {
        var power = 1
        while power < number, power < 1 << 20 { power <<= 1 }
        return power
    }
}
