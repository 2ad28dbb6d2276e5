import CKernel
import Glibc

/// A file or directory that nobody but root can have put where it is: it and all directories and symbolic links on the way to
/// it are root's and writable by no one else.
///
/// It is opened to be named only (O_PATH). Nothing on a file system is asked that may have to wait for a server: where the
/// way leads onto another mount, the type of that one is looked up first.
public struct PlaceOfRoot: ~Copyable {
    private let descriptor: FileDescriptor
    private let status: shrike_path_status

    /// Walks down from a root directory; symbolic links lead on from that root. Nil for what is not there, not root's, writable
    /// by others, or on a file system of unknown kind.
    ///
    /// - Parameter root: the directory that absolute paths start from, in our own root.
    public init?(root: [UInt8], path: [UInt8]) {
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
                    guard found.uid == 0, links < Self.mostLinks, let target = Self.target(of: next.rawValue) else {
                        return nil
                    }
                    links += 1
                    let base = target.first == UInt8(ascii: "/") ? [] : walked
                    names = (Self.joined(base, Self.names(target)) + names)[...]
                    continue restart
                }
                guard found.isOfRoot else { return nil }
                walked.append(name)
                place = next
                status = found
            }
            descriptor = place
            self.status = status
            return
        }
    }

    /// The descriptor, for calls that take one.
    public var rawValue: Int32 { descriptor.rawValue }
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
}
