import BPFRuntime
import EventModel

/// When calls that are under way are noted, and what is told of calls that were not noted at all.
struct BPFCallSets {
    private var toldWithoutSet: UInt64 = 0
    private var groups: [UInt64: UInt64] = [:]
    private var nextLook: UInt64 = 0
    private var nextNotice: UInt64 = 0
    private var isFailureTold = false
    /// A call that never returns is noted that long after it began, at the latest.
    private static let lookInterval: UInt64 = 10_000_000_000
    private static let noticeInterval: UInt64 = 60_000_000_000
    private static let groupsToldLimit = 3

    /// Whether it is time to note calls that are under way.
    mutating func isDue(_ now: UInt64) -> Bool {
        guard now >= nextLook else { return false }
        nextLook = now &+ Self.lookInterval
        return true
    }

    /// What is to be said of the failure to note calls under way; nil when it was said before.
    mutating func notice(of failure: SourceFailure?) -> SourceNotice? {
        defer { isFailureTold = failure != nil }
        guard let failure, !isFailureTold else { return nil }
        return SourceNotice(
            kind: .blind, source: .ebpf,
            message: "ebpf: system calls that never return are not noted for profiles: \(failure.reason)")
    }

    /// What is to be said of calls without a set, once a minute at most.
    ///
    /// - Parameters:
    ///   - name: what a control group is called.
    ///   - read: hands over the groups that had no set lately.
    mutating func notice(
        _ counts: CallSetCounts, now: UInt64, name: (UInt64) -> String,
        groups read: ((UInt64, UInt64) -> Void) -> Void
    ) -> SourceNotice? {
        guard counts.withoutSet != toldWithoutSet, now >= nextNotice else { return nil }
        nextNotice = now &+ Self.noticeInterval
        let count = counts.withoutSet &- toldWithoutSet
        toldWithoutSet = counts.withoutSet
        var found: [(group: UInt64, count: UInt64)] = []
        var known: [UInt64: UInt64] = [:]
        read { group, total in
            known[group, default: 0] += total
        }
        for (group, total) in known {
            let before = groups[group] ?? 0
            // Who was taken out of that table meanwhile begins anew.
            if total != before { found.append((group, total > before ? total - before : total)) }
        }
        groups = known
        found.sort { ($0.count, $1.group) > ($1.count, $0.group) }
        return SourceNotice(
            kind: .lost, source: .ebpf,
            message:
                "\(count) system calls were not noted for profiles, since \(counts.capacity / 2) control groups at most have a "
                + "set\(Self.list(found, name)): their profiles may lack calls; give more (shrike.ebpf.call_sets)",
            count: count)
    }

    private static func list(_ found: [(group: UInt64, count: UInt64)], _ name: (UInt64) -> String) -> String {
        guard !found.isEmpty else { return "" }
        let names = found.prefix(groupsToldLimit).map { "\($0.count) of \(name($0.group))" }.joined(separator: ", ")
        return " (\(found.count) control groups: \(names)\(found.count > groupsToldLimit ? ", …" : ""))"
    }
}
