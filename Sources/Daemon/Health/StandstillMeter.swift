/// How long the event thread stood still: while it works off one batch, and what else is due, it reads nothing. Whoever stops
/// the whole process shows here too.
struct StandstillMeter: Sendable {
    /// The longest time so far, in nanoseconds.
    private(set) var longest: UInt64 = 0

    /// Takes one round, by a clock that never goes back: when the thread began to wait, for how long it meant to at most, when it
    /// went on, and when it was done.
    mutating func take(waited begin: UInt64, atMost limit: UInt64, woke: UInt64, done: UInt64) {
        let waited = woke &- begin
        longest = max(longest, (waited > limit ? waited &- limit : 0) &+ (done &- woke))
    }
}
