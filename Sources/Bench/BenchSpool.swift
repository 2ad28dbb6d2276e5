import Configuration
import Glibc

/// A spool's file for one bench. It is never the daemon's: that one's alerts would be delivered twice, and its cursors belong
/// to a running process.
struct BenchSpool {
    let path: String

    /// Why a path can't be used.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    init(_ options: AlertBenchOptions) throws(Problem) {
        let configured = options.configuration.outputs.spool.path
        // Beside the configured one, so that the same disk is measured.
        path = options.spoolPath ?? "\(configured).bench-\(getpid())"
        for part in Self.parts(of: path) where access(part, F_OK) == 0 {
            throw Problem(
                description: "the spool \(part) is there already, perhaps a running daemon's; --spool names a new file")
        }
    }

    /// Removes the file and its log.
    func remove() { for part in Self.parts(of: path) { unlink(part) } }

    private static func parts(of path: String) -> [String] { [path, path + "-wal", path + "-shm"] }
}
