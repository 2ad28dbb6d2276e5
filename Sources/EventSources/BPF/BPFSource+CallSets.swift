import BPFRuntime
import EventModel
public import KernelInterface

extension BPFSource {
    /// What the programs note of control groups: nothing unless `BPFLimits.callSets` asks for it.
    public var countedKinds: GroupUse.Kinds { connection.countedKinds }

    /// Which calls control groups have made and which capabilities they have used for the first time; nothing unless `BPFLimits.callSets` asks for it. What
    /// was noted until the end can still be asked for after it.
    public func drainCallSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void) {
        // All of it: what was made while nobody ran is among it.
        callSetsBefore?.callSets(body)
        callSetsBefore = nil
        connection.drainCallSets(body)
    }

    /// Notes calls that have begun and not returned.
    public func noteCallsUnderWay() {
        guard notesCalls else { return }
        // Told with the next tick, when it fails again.
        try? connection.noteCallsUnderWay()
    }

    var notesCalls: Bool { countedKinds.contains(.calls) }

    /// Notes calls that are under way when that is due, and tells of what was not noted.
    func lookAtCallSets(_ now: UInt64, _ sink: any EventSink) {
        guard notesCalls else { return }
        if callSets.isDue(now) {
            var failure: SourceFailure?
            do throws(SourceFailure) { try connection.noteCallsUnderWay() } catch { failure = error }
            if let notice = callSets.notice(of: failure) { sink.report(notice) }
        }
        let notice = callSets.notice(
            connection.callSetCounts, now: now, name: { losses.name(of: $0, ProcessFile.identity) },
            groups: connection.groupsWithoutSet)
        if let notice { sink.report(notice) }
    }
}
