import KernelInterface
import Synchronization

/// The mounts that were not looked into, as a program answers for them: to be told for as long as they are there.
final class SkippedMounts: Sendable {
    /// More are not told apart.
    private static let limit = 1024
    /// What the host calls them, by where they are for us.
    private let mounts = Mutex<[[UInt8]: String]>([:])

    /// One was not entered.
    func note(_ path: String, mount: [UInt8]) {
        mounts.withLock { if $0.count < Self.limit { $0[mount] = path } }
    }

    /// Those that are still there.
    func current() -> Set<String> {
        guard mounts.withLock({ !$0.isEmpty }) else { return [] }
        let mounted = Set(ProgramMounts.current().map(\.path))
        return mounts.withLock { mounts in
            mounts = mounts.filter { mounted.contains($0.key) }
            return Set(mounts.values)
        }
    }
}
