import EventSources
import Glibc
import KernelInterface

/// The node's one Shrike holds a lock on a file for as long as it runs. The file is only its owner's, so that nobody without
/// privileges can hold it; the kernel gives the lock back when the process ends, however it ends.
final class InstanceLock {
    /// Why there is no lock.
    enum Refusal: Error {
        /// Another one holds it, who is nil where its file can't be read.
        case held(by: InstanceRecord?)
        /// The file can't be made here.
        case unavailable(KernelError)
    }

    /// The directory of the files: the node's, in a container too when it is mounted there.
    static let directory = "/run/shrike"

    /// The file.
    let path: String
    /// What the run before left in it; nil for nothing.
    let previous: InstanceRecord?

    private let file: FileDescriptor
    private var record: InstanceRecord
    private static let longestText = 1024

    /// Takes the lock of the Shrike whose audit rules have this key; waits for nothing.
    ///
    /// - Parameter now: nanoseconds since the epoch.
    init(key: String, stage: InstanceRecord.Stage, now: UInt64, directory: String = InstanceLock.directory)
        throws(Refusal)
    {
        path = "\(directory)/\(key).instance"
        // Others may look at the directory, for the process id; not at the file.
        mkdir(directory, 0o755)
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600)
        guard number >= 0 else {
            throw .unavailable(KernelError(call: "open", object: path, errno: errno))
        }
        file = FileDescriptor(owning: number)
        // The directory's owner may be the service's user, who must be able to open what root has made here.
        var owner = stat()
        if stat(directory, &owner) == 0 { _ = fchown(number, owner.st_uid, owner.st_gid) }
        let isLocked = flock(number, LOCK_EX | LOCK_NB) == 0
        let found = Self.read(number)
        guard isLocked else { throw .held(by: found) }
        // The file may have been removed between its opening and its locking: then the lock is worth nothing.
        var (ours, there) = (stat(), stat())
        guard fstat(number, &ours) == 0, stat(path, &there) == 0, ours.st_ino == there.st_ino,
            ours.st_dev == there.st_dev
        else { throw .held(by: nil) }
        previous = found
        record = InstanceRecord(pid: getpid(), since: now, stage: stage, audit: found?.audit)
        write()
    }

    /// Writes how far the run is.
    func enter(_ stage: InstanceRecord.Stage) {
        record.stage = stage
        if stage == .ended { record.audit = nil }
        write()
    }

    /// Writes what is to be put back.
    func note(_ audit: AuditRestoration?) {
        record.audit = audit
        write()
    }

    /// A record that can't be written only says less.
    private func write() {
        let bytes = Array(record.text.utf8)
        let written = bytes.withUnsafeBytes { pwrite(file.rawValue, $0.baseAddress, $0.count, 0) }
        if written == bytes.count { ftruncate(file.rawValue, off_t(bytes.count)) }
    }

    private static func read(_ descriptor: Int32) -> InstanceRecord? {
        var bytes = [UInt8](repeating: 0, count: longestText)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? InstanceRecord(text: String(decoding: bytes.prefix(count), as: UTF8.self)) : nil
    }
}
