import Foundation
import Testing

/// Running as the systemd unit has it run: its user's rights and its capabilities, with a service manager to tell.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndServiceTests {
    /// The repository's root directory.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The value of a key of the unit.
    static func unit(_ key: String) throws -> String {
        let text = try String(contentsOf: repository.appendingPathComponent("systemd/shrike.service"), encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + "=") }
        return try String(#require(line).dropFirst(key.count + 1))
    }

    /// Stands in for the manager: the user is not root, the capabilities are the unit's, more can't be had.
    static func launcher(_ environment: [String]) throws -> [String] {
        let capabilities = try unit("AmbientCapabilities")
        #expect(try unit("CapabilityBoundingSet") == capabilities)
        let set = capabilities.split(separator: " ").map { "+" + $0.dropFirst("CAP_".count).lowercased() }
            .joined(separator: ",")
        return [
            "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
            "--bounding-set=-all,\(set)", "--inh-caps=-all,\(set)", "--ambient-caps=-all,\(set)", "/usr/bin/env",
        ] + environment
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["auto", "ebpf", "audit", "proc"])
    func `every source works with the rights that the unit gives`(source: String) throws {
        let manager = try Manager()
        let launcher = try Self.launcher(["NOTIFY_SOCKET=\(manager.name)", "WATCHDOG_USEC=400000"])
        let shrike = try ShrikeProcess(["-o", "json_output=true", "--source", source], launcher: launcher)
        defer { shrike.stop() }
        // It lives for a while: without audit, what a process is can only be read while it is there.
        try Command.shell("sleep 0.2; exec 3< /etc/shadow; sleep 0.5")
        let alert = shrike.alert("Sensitive file read by an untrusted program") { $0.text("fd.name") == "/etc/shadow" }
        #expect(alert?.text("proc.name") == "sh", "\(shrike.standardError)\n\(shrike.standardOutput)")
        #expect(!shrike.standardError.contains("Permission denied"), "\(shrike.standardError)")
        #expect(!shrike.standardError.contains("Operation not permitted"), "\(shrike.standardError)")
        usleep(500_000)
        // Only so many wait (net.unix.max_dgram_qlen); the last one must find room.
        var messages = manager.received()
        #expect(shrike.stop() == 0)
        messages += manager.received()
        let isKept = messages.first?.hasPrefix("FDSTORE=1\n") == true
        #expect(isKept == (source == "ebpf" || source == "auto" && ShrikeProcess.canUseBPF), "\(messages)")
        #expect(
            messages.first { !$0.hasPrefix("FDSTORE=1\n") }?.hasPrefix("READY=1\nSTATUS=") == true, "\(messages)")
        #expect(messages.contains("WATCHDOG=1"))
        #expect(messages.last?.hasPrefix("STOPPING=1") == true, "\(messages)")
    }

    /// However it ended, what happens until it is there again is told by the next start.
    @Test(
        .enabled(if: ShrikeProcess.canUseBPF, "needs root and a kernel with BTF"), .timeLimit(.minutes(2)),
        arguments: ["TERM", "KILL"])
    func `nothing is missed while the service is started anew`(signal: String) throws {
        let program = Self.repository.appendingPathComponent("Tests/containers/restart.py").path
        let done = try Command.run("/usr/bin/env", ["python3", program, ShrikeProcess.binary.path, signal])
        #expect(done.status == 0, "\(done.output)")
    }

    @Test func `the unit is at 3_0 or lower for systemd's own analyser`() throws {
        let unit = Self.repository.appendingPathComponent("systemd/shrike.service").path
        let result = try Command.shell("systemd-analyze security --offline=true --threshold=30 --no-pager \(unit)")
        #expect(result.status == 0, "\(result.output)")
    }

    /// The manager's end of the notification socket.
    final class Manager {
        let name = "@shrike-e2e-\(UUID().uuidString)"
        private let descriptor: Int32

        init() throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = [0] + name.utf8.dropFirst()
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            guard status == 0 else { throw EndToEndError("bind \(name): \(errno)") }
        }

        deinit { close(descriptor) }

        /// What came since the last call.
        func received() -> [String] {
            var messages: [String] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                messages.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
            return messages
        }
    }
}
