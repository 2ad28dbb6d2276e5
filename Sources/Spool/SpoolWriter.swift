import EventModel
import Glibc
import KernelInterface

/// The sensor's end of the spool: takes alerts, writes each batch in one transaction, keeps the bounds.
///
/// It never waits for long: what can't be written now stays in memory, within a bound, and is tried again.
public final class SpoolWriter {
    /// How a commit went.
    public enum Outcome: Sendable, Equatable {
        /// There was nothing to write.
        case idle
        /// This many alerts are in the file now.
        case committed(Int)
        /// They wait in memory.
        case waiting
    }

    /// Goes up when a new file takes the place of a damaged one: who has the old one open must open anew.
    public private(set) var generation = 0
    /// Since when, monotonic nanoseconds, another process holds the file's lock; nil when none does.
    public private(set) var lockedSince: UInt64?
    /// Alerts that wait in memory.
    public var pendingCount: Int { pending.count }

    private let file: SpoolFile
    private var limits: SpoolLimits
    private var outputs: [String]
    /// The file does not have these outputs yet.
    public private(set) var hasToSetOutputs = false
    private var store: SpoolStore?
    private let damageCheck = DamageCheck()
    private var pending = SeverityQueue<SpooledAlert>()
    private var keys = IdempotencyKeys()
    private var losses: [SpoolReport.LossReason: UInt64] = [:]
    private var allLosses: [SpoolReport.LossReason: UInt64] = [:]
    private var reports: [SpoolReport] = []
    private var isFailing = false
    private var nextAttempt: UInt64 = 0
    private var nextTrim: UInt64 = 0
    private var nextLossReport: UInt64 = 0

    /// Alerts of one transaction at most: while nothing can be written, each attempt costs as much as that.
    private static let batchCount = 512
    private static let retryNanoseconds: UInt64 = 200_000_000
    private static let trimNanoseconds: UInt64 = 1_000_000_000
    private static let lossReportNanoseconds: UInt64 = 10_000_000_000

    /// Opens the spool at `path` for these outputs; a damaged file is set aside.
    public init(path: String, limits: SpoolLimits, outputs: [String]) throws(SpoolError) {
        file = SpoolFile(path: path)
        self.limits = limits
        self.outputs = outputs
        do throws(SpoolError) {
            store = try SpoolStore(file, outputs: outputs)
        } catch .corrupt(let reason) {
            try replaceFile(because: reason)
        } catch {
            // A full disk is no reason not to watch: alerts wait in memory, and the file is tried again.
            guard error.isPassing else { throw error }
            fail(error, 0)
        }
    }

    /// Takes an alert; it is in the file after the next commit. Its key is given here.
    public func append(_ alert: SpooledAlert) {
        var alert = alert
        alert.key = keys.next()
        wait(for: alert)
    }

    private func wait(for alert: SpooledAlert) {
        pending.append(alert, alert.priority, size: Int(alert.size))
        while pendingBytes > limits.pendingBytes, pending.removeLeastSevere() != nil { lose(1, .memory) }
    }

    private var pendingBytes: Int64 { Int64(pending.size) }

    /// Writes what was taken. Cheap when there is nothing to do; call it after each batch of events and on every tick.
    ///
    /// - Parameters:
    ///   - monotonic: nanoseconds of a clock that no one sets.
    ///   - wallClockSeconds: seconds since the epoch, for the age bound.
    @discardableResult
    public func commit(monotonic: UInt64, wallClockSeconds: Int64) -> Outcome {
        if let damage = damageCheck.takeFinding(generation: generation) { fail(damage, monotonic) }
        if monotonic < nextAttempt { return pending.isEmpty ? .idle : .waiting }
        let isTrimDue = monotonic >= nextTrim
        guard !pending.isEmpty || isTrimDue || isFailing || hasToSetOutputs else { return .idle }
        var written = 0
        do throws(SpoolError) {
            if store == nil { store = try SpoolStore(file, outputs: outputs) }
            guard let store else { return .waiting }
            if hasToSetOutputs {
                for removed in try store.setOutputs(outputs, newBeginNow: true) {
                    reports.append(.removed(output: removed.output, undelivered: UInt64(clamping: removed.queued)))
                }
                hasToSetOutputs = false
            }
            while !pending.isEmpty {
                let batch = pending.prefix(Self.batchCount)
                try store.insert(batch)
                for _ in batch { _ = pending.removeFirst() }
                written += batch.count
            }
            if isFailing { reports.append(.recovered) }
            isFailing = false
            lockedSince = nil
            if isTrimDue || store.bytes > limits.bytes {
                nextTrim = monotonic &+ Self.trimNanoseconds
                try trim(store, wallClockSeconds)
            }
            return written > 0 ? .committed(written) : .idle
        } catch {
            fail(error, monotonic)
            return written > 0 ? .committed(written) : pending.isEmpty ? .idle : .waiting
        }
    }

