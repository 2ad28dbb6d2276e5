import EventSources
import KernelInterface

/// Lets a harmless process run from time to time and asks each source whether it told of it.
struct CanaryRuns {
    private var next: UInt64
    /// A dead source is told of after at most twice that.
    private static let intervalNanoseconds: UInt64 = 15_000_000_000
    /// The first one soon, so that a start that sees nothing is told of at once.
    private static let firstNanoseconds: UInt64 = 1_000_000_000

    /// Runs from `now` on (CLOCK_MONOTONIC).
    init(now: UInt64) { next = now &+ Self.firstNanoseconds }

    /// Runs one when it is due; gives what keeps it from running.
    mutating func tick(now: UInt64, sources: [any EventSource], sink: any EventSink) -> KernelError? {
        guard now >= next else { return nil }
        next = now &+ Self.intervalNanoseconds
        for source in sources { source.concludeCanary(into: sink) }
        guard sources.contains(where: { $0.canary != nil }) else { return nil }
        do throws(KernelError) {
            let process = try CanaryProcess.run(opening: sources.compactMap(\.canaryFile))
            for source in sources { source.canaryRan(process) }
            return nil
        } catch {
            return error
        }
    }
}
