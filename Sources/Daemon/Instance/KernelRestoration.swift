public import CommandOutput
import EventSources
import Glibc
import KernelInterface

/// Puts the kernel back as it was before a Shrike that can't do it any more: what `shrike restore` does.
public enum KernelRestoration {
    /// Another one that puts things back, or an end, has so long.
    private static let patienceMilliseconds = 10_000
    private static let lookMilliseconds = 50

    /// Puts back what the Shrike left whose audit rules have this key, unless one runs.
    ///
    /// - Parameter followsSensor: waits for the sensor's end first, and does nothing when that says that all is well.
    public static func run(key: String?, followsSensor: Bool) -> ExitStatus {
        let log = DaemonLog()
        // Of a process that ends the kernel may close the pipe before it gives back the lock.
        let sensor = followsSensor ? getppid() : -1
        if followsSensor {
            // The sensor decides when it ends; its terminal and its service do not.
            for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
            let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
            if null >= 0 { dup2(null, STDOUT_FILENO) }
            try? ProcessPrivileges.keep([.auditControl], forbidsNewPrivileges: true)
            if isWellAtEnd() { return .success }
        }
        let key = key ?? NodeInstance.key(isBeside: false)
        var waited = 0
        while true {
            do throws(InstanceLock.Refusal) {
                let lock = try InstanceLock(key: key)
                return restore(lock, key, log)
            } catch {
                switch error {
                case .held(let record?)
                where record.pid != sensor && !record.endsSoon || waited >= patienceMilliseconds:
                    // A restarted one has taken over what was there.
                    if !followsSensor { log.info("a Shrike runs (pid \(record.pid)): nothing is put back") }
                    return .success
                case .held where waited < patienceMilliseconds: break
                case .held: return .success
                case .unavailable(let reason):
                    log.warning("can't see whether a Shrike runs: \(reason)")
                    return .invalid
                }
            }
            usleep(UInt32(lookMilliseconds) * 1000)
            waited += lookMilliseconds
        }
    }

    private static func restore(_ lock: InstanceLock, _ key: String, _ log: DaemonLog) -> ExitStatus {
        if let pid = AuditSource.watcher(key: key), pid != lock.previous?.pid {
            log.info("a Shrike runs (pid \(pid)): nothing is put back")
            return .success
        }
        lock.begin(.restoring, now: KernelClock.wall())
        let restoration = lock.previous?.audit ?? AuditRestoration(key: key)
        do throws(AuditFailure) {
            let count = try restoration.apply()
            lock.enter(.ended)
            // One that was told to end said so itself; it was not done in time.
            if count > 0, lock.previous?.stage != .ending {
                log.info("\(count) audit rules that a Shrike had left were taken back")
            }
            return .success
        } catch {
            log.warning("audit can't be put back as it was: \(error)")
            return .cannotWatch
        }
    }

    /// Waits for the sensor's end; gives whether it had put everything back.
    private static func isWellAtEnd() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = read(KernelGuard.pipeDescriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            return count == 1 && byte == KernelGuard.allIsWell
        }
    }
}
