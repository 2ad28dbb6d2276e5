import EventModel
import Glibc
import KernelInterface
import NodeState

/// Puts marks where the rules' paths are, in our own root directory and those of containers, and keeps them there while
/// files and directories come, go and are replaced.
///
/// As narrow as the needs allow: a named file is marked by itself, the directory where it is missing, a prefix as the
/// directories below it, and a whole file system only where no path says where to look or the directories are too many.
/// fanotify has no recursive mark, so a directory made after the last look is marked at the next one (about a second);
/// an open below it in between is not seen.
struct FanotifyMarks {
    private struct PointKey: Hashable {
        var root: Int
        var path: [UInt8]
        var kind: WatchPoint.Kind
    }

    /// The events of a mark that tell of every open and of how it was meant.
    private static let opens: FanotifyGroup.Events = [.open, .closeWrite, .closeNoWrite]
    /// The most subdirectories of one directory.
    private static let namesLimit = 65536
    /// Places looked at again in one go, at most.
    private static let checkLimit = 256

    /// The needs wherever the file is.
    let needs: OpenNeeds
    private let hostNeeds: OpenNeeds
    private let containerNeeds: OpenNeeds
    private(set) var coverage = FanotifyCoverage()
    private(set) var aliases = PathAliases()
    private let directoryLimit: Int
    private var roots: [Int: MarkRoot] = [:]
    private var nextRoot = 0
    private var points: [WatchPoint] = []
    /// Points below this index were looked at once.
    private var settled = 0
    private var known: Set<PointKey> = []
    private var nextCheck = 0
    private var filesystemsMarked: Set<UInt64> = []
    private var events = opens.union(.openExec)

    init(_ needs: EventNeeds, directoryLimit: Int) {
        self.needs = OpenNeeds(needs)
        hostNeeds = OpenNeeds(needs, scope: .host)
        containerNeeds = OpenNeeds(needs, scope: .container)
        self.directoryLimit = directoryLimit
    }

    /// Adds the host's root directory: our own, or what it is mounted at.
    mutating func addHost(_ path: String = "", to group: borrowing FanotifyGroup) throws(KernelError) {
        let root = path.isEmpty ? MarkRoot() : try MarkRoot(path: path)
        add(root, hostNeeds, to: group)
        guard !hostNeeds.anywhere.isEmpty else { return }
        var text: [UInt8] = []
        let mounts = path.isEmpty ? "/proc/self/mountinfo" : "/proc/1/mountinfo"
        _ = HostFiles().read(PathBuffer(mounts), upTo: 1 << 20, into: &text)
        for mount in MountPoints.parse(text) {
            guard let target = root.open(mount) else { continue }
            markFilesystem(of: target, name: mount, access: hostNeeds.anywhere, group)
        }
    }

    /// Adds a container's root directory, as a path that reaches it (a bundle's rootfs, /proc/PID/root).
    mutating func addContainer(_ path: String, to group: borrowing FanotifyGroup) throws(KernelError) {
        let name = Array(path.utf8)
        guard !roots.values.contains(where: { $0.name == name }) else { return }
        let root = try MarkRoot(path: path)
        add(root, containerNeeds, to: group)
        guard !containerNeeds.anywhere.isEmpty, let target = root.open([UInt8(ascii: "/")]) else { return }
        markFilesystem(of: target, name: name, access: containerNeeds.anywhere, group)
    }

    /// Forgets a container's root directory. Its marks go with its file system, or stay until the group ends.
    mutating func removeContainer(_ path: String) {
        let name = Array(path.utf8)
        guard let index = roots.first(where: { $0.value.name == name })?.key else { return }
        roots[index] = nil
        points.removeAll { $0.root == index }
        known = known.filter { $0.root != index }
        settled = points.count
        nextCheck = 0
        recount()
    }

    /// Looks at some of the places again; all of them in ten calls, if they are not too many.
    mutating func check(_ group: borrowing FanotifyGroup) {
        guard !points.isEmpty else { return }
        for _ in 0..<min(points.count / 10 + 1, Self.checkLimit) where !points.isEmpty {
            if nextCheck >= points.count { nextCheck = 0 }
            if update(nextCheck, group) {
                nextCheck += 1
            } else {
                let point = points.remove(at: nextCheck)
                settled -= 1
                known.remove(PointKey(root: point.root, path: point.path, kind: point.kind))
            }
            settle(group)
        }
        recount()
    }

    private mutating func add(_ root: MarkRoot, _ needs: OpenNeeds, to group: borrowing FanotifyGroup) {
        let index = nextRoot
        nextRoot += 1
        roots[index] = root
        for pattern in needs.exact where pattern.bytes.first == UInt8(ascii: "/") {
            addPoint(WatchPoint(root: index, path: pattern.bytes, kind: .file, isNamed: true))
        }
        for prefix in needs.outermostPrefixes {
            guard let directory = Self.directory(of: prefix) else { continue }
            addPoint(WatchPoint(root: index, path: directory, kind: .tree(prefix: prefix), isNamed: true))
        }
        settle(group)
        recount()
    }

    /// The directory that holds every path with the prefix: `/etc` for `/etc/` and for `/etc/ld.so`.
    static func directory(of prefix: [UInt8]) -> [UInt8]? {
        let slash = UInt8(ascii: "/")
        guard prefix.first == slash, let last = prefix.lastIndex(of: slash) else { return nil }
        return last == 0 ? [slash] : Array(prefix[..<last])
    }

