/// The processes that an event told of an exec since the last /proc scan: the scan does not tell it again.
public final class ExecLedger {
    /// More than this between two scans and the oldest notes are dropped: a second telling, not a lost one.
    private static let limit = 65536
    private var current: Set<Int32> = []
    private var previous: Set<Int32> = []

    /// An empty ledger.
    public init() {}

    func note(_ pid: Int32) {
        if current.count >= Self.limit { turn() }
        current.insert(pid)
    }

    func contains(_ pid: Int32) -> Bool { current.contains(pid) || previous.contains(pid) }

    /// Forgets what was noted before the last turn.
    func turn() {
        swap(&current, &previous)
        current.removeAll(keepingCapacity: true)
    }
}
