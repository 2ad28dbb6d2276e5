import EventModel

/// A source's eye on its control thread, and what that did not take yet: no container is forgotten because too much waits.
struct ControlUpkeep: Sendable {
    /// A change of containers.
    enum Demand: Sendable, Equatable {
        /// Its root directory, as the host names it, and when it was heard of (CLOCK_MONOTONIC).
        case started(root: String, at: UInt64)
        /// When its first program began (nanoseconds since the epoch).
        case began(root: String, at: UInt64)
        case ended(root: String)
    }

    /// A thread is told to hang after so long at one thing.
    private static let patienceNanoseconds: UInt64 = 15_000_000_000

    private let source: SourceKind
    /// What the thread keeps up, in the plural.
    private let what: String
    private var isHung = false
    private var waiting: [Demand] = []
    private var isOverrun = false

    init(_ source: SourceKind, of what: String) { (self.source, self.what) = (source, what) }

    /// Why that is not kept up; nil while it is.
    var outage: String? {
        isHung ? "the thread that keeps the \(what) waits for something that does not answer" : nil
    }

    /// Passes a change on, behind those that wait.
    mutating func demand(_ demand: Demand, _ send: (Demand) -> Bool) {
        if case .ended(let root) = demand, let start = waiting.lastIndex(where: { $0.starts(root) }) {
            // Nobody has heard of it.
            waiting.remove(at: start)
            waiting.removeAll { $0.begins(root) }
            return
        }
        waiting.append(demand)
        pass(send)
    }

    private mutating func pass(_ send: (Demand) -> Bool) {
        let refused = waiting.firstIndex { !send($0) } ?? waiting.endIndex
        waiting.removeFirst(refused)
    }

    /// Passes on what waits, and gives what is to be said. `busySince` is what the thread says, `now` is CLOCK_MONOTONIC.
    mutating func follow(busySince: UInt64?, now: UInt64, _ send: (Demand) -> Bool) -> [SourceNotice] {
        var notices: [SourceNotice] = []
        func note(_ isBad: Bool, _ bad: String, _ good: String) {
            notices.append(
                SourceNotice(kind: isBad ? .blind : .recovered, source: source, message: isBad ? bad : good))
        }
        if !waiting.isEmpty { pass(send) }
        if waiting.isEmpty == isOverrun {
            isOverrun.toggle()
            note(
                isOverrun,
                "more changes of containers than the \(what) can follow: files of some are not watched yet",
                "the \(what) follow all changes of containers again")
        }
        let wasHung = isHung
        isHung = busySince.map { now > $0 &+ Self.patienceNanoseconds } ?? false
        if isHung != wasHung {
            note(
                isHung,
                "\(what) are not kept up: their thread waits for something that does not answer; those that are there "
                    + "still hold", "\(what) are kept up again")
        }
        return notices
    }
}

extension ControlUpkeep.Demand {
    fileprivate func starts(_ root: String) -> Bool {
        if case .started(root: root, _) = self { true } else { false }
    }

    fileprivate func begins(_ root: String) -> Bool {
        if case .began(root: root, _) = self { true } else { false }
    }
}
