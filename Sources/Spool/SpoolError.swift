import CSQLite
import Glibc
public import KernelInterface

/// Why the spool could not do what it was asked for.
public enum SpoolError: Error, Sendable, CustomStringConvertible {
    /// The disk, or the quota on it, is full.
    case full
    /// The other process holds the file's lock for longer than this one waits.
    case busy
    /// The file is no database, or a damaged one.
    case corrupt(String)
    /// Others than its owner could put files of theirs where the spool is.
    case unsafeDirectory(String)
    /// Any other failure, in SQLite's words.
    case failed(String)
    /// A system call failed.
    case system(KernelError)

    /// What went wrong, for a message that names the spool.
    public var description: String {
        switch self {
        case .full: "the disk is full"
        case .busy: "its lock is held by another process"
        case .corrupt(let reason): "the file is damaged: \(reason)"
        case .unsafeDirectory(let path): "others may write to \(path); chown it to root and chmod it to 0700"
        case .failed(let reason): reason
        case .system(let error): error.description
        }
    }

    /// Whether it may pass without a change of the configuration.
    public var isPassing: Bool {
        switch self {
        case .full, .busy: true
        case .system(let error): [ENOSPC, EDQUOT].contains(error.errno)
        case .corrupt, .unsafeDirectory, .failed: false
        }
    }

    /// The error of an SQLite result code; `message` is what the connection says about it.
    init(code: Int32, message: String) {
        switch code & 0xff {
        case SQLITE_FULL: self = .full
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(message)
        default: self = .failed("\(message) (SQLite code \(code))")
        }
    }
}
