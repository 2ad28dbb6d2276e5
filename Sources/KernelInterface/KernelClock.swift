import Glibc

/// The kernel's clocks (clock_gettime(2)), in nanoseconds.
public enum KernelClock {
    /// Time since an unknown start; goes forward only, not while suspended.
    public static var monotonicNanoseconds: UInt64 { now(CLOCK_MONOTONIC) }
    /// Time since boot, suspension included: what process start times count from.
    public static var bootNanoseconds: UInt64 { now(CLOCK_BOOTTIME) }
    /// Time since the epoch; may be set.
    public static var realNanoseconds: UInt64 { now(CLOCK_REALTIME) }

    private static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}
