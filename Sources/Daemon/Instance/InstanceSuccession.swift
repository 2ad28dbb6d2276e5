import Glibc
import KernelInterface

/// Says to the node's Shrike, for as long as it is held, that another one waits to go on with what that one has: a lock on a file
/// beside the instance's, which the kernel gives back however the process ends.
final class InstanceSuccession {
    private let file: FileDescriptor

    /// Says so for the Shrike with this lock; nil where another one does.
    init?(lockPath: String) {
        let number = open(
            Self.path(lockPath), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600)
        guard number >= 0 else { return nil }
        file = FileDescriptor(owning: number)
        var lock = Self.wholeFile
        guard fcntl(number, F_SETLK, &lock) == 0 else { return nil }
    }

    /// Whether another process says so.
    static func isHeld(lockPath: String) -> Bool {
        let number = open(path(lockPath), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)
        guard number >= 0 else { return false }
        defer { close(number) }
        var lock = wholeFile
        return fcntl(number, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    private static func path(_ lockPath: String) -> String { lockPath + ".successor" }

    private static var wholeFile: Glibc.flock {
        var lock = Glibc.flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }
}
