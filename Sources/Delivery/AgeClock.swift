/// The time by which alerts in the spool are judged too old. A wall clock that is set while the daemon runs must not make
/// what waits look old: neither a jump forwards, such as the first synchronization of a node that started in 1970, nor the
/// way back from a future that was wrong. So it is the earlier of the wall clock and the start's with what passed since.
struct AgeClock {
    private let start: UInt64
    private let startMonotonic: UInt64

    /// A clock that starts at this time, nanoseconds since the epoch, and this one of a clock that no one sets.
    init(wallClock: UInt64, monotonic: UInt64) { (start, startMonotonic) = (wallClock, monotonic) }

    /// The time, nanoseconds since the epoch.
    func nanoseconds(wallClock: UInt64, monotonic: UInt64) -> UInt64 {
        min(wallClock, start &+ (monotonic &- startMonotonic))
    }
}