    /// What the operator should know since the last call. Losses are summed up, so that a flood makes no flood of reports.
    public func takeReports(monotonic: UInt64) -> [SpoolReport] {
        if !losses.isEmpty, monotonic >= nextLossReport {
            nextLossReport = monotonic &+ Self.lossReportNanoseconds
            for (reason, count) in losses.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                reports.append(.lost(count: count, reason: reason))
            }
            losses.removeAll()
        }
        guard !reports.isEmpty else { return [] }
        defer { reports.removeAll() }
        return reports
    }

    /// Has the file looked at for damage, on a thread of its own; if there is some, a later commit begins a new file. Call it when
    /// the other end has met damage: this end may not come by that place.
    public func verify() { damageCheck.begin(file, generation: generation) }

    /// Begins a new file where the path leads to another one, or none, behind our back. What outputs are not done with moves
    /// over from the old one, which is still open, as far as memory allows; the rest is told as lost.
    public func moveOn(because reason: String, monotonic: UInt64) {
        var rest: (alerts: [SpooledAlert], more: UInt64) = ([], 0)
        do throws(SpoolError) {
            rest = try store?.undelivered(byteLimit: max(0, limits.pendingBytes - pendingBytes)) ?? rest
        } catch { rest.more = store?.undeliveredCount ?? 0 }
        do throws(SpoolError) { try replaceFile(because: reason) } catch { fail(error, monotonic) }
        let newer = pending.prefix(pending.count)
        pending.removeAll()
        for alert in rest.alerts + newer { wait(for: alert) }
        lose(rest.more, .memory)
    }

    /// What each output got and refused so far.
    public func progress() -> [OutputProgress] { store?.progress() ?? [] }

    /// What is in the spool, what waits in memory included.
    public func status() -> SpoolStatus {
        var status = store?.status() ?? SpoolStatus()
        status.alerts += Int64(pending.count)
        status.bytes += pendingBytes
        status.oldestNanoseconds = status.oldestNanoseconds ?? pending.first?.element.timeNanoseconds
        for index in status.outputs.indices { status.outputs[index].queued += Int64(pending.count) }
        return status
    }

    /// Alerts that were given up since this end was opened, by reason, sorted.
    public var lost: [(reason: SpoolReport.LossReason, count: UInt64)] {
        allLosses.sorted { $0.key.rawValue < $1.key.rawValue }.map { (reason: $0.key, count: $0.value) }
    }

    /// Takes other outputs and bounds, with the next commit. A new output begins now; a removed one is forgotten.
    public func change(outputs: [String], limits: SpoolLimits) {
        self.limits = limits
        hasToSetOutputs = hasToSetOutputs || outputs != self.outputs
        self.outputs = outputs
    }

    private func trim(_ store: SpoolStore, _ wallClockSeconds: Int64) throws(SpoolError) {
        try store.deleteDelivered()
        let old = try store.deleteOlder(than: wallClockSeconds &- limits.ageSeconds)
        lose(old, .age)
        let excess = try store.deleteLeastImportant(downTo: limits.bytes)
        lose(excess, .size)
    }

    private func lose(_ count: UInt64, _ reason: SpoolReport.LossReason) {
        guard count > 0 else { return }
        losses[reason, default: 0] += count
        allLosses[reason, default: 0] += count
    }

    private func fail(_ error: SpoolError, _ monotonic: UInt64) {
        if case .corrupt(let reason) = error {
            do throws(SpoolError) {
                try replaceFile(because: reason)
                return
            } catch {}
        }
        nextAttempt = monotonic &+ Self.retryNanoseconds
        if case .busy = error {
            lockedSince = lockedSince ?? monotonic
            // Nothing to tell of yet: the lock is held for moments, and the next attempt comes soon.
            if pendingBytes < limits.pendingBytes / 2 { return }
        }
        if !isFailing { reports.append(.failing(reason: error.description)) }
        isFailing = true
    }

    private func replaceFile(because reason: String) throws(SpoolError) {
        // Closed first: a connection that ends must not write to what was renamed.
        store = nil
        let name = try file.setAside(nowSeconds: Int(KernelClock.wall() / 1_000_000_000))
        reports.append(.setAside(path: name, reason: reason))
        generation += 1
        store = try SpoolStore(file, outputs: outputs)
    }
}

/// Keys that no other alert of any node has: 16 random bytes for the run and a number.
private struct IdempotencyKeys {
    private let run: String
    private var number: UInt64 = 0

    init() {
        var random = SystemRandomNumberGenerator()
        run = (0..<2).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    mutating func next() -> String {
        number += 1
        return "\(run)-\(number)"
    }
}
