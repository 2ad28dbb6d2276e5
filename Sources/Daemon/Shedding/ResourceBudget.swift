import Configuration

/// Decides from what the sensor uses whether it must do less, or may do more again. Pure.
///
/// A bound counts as passed when the use was above it over ten seconds; a burst is what the sensor is for. What was shed comes
/// back after two minutes below half of the bounds, and after twice as long each time that this turns out too soon.
struct ResourceBudget {
    /// What was passed.
    enum Resource: Sendable, Equatable {
        case processor, memory
    }

    /// What is to be done.
    enum Step: Sendable, Equatable {
        case nothing
        /// Do less; what was used, and what is allowed, in percent or MiB.
        case shed(Resource, used: Int, limit: Int)
        case restore
        /// Give memory back, before anything is shed for it; as in `shed`.
        case shrink(used: Int, limit: Int)
    }

    var limits: ResourceLimits
    /// How much was shed, in steps.
    private(set) var depth = 0

    private var windowStart: (time: UInt64, processor: UInt64)?
    private var calmSince: UInt64?
    private var calmNanoseconds = Self.firstCalmNanoseconds
    private var restoredAt: UInt64?
    private var hasShrunk = false

    private static let windowNanoseconds: UInt64 = 10_000_000_000
    private static let firstCalmNanoseconds: UInt64 = 120_000_000_000
    private static let longestCalmNanoseconds: UInt64 = 3_600_000_000_000

    init(_ limits: ResourceLimits) { self.limits = limits }

    /// Whether there is a bound to keep, or something to take up again.
    var isAsked: Bool { limits != ResourceLimits() || depth > 0 }

    /// Takes the use at a time (CLOCK_MONOTONIC); `canShed` says whether anything is left to shed.
    mutating func sample(now: UInt64, _ usage: ProcessUsage, canShed: Bool) -> Step {
        guard isAsked else { return .nothing }
        guard let start = windowStart else {
            windowStart = (now, usage.cpuNanoseconds)
            return .nothing
        }
        guard now &- start.time >= Self.windowNanoseconds else { return .nothing }
        windowStart = (now, usage.cpuNanoseconds)
        let percent = Int(clamping: (usage.cpuNanoseconds &- start.processor) &* 100 / (now &- start.time))
        let mebibytes = Int(clamping: usage.residentBytes >> 20)
        if let limit = limits.processorPercent, percent > limit {
            return over(now, .shed(.processor, used: percent, limit: limit), canShed)
        }
        if let limit = limits.memoryMebibytes, mebibytes > limit {
            guard hasShrunk else {
                hasShrunk = true
                calmSince = nil
                return .shrink(used: mebibytes, limit: limit)
            }
            return over(now, .shed(.memory, used: mebibytes, limit: limit), canShed)
        }
        hasShrunk = false
        // Memory does not fall as fast as work does: being within its bound is enough.
        let isCalm = limits.processorPercent.map { percent * 2 <= $0 } ?? true
        guard depth > 0, isCalm else {
            calmSince = nil
            return .nothing
        }
        let since = calmSince ?? now
        calmSince = since
        guard now &- since >= calmNanoseconds else { return .nothing }
        depth -= 1
        calmSince = nil
        restoredAt = now
        return .restore
    }

    private mutating func over(_ now: UInt64, _ step: Step, _ canShed: Bool) -> Step {
        calmSince = nil
        guard canShed else { return .nothing }
        if let restored = restoredAt, now &- restored < calmNanoseconds {
            calmNanoseconds = min(calmNanoseconds &* 2, Self.longestCalmNanoseconds)
        }
        depth += 1
        return step
    }
}