    private mutating func addPoint(_ point: WatchPoint) {
        guard known.insert(PointKey(root: point.root, path: point.path, kind: point.kind)).inserted else { return }
        points.append(point)
    }

    /// Looks at the points that were added, and at those that this adds.
    private mutating func settle(_ group: borrowing FanotifyGroup) {
        while settled < points.count {
            _ = update(settled, group)
            settled += 1
        }
    }

    /// Marks what the point names now; false when the point is to go.
    private mutating func update(_ index: Int, _ group: borrowing FanotifyGroup) -> Bool {
        let point = points[index]
        guard let root = roots[point.root] else { return false }
        guard let target = root.open(point.path), let status = target.status else {
            points[index].marked = nil
            if point.kind == .file { watchParent(of: point) }
            return point.isNamed
        }
        let identity = WatchPoint.Identity(status)
        guard point.marked != identity else { return true }
        points[index].marked = identity
        let isSame = point.marked?.device == identity.device && point.marked?.inode == identity.inode
        if isSame, !status.isDirectory { return true }
        noteAlias(of: point, target, root)
        guard FilesystemKind.holdsFiles(magic: target.filesystemMagic) else {
            if point.isNamed { coverage.fail("\(point.text): not on a file system that holds files") }
            return point.isNamed
        }
        if !isSame { mark(target, point, isDirectory: status.isDirectory, group) }
        if status.isDirectory, case .tree(let prefix) = point.kind { walk(point, prefix: prefix, target, group) }
        return true
    }

    private mutating func mark(
        _ target: borrowing MarkTarget, _ point: WatchPoint, isDirectory: Bool, _ group: borrowing FanotifyGroup
    ) {
        do {
            try group.mark(target.rawValue, .inode, isDirectory ? events.union(.onChild) : events)
        } catch {
            guard !giveUpExec(error) else { return mark(target, point, isDirectory: isDirectory, group) }
            coverage.fail("\(point.text): \(error)")
        }
    }

    private mutating func markFilesystem(
        of target: borrowing MarkTarget, name: [UInt8], access: AccessNeed, _ group: borrowing FanotifyGroup
    ) {
        guard let status = target.status, FilesystemKind.holdsFiles(magic: target.filesystemMagic),
            filesystemsMarked.insert(status.device).inserted
        else { return }
        let text = String(decoding: name, as: UTF8.self)
        do {
            // Writers close with an event of their own: where only writes matter the many reads stay in the kernel.
            try group.mark(target.rawValue, .filesystem, access.contains(.read) ? events : .closeWrite)
            coverage.filesystems.append(text)
        } catch {
            filesystemsMarked.remove(status.device)
            guard !giveUpExec(error) else { return markFilesystem(of: target, name: name, access: access, group) }
            coverage.fail("\(text): \(error)")
        }
    }

    /// Before Linux 5.0 there is no FAN_OPEN_EXEC: program starts look like opens. True when it is worth another try.
    private mutating func giveUpExec(_ error: KernelError) -> Bool {
        guard error.errno == EINVAL, events.contains(.openExec) else { return false }
        events = Self.opens
        return true
    }

    /// A file that is not there can be made: mark the directory that it would be made in.
    private mutating func watchParent(of point: WatchPoint) {
        guard let parent = Self.directory(of: point.path) else { return }
        addPoint(WatchPoint(root: point.root, path: parent, kind: .children, isNamed: true))
    }

    private mutating func noteAlias(of point: WatchPoint, _ target: borrowing MarkTarget, _ root: MarkRoot) {
        guard point.isNamed, let real = root.innerPath(of: target) else { return }
        if point.kind == .file {
            aliases.add(real: real, named: point.path, isPrefix: false)
        } else {
            aliases.add(real: Self.asPrefix(real), named: Self.asPrefix(point.path), isPrefix: true)
        }
    }

    private static func asPrefix(_ directory: [UInt8]) -> [UInt8] {
        directory.last == UInt8(ascii: "/") ? directory : directory + [UInt8(ascii: "/")]
    }

    /// Finds the directories directly below and adds those that can hold paths with the prefix.
    private mutating func walk(
        _ point: WatchPoint, prefix: [UInt8], _ target: borrowing MarkTarget, _ group: borrowing FanotifyGroup
    ) {
        for name in target.subdirectories(limit: Self.namesLimit) {
            let path = Self.asPrefix(point.path) + name
            // `/etc/ld.so` leads into `/etc/ld.so.conf.d` and not into `/etc/ssl`.
            guard path.starts(with: prefix) || prefix.starts(with: Self.asPrefix(path)) else { continue }
            guard points.count < directoryLimit else {
                return markFilesystem(of: target, name: point.path, access: .any, group)
            }
            addPoint(WatchPoint(root: point.root, path: path, kind: .tree(prefix: prefix), isNamed: false))
        }
    }

    private mutating func recount() {
        coverage.files = 0
        coverage.directories = 0
        coverage.missing = 0
        for point in points {
            switch (point.kind, point.marked) {
            case (.file, nil): coverage.missing += 1
            case (.file, _): coverage.files += 1
            case (_, nil): break
            default: coverage.directories += 1
            }
        }
    }
}
