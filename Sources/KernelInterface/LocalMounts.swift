import Glibc
import Synchronization

/// Which mounts are of file systems that answer by themselves: no server, here or elsewhere, can keep a caller waiting.
enum LocalMounts {
    private struct Mount: Hashable, Sendable {
        var number: UInt64
        var device: UInt64
    }

    /// What is known of a mount.
    struct Answer: Sendable, Equatable {
        /// Whether its file system is of a kind that is known to be local.
        var isLocal: Bool
        /// See `kernelDevice(mount:device:)`.
        var kernelDevice: UInt64?
    }

    /// Whether a mount is of such a kind; the kernel's list is read once for each mount.
    ///
    /// - Parameters:
    ///   - mount: the first number of its line in /proc/self/mountinfo; 0 where the kernel does not tell (before Linux 5.8).
    ///   - device: its `st_dev`.
    static func contains(mount: UInt64, device: UInt64) -> Bool {
        // Then the owner, who alone could have mounted there, has to do.
        mount == 0 || answer(mount, device).isLocal
    }

    /// The device number that the kernel itself has for a mount's file system, as `st_dev` is written: some (btrfs, overlayfs) tell
    /// stat(2) another one. Nil where the kernel's list does not have the mount.
    static func kernelDevice(mount: UInt64, device: UInt64) -> UInt64? {
        mount == 0 ? nil : answer(mount, device).kernelDevice
    }

    private static func answer(_ mount: UInt64, _ device: UInt64) -> Answer {
        let key = Mount(number: mount, device: device)
        if let answer = answers.withLock({ $0[key] }) { return answer }
        let answer = answer(mount, in: mountList())
        answers.withLock { answers in
            if answers.count >= mostAnswers { answers.removeAll() }
            answers[key] = answer
        }
        return answer
    }

    /// What the list (proc_pid_mountinfo(5)) says of a mount.
    static func answer(_ mount: UInt64, in list: [UInt8]) -> Answer {
        let number = Array(String(mount).utf8)
        for line in list.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard let first = words.first, first.elementsEqual(number) else { continue }
            // The kind stands behind the lone dash that ends the optional words.
            guard let dash = words.firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
                dash + 1 < words.endIndex
            else { break }
            return Answer(
                isLocal: kinds.contains(String(decoding: words[dash + 1], as: UTF8.self)),
                kernelDevice: device(words[2]))
        }
        return Answer(isLocal: false)
    }

    /// `MAJOR:MINOR` as `st_dev`.
    private static func device(_ word: ArraySlice<UInt8>) -> UInt64? {
        let numbers = word.split(separator: UInt8(ascii: ":")).map { UInt32(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        return DeviceNumber.make(major: major, minor: minor)
    }

    /// `file_system_type.name` of fs/*/super.c.
    private static let kinds: Set<String> = [
        "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "jfs", "reiserfs", "tmpfs", "ramfs",
        "rootfs",
        "overlay", "squashfs", "erofs", "iso9660", "vfat", "cgroup", "cgroup2", "sysfs", "proc", "devtmpfs",
    ]

    private static let answers = Mutex<[Mount: Answer]>([:])
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
