import Foundation
import Glibc
import KernelInterface
import Testing

/// What nobody but root can have put where it is. Made below /tmp, where everybody may make things.
@Suite(.enabled(if: geteuid() == 0, "needs root")) struct PlaceOfRootTests {
    private let directory = "/tmp/shrike-place-\(UUID().uuidString)"

    /// What is made, in the directory, as a shell command; and whether `x/file` is root's then.
    @Test(arguments: [
        ("mkdir x; echo > x/file", true),
        ("mkdir x; echo > x/file; chmod o+w x/file", false),
        ("mkdir x; echo > x/file; chown nobody x/file", false),
        ("mkdir -m 0777 x; echo > x/file", false),
        ("mkdir -m 0775 x; echo > x/file", false),
        ("mkdir x; echo > x/file; chown nobody x", false),
        ("mkdir y; echo > y/file; ln -s y x", true),
        // In a directory where everybody may make things, a file or a link may be another's that was linked there.
        ("mkdir x; echo > x/file; chmod 1777 x", false),
        ("mkdir -m 1777 s; mkdir s/d; echo > s/d/file; ln -s s/d x", true),
        ("mkdir -m 1777 s; mkdir d; echo > d/file; ln -s ../d s/l; ln -s s/l x", false),
        ("mkdir -m 1777 s; mkdir s/d; echo > s/d/file; chown nobody s/d; ln -s s/d x", false),
        ("mkdir -m 1777 s; mkdir s/d; echo > s/d/file; chown nobody s; ln -s s/d x", false),
        ("mkdir x", false),
    ])
    func `a file below /tmp`(_ command: String, _ isOfRoot: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-ec", "umask 022; mkdir \(directory); cd \(directory); \(command)"]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let place = PlaceOfRoot(root: [], path: Array("\(directory)/x/file".utf8))
        #expect((place != nil) == isOfRoot)
    }
}
