import Foundation
import Glibc

/// A control group of version 2 of a test's own, on hybrid hierarchies, too. Gone with the object.
final class FreshGroup {
    let path: String
    /// The key that the programs know it by.
    let id: UInt64

    init() throws {
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8)
        guard let line = mounts.split(separator: "\n").first(where: { $0.contains(" cgroup2 ") }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        path = "\(line.split(separator: " ")[1])/shrike-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        var status = stat()
        guard stat(path, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
        id = UInt64(status.st_ino)
    }

    /// What moves the shell that runs it into the group, and then runs a program in its place.
    func entering(_ command: String) -> String { "echo 0 > \(path)/cgroup.procs && exec \(command)" }

    deinit {
        // The last process may not be reaped yet.
        for _ in 0..<100 where rmdir(path) != 0 && errno == EBUSY { usleep(20_000) }
    }
}
