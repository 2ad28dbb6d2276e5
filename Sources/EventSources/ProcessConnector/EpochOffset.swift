import Glibc

/// What to add to CLOCK_MONOTONIC to get nanoseconds since the epoch.
///
/// Measured anew at every tick, so that an event's time follows when the wall clock is set.
struct EpochOffset: Sendable {
    private(set) var nanoseconds: UInt64 = 0

    init() { measure() }

    mutating func measure() {
        nanoseconds = Self.now(CLOCK_REALTIME) &- Self.now(CLOCK_MONOTONIC)
    }

    /// Wraps when the wall clock is before the epoch: a wrong time, no trap.
    func epoch(monotonic: UInt64) -> UInt64 { nanoseconds &+ monotonic }

    static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}
