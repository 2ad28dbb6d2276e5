import EventModel

/// Tells of events that the eBPF programs lost or held back, and of whose they were.
///
/// What a control group sends beyond its share is held back, so that it can't crowd out the others'; that is loss, too, and a sign of
/// somebody who floods.
struct BPFLosses {
    private var told = BPFCounts()
    private var groups: [UInt64: BPFGroupCounts] = [:]
    /// A process of each group that was seen lately, to name it by.
    private var members: [UInt64: Int32] = [:]
    /// While a group floods, it is told of so often.
    private static let interval: UInt64 = 5_000_000_000
    private static let memberLimit = 4096
    private static let groupsToldLimit = 3
    private var due: UInt64 = 0
    /// What was held back so far, by the groups of which it was first, and of all others.
    private var totals: [UInt64: HeldBack] = [:]
    private var others: UInt64 = 0
    private static let groupsCountedLimit = 32

    /// What was held back of which control group, the most first; as of the last notice.
    var heldBack: [HeldBack] {
        let counted = totals.values.sorted { ($0.count, $1.group) > ($1.count, $0.group) }
        return others > 0 ? counted + [HeldBack(group: "other", count: others)] : counted
    }

    /// What it has told of, of what the programs themselves know not to have come.
    var toldMissing: BPFMissing { told.counted }

    /// Notes which group a process is in.
    mutating func note(_ pid: Int32, in group: UInt64) {
        if members.count >= Self.memberLimit, members[group] == nil { members.removeAll(keepingCapacity: true) }
        members[group] = pid
    }

    /// What is to be told now, at most every few seconds; `identity` names a process, and
    /// `path` its control group.
    mutating func notices(
        _ counts: BPFCounts, now: UInt64, identity: (Int32) -> String,
        path: (Int32) -> String?, groups read: ((UInt64, BPFGroupCounts) -> Void) -> Void
    ) -> [SourceNotice] {
        guard counts != told, now >= due else { return [] }
        let (lost, held) = (counts.lost &- told.lost, counts.held &- told.held)
        let early = counts.toldEarly &- told.toldEarly
        let (unproven, short) = (counts.toldUnproven &- told.toldUnproven, counts.toldShort &- told.toldShort)
        let apart = counts.groupsApart &- told.groupsApart
        guard lost > 0 || held > 0 || early > 0 || unproven > 0 || short > 0 || apart > 0 else {
            told = counts
            return []
        }
        due = now &+ Self.interval
        var notices: [SourceNotice] = []
        if lost > 0 { notices.append(lossNotice(counts, lost)) }
        if held > 0 {
            let share = shares(identity, path, read)
            notices.append(
                SourceNotice(
                    kind: .lost, source: .ebpf,
                    message:
                        "\(held) events were held back in the kernel, since more came from one control group than its "
                        + "share\(share.isEmpty ? "" : ": " + share); the events of others are told as ever",
                    count: held))
        }
        if early > 0 {
            notices.append(
                SourceNotice(
                    kind: .lost, source: .ebpf,
                    message:
                        "the results of \(early) operations of io_uring are lost, since more were in flight than names can be "
                        + "kept of; they were told when they were submitted", count: early))
        }
        if unproven > 0 {
            notices.append(
                SourceNotice(
                    kind: .lost, source: .ebpf,
                    message:
                        "which files \(unproven) opens through io_uring led to is not known, since their ends are told to nobody "
                        + "(IOSQE_CQE_SKIP_SUCCESS), or when the program comes for them (IORING_SETUP_DEFER_TASKRUN); rules saw them with the names that were asked for, and where these led a moment later",
                    count: unproven))
        }
        if short > 0 {
            notices.append(
                SourceNotice(
                    kind: .lost, source: .ebpf,
                    message:
                        "of \(short) programs only the beginning of their arguments was told, and no environment, since more came from "
                        + "one control group than its share", count: short))
        }
        if apart > 0 {
            notices.append(
                SourceNotice(
                    kind: .remark, source: .ebpf,
                    message:
                        "\(apart) control groups that were made within others may each send a share of their own, since there are more "
                        + "than can be noted"))
        }
        told = counts
        return notices
    }

    private func lossNotice(_ counts: BPFCounts, _ lost: UInt64) -> SourceNotice {
        var since = BPFCounts()
        (since.lostFull, since.lostBusy) = (counts.lostFull &- told.lostFull, counts.lostBusy &- told.lostBusy)
        since.lostNested = counts.lostNested &- told.lostNested
        return SourceNotice(
            kind: .lost, source: .ebpf, message: "\(lost) events lost in the kernel: \(since.lossCauses)", count: lost)
    }

    /// Whose events were held back since the last call, the most first.
    private mutating func shares(
        _ identity: (Int32) -> String, _ path: (Int32) -> String?, _ read: ((UInt64, BPFGroupCounts) -> Void) -> Void
    ) -> String {
        var found: [(group: UInt64, held: UInt64)] = []
        var now: [UInt64: BPFGroupCounts] = [:]
        read { group, counts in
            guard counts.held > 0, now.count < Self.memberLimit else { return }
            now[group] = counts
            let held = counts.held &- (groups[group]?.held ?? 0)
            if held > 0, held <= counts.held { found.append((group, held)) }
        }
        groups = now
        found.sort { $0.held > $1.held }
        for (group, held) in found { count(held, of: group, path) }
        return found.prefix(Self.groupsToldLimit).map { group, held in
            "\(held) of \(name(of: group, identity))"
        }.joined(separator: ", ")
    }

    /// What a group is called: by a process of it, where one was seen lately.
    func name(of group: UInt64, _ identity: (Int32) -> String) -> String {
        members[group].map { "that of \(identity($0))" } ?? "control group \(group & ~(1 << 63))"
    }

    /// Metrics must not grow with what comes and goes: the first groups have a name of their own.
    private mutating func count(_ held: UInt64, of group: UInt64, _ path: (Int32) -> String?) {
        if totals[group] != nil {
            totals[group]?.count &+= held
        } else if totals.count < Self.groupsCountedLimit {
            let name = members[group].flatMap(path) ?? "\(group & ~(1 << 63))"
            totals[group] = HeldBack(group: name, count: held)
        } else {
            others &+= held
        }
    }
}
