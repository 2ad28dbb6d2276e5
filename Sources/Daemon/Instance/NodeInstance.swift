import CommandOutput
import EventSources
import Glibc
import KernelInterface

/// One Shrike a node: two would take each other's rules for an intruder's.
enum NodeInstance {
    /// What became of the wish to be the one.
    enum Outcome {
        /// It may begin; nil where there is no place for a lock.
        case entered(InstanceLock?)
        /// Another one runs; the sentence says which.
        case refused(String)
    }

    /// The audit key of the node's Shrike, and of one beside it.
    static func key(isBeside: Bool) -> String { isBeside ? "shrike-beside" : "shrike" }

    /// One that is told to end has so long.
    private static let endingSeconds = 15
    /// One that was killed holds its place until the kernel has taken it apart.
    private static let dyingSeconds = 1
    private static let lookMicroseconds: UInt32 = 20_000

    /// Takes the node's place, waiting for the end of who has it: for `waitSeconds`, and a while where that one is about to end.
    static func enter(isBeside: Bool, waitSeconds: Int, log: DaemonLog) -> Outcome {
        let key = key(isBeside: isBeside)
        let start = KernelClock.monotonic()
        var isTold = false
        while true {
            let holder: InstanceRecord?
            do throws(InstanceLock.Refusal) {
                let lock = try InstanceLock(key: key, stage: .watching, now: KernelClock.wall())
                // One that has another /run, in a container, shows in the kernel.
                guard let pid = AuditSource.watcher(key: key) else { return .entered(lock) }
                holder = InstanceRecord(pid: pid, since: 0, stage: .watching)
            } catch {
                switch error {
                case .held(let record): holder = record
                case .unavailable(let reason):
                    log.debug("no lock for the one Shrike of this node: \(reason)")
                    guard let pid = AuditSource.watcher(key: key) else { return .entered(nil) }
                    holder = InstanceRecord(pid: pid, since: 0, stage: .watching)
                }
            }
            let patience = max(waitSeconds, holder?.endsSoon == true ? endingSeconds : dyingSeconds)
            let passed = (KernelClock.monotonic() &- start) / 1_000_000_000
            guard passed < UInt64(patience) else { return .refused(Self.sentence(holder)) }
            if !isTold { log.info("waits for the end of \(Self.name(holder))") }
            isTold = true
            usleep(lookMicroseconds)
        }
    }

    private static func name(_ holder: InstanceRecord?) -> String {
        guard let holder else { return "another Shrike" }
        let since = holder.since == 0 ? "" : ", since \(WatchRecord.utc(holder.since))"
        return "the Shrike that runs already (pid \(holder.pid)\(since))"
    }

    private static func sentence(_ holder: InstanceRecord?) -> String {
        "this node is watched by \(name(holder)); end that first (systemctl stop shrike, or its pod), let this one wait for its end "
            + "with --wait SECONDS, or run it beside with --beside, which has rules of its own and listens to a copy of the events"
    }
}
