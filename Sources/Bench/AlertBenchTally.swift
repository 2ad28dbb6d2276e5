import Spool

/// Counts and times of a bench: alerts are numbered from 1 in the order in which they are made, which is that of the spool.
struct AlertBenchTally {
    /// How one network output does.
    struct Output {
        let name: String
        fileprivate(set) var position: Int64 = 0
        fileprivate(set) var delivered: Int64 = 0
        fileprivate(set) var refused: Int64 = 0
        /// From the making of an alert to the note that its receiver has taken it.
        fileprivate(set) var latency = LatencyHistogram()
        /// When the last was delivered, monotonic nanoseconds.
        fileprivate(set) var lastDelivery: UInt64 = 0
    }

    private(set) var outputs: [Output]
    /// Alerts made.
    private(set) var made: Int64 = 0
    /// Alerts in the spool's file so far.
    private(set) var accepted: Int64 = 0
    /// Alerts that the spool gave up.
    private(set) var lost: UInt64 = 0
    /// From the making of an alert to the commit.
    private(set) var acceptance = LatencyHistogram()
    /// When something last went on, monotonic nanoseconds.
    private(set) var lastMove: UInt64

    /// When alerts were made, from number `firstKept + 1` on; those that everyone is done with are forgotten.
    private var times: [UInt64] = []
    private var firstKept: Int64 = 0
    private static let forgettingStep = 65_536

    init(outputs: [String], now: UInt64) {
        self.outputs = outputs.map { Output(name: $0) }
        lastMove = now
    }

    /// An alert is made.
    mutating func make(now: UInt64) {
        made += 1
        lastMove = now
        times.append(now)
    }

    /// After a commit: so many alerts wait in memory.
    mutating func commit(waiting: Int, now: UInt64) {
        let end = made - Int64(waiting)
        // After a loss nobody knows which alerts the numbers in the spool are.
        if lost == 0 { for number in accepted..<max(end, accepted) { acceptance.add(age(number + 1, now)) } }
        accepted = max(end, accepted)
    }

    /// The spool gave up alerts.
    mutating func lose(_ count: UInt64) { lost += count }

    /// Takes what an output has done so far.
    mutating func note(_ progress: OutputProgress, now: UInt64) {
        guard let index = outputs.firstIndex(where: { $0.name == progress.output }) else { return }
        let before = outputs[index]
        guard progress.position > before.position else { return }
        lastMove = now
        outputs[index].position = progress.position
        outputs[index].refused = progress.rejected
        outputs[index].delivered = progress.delivered
        if progress.delivered > before.delivered {
            outputs[index].lastDelivery = now
            // Where the output's filter leaves alerts out, theirs are counted too: they were done at the same time.
            if lost == 0 {
                for number in before.position + 1...min(progress.position, made) {
                    outputs[index].latency.add(age(number, now))
                }
            }
        }
        forget()
    }

    /// Whether every output is done with every alert.
    var isDone: Bool { outputs.allSatisfy { waiting($0) == 0 } && accepted == made }

    /// Alerts that wait for an output.
    func waiting(_ output: Output) -> Int64 {
        // After a loss the last number in the spool is smaller than the number of alerts made.
        max(0, made - output.position - Int64(clamping: lost))
    }

    private func age(_ number: Int64, _ now: UInt64) -> UInt64 {
        let index = Int(number - firstKept - 1)
        return times.indices.contains(index) ? now &- times[index] : 0
    }

    private mutating func forget() {
        let done = min(accepted, outputs.map(\.position).min() ?? 0) - firstKept
        guard done >= Self.forgettingStep else { return }
        times.removeFirst(Int(done))
        firstKept += done
    }
}
