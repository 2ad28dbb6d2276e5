import EventModel

/// Containers whose files a source does not watch, or did not from the beginning, for one reason: where they are is not to be seen from
/// here, they ended too soon, or began too soon.
struct UnwatchedContainers: Sendable {
    private let source: SourceKind
    private(set) var count: UInt64 = 0
    /// Told at the first, and then with each power of ten: a node may start such a container every second.
    private var nextTold: UInt64 = 1

    init(_ source: SourceKind) { self.source = source }

    /// Counts one; gives what is to be told, where something is.
    mutating func take(_ container: String, _ reason: String) -> SourceNotice? {
        tell("the files of the container \(container) are not watched: \(reason)")
    }

    /// Counts one whose program had run for a while when its files came to be watched; gives what is to be told, where something is.
    mutating func take(_ container: String, lateByNanoseconds gap: UInt64) -> SourceNotice? {
        let milliseconds = max((gap + 500_000) / 1_000_000, 1)
        return tell(
            "the files of the container \(container) were not watched for the first \(milliseconds) ms of its program")
    }

    private mutating func tell(_ sentence: String) -> SourceNotice? {
        count &+= 1
        guard count >= nextTold else { return nil }
        nextTold = nextTold &* 10
        let soFar = count == 1 ? "" : " (\(count) containers so far)"
        return SourceNotice(
            kind: .blind, source: source,
            message:
                "\(sentence)\(soFar); the eBPF source sees those of all containers", count: count)
    }

    /// With these among the containers that could not be watched.
    func added(to arming: ContainerArming) -> ContainerArming {
        var arming = arming
        arming.unreachable &+= count
        return arming
    }
}
