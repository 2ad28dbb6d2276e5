import EventModel

/// Which came first in each container: its program, or a source's watch over its files. What the program did before is not seen.
struct ContainerBeginnings: Sendable {
    private enum Half { case watched(at: UInt64), began(at: UInt64) }
    /// Of those of which one of both is known, by their roots.
    private var halves: [String: Half] = [:]
    private var late: UnwatchedContainers

    init(_ source: SourceKind) { late = UnwatchedContainers(source) }

    /// Its files are watched from this time on (nanoseconds since the epoch, as all of these). Counts it where its program had begun;
    /// gives what is to be told, where something is.
    mutating func watched(_ root: String, at time: UInt64, _ arming: inout ContainerArming) -> SourceNotice? {
        if case .began(let began) = halves.removeValue(forKey: root) { return take(root, began, time, &arming) }
        halves[root] = .watched(at: time)
        return nil
    }

    /// Its first program began at this time. Counts it where its files came to be watched later; gives what is to be told.
    mutating func began(_ root: String, at time: UInt64, _ arming: inout ContainerArming) -> SourceNotice? {
        if case .watched(let watched) = halves.removeValue(forKey: root) { return take(root, time, watched, &arming) }
        halves[root] = .began(at: time)
        return nil
    }

    /// It is over.
    mutating func ended(_ root: String) { halves[root] = nil }

    private mutating func take(
        _ root: String, _ began: UInt64, _ watched: UInt64, _ arming: inout ContainerArming
    ) -> SourceNotice? {
        guard watched > began else { return nil }
        arming.late &+= 1
        arming.longestGapNanoseconds = max(arming.longestGapNanoseconds, watched - began)
        return late.take("at \(root)", lateByNanoseconds: watched - began)
    }
}
