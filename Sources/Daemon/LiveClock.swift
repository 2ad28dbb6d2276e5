import KernelInterface

/// The clocks that a live run goes by, in nanoseconds; a test has its own.
struct LiveClock: Sendable {
    /// Never goes back.
    var monotonic: @Sendable () -> UInt64 = KernelClock.monotonic
    /// Since the epoch.
    var wall: @Sendable () -> UInt64 = KernelClock.wall
    /// Since the epoch, cheap enough for each event.
    var coarseWall: @Sendable () -> UInt64 = KernelClock.coarseWall
}
