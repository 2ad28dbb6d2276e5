import Configuration
import EventModel
import Glibc
import InternalAlerts
import KernelInterface
import Outputs

/// Says in a file until when this node was watched, so that the next start can tell of the gap: a sensor that was killed
/// tells nobody.
///
/// The file has one line of fixed length, written anew every two seconds: `shrike 1 watching|stopped NANOSECONDS BOOT`,
/// with the wall clock since the epoch and the kernel's id of the boot.
final class WatchRecord {
    /// What the line says.
    struct Entry: Equatable {
        /// Whether the watching was ended in order.
        var isStopped: Bool
        /// When it was written, nanoseconds since the epoch.
        var timeNanoseconds: UInt64
        /// The boot, `/proc/sys/kernel/random/boot_id`.
        var boot: String

        /// The line, filled up with blanks.
        var bytes: [UInt8] {
            let text = "shrike 1 \(isStopped ? "stopped" : "watching") \(timeNanoseconds) \(boot)"
            let line = Array(text.utf8.prefix(WatchRecord.length - 1))
            return line + [UInt8](repeating: UInt8(ascii: " "), count: WatchRecord.length - 1 - line.count)
                + [UInt8(ascii: "\n")]
        }

        /// An entry from its parts.
        init(isStopped: Bool, timeNanoseconds: UInt64, boot: String) {
            (self.isStopped, self.timeNanoseconds, self.boot) = (isStopped, timeNanoseconds, boot)
        }

        /// Reads a line; nil when it is none of ours.
        init?(_ bytes: some Sequence<UInt8>) {
            let words = String(decoding: Array(bytes.prefix(WatchRecord.length)), as: UTF8.self)
                .split(whereSeparator: \.isWhitespace)
            guard words.count == 5, words[0] == "shrike", words[1] == "1", let time = UInt64(words[3]) else {
                return nil
            }
            switch words[2] {
            case "watching": isStopped = false
            case "stopped": isStopped = true
            default: return nil
            }
            timeNanoseconds = time
            boot = String(words[4])
        }
    }

    /// What the file said when it was opened; nil when there was none, or what it held was no entry.
    let previous: Entry?
    /// The file.
    let path: String

    private let file: FileDescriptor
    private let boot: String
    private var nextWrite: UInt64 = 0

    /// Bytes of the line.
    private static let length = 96
    private static let intervalNanoseconds: UInt64 = 2_000_000_000

    /// Opens the record in a directory and reads it; `boot` is this boot's id. Throws when that can't be done.
    init(directory: String, boot: String) throws(KernelError) {
        path = directory + "/watching"
        self.boot = boot
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600)
        guard number >= 0 else {
            throw KernelError(
                call: "open", object: path, errno: errno, hint: "shrike.state_directory names its directory")
        }
        file = FileDescriptor(owning: number)
        var found = [UInt8](repeating: 0, count: Self.length)
        let count = pread(file.rawValue, &found, found.count, 0)
        previous = count > 0 ? Entry(found.prefix(count)) : nil
    }

    /// Writes that the node is watched, when it is time to; call with CLOCK_MONOTONIC and the wall clock.
    func tick(now: UInt64, wallClock: UInt64) {
        guard now >= nextWrite else { return }
        nextWrite = now &+ Self.intervalNanoseconds
        write(Entry(isStopped: false, timeNanoseconds: wallClock, boot: boot))
    }

    /// Writes that the watching has ended in order.
    func end(wallClock: UInt64) { write(Entry(isStopped: true, timeNanoseconds: wallClock, boot: boot)) }

    /// A record that can't be written tells of too long a gap, which is better than of none.
    private func write(_ entry: Entry) {
        let bytes = entry.bytes
        _ = bytes.withUnsafeBytes { pwrite(file.rawValue, $0.baseAddress, $0.count, 0) }
    }

    /// The alert of the time for which nobody watched; nil at the first start.
    func gapAlert(wallClock: UInt64) -> Alert? {
        guard let previous else { return nil }
        let seconds = wallClock > previous.timeNanoseconds ? (wallClock - previous.timeNanoseconds) / 1_000_000_000 : 0
        let (from, to) = (Self.utc(previous.timeNanoseconds), Self.utc(wallClock))
        let how = previous.isStopped ? "had been stopped in order" : "had ended without a word (killed, or a crash)"
        let between = previous.boot == boot ? "" : "; the node was booted in between"
        return InternalAlert.make(
            .notWatched, priority: previous.isStopped ? .notice : .critical,
            "this node was not watched from \(from) to \(to): Shrike \(how)\(between)",
            [
                ("from", .string(Array(from.utf8))), ("to", .string(Array(to.utf8))), ("seconds", .unsigned(seconds)),
            ], wallClock)
    }

    /// `2026-01-31T23:59:59Z`.
    static func utc(_ nanoseconds: UInt64) -> String {
        var (writer, text) = (TimestampWriter(), [UInt8]())
        writer.appendUTC(nanoseconds, to: &text)
        return String(decoding: text.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self) + "Z"
    }
}

extension Configuration {
    /// Opens the record of when this node was watched: in `shrike.state_directory`, else in the directory that the service
    /// manager gives (systemd.exec(5)); nil where neither is.
    func openWatchRecord() throws(KernelError) -> WatchRecord? {
        var directory = stateDirectory
        if directory.isEmpty, let given = getenv("STATE_DIRECTORY") {
            // Several are separated by colons.
            directory = String(String(cString: given).prefix { $0 != ":" })
        }
        guard !directory.isEmpty else { return nil }
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw KernelError(
                call: "mkdir", object: directory, errno: errno, hint: "shrike.state_directory names it")
        }
        var boot = ""
        if case .success(let bytes) = SystemConfigurationFiles().read("/proc/sys/kernel/random/boot_id") {
            boot = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
        }
        return try WatchRecord(directory: directory, boot: boot.isEmpty ? "unknown" : boot)
    }
}
