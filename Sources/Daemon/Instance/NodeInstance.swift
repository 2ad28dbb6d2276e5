import CommandOutput
import EventSources
import Glibc
import KernelInterface

/// One Shrike a node: two would take each other's rules for an intruder's.
enum NodeInstance {
    /// What became of the wish to be the one.
    enum Outcome {
        /// It may begin; nil where there is no place for a lock. With what the one before has left for it.
        case entered(InstanceLock?, AuditTakeover?)
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
    ///
    /// - Parameter goesOn: whether this one would go on with the audit of the other.
    static func enter(isBeside: Bool, waitSeconds: Int, goesOn: Bool = false, log: DaemonLog) -> Outcome {
        let key = key(isBeside: isBeside)
        var succession = Succession()
        let start = KernelClock.monotonic()
        var isTold = false
        while true {
            let holder: InstanceRecord?
            do throws(InstanceLock.Refusal) {
                let lock = try InstanceLock(key: key)
                // One that has another /run, in a container, shows in the kernel; so does one that has given the lock back and is
                // about to be gone.
                guard let pid = AuditSource.watcher(key: key) else {
                    lock.begin(.watching, now: KernelClock.wall())
                    return .entered(lock, succession.takeover(from: lock.previous))
                }
                holder = InstanceRecord(pid: pid, since: 0, stage: .watching)
            } catch {
                switch error {
                case .held(let record):
                    holder = record
                    if goesOn, waitSeconds > 0, let record { succession.follow(record, key) }
                case .unavailable(let reason):
                    log.debug("no lock for the one Shrike of this node: \(reason)")
                    guard let pid = AuditSource.watcher(key: key) else { return .entered(nil, nil) }
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

    /// Who watches the node; nil for nobody. Changes nothing.
    static func holder() -> String? {
        let key = key(isBeside: false)
        if InstanceLock.isHeld(key: key) { return name(InstanceLock.record(key: key)) }
        return AuditSource.watcher(key: key).map { name(InstanceRecord(pid: $0, since: 0, stage: .watching)) }
    }

    /// What is shared with the one that runs, to go on with.
    private struct Succession {
        private var takeover: AuditTakeover?
        private var pid: Int32 = 0
        private var word: InstanceSuccession?

        /// What is to be gone on with; nil where the one before did not leave it.
        func takeover(from record: InstanceRecord?) -> AuditTakeover? {
            guard let record, record.stage == .handedOver, record.pid == pid else { return nil }
            takeover?.lost = record.lost
            return takeover
        }

        mutating func follow(_ record: InstanceRecord, _ key: String) {
            guard record.pid != pid, record.stage == .watching, let socket = record.socket else { return }
            word = nil
            takeover = AuditTakeover(from: record.pid, descriptor: socket)
            pid = record.pid
            if takeover != nil { word = InstanceSuccession(lockPath: InstanceLock.path(of: key)) }
            if word == nil { takeover = nil }
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
