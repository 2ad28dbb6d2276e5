import Glibc
import KernelInterface
import Synchronization

/// What came of a look at a point.
enum FanotifyLook: Sendable, Equatable {
    /// What was found, and marked if it could be.
    struct Found: Sendable, Equatable {
        var identity: WatchPoint.Identity
        /// Why it is not marked; nil when it is.
        var failure: String?
        /// Whether that is the kernel's doing, as opposed to a place where nothing can be opened.
        var isRefused = false
        /// The names of the directories directly in it, of a tree.
        var subdirectories: [[UInt8]] = []
    }

    /// It does not exist, or is of no use.
    case missing
    /// It did not answer in time.
    case silent
    /// It was not looked at: every thread for that waits for something that does not answer.
    case unasked
    /// It is what is marked already.
    case same
    case found(Found)
}

/// A point that is to be looked at, and what is marked there.
typealias FanotifyLookRequest = (point: WatchPoint, marked: WatchPoint.Identity?)

/// Looks at points and marks what they are: in one go, so that what is marked is what was looked at. May hang where a file
/// system does not answer.
final class FanotifyMarking: Sendable {
    /// The events of a mark that tell of every open and of how it was meant.
    private static let opens: FanotifyGroup.Events = [.open, .closeWrite, .closeNoWrite]
    /// The most subdirectories of one directory.
    private static let namesLimit = 65536

    private let marker: FanotifyMarker
    private let hostRoot: String
    /// Before Linux 5.0 there is no FAN_OPEN_EXEC: program starts look like opens.
    private let lacksExec = Atomic<Bool>(false)

    private let skipped: SkippedMounts?

    /// - Parameter skipped: takes the mounts that are not looked into.
    init(marker: FanotifyMarker, hostRoot: String, skipped: SkippedMounts? = nil) {
        (self.marker, self.hostRoot, self.skipped) = (marker, hostRoot, skipped)
    }

    /// Looks at points and puts what came of it, one by one, as long as that is taken.
    func look(_ requests: [FanotifyLookRequest], _ put: (FanotifyLook) -> Bool) {
        var next = 0
        while next < requests.count {
            // Held only for the look: a container's file system must not be kept from going.
            let path = hostRoot + requests[next].point.root
            let end = requests[next...].firstIndex { hostRoot + $0.point.root != path } ?? requests.count
            let some = requests[next..<end]
            next = end
            guard let root = root(path) else {
                for _ in some { guard put(.missing) else { return } }
                continue
            }
            for request in some { guard put(look(request.point, marked: request.marked, root)) else { return } }
        }
    }

    private func look(_ point: WatchPoint, marked: WatchPoint.Identity?, _ root: borrowing WalkRoot) -> FanotifyLook {
        guard let target = target(point.path, root), let status = target.status else { return .missing }
        let identity = WatchPoint.Identity(status)
        guard marked != identity else { return .same }
        var found = FanotifyLook.Found(identity: identity)
        let isWhole = if case .filesystem = point.kind { true } else { false }
        guard FilesystemKind.holdsFiles(magic: target.filesystemMagic) else {
            if isWhole { return .missing }
            found.failure = "not on a file system that holds files"
            return .found(found)
        }
        if marked?.isSameFile(as: identity) != true {
            let number = mark(target.rawValue, point.kind, isDirectory: status.isDirectory)
            if number != 0 {
                found.failure = "can't be marked: \(String(cString: strerror(number)))"
                found.isRefused = true
            }
        }
        if case .tree = point.kind, status.isDirectory {
            found.subdirectories = target.subdirectories(limit: Self.namesLimit)
        }
        return .found(found)
    }

    /// 0 or an errno.
    private func mark(_ target: Int32, _ kind: WatchPoint.Kind, isDirectory: Bool) -> Int32 {
        let number = marker.mark(target, kind.coverage, events(kind, isDirectory: isDirectory))
        guard number == EINVAL, !lacksExec.exchange(true, ordering: .relaxed) else { return number }
        return marker.mark(target, kind.coverage, events(kind, isDirectory: isDirectory))
    }

    private func events(_ kind: WatchPoint.Kind, isDirectory: Bool) -> FanotifyGroup.Events {
        let all = lacksExec.load(ordering: .relaxed) ? Self.opens : Self.opens.union(.openExec)
        switch kind {
        case .filesystem(reads: false): return .closeWrite
        case .filesystem: return all
        case .file, .children, .tree: return isDirectory ? all.union(.onChild) : all
        }
    }

    /// Takes a mark back, if what it is on is still there; with `keepsWrites` all of it but what tells of writers.
    func unmark(_ point: WatchPoint, _ identity: WatchPoint.Identity, keepsWrites: Bool) {
        guard let root = root(hostRoot + point.root), let target = target(point.path, root), let status = target.status,
            WatchPoint.Identity(status).isSameFile(as: identity)
        else { return }
        var events = events(point.kind, isDirectory: true)
        if keepsWrites { events.subtract(.closeWrite) }
        marker.unmark(target.rawValue, point.kind.coverage, events)
    }

    private func target(_ path: [UInt8], _ root: borrowing WalkRoot) -> MarkTarget? {
        do throws(WalkObstacle) {
            return try MarkTarget(walking: path, root: root.number, namespaceOf: root.process)
        } catch {
            note(error)
            return nil
        }
    }

    private func root(_ path: String) -> WalkRoot? {
        do throws(WalkObstacle) { return try WalkRoot(path: path) } catch {
            note(error)
            return nil
        }
    }

    private func note(_ obstacle: WalkObstacle) {
        guard case .program(let mount) = obstacle else { return }
        let path = String(decoding: mount, as: UTF8.self)
        skipped?.note(path.hasPrefix(hostRoot) ? String(path.dropFirst(hostRoot.count)) : path, mount: mount)
    }
}

extension WatchPoint.Kind {
    fileprivate var coverage: FanotifyGroup.Coverage {
        if case .filesystem = self { .filesystem } else { .inode }
    }
}
