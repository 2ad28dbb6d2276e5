import Foundation
import Glibc
import Testing

@testable import EventSources

/// Looks at files where a file system is mounted whose server answers for its root directory and for nothing else.
@Suite(.serialized, .enabled(if: LiveKernel.isRoot && access("/dev/fuse", R_OK) == 0, "needs root and /dev/fuse"))
struct HungMountTests {
    @Test func `nothing is asked of it, whatever leads there, and what was skipped is told while it is there`() throws {
        let directory = "/tmp/shrike-hung-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let hung = directory + "/tree/hung"
        try LiveKernel.run(
            "/bin/sh", "-ec",
            """
            mkdir -p \(hung) \(directory)/tree/deep \(directory)/other; cd \(directory); echo > other/file
            ln -s \(hung)/x tree/way; ln -s ../hung/y/z tree/deep/way; ln -s ../other/file tree/out; ln -s tree/hung/x link
            """)
        let mount = try #require(HungMount(at: hung))
        var isEnded = false
        defer { if !isEnded { mount.end() } }
        // Who waits all the same gets an error then.
        let rescue = DispatchWorkItem { _ = system("umount -f \(hung)") }
        DispatchQueue.global().asyncAfter(deadline: .now() + 20, execute: rescue)
        defer { rescue.cancel() }
        let skipped = SkippedMounts()
        let files = HostWatchedFiles(skipped: skipped)
        #expect(files.linkTargets(below: directory + "/tree", root: "") == [.file(directory + "/other/file")])
        #expect(skipped.current() == [hung])
        #expect(files.find(hung + "/secret", root: "") == .missing(below: hung, names: []))
        #expect(files.find(hung, root: "") == .missing(below: hung, names: []))
        #expect(files.find(directory + "/link", root: "") == .missing(below: hung, names: []))
        #expect(files.find("/hung/secret", root: directory + "/tree") == .missing(below: hung, names: []))
        #expect(files.find("/secret", root: hung) == .missing(below: hung, names: []))
        #expect(files.names(in: hung, root: "", beginningWith: "").isEmpty && files.isEmpty(root: hung))
        #expect(!files.exists(hung + "/x") && !files.isWritableByAll(hung))
        #expect(files.names(in: directory + "/tree", root: "", beginningWith: "h") == ["hung"])
        rescue.cancel()
        mount.end()
        isEnded = true
        #expect(skipped.current().isEmpty)
        #expect(files.find(hung, root: "") == .directory(hung))
    }
}
