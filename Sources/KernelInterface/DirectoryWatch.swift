import Glibc

/// Tells that something in a directory changed (inotify(7)). What changed is for the caller to look up: events can be
/// lost in an overflow, the state of the directory can not.
public struct DirectoryWatch: ~Copyable {
    private let descriptor: FileDescriptor

    /// Watches a directory for files that appear, vanish, are renamed or written to.
    public init(path: String) throws(KernelError) {
        let number = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard number >= 0 else {
            throw KernelError(
                call: "inotify_init1", object: path, errno: errno,
                hint: "see the sysctl fs.inotify.max_user_instances"
            )
        }
        let mask =
            UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO) | UInt32(IN_MODIFY)
            | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)
        guard inotify_add_watch(number, path, mask) >= 0 else {
            let error = errno
            close(number)
            throw KernelError(
                call: "inotify_add_watch", object: path, errno: error,
                hint: error == ENOSPC ? "see the sysctl fs.inotify.max_user_watches" : nil
            )
        }
        descriptor = FileDescriptor(owning: number)
    }

    /// The descriptor's number, to wait for; stays owned here.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Takes the waiting events away, so that the descriptor is readable at the next change only. False when the
    /// directory itself is gone and the watch with it.
    public func clear() -> Bool {
        var isAlive = true
        withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) { buffer in
            while true {
                let count = read(descriptor.rawValue, buffer.baseAddress, buffer.count)
                if count <= 0 { return }
                var offset = 0
                // The kernel writes whole events, each a header and `len` bytes of name.
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    if event.mask & (UInt32(IN_IGNORED) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)) != 0 {
                        isAlive = false
                    }
                    offset += MemoryLayout<inotify_event>.size + Int(event.len)
                }
            }
        }
        return isAlive
    }
}
