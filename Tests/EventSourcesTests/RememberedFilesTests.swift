import Foundation
import Testing

@testable import EventSources

/// What is remembered for one look at a container is what each look by itself would find.
@Suite struct RememberedFilesTests {
    /// A container's root directory as images have it, and what is odd in some.
    private static func withRoot(_ body: (String) throws -> Void) throws {
        let root = "/tmp/shrike-container-files-\(UUID().uuidString)"
        for directory in ["etc/cron.d", "usr/bin", "var/spool", "home/user"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(FileManager.default.createFile(atPath: "\(root)/etc/shadow", contents: nil))
        for (name, target) in [
            ("bin", "/usr/bin"), ("etc/dangling", "/nowhere"), ("etc/loop", "loop"), ("etc/linked", "shadow"),
            ("home/up", "../../../../etc"),
        ] {
            try FileManager.default.createSymbolicLink(atPath: "\(root)/\(name)", withDestinationPath: target)
        }
        try body(root)
    }

    private static let paths = [
        "/", "", "/etc", "/etc/", "//etc//shadow", "/etc/shadow", "/etc/shadow/below", "/etc/shadow/below/that",
        "/etc/gshadow", "/bin", "/bin/sh", "/usr/bin/sh", "/usr/lib/systemd/system", "/usr/lib/systemd",
        "/opt/a/b/c", "/etc/dangling", "/etc/dangling/x", "/etc/loop", "/etc/loop/x", "/etc/linked",
        "/home/up/shadow", "/home/up/none/at", "/etc/../etc/shadow", "/./etc/none", "/var/spool/cron/crontabs",
    ]

    @Test func `a path leads where it leads when it is looked up alone, in any order`() throws {
        try Self.withRoot { root in
            let alone = HostWatchedFiles()
            for paths in [Self.paths, Self.paths.reversed()] {
                let files = RememberedFiles(alone, root: root)
                for path in paths + paths {
                    #expect(files.find(path, root: root) == alone.find(path, root: root), "\(path)")
                }
            }
        }
    }

    @Test func `what is there and who may write is as it is when it is asked alone`() throws {
        try Self.withRoot { root in
            chmod("\(root)/home/user", 0o1777)
            let alone = HostWatchedFiles()
            let files = RememberedFiles(alone, root: root)
            for path in ["/etc/shadow", "/etc/gshadow", "/usr/bin/sh", "/home/user", "/etc/linked"] {
                _ = files.find(path, root: root)
                #expect(files.exists(root + path) == alone.exists(root + path), "\(path)")
                #expect(files.isWritableByAll(root + path) == alone.isWritableByAll(root + path), "\(path)")
            }
            #expect(files.isWritableByAll("\(root)/home/user"))
        }
    }

    @Test func `a container that is gone has nothing, and nothing is waited for in it`() {
        let files = RememberedFiles(HostWatchedFiles(), root: "/nowhere/at/all")
        for path in ["/", "/etc", "/etc/shadow"] {
            #expect(files.find(path, root: "/nowhere/at/all") == .missing(below: "/nowhere/at/all", names: []))
        }
        #expect(files.isEmpty(root: "/nowhere/at/all"))
    }
}
