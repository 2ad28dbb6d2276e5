import EventFields
import EventModel
import NodeState
import Profiles

/// What a learner knows of the event at hand, as fields ask for it.
final class EventKnowledge: WorkloadKnowledge {
    private let learner: WorkloadLearner
    private let nodeState: NodeState
    /// Names of a kind that are told as expected.
    private static let expectedNames = 5

    init(learner: WorkloadLearner, nodeState: NodeState) {
        self.learner = learner
        self.nodeState = nodeState
    }

    var novelKinds: BehaviourKinds { learner.current.novelty.kinds }

    private var profile: Profile? {
        let workload = Int(learner.current.place.workload)
        return workload >= 0 ? learner.slots[workload] : nil
    }

    var hasProfile: Bool { learner.current.place.workload >= 0 }

    var state: ProfileState? { profile?.state(learner.settings.profiles) }

    var score: Double { learner.score(nodeState) }

    func appendWorkload(into arena: inout ValueArena) {
        if let profile { arena.append(profile.identity.text) }
    }

    func appendNews(into arena: inout ValueArena) {
        for (index, item) in learner.behaviours.unknown.enumerated() {
            if index > 0 { arena.append(", ") }
            arena.append(item.kind.word)
            arena.append(UInt8(ascii: " "))
            arena.append(item.text)
        }
    }

    func appendExpected(into arena: inout ValueArena) {
        guard let profile else { return }
        var isFirst = true
        for kind in BehaviourKind.allCases where novelKinds.has(kind) {
            if !isFirst { arena.append("; ") }
            isFirst = false
            arena.append(kind.plural)
            arena.append(": ")
            let names = profile.expected(kind, limit: Self.expectedNames)
            arena.append(names.isEmpty ? "none" : names.joined(separator: ", "))
            let more = profile.knownCount(of: kind) - names.count
            if more > 0 { arena.append(" and \(more) more") }
        }
    }
}
