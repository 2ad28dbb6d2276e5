import HealthServer
import Learning
import Profiles

/// How learning goes, at one moment.
struct LearningStatus: Sendable, Equatable {
    /// Workloads with a profile, by state.
    var workloads: [ProfileState: Int] = [:]
    /// Behaviours that wait for approval.
    var waiting = 0
    /// What profiles take in memory, bytes.
    var memory = 0
    /// What was done.
    var counters = LearningCounters()

    /// What a learner has.
    init(_ learner: WorkloadLearner) {
        workloads = learner.states
        waiting = learner.waitingCount
        memory = learner.memory
        counters = learner.counters
    }
}

extension HealthSnapshot {
    /// Adds how learning goes; nothing where nothing is learned.
    func addLearning(to text: inout PrometheusText) {
        guard let learning else { return }
        text.add(
            "shrike_learning_workloads", .gauge, "Workloads with a profile, by state.",
            ProfileState.allCases.map { .init([("state", $0.word)], Double(learning.workloads[$0] ?? 0)) })
        text.add(
            "shrike_learning_waiting", .gauge, "Behaviours that wait for approval.", Double(learning.waiting))
        text.add("shrike_learning_memory_bytes", .gauge, "What profiles take in memory.", Double(learning.memory))
        text.add(
            "shrike_learning_events_total", .counter, "Events that were held against a profile.",
            Double(learning.counters.events))
        text.add(
            "shrike_learning_news_total", .counter, "Events with something that a profile lacked.",
            Double(learning.counters.news))
        text.add(
            "shrike_learning_judged_total", .counter, "Processes that raised an alert and so teach nothing.",
            Double(learning.counters.judged))
        text.add(
            "shrike_learning_taken_back_total", .counter,
            "Times that a profile was quarantined in part, since a process had brought it in before it raised an alert.",
            Double(learning.counters.takenBack))
        text.add(
            "shrike_learning_quarantine_left_out_total", .counter,
            "Behaviours that a quarantine had no room for; they were told.",
            Double(learning.counters.quarantineLeftOut))
        text.add(
            "shrike_learning_given_up_total", .counter, "Workloads that gave way to others in memory.",
            Double(learning.counters.workloadsGivenUp))
        text.add(
            "shrike_learning_removed_total", .counter, "Profiles that were removed from disk for want of room.",
            Double(learning.counters.profilesRemoved))
        text.add(
            "shrike_learning_untold_total", .counter,
            "Behaviours that came before the profile of a workload that had come back was read, and were not told.",
            Double(learning.counters.untold))
        text.add(
            "shrike_learning_left_out_total", .counter, "Times that a workload found no room.",
            Double(learning.counters.workloadsLeftOut))
        text.add(
            "shrike_learning_uses_left_out_total", .counter,
            "Times that calls or capabilities counted by the kernel could not be said to be of a workload.",
            Double(learning.counters.usesLeftOut))
    }
}
