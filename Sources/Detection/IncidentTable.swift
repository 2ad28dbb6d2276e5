import EventModel
import NodeState
import RuleEngine

/// When alerts of a process tree are one incident.
public struct IncidentSettings: Sendable, Equatable {
    /// An alert joins if the last one of its tree was no longer ago than this, in seconds; 0: there are no incidents.
    public var withinSeconds: Int

    /// Ten minutes, unless the configuration says otherwise.
    public init(withinSeconds: Int = 600) { self.withinSeconds = withinSeconds }
}

/// Joins alerts of one process tree to incidents, so that one attack is one thing to look at.
///
/// It goes by the times of events. How many incidents are open at once is bounded; one more ends the quarter of them that were silent
/// for longest, which is counted.
final class IncidentTable {
    private struct Key: Hashable {
        var node: [UInt8]?
        var tree: UInt64
    }

    private struct Incident {
        var facts: AlertFacts.Incident
        var last: UInt64
    }

    /// Incidents that were ended for others before their time was over.
    private(set) var endedEarly: UInt64 = 0
    private var open: [Key: Incident] = [:]
    private var within: UInt64
    private let limit: Int

    init(_ settings: IncidentSettings, limit: Int = 4096) {
        within = Self.nanoseconds(settings)
        self.limit = max(limit, 4)
    }

    /// Goes on with other settings; what is open stays.
    func apply(_ settings: IncidentSettings) { within = Self.nanoseconds(settings) }

    private static func nanoseconds(_ settings: IncidentSettings) -> UInt64 {
        UInt64(max(settings.withinSeconds, 0)).multipliedReportingOverflow(by: 1_000_000_000).partialValue
    }

    /// The incident that an alert of the state's current event belongs to; nil when it comes from no process.
    func join(_ state: NodeState, node: [UInt8]?) -> AlertFacts.Incident? {
        guard within > 0, let process = state.current.process else { return nil }
        let time = state.current.event.timeNanoseconds
        let key = Key(node: node, tree: state.tree(of: process))
        if let known = open[key], isJoined(known, time) {
            var incident = known
            incident.facts.count &+= 1
            incident.last = max(known.last, time)
            open[key] = incident
            return incident.facts
        }
        if open.count >= limit { makeRoom(time) }
        let facts = AlertFacts.Incident(
            id: AlertFacts.Incident.id(timeNanoseconds: time, rootPID: key.tree / 1_000_000), firstNanoseconds: time,
            count: 1)
        open[key] = Incident(facts: facts, last: time)
        return facts
    }

    private func isJoined(_ incident: Incident, _ time: UInt64) -> Bool {
        (time > incident.last ? time - incident.last : incident.last - time) <= within
    }

    private func makeRoom(_ time: UInt64) {
        open = open.filter { isJoined($0.value, time) }
        guard open.count >= limit else { return }
        let silent = open.sorted { $0.value.last < $1.value.last }.prefix(limit / 4)
        for incident in silent { open[incident.key] = nil }
        endedEarly &+= UInt64(silent.count)
    }
}
