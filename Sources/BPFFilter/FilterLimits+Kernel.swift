import CBPFRecords
public import EventModel

extension FilterLimits {
    /// What the kernel's tables can look up. One alternative is left free for what the node's state lives on.
    public static var ofKernelTables: FilterLimits {
        var limits = FilterLimits()
        limits.alternatives = AlternativeSet.capacity - 1
        // Which container and which executable a process has is found out once for it, not for each event.
        limits.dimensions.subtract([.scope, .executable])
        limits.commands = .exact
        limits.textLength = Int(SHRIKE_PREFIX_MAX)
        // Four bytes of each are looked up at once, however many there are.
        limits.containedTexts = 64
        #if arch(arm64)
            limits.architecture = .aarch64
        #endif
        return limits
    }
}
