import Glibc
import Synchronization

/// Mounts of file systems that a program answers for (FUSE): a thread that waits for one can't be killed, and a process with such a
/// thread doesn't end. Every user may mount one.
///
/// What root has mounted of a disk (`fuseblk`) or of a container's layers (fuse-overlayfs) counts as the kernel's own: it is what the
/// node runs on.
public enum ProgramMounts {
    /// A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
    public struct Mount: Sendable, Equatable {
        /// The first number of its line.
        public var number: UInt64
        /// Its device, as `st_dev` is written.
        public var device: UInt64
        /// Where it is.
        public var path: [UInt8]
    }

    /// Those among the lines of such a file; lines that are none are skipped.
    public static func parse(_ text: [UInt8]) -> [Mount] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " "))
            // The type stands behind a hyphen, which ends a list of any length.
            guard words.count > 6, let number = number(words[0]),
                let hyphen = words[6...].firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
                hyphen + 1 < words.count, words[hyphen + 1].starts(with: "fuse".utf8)
            else { return nil }
            let kind = String(decoding: words[hyphen + 1], as: UTF8.self)
            let options = hyphen + 3 < words.count ? String(decoding: words[hyphen + 3], as: UTF8.self) : ""
            let isOfNode =
                ["fuseblk", "fuse.fuse-overlayfs"].contains(kind)
                && options.split(separator: ",").contains("user_id=0")
            guard kind != "fusectl", !isOfNode else { return nil }
            let device = words[2].split(separator: UInt8(ascii: ":")).compactMap(Self.number)
            guard device.count == 2, let major = UInt32(exactly: device[0]), let minor = UInt32(exactly: device[1])
            else {
                return nil
            }
            return Mount(
                number: number, device: DeviceNumber.make(major: major, minor: minor), path: decoded(words[4]))
        }
    }

    /// Those of this process' mount namespace, and of another process'; none where /proc doesn't tell. What is mounted when this is
    /// called is among them; the list is read again when it has changed.
    public static func current(andOf process: Int32? = nil) -> [Mount] {
        let own: [Mount] = known.withLock { known -> [Mount] in
            if known.descriptor < 0 {
                known.descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
                guard known.descriptor >= 0 else { return [] }
            } else {
                // The kernel says whether it is another one than was read (proc_pid_mounts(5)).
                var one = pollfd(fd: known.descriptor, events: Int16(POLLPRI), revents: 0)
                guard poll(&one, 1, 0) > 0 else { return known.mounts }
            }
            lseek(known.descriptor, 0, SEEK_SET)
            known.mounts = parse(read(known.descriptor))
            return known.mounts
        }
        guard let process else { return own }
        let descriptor = open("/proc/\(process)/mountinfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return own }
        defer { _ = close(descriptor) }
        return own + parse(read(descriptor))
    }

    private struct Known: Sendable {
        /// Stays open.
        var descriptor: Int32 = -1
        var mounts: [Mount] = []
    }
    private static let known = Mutex(Known())

    /// A word of such a file, `\040` and the like decoded.
    public static func decoded(_ word: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = word
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) })
            else {
                result.append(byte)
                continue
            }
            result.append(digits.reduce(0) { $0 << 3 | ($1 - 0x30) })
            rest = rest.dropFirst(3)
        }
        return result
    }

    private static func number(_ word: ArraySlice<UInt8>) -> UInt64? { UInt64(String(decoding: word, as: UTF8.self)) }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var list: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65536)
        while list.count < 1 << 23 {
            let count = Glibc.read(descriptor, &room, room.count)
            guard count > 0 else { break }
            list.append(contentsOf: room[..<count])
        }
        return list
    }
}
