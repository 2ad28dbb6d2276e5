/// Which came first in each container: its program, or the watch over its files. What the program did before is not seen.
struct ContainerBeginnings: Sendable {
    private enum Half { case watched(at: UInt64), began(at: UInt64) }
    /// Of those of which one of both is known, by their roots.
    private var halves: [String: Half] = [:]

    /// Its files are watched from this time on (CLOCK_MONOTONIC, nanoseconds, as all of these). Gives for how long its program had run
    /// unwatched; nil where it had not, or has not begun as far as is known.
    mutating func watched(_ root: String, at time: UInt64) -> UInt64? {
        if case .began(let began) = halves.removeValue(forKey: root) { return Self.gap(from: began, to: time) }
        halves[root] = .watched(at: time)
        return nil
    }

    /// Its first program began at this time. Gives for how long it had run unwatched, where its files are watched by now.
    mutating func began(_ root: String, at time: UInt64) -> UInt64? {
        if case .watched(let watched) = halves.removeValue(forKey: root) { return Self.gap(from: time, to: watched) }
        halves[root] = .began(at: time)
        return nil
    }

    /// It is over.
    mutating func ended(_ root: String) { halves[root] = nil }

    private static func gap(from began: UInt64, to watched: UInt64) -> UInt64? {
        watched > began ? watched - began : nil
    }
}
