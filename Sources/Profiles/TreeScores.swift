import Glibc

/// How odd the recent acts of process trees are: surprise in bits, added up over a process and its forebears, halved with time, so
/// that a chain of slightly odd acts counts as one odd chain.
///
/// A table of fixed size: a process whose place another one takes begins anew.
public struct TreeScores: Sendable {
    private struct Entry {
        var process: UInt64 = 0
        var bits: Float = 0
        var time: UInt32 = 0
    }

    private var entries: [Entry]
    private let halfLifeSeconds: Float

    /// Scores that lose half of their bits in so many seconds.
    ///
    /// - Parameter places: processes that are remembered at a time; rounded up to a power of two.
    public init(halfLifeSeconds: UInt32 = 300, places: Int = 2048) {
        var size = 64
        while size < places, size < 1 << 20 { size *= 2 }
        entries = Array(repeating: Entry(), count: size)
        self.halfLifeSeconds = Float(max(halfLifeSeconds, 1))
    }

    /// The score of a process now, bits.
    ///
    /// - Parameters:
    ///   - process: a number that no other process has.
    ///   - parent: its parent's number, 0 when unknown: a process begins with what its parent had.
    public func score(of process: UInt64, parent: UInt64, at now: UInt32) -> Double {
        Double(value(process, now) ?? value(parent, now) ?? 0)
    }

    /// Adds bits to a process and to its parent; gives the process' score.
    public mutating func add(_ bits: Double, to process: UInt64, parent: UInt64, at now: UInt32) -> Double {
        let inherited = value(process, now) ?? value(parent, now) ?? 0
        let score = inherited + Float(bits)
        set(process, score, now)
        if parent != 0 { set(parent, (value(parent, now) ?? 0) + Float(bits), now) }
        return Double(score)
    }

    private func place(_ process: UInt64) -> Int {
        Int(truncatingIfNeeded: process &* 0x9e37_79b9_7f4a_7c15 >> 20) & (entries.count - 1)
    }

    private func value(_ process: UInt64, _ now: UInt32) -> Float? {
        let entry = entries[place(process)]
        guard process != 0, entry.process == process else { return nil }
        return entry.bits * exp2(-Float(now > entry.time ? now - entry.time : 0) / halfLifeSeconds)
    }

    private mutating func set(_ process: UInt64, _ bits: Float, _ now: UInt32) {
        guard process != 0 else { return }
        entries[place(process)] = Entry(process: process, bits: bits, time: now)
    }
}
