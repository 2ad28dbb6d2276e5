import Foundation
import KernelInterface
import Testing

@testable import Delivery

/// Where the forwarder's program is looked for, and which one is not started as root.
@Suite final class ForwarderProgramTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "shrike-forwarder-\(UUID().uuidString)"
        for name in ["bin", "libexec/shrike"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(name)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
        }
        try put("bin/shrike")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func put(_ name: String, mode: Int = 0o755) throws {
        let made = FileManager.default.createFile(
            atPath: "\(directory)/\(name)", contents: Data("#!/bin/sh\n".utf8), attributes: [.posixPermissions: mode])
        try #require(made)
    }

    /// The inode of what was found.
    private func found() throws(KernelError) -> UInt64 {
        let program = try ForwarderProgram(of: "\(directory)/bin/shrike")
        var status = stat()
        #expect(fstat(program.descriptor.rawValue, &status) == 0)
        return UInt64(status.st_ino)
    }

    private func inode(_ name: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
        return try #require(attributes[.systemFileNumber] as? UInt64)
    }

    @Test func `one beside shrike comes before one that is installed`() throws {
        try put("libexec/shrike/shrike-forward")
        #expect(try found() == inode("libexec/shrike/shrike-forward"))
        try put("bin/shrike-forward")
        #expect(try found() == inode("bin/shrike-forward"))
    }

    @Test func `a link to shrike is followed first`() throws {
        try put("bin/shrike-forward")
        let link = "\(directory)/libexec/shrike/shrike"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../../bin/shrike")
        let program = try ForwarderProgram(of: link)
        #expect(program.descriptor.rawValue >= 0)
    }

    @Test func `the file that was found is held though another takes its name`() throws {
        try put("bin/shrike-forward")
        let program = try ForwarderProgram(of: "\(directory)/bin/shrike")
        let held = try inode("bin/shrike-forward")
        try put("bin/new")
        #expect(rename("\(directory)/bin/new", "\(directory)/bin/shrike-forward") == 0)
        var status = stat()
        #expect(fstat(program.descriptor.rawValue, &status) == 0)
        #expect(UInt64(status.st_ino) == held)
    }

    @Test func `where there is none the error says where it is looked for`() {
        let error = #expect(throws: KernelError.self) { _ = try found() }
        #expect(error?.errno == ENOENT)
        #expect(error?.description.contains("/bin/shrike-forward") == true)
        #expect(error?.description.contains("libexec/shrike") == true)
    }

    @Test(arguments: [0o777, 0o644])
    func `one that others can write, or that is no program, is refused`(mode: Int) throws {
        try put("bin/shrike-forward")
        // Not at its creation, which the umask bounds.
        #expect(chmod("\(directory)/bin/shrike-forward", mode_t(mode)) == 0)
        let error = #expect(throws: KernelError.self) { _ = try found() }
        #expect(error?.errno == EACCES)
        #expect(error?.description.contains("shrike-forward") == true)
        #expect(mode != 0o777 || error?.hint?.contains("chmod go-w") == true, "\(error?.description ?? "")")
    }

    @Test func `one in a directory that others can write is refused`() throws {
        try put("bin/shrike-forward")
        #expect(chmod("\(directory)/bin", 0o777) == 0)
        let error = #expect(throws: KernelError.self) { _ = try found() }
        #expect(error?.hint?.contains("/bin can be written by everybody") == true, "\(error?.description ?? "")")
    }
}
