import Glibc

/// The kernel's clocks, in nanoseconds (clock_gettime(2)).
public enum KernelClock {
    /// Time since some moment before the start; nobody sets it (CLOCK_MONOTONIC).
    public static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Time since the node was booted, with the time that it slept (CLOCK_BOOTTIME).
    public static func boot() -> UInt64 { read(CLOCK_BOOTTIME) }

    /// Time since the epoch (CLOCK_REALTIME).
    public static func wall() -> UInt64 { read(CLOCK_REALTIME) }

    /// Time since the epoch, exact to a timer tick: it costs a few nanoseconds, and is what audit stamps events with
    /// (CLOCK_REALTIME_COARSE).
    public static func coarseWall() -> UInt64 { read(CLOCK_REALTIME_COARSE) }

    /// Processor time that this process has used (CLOCK_PROCESS_CPUTIME_ID).
    public static func processor() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    // Before the epoch it wraps: a wrong time, no trap.
    private static func read(_ id: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(id, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}
