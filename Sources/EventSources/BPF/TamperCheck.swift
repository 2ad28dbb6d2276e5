import EventModel

/// Looks whether somebody altered the programs or their maps, puts right what can be, and tells of each deed once.
struct TamperCheck {
    private let intervalNanoseconds: UInt64
    private var due: UInt64 = 0
    private var altered: Set<String> = []
    /// What can't be put right.
    private var lasting: String?
    /// Why the tables are not what they should be.
    private var tableFailure: String?

    init(intervalNanoseconds: UInt64) { self.intervalNanoseconds = intervalNanoseconds }

    /// Why events do not come, or not all.
    var outage: String? { lasting ?? tableFailure }

    /// With each tick; looks when it is time to.
    mutating func look(_ connection: any BPFConnection, now: UInt64, into sink: any EventSink) {
        guard now >= due else { return }
        due = now &+ intervalNanoseconds
        let found = connection.alterations()
        for (text, isMendable) in found where !altered.contains(text) {
            sink.report(
                SourceNotice(
                    kind: .tampered, source: .ebpf,
                    message: "\(text)\(isMendable ? "; it is put right" : "; start Shrike anew to mend it")"))
        }
        altered = Set(found.map(\.text))
        let unmendable = found.filter { !$0.isMendable }.map(\.text)
        lasting = unmendable.isEmpty ? nil : unmendable.joined(separator: ", ")
        if found.isEmpty { tableFailure = nil }
        guard unmendable.isEmpty, !found.isEmpty else { return }
        do throws(SourceFailure) { try connection.restore() } catch {
            fail("the filter of the eBPF programs can't be put right: \(error)", sink)
        }
    }

    /// Tells once why it sees less from now on.
    private mutating func fail(_ reason: String, _ sink: any EventSink) {
        guard tableFailure != reason else { return }
        tableFailure = reason
        sink.report(SourceNotice(kind: .blind, source: .ebpf, message: "ebpf: \(reason)"))
    }
}
