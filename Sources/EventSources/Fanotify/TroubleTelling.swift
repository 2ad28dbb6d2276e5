/// What was told of troubles, so that each is told once, and its end.
struct TroubleTelling: Sendable {
    /// So many sentences in such a time; the rest is counted.
    private static let limit = 32
    private static let intervalNanoseconds: UInt64 = 60_000_000_000

    private var troubles: Set<FanotifyTrouble> = []
    /// Those that were told, as opposed to counted.
    private var told: Set<FanotifyTrouble> = []
    private var left = limit
    private var suppressed = 0
    private var since: UInt64 = 0

    /// Takes what is wrong now; gives what is to be said of it.
    mutating func take(_ now: Set<FanotifyTrouble>) -> [(kind: SourceNotice.Kind, message: String)] {
        var notices: [(kind: SourceNotice.Kind, message: String)] = []
        let ended = told.subtracting(now)
        for trouble in now.subtracting(troubles).sorted(by: { $0.message < $1.message }) {
            guard left > 0 else {
                suppressed += 1
                continue
            }
            left -= 1
            told.insert(trouble)
            notices.append((trouble.isByNature ? .remark : .blind, trouble.message))
        }
        // Whoever was told the one is told the other.
        notices += ended.compactMap(\.recovery).sorted().map { (.recovered, $0) }
        told.subtract(ended)
        troubles = now
        return notices
    }

    /// Time has passed (CLOCK_MONOTONIC); gives what is to be said of those that were only counted.
    mutating func tick(_ now: UInt64) -> String? {
        guard now &- since >= Self.intervalNanoseconds else { return nil }
        since = now
        left = Self.limit
        defer { suppressed = 0 }
        return suppressed > 0 ? "\(suppressed) more places could not be watched in the last minute" : nil
    }
}
