import Glibc
import Synchronization

/// Which mounts are of file systems that answer by themselves: no server, here or elsewhere, can keep a caller waiting.
enum LocalMounts {
    private struct Mount: Hashable, Sendable {
        var number: UInt64
        var device: UInt64
    }

    /// Whether a mount is of such a kind; the kernel's list is read once for each mount.
    ///
    /// - Parameters:
    ///   - mount: the first number of its line in /proc/self/mountinfo; 0 where the kernel does not tell (before Linux 5.8).
    ///   - device: its `st_dev`.
    static func contains(mount: UInt64, device: UInt64) -> Bool {
        // Then the owner, who alone could have mounted there, has to do.
        guard mount != 0 else { return true }
        let key = Mount(number: mount, device: device)
        if let answer = answers.withLock({ $0[key] }) { return answer }
        let answer = isLocal(mount, in: mountList())
        answers.withLock { answers in
            if answers.count >= mostAnswers { answers.removeAll() }
            answers[key] = answer
        }
        return answer
    }

    /// Whether the list (proc_pid_mountinfo(5)) has the mount with a kind that is known to be local.
    static func isLocal(_ mount: UInt64, in list: [UInt8]) -> Bool {
        let number = Array(String(mount).utf8)
        for line in list.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard let first = words.first, first.elementsEqual(number) else { continue }
            // The kind stands behind the lone dash that ends the optional words.
            guard let dash = words.firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
                dash + 1 < words.endIndex
            else { return false }
            return kinds.contains(String(decoding: words[dash + 1], as: UTF8.self))
        }
        return false
    }

    /// `file_system_type.name` of fs/*/super.c.
    private static let kinds: Set<String> = [
        "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "jfs", "reiserfs", "tmpfs", "ramfs",
        "rootfs",
        "overlay", "squashfs", "erofs", "iso9660", "vfat", "cgroup", "cgroup2", "sysfs", "proc", "devtmpfs",
    ]

    private static let answers = Mutex<[Mount: Bool]>([:])
    /// A mount that takes the number and the device of one that is gone needs root, who may put anything there anyway.
    private static let mostAnswers = 256

    private static func mountList() -> [UInt8] {
        let descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { _ = close(descriptor) }
        var list: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65536)
        while list.count < 1 << 22 {
            let count = read(descriptor, &room, room.count)
            guard count > 0 else { break }
            list.append(contentsOf: room[..<count])
        }
        return list
    }
}
