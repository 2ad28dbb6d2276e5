import Foundation
import Glibc
import KernelInterface
import Testing

@Suite struct GuardedWalkTests {
    /// What is made in a directory, as a shell command; the path that is walked from it; and where that leads.
    @Test(arguments: [
        ("mkdir -p a/b; echo > a/b/file", "/a/b/file", "/a/b/file"),
        ("mkdir -p a/b; echo > a/b/file", "a//./b/../b/file", "/a/b/file"),
        ("mkdir -p a/b c; echo > a/b/file; ln -s ../a c/l", "/c/l/b/file", "/a/b/file"),
        // The directory is the root: no link leads out of it.
        ("mkdir -p a/b; echo > a/b/file; ln -s /a c", "/c/b/file", "/a/b/file"),
        ("mkdir -p a; echo > a/file; ln -s ../../../../a c", "/c/file", "/a/file"),
        // A link's parent is that of where it leads.
        ("mkdir -p a/b; echo > a/file; ln -s a/b c", "/c/../file", "/a/file"),
        ("mkdir -p a/b; echo > a/file; ln -s b/../file a/c", "/a/c", "/a/file"),
        ("mkdir a", "/..", ""), ("mkdir a", "/", ""),
    ])
    func `a path leads where the kernel says`(_ command: String, _ path: String, _ end: String) throws {
        try Self.with(command) { directory, root in
            let found = try MarkTarget(walking: Array(path.utf8), root: root).path
            #expect(found.map { String(decoding: $0, as: UTF8.self) } == directory + end)
            let plain = try MarkTarget(path: Array(path.utf8), root: root).path
            #expect(plain == found)
        }
    }

    @Test(arguments: [
        ("mkdir a", "/a/b", ENOENT), ("ln -s l l", "/l", ELOOP), ("ln -s m l; ln -s l m", "/l/x", ELOOP),
        ("echo > f", "/f/x", ENOTDIR), ("ln -s nowhere l", "/l", ENOENT),
    ])
    func `what leads nowhere is told`(_ command: String, _ path: String, _ number: Int32) throws {
        try Self.with(command) { _, root in
            #expect(throws: WalkObstacle.failed(number)) { _ = try MarkTarget(walking: Array(path.utf8), root: root) }
        }
    }

    @Test func `a link at the end is followed or not`() throws {
        try Self.with("echo > file; ln -s file l") { directory, root in
            let itself = try MarkTarget(walking: Array("/l".utf8), root: root, followsLast: false).status
            #expect(itself.map { $0.mode & S_IFMT } == S_IFLNK)
            let end = try MarkTarget(walking: Array("/l".utf8), root: root).path
            #expect(end.map { String(decoding: $0, as: UTF8.self) } == directory + "/file")
        }
    }

    @Test func `a process' links lead to no path`() {
        #expect(throws: WalkObstacle.failed(ELOOP)) { _ = try MarkTarget(walking: Array("/proc/self/exe".utf8)) }
        #expect(throws: Never.self) { _ = try MarkTarget(walking: Array("/proc/self/status".utf8)) }
    }

    private static func with(_ command: String, _ body: (String, Int32) throws -> Void) throws {
        let directory = URL(fileURLWithPath: "/tmp/shrike-walk-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-ec", "mkdir \(directory); cd \(directory); \(command)"]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try #require(root >= 0)
        defer { _ = close(root) }
        try body(directory, root)
    }
}
