import EventSources
import KernelInterface
import Learning
import NodeState
import Profiles

/// Takes what control groups were seen to call and to use (`EventSource.drainCallSets`) to who learns what workloads do. What is of a
/// process that nobody knows, or that is in another group by now, waits until its group is seen again.
struct GroupUses {
    /// Groups that wait at most.
    static let waitingLimit = 1024
    /// How long, seconds: a group that was not seen since is gone, most likely.
    static let waitingSeconds: UInt32 = 600

    private struct Uses {
        var calls: Set<String> = []
        var capabilities: Set<String> = []
        var since: UInt32
    }

    private var waiting: [UInt64: Uses] = [:]
    private var nextExpiry: UInt32 = 0

    /// The kinds of behaviour that sources have the kernel count.
    static func kinds(of sources: [any EventSource]) -> BehaviourKinds {
        sources.reduce(into: []) { kinds, source in
            if source.countedKinds.contains(.calls) { kinds.insert(BehaviourKinds(.syscall)) }
            if source.countedKinds.contains(.capabilities) { kinds.insert(BehaviourKinds(.capability)) }
        }
    }

    /// Takes what is new.
    ///
    /// - Parameter now: seconds since the epoch.
    mutating func take(from source: any EventSource, to learner: WorkloadLearner, _ state: NodeState, now: UInt32) {
        source.drainCallSets { group, member, use in
            var uses = waiting.removeValue(forKey: group) ?? Uses(since: now)
            switch use {
            case .calls(let set): uses.calls.formUnion(set.names)
            // What was asked for and refused is no need of the workload.
            case .capabilities(_, let granted): uses.capabilities.formUnion(granted.names)
            }
            // Where it can't be told, the process is believed to be where it was when it made the call.
            guard let process = state.process(pid: member), state.isMember(process, ofControlGroup: group) != false
            else {
                if waiting.count < Self.waitingLimit {
                    waiting[group] = uses
                } else {
                    learner.leaveOutUses()
                }
                return
            }
            learner.observe(uses.calls.sorted(), of: .syscall, by: process, state, now: now)
            learner.observe(uses.capabilities.sorted(), of: .capability, by: process, state, now: now)
        }
        expire(learner, now)
    }

    /// Counts what has waited in vain, at the end.
    mutating func end(_ learner: WorkloadLearner) {
        for _ in waiting { learner.leaveOutUses() }
        waiting = [:]
    }

    private mutating func expire(_ learner: WorkloadLearner, _ now: UInt32) {
        guard !waiting.isEmpty, now >= nextExpiry else { return }
        nextExpiry = now &+ Self.waitingSeconds / 10
        for (group, uses) in waiting where now > uses.since && now - uses.since > Self.waitingSeconds {
            waiting[group] = nil
            learner.leaveOutUses()
        }
    }
}
