public import EventFields
import EventModel
public import EventSources
public import NodeState
public import RuleEngine

/// Finds out for processes that make events what rules can mean at all of what they do, and tells the source, so that the rest doesn't
/// leave the kernel.
///
/// It takes two events of a process. At the first the kernel is asked for the process's number; what an event says that was *recorded*
/// after that is true of that number or of a later one, and for a later one the kernel refuses the answer. So no change is missed,
/// however long events wait to be read.
public final class ProcessSieve {
    /// What was done.
    public struct Counters: Sendable, Equatable {
        /// Processes that were evaluated.
        public var evaluated: UInt64 = 0
        /// Answers that came too late: the process had changed.
        public var refused: UInt64 = 0
    }

    /// What was done so far.
    public private(set) var counters = Counters()

    struct Progress {
        /// The use of the process's record: another one is another process.
        var serial: UInt64
        /// Events that still pass before something is done.
        var countdown: UInt64
        /// How many pass the next time.
        var pause: UInt64 = ProcessSieve.shortestPause
        /// What was asked for: the number, and when it was had.
        var begun: ProcessGeneration?
        /// What the kernel was told.
        var told: [AlternativeSet]?
    }

    /// A process that makes no more events than this is not worth the work.
    private static let shortestPause: UInt64 = 4
    /// What doesn't change is looked at again after so many events at most: their passing shows that something was possible.
    private static let longestPause: UInt64 = 4096
    /// What programs in the kernel read of a clock may differ by this from what the sensor reads of the same one
    /// (ktime_get_boot_fast_ns, kernel/time/timekeeping.c), nanoseconds.
    private static let clockMargin: UInt64 = 1_000_000
    private static let processLimit = 8192

    private let program: FilterProgram
    private var evaluator: ResidualEvaluator
    private let isUseful: Bool
    private(set) var progress: [Int32: Progress] = [:]
    /// The packages' files by which processes were judged.
    private var packageGeneration: UInt32 = 0
    private static let execTypes = EventTypeSet(["execve", "execveat"].compactMap(EventType.init(name:)))

    /// A sieve for a filter's rules.
    public init(_ filter: RuleFilter) {
        program = filter.program
        evaluator = ResidualEvaluator(filter.residual)
        isUseful = filter.residual.changes != []
    }

    /// Takes note of the event that a detection has just taken, which came from a source.
    public func take(_ reader: EventFieldReader, from source: any ProcessFiltering) {
        guard isUseful, let process = reader.state.current.process else { return }
        let pid = process.pid
        let type = reader.state.current.event.type
        // With another program everything is possible again.
        if Self.execTypes.contains(type) || type == Self.exitType { return progress[pid] = nil }
        if progress.count >= Self.processLimit, progress[pid] == nil { progress.removeAll(keepingCapacity: true) }
        var state = progress[pid] ?? Progress(serial: process.serial, countdown: Self.shortestPause)
        if state.serial != process.serial { state = Progress(serial: process.serial, countdown: Self.shortestPause) }
        advance(&state, pid, reader, source)
        progress[pid] = state
    }

    /// Takes note of what has changed of processes without their doing: the packages of the node. Between two events.
    public func renew(_ state: NodeState, for source: any ProcessFiltering) {
        guard state.packageGeneration != packageGeneration else { return }
        packageGeneration = state.packageGeneration
        guard isUseful else { return }
        progress.removeAll(keepingCapacity: true)
        source.forgetProcesses()
    }

    private static let exitType = EventType(name: "procexit")

    private func advance(
        _ state: inout Progress, _ pid: Int32, _ reader: EventFieldReader, _ source: any ProcessFiltering
    ) {
        if let begun = state.begun {
            // Not the time of the event, which goes by the wall clock: somebody may have set that since.
            let recorded = reader.state.current.event.bootNanoseconds
            guard recorded > begun.bootNanoseconds &+ Self.clockMargin else { return }
            state.begun = nil
            // Threads can differ, and the event is of one.
            evaluator.evaluate(reader)
            counters.evaluated &+= 1
            let isSame = state.told == evaluator.sets
            state.pause = isSame ? min(state.pause * 2, Self.longestPause) : Self.shortestPause
            state.countdown = state.pause
            if source.setPossible(evaluator.sets, of: program, process: pid, generation: begun.number) {
                state.told = evaluator.sets
            } else {
                counters.refused &+= 1
                state.told = nil
            }
            return
        }
        state.countdown -= 1
        guard state.countdown == 0 else { return }
        guard let generation = source.generation(ofProcess: pid) else {
            state.countdown = state.pause
            return
        }
        state.begun = generation
    }
}
