import EventModel
import Foundation
import Testing

@testable import EventSources

/// In a container the host's files are below a mount point; rules and events still name them as the host does.
@Suite struct HostRootTests {
    private static func withHost(_ body: (String) throws -> Void) throws {
        let root = "/tmp/shrike-host-root-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(root)/etc", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(root)/usr/bin", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(FileManager.default.createFile(atPath: "\(root)/etc/shadow", contents: nil))
        // Absolute: it must not lead out of the host's root directory.
        try FileManager.default.createSymbolicLink(atPath: "\(root)/bin", withDestinationPath: "/usr/bin")
        try body(root)
    }

    @Test func `paths are looked up below the mount point and named as on the host`() throws {
        try Self.withHost { root in
            let files = HostWatchedFiles(hostRoot: root)
            #expect(files.find("/etc/shadow", root: "") == .file("/etc/shadow"))
            #expect(files.find("/bin", root: "") == .directory("/usr/bin"))
            #expect(files.find("/nowhere/at/all", root: "") == .missing(below: "/", names: ["nowhere", "at", "all"]))
            #expect(files.find("/shadow", root: "/etc") == .file("/etc/shadow"))
            #expect(files.names(in: "/etc", root: "", beginningWith: "sha") == ["shadow"])
        }
    }

    @Test func `rules that the kernel gets name the mount point`() {
        func text(_ place: WatchedLocation, _ root: String) -> String? {
            place.field(hostRoot: root).map { String(decoding: $0.text, as: UTF8.self) }
        }
        #expect(text(.path("/etc/shadow"), "/host") == "/host/etc/shadow")
        #expect(text(.directory("/"), "/host") == "/host")
        #expect(text(.directory("/"), "") == "/")
        #expect(text(.anywhere, "/host") == nil)
    }
}
