import Foundation

/// A container runtime that needs no daemon, and what runs in its containers.
enum LocalRuntime {
    static let program = ["/usr/sbin/runc", "/usr/bin/runc", "/usr/bin/crun"]
        .first(where: FileManager.default.isExecutableFile)
    static let hasBusybox = FileManager.default.isExecutableFile(atPath: "/usr/bin/busybox")
}
