/// Times between attempts: each twice the last, with a random part, so that a fleet of nodes does not come back at once.
struct Backoff {
    /// The first wait's upper bound, in milliseconds.
    static let firstMilliseconds: UInt64 = 500
    /// The longest wait, in milliseconds.
    static let longestMilliseconds: UInt64 = 60_000
    /// A receiver can't ask for more than an hour of silence.
    static let longestRetryAfterSeconds: Int64 = 3600

    private(set) var attempts: UInt64 = 0

    /// The next wait in milliseconds. A receiver's Retry-After (seconds, 0 for none) is kept to at least.
    mutating func next(retryAfterSeconds: Int64, using random: inout some RandomNumberGenerator) -> UInt64 {
        let doubled = Self.firstMilliseconds << min(attempts, 16)
        attempts += 1
        let bound = min(doubled, Self.longestMilliseconds)
        let wait = UInt64.random(in: bound / 2...bound, using: &random)
        let asked = UInt64(max(0, min(retryAfterSeconds, Self.longestRetryAfterSeconds))) * 1000
        // What was asked for is a lower bound; the random part comes on top.
        return asked == 0 ? wait : asked + wait / 4
    }

    /// A request was answered.
    mutating func reset() { attempts = 0 }
}
