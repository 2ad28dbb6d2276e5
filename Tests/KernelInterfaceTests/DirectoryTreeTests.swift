import Foundation
import TestSupport
import Testing

@testable import KernelInterface

@Suite struct DirectoryTreeTests {
    private func make(_ paths: [String]) throws {
        for path in paths {
            let url = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: url)
        }
    }

    @Test func `a tree goes with all that is in it, but for what links lead to`() throws {
        try withDirectory { directory in
            let tree = "\(directory)/tree"
            try make(["\(tree)/file", "\(tree)/a/b/c/file", "\(directory)/outside/file"])
            #expect(symlink("\(directory)/outside", "\(tree)/a/link") == 0)
            #expect(symlink("\(directory)/outside/file", "\(tree)/file-link") == 0)
            DirectoryTree.remove(tree)
            #expect(!FileManager.default.fileExists(atPath: tree))
            #expect(FileManager.default.fileExists(atPath: "\(directory)/outside/file"))
        }
    }

    @Test func `a link in place of the tree is left with what it leads to`() throws {
        try withDirectory { directory in
            try make(["\(directory)/outside/file"])
            #expect(symlink("\(directory)/outside", "\(directory)/tree") == 0)
            DirectoryTree.remove("\(directory)/tree")
            #expect(FileManager.default.fileExists(atPath: "\(directory)/outside/file"))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root, to mount"))
    func `what is mounted in the tree stays, also from the same file system`() throws {
        try withDirectory { directory in
            let tree = "\(directory)/tree"
            try make(["\(tree)/file", "\(tree)/mounted/hidden", "\(tree)/file-mount", "\(directory)/outside/a/file"])
            let mounts = [
                ("\(directory)/outside", "\(tree)/mounted"), ("\(directory)/outside/a/file", "\(tree)/file-mount"),
            ]
            // MS_BIND and MNT_DETACH of sys/mount.h, which are no constants for Swift.
            for (source, target) in mounts { #expect(mount(source, target, nil, 4096, nil) == 0) }
            DirectoryTree.remove(tree)
            for (_, target) in mounts { #expect(umount2(target, 2) == 0) }
            #expect(FileManager.default.fileExists(atPath: "\(directory)/outside/a/file"))
            #expect(!FileManager.default.fileExists(atPath: "\(tree)/file"))
        }
    }
}
