import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

func alert(_ text: String, _ priority: Priority = .warning) -> Alert {
    Alert(
        timeNanoseconds: 1_700_000_000_000_000_042, rule: "R", priority: priority, source: "syscall", tags: [],
        message: Array(text.utf8), fields: [])
}

func rendered(_ text: String) -> RenderedAlert {
    RenderedAlert(priority: .warning, line: Array(text.utf8), priorityRange: 0..<1)
}

/// A unix datagram socket that receives at a path.
func listenForDatagrams(at path: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(result == 0)
    return listener
}

/// Both ends of a pipe, as numbers that the test closes.
func makePipe() throws -> (reading: Int32, writing: Int32) {
    let pipe = try ChildProcess.Pipe()
    let reading = fcntl(pipe.reading.rawValue, F_DUPFD_CLOEXEC, 0)
    return (reading, pipe.takeWriting().release())
}

/// What can be read from a descriptor without waiting.
func available(_ descriptor: Int32) -> String {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : ""
}

func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("shrike-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

/// Waits for another process to write a file.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        usleep(10_000)
    }
    return false
}

/// Whether exactly this can be read from a descriptor, in pieces or as a whole.
func arrives(_ text: String, at descriptor: Int32) -> Bool {
    var found = ""
    return eventually {
        found += available(descriptor)
        return found == text
    }
}
