/// Records that the kernel has lost: told at once, and what is lost soon after with the next time, so that one deed is not told in pieces.
struct AuditLosses {
    /// Between two times that losses are told, nanoseconds.
    static let interval: UInt64 = 10_000_000_000

    private var waiting: UInt64 = 0
    private var due: UInt64 = 0

    mutating func add(_ count: UInt64) { waiting &+= count }

    /// How many are to be told; nil: none, or not yet. At the end all are.
    mutating func take(nowNanoseconds: UInt64, isEnd: Bool = false) -> UInt64? {
        guard waiting > 0, isEnd || nowNanoseconds >= due else { return nil }
        defer { (waiting, due) = (0, nowNanoseconds &+ Self.interval) }
        return waiting
    }
}
