import Glibc
import KernelInterface

/// Tells when the mounts of this namespace change (proc_pid_mountinfo(5)): audit's directory rules do not hold for what
/// is mounted later, and its path rules name a place below the new mount.
struct MountWatch: ~Copyable {
    private static let maximumBytes = 8 << 20

    private let descriptor: FileDescriptor
    private var known: Set<[UInt8]> = []

    /// Nil where /proc/self/mountinfo can't be read.
    init?() {
        let opened = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        descriptor = FileDescriptor(owning: opened)
        known = Set(MountPoints.parse(read()))
    }

    /// The mount points that are new since the last call; nil when nothing changed.
    mutating func takeNew() -> Set<[UInt8]>? {
        var one = pollfd(fd: descriptor.rawValue, events: Int16(POLLPRI), revents: 0)
        guard poll(&one, 1, 0) > 0 else { return nil }
        let now = Set(MountPoints.parse(read()))
        let new = now.subtracting(known)
        known = now
        return new
    }

    private func read() -> [UInt8] {
        lseek(descriptor.rawValue, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while bytes.count < Self.maximumBytes {
            let count = Glibc.read(descriptor.rawValue, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
