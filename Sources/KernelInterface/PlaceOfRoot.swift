import CKernel
import Glibc

/// A file or directory that nobody but root can have put where it is: it and all directories and symbolic links on the way to
/// it are root's and writable by no one else. A sticky directory on the way (/tmp) is no hindrance where the next is a directory
/// of root's.
///
/// It is opened to be named only (O_PATH). Nothing on a file system is asked that may have to wait for a server: where the
/// way leads onto another mount, the type of that one is looked up first.
public struct PlaceOfRoot: ~Copyable {
    private let descriptor: FileDescriptor
    private let status: shrike_path_status

    /// Walks down from a root directory; symbolic links lead on from that root. Nil for what is not there, not root's, writable
    /// by others, or on a file system of unknown kind.
    ///
    /// - Parameters:
    ///   - root: the directory that absolute paths start from, in our own root.
    ///   - isAlone: whether what lies below a sticky directory is refused as well.
    public init?(root: [UInt8], path: [UInt8], isAlone: Bool = false) {
        var names = Self.names(path)[...]
        var links = 0
        restart: while true {
            guard let start = Self.open(AT_FDCWD, root.isEmpty ? [UInt8(ascii: "/")] : root) else { return nil }
            var place = start
            guard var status = Self.status(of: place.rawValue), status.isOfRoot,
                LocalMounts.contains(mount: status.mount, device: status.device)
            else {
                return nil
            }
            var walked: [ArraySlice<UInt8>] = []
            while let name = names.popFirst() {
                guard let next = Self.open(place.rawValue, Array(name)), let found = Self.status(of: next.rawValue),
                    found.mount == status.mount && found.device == status.device
                        || LocalMounts.contains(mount: found.mount, device: found.device)
                else { return nil }
                if found.mode & S_IFMT == S_IFLNK {
                    // Who may make one in a directory of root's is root; where it leads is walked in its turn.
                    guard found.uid == 0, !status.isStickyOfRoot, links < Self.mostLinks,
                        let target = Self.target(of: next.rawValue)
                    else {
                        return nil
                    }
                    links += 1
                    let base = target.first == UInt8(ascii: "/") ? [] : walked
                    names = (Self.joined(base, Self.names(target)) + names)[...]
                    continue restart
                }
                // In a directory like /tmp nobody can move another's directory away or put his own under its name; files and links
                // he could have linked there.
                guard found.isOfRoot || !isAlone && found.isStickyOfRoot, !status.isStickyOfRoot || found.isDirectory
                else {
                    return nil
                }
                walked.append(name)
                place = next
                status = found
            }
            guard status.isOfRoot else { return nil }
            descriptor = place
            self.status = status
            return
        }
    }

    /// The descriptor, for calls that take one.
    public var rawValue: Int32 { descriptor.rawValue }
    /// What the kernel knows of it.
    public var pathStatus: PathStatus { PathStatus(status) }
    /// The device number that the kernel itself has for its file system; nil when that isn't told.
    public var kernelDevice: UInt64? { LocalMounts.kernelDevice(mount: status.mount, device: status.device) }
    /// Whether it is a regular file.
    public var isFile: Bool { status.mode & S_IFMT == S_IFREG }
    /// Its size in bytes.
    public var size: Int64 { status.size }

    /// As many symbolic links as the kernel follows (path_resolution(7)).
    private static let mostLinks = 40

    private static func names(_ path: [UInt8]) -> [ArraySlice<UInt8>] {
        joined([], path.split(separator: UInt8(ascii: "/")))
    }

    /// Names behind one another, without `.` and `..`: every one that stands before a `..` was walked and is no link.
    private static func joined(_ base: [ArraySlice<UInt8>], _ names: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var result = base
        for name in names where !name.elementsEqual([UInt8(ascii: ".")]) {
            if name.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                _ = result.popLast()
            } else {
                result.append(name)
            }
        }
        return result
    }

    private static func open(_ directory: Int32, _ name: [UInt8]) -> FileDescriptor? {
        guard !name.contains(0) else { return nil }
        let terminated = name.map { CChar(bitPattern: $0) } + [0]
        let opened = shrike_open_place(directory, terminated)
        return opened >= 0 ? FileDescriptor(owning: opened) : nil
    }

    private static func status(of descriptor: Int32) -> shrike_path_status? {
        var status = shrike_path_status()
        return shrike_path_status(descriptor, &status) == 0 ? status : nil
    }

    private static func target(of descriptor: Int32) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
            guard let start = room.baseAddress else { return nil }
            let count = readlinkat(descriptor, "", start, room.count)
            guard count > 0 else { return nil }
            return room[..<count].map { UInt8(bitPattern: $0) }
        }
    }
}

extension shrike_path_status {
    /// Whether it is root's and nobody else may write it; an access list shows as the group's permission (acl(5)).
    fileprivate var isOfRoot: Bool { uid == 0 && mode & (S_IWGRP | S_IWOTH) == 0 }
    fileprivate var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether it is a directory of root's in which everybody may make things, but take nobody else's away (sticky, inode(7)).
    fileprivate var isStickyOfRoot: Bool { isDirectory && uid == 0 && mode & S_ISVTX != 0 && mode & S_IWOTH != 0 }
}
