import CKernel
import Glibc

/// Why a walk did not come to its end.
public enum WalkObstacle: Error, Equatable {
    /// The kernel's error number: it is not there, or there are too many links.
    case failed(Int32)
    /// It leads onto a file system that a program answers for, which is mounted there (`ProgramMounts`).
    case program(at: [UInt8])
}

extension MarkTarget {
    /// Walks down a path step by step, and never onto a file system that a program answers for: nothing of it waits for a program.
    /// Only naming is asked of a mount before it is known what it is.
    ///
    /// - Parameters:
    ///   - path: bytes; symbolic links lead on from the root directory, those of /proc that name no path nowhere.
    ///   - root: a descriptor of the root directory; AT_FDCWD stands for our own root.
    ///   - followsLast: whether a symbolic link at the path's end is followed.
    ///   - process: whose mount namespace the root directory is of, if it isn't ours.
    public init(
        walking path: [UInt8], root: Int32 = AT_FDCWD, followsLast: Bool = true, namespaceOf process: Int32? = nil
    ) throws(WalkObstacle) {
        var names = path.split(separator: UInt8(ascii: "/"))[...]
        var links = 0
        restart: while true {
            var place = try WalkSteps.open(root, root == AT_FDCWD ? [UInt8(ascii: "/")] : [UInt8(ascii: ".")])
            // What the node itself runs on is no question.
            var status = try WalkSteps.status(place, above: nil, process, isKnown: root == AT_FDCWD)
            var walked: [ArraySlice<UInt8>] = []
            while let name = names.popFirst() {
                if name.elementsEqual([UInt8(ascii: ".")]) { continue }
                if name.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                    // Those that were walked are no links.
                    names = (walked.dropLast() + names)[...]
                    continue restart
                }
                let next = try WalkSteps.open(place.rawValue, Array(name))
                let found = try WalkSteps.status(next, above: status, process)
                if found.mode & S_IFMT == S_IFLNK, followsLast || !names.isEmpty {
                    guard links < WalkSteps.mostLinks else { throw WalkObstacle.failed(ELOOP) }
                    links += 1
                    let target = try WalkSteps.target(of: next.rawValue)
                    let base = target.first == UInt8(ascii: "/") ? [] : walked
                    names = (base + target.split(separator: UInt8(ascii: "/")) + names)[...]
                    continue restart
                }
                walked.append(name)
                place = next
                status = found
            }
            self.init(owning: place)
            return
        }
    }
}

/// The root directory that paths are walked down from: our own, one that a path leads to, or that of a process (/proc/PID/root), which
/// may be in another mount namespace.
public struct WalkRoot: ~Copyable {
    /// Its descriptor; AT_FDCWD: our own.
    public let number: Int32
    /// Whose mount namespace it is of, if it isn't ours.
    public let process: Int32?
    private let owned: MarkTarget?

    /// Finds it; an empty path stands for our own.
    public init(path: String) throws(WalkObstacle) {
        guard !path.isEmpty else {
            (number, process) = (AT_FDCWD, nil)
            owned = nil
            return
        }
        let target: MarkTarget
        if let process = Self.process(of: path) {
            // The link leads there by itself, and naming it asks nobody.
            let opened = open(path, Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { throw WalkObstacle.failed(errno) }
            target = MarkTarget(owning: FileDescriptor(owning: opened))
            self.process = process
        } else {
            target = try MarkTarget(walking: Array(path.utf8))
            process = nil
        }
        number = target.rawValue
        owned = consume target
    }

    /// O_PATH, asm-generic/fcntl.h: x86-64 and arm64 share it, Glibc's module hides it (_GNU_SOURCE).
    private static let pathOnly: Int32 = 0o10000000

    /// The number in a path that ends in `proc/PID/root`.
    private static func process(of path: String) -> Int32? {
        let names = path.split(separator: "/").suffix(3)
        guard names.count == 3, names.first == "proc", names.last == "root" else { return nil }
        return Int32(names[names.startIndex + 1])
    }
}

/// The steps of such a walk.
private enum WalkSteps {
    /// As many symbolic links as the kernel follows (path_resolution(7)).
    static let mostLinks = 40
    /// PROC_SUPER_MAGIC (linux/magic.h).
    private static let processFiles: UInt32 = 0x9fa0

    static func open(_ directory: Int32, _ name: [UInt8]) throws(WalkObstacle) -> FileDescriptor {
        guard !name.contains(0) else { throw WalkObstacle.failed(EINVAL) }
        let opened = shrike_open_place(directory, name.map { CChar(bitPattern: $0) } + [0])
        guard opened >= 0 else { throw WalkObstacle.failed(-opened) }
        return FileDescriptor(owning: opened)
    }

    /// What the kernel knows without asking; `above` is where it was reached from.
    static func status(
        _ place: borrowing FileDescriptor, above: shrike_path_status?, _ process: Int32?, isKnown: Bool = false
    ) throws(WalkObstacle) -> shrike_path_status {
        var status = shrike_path_status()
        let failure = shrike_path_status(place.rawValue, &status)
        if failure == 0, isKnown { return status }
        if failure == 0, let above, status.mount == above.mount, status.device == above.device { return status }
        let mounts = ProgramMounts.current(andOf: process)
        guard failure == 0 else {
            // FUSE tells nothing to whom its server may not serve.
            let path = DescriptorFacts.path(of: place.rawValue)
            if let path, mounts.contains(where: { $0.path == path }) { throw WalkObstacle.program(at: path) }
            throw WalkObstacle.failed(-failure)
        }
        let mount = mounts.first {
            $0.device == status.device && (status.mount == 0 || $0.number == status.mount)
        }
        if let mount { throw WalkObstacle.program(at: mount.path) }
        return status
    }

    static func target(of descriptor: Int32) throws(WalkObstacle) -> [UInt8] {
        let target: [UInt8]? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
            guard let start = room.baseAddress else { return nil }
            let count = readlinkat(descriptor, "", start, room.count)
            guard count > 0 else { return nil }
            return room[..<count].map { UInt8(bitPattern: $0) }
        }
        guard let target else { throw WalkObstacle.failed(ENOENT) }
        // Links of processes lead to files, not to the paths that they show.
        if target.first == UInt8(ascii: "/"), DescriptorFacts.filesystemMagic(of: descriptor) == processFiles {
            throw WalkObstacle.failed(ELOOP)
        }
        return target
    }
}
