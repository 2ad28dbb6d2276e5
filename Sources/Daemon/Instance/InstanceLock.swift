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
    /// What the file says of this run; nil while it is the one before's.
    private var record: InstanceRecord?
    private static let longestText = 65536

    /// Takes the lock of the Shrike whose audit rules have this key; waits for nothing. What the file says stays until `begin`:
    /// who finds that it can't go on must leave it to the next.
    init(key: String, directory: String = InstanceLock.directory) throws(Refusal) {
        path = Self.path(of: key, in: directory)
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
    }

    /// Whether another one has the lock.
    static func isHeld(key: String, directory: String = InstanceLock.directory) -> Bool {
        // What can't be read here is not known.
        withFile(key, directory) { flock($0, LOCK_SH | LOCK_NB) != 0 } ?? false
    }

    /// What the file says.
    static func record(key: String, directory: String = InstanceLock.directory) -> InstanceRecord? {
        withFile(key, directory, read) ?? nil
    }

    private static func withFile<Value>(_ key: String, _ directory: String, _ body: (Int32) -> Value) -> Value? {
        let number = open(path(of: key, in: directory), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)
        guard number >= 0 else { return nil }
        let file = FileDescriptor(owning: number)
        return body(file.rawValue)
    }

    /// The file of the Shrike whose audit rules have this key.
    static func path(of key: String, in directory: String = InstanceLock.directory) -> String {
        "\(directory)/\(key).instance"
    }

    /// Writes who has the lock from now on; `now` in nanoseconds since the epoch.
    func begin(_ stage: InstanceRecord.Stage, now: UInt64) {
        record = InstanceRecord(pid: getpid(), since: now, stage: stage, audit: previous?.audit)
        write()
    }

    /// Writes how far the run is.
    func enter(_ stage: InstanceRecord.Stage) {
        record?.stage = stage
        if stage == .ended { record?.audit = nil }
        write()
    }

    /// Writes what is to be put back, and what another one can go on with.
    func note(_ audit: AuditRestoration?, socket: Int32? = nil) {
        record?.audit = audit
        record?.socket = socket
        write()
    }

    /// Writes up to which of the kernel's lost records this run has told of them.
    func note(lost: UInt32?) {
        record?.lost = lost
        write()
    }

    /// Whether another one waits to go on with what this one has.
    var hasSuccessor: Bool { InstanceSuccession.isHeld(lockPath: path) }

    /// A record that can't be written only says less.
    private func write() {
        guard let record else { return }
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
