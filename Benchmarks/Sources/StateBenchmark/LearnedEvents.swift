import EventFields
import EventModel
import Learning
import NodeState
import Profiles

/// Learns from the events of a scene, and reads what rules ask of it.
final class LearnedEvents {
    private let learner: WorkloadLearner
    private let reader: EventFieldReader
    private let fields: [FieldReference]

    init(_ reader: EventFieldReader, _ state: NodeState) {
        learner = WorkloadLearner(settings: LearningSettings())
        let names = BehaviourKind.allCases.map { "novel.\($0.word)" } + ["novel.score"]
        learner.use(fields: Set(names))
        reader.knowledge = learner.knowledge(state)
        self.reader = reader
        fields = names.compactMap { EventFields.catalogue.id(named: $0) }.map { FieldReference($0) }
    }

    /// Takes the event that the state has just taken.
    func take(_ arena: inout ValueArena) {
        learner.observe(reader)
        for field in fields { _ = reader.read(field, into: &arena) }
        learner.conclude(rule: nil, reader.state)
    }
}
