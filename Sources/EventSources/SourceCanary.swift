public import EventModel
import Glibc
public import KernelInterface

/// What a source knows of the canary: whether it told of the last one, and how long that took. Proves the whole way from the
/// kernel, which no look at sockets and settings does.
public struct SourceCanary: Sendable, Equatable {
    /// What comes out of a canary.
    public enum Verdict: Sendable, Equatable {
        case nothing
        /// It was not told of, and nothing explains that.
        case becameBlind
        /// It was told of again.
        case recovered
    }

    /// The canary's process id; 0 when none is waited for.
    public private(set) var pid: Int32 = 0
    /// Whether the last canary was not told of.
    public private(set) var isBlind = false
    /// From the canary's start to its event, nanoseconds; the last one's, nil before the first.
    public private(set) var latencyNanoseconds: UInt64?
    /// Canaries that were not told of.
    public private(set) var missed: UInt64 = 0

    private var startedNanoseconds: UInt64 = 0
    private var isSeen = true
    private var lossesAtStart: UInt64 = 0

    /// None was run yet.
    public init() {}

    /// A canary has run. `losses` counts what would explain that its event does not come.
    public mutating func started(_ canary: CanaryProcess, losses: UInt64) {
        pid = canary.pid
        startedNanoseconds = canary.startedNanoseconds
        lossesAtStart = losses
        isSeen = false
    }

    /// Whether it is waited for and has not been told of.
    var isAwaited: Bool { pid != 0 && !isSeen }

    /// Whether an event is the canary's. Its process id may be another's as soon as it has ended; a process that says it of itself and is
    /// this one's child is no other's.
    public func made(_ process: ProcessFacts) -> Bool {
        pid != 0 && process.pid == pid && process.known.contains(.parent) && process.parentPID == getpid()
    }

    /// Its event has come; `now` is CLOCK_MONOTONIC.
    public mutating func seen(now: UInt64) {
        guard !isSeen else { return }
        isSeen = true
        latencyNanoseconds = now &- startedNanoseconds
    }

    /// The canary's time is over: its id may be another's from now on.
    public mutating func conclude(losses: UInt64) -> Verdict {
        guard pid != 0 else { return .nothing }
        pid = 0
        if isSeen {
            defer { isBlind = false }
            return isBlind ? .recovered : .nothing
        }
        missed &+= 1
        isSeen = true
        guard losses == lossesAtStart, !isBlind else { return .nothing }
        isBlind = true
        return .becameBlind
    }

    /// The same, and tells the sink of it; `what` is what the canary did. `isExplained`: why it is not seen was told.
    mutating func conclude(
        _ kind: SourceKind, _ what: String, losses: UInt64, isExplained: Bool = false, into sink: any EventSink
    ) {
        switch conclude(losses: losses) {
        case .nothing: break
        case .becameBlind where isExplained: break
        case .becameBlind:
            let message = "\(kind.name): a test process \(what) and no event told; events may be missing"
            sink.report(SourceNotice(kind: .blind, source: kind, message: message))
        case .recovered:
            sink.report(
                SourceNotice(kind: .recovered, source: kind, message: "\(kind.name): test processes are told of again"))
        }
    }

    /// Why the source counts as dead; nil while canaries are seen.
    var outage: String? { isBlind ? "a test process was not told of" : nil }
}
