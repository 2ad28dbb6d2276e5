import EventModel

/// Containers whose files a source does not watch, for one reason: where they are is not to be seen from here, or they ended too soon.
struct UnwatchedContainers: Sendable {
    private let source: SourceKind
    private(set) var count: UInt64 = 0
    /// Told at the first, and then with each power of ten: a node may start such a container every second.
    private var nextTold: UInt64 = 1

    init(_ source: SourceKind) { self.source = source }

    /// Counts one; gives what is to be told, where something is.
    mutating func take(_ container: String, _ reason: String) -> SourceNotice? {
        count &+= 1
        guard count >= nextTold else { return nil }
        nextTold = nextTold &* 10
        let soFar = count == 1 ? "" : " (\(count) containers so far)"
        return SourceNotice(
            kind: .blind, source: source,
            message:
                "the files of the container \(container) are not watched: \(reason)\(soFar); the eBPF source sees those of all "
                + "containers", count: count)
    }

    /// With these among the containers that could not be watched.
    func added(to arming: ContainerArming) -> ContainerArming {
        var arming = arming
        arming.unreachable &+= count
        return arming
    }
}
