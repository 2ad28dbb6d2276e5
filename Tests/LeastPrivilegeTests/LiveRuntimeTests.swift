import Foundation
import KernelInterface
import LeastPrivilege
import Profiles
import Testing

private let canRun =
    geteuid() == 0
    && ["/usr/bin/python3", "/usr/bin/strace", "/usr/sbin/runc", "/bin/busybox"].allSatisfy { (path: String) in
        access(path, X_OK) == 0
    }

/// A container starts under a profile of what its program can do and what its runtime needs, and not without the latter.
@Suite(
    "Containers under seccomp profiles", .enabled(if: canRun, "needs root, python3, strace, runc and busybox"),
    .serialized)
struct LiveRuntimeTests {
    /// What a container says that is run under a profile.
    private func output(_ profile: SeccompProfile, noNewPrivileges: Bool) throws -> String {
        let directory = "/tmp/shrike-runtime-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try profile.json.write(toFile: "\(directory)/profile.json", atomically: true, encoding: .utf8)
        let script = try #require(Bundle.module.url(forResource: "Programs/run_container", withExtension: "py")).path
        let file = FileDescriptor(owning: open("\(directory)/output", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
        let run = try StartedProgram(
            "/usr/bin/python3", ["python3", script, "\(directory)/profile.json", noNewPrivileges ? "yes" : "no"],
            output: file.rawValue, errors: file.rawValue)
        while run.end() == nil { usleep(10_000) }
        return try String(contentsOfFile: "\(directory)/output", encoding: .utf8)
    }

    /// The calls of the container's program, as strace sees them.
    private func seen() throws -> Set<String> {
        let path = "/tmp/shrike-runtime-trace-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unlink(path) }
        let traced = try StartedProgram(
            "/usr/bin/strace",
            ["strace", "-f", "-qq", "-e", "signal=none", "-o", path, "/bin/busybox", "sh", "-c", "echo started"],
            output: nil, errors: nil)
        while traced.end() == nil { usleep(10_000) }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return Set(text.matches(of: /(?m)^\d+\s+(\w+)\(/).map { String($0.1) })
    }

    @Test("The runtime's own calls are enough, and they are needed", arguments: [true, false])
    func started(noNewPrivileges: Bool) throws {
        let abi = try #require(SyscallCatalogue.ABI.host.first)
        var options = SeccompAdvice.Options()
        options.noNewPrivileges = noNewPrivileges
        var observed = ObservedPrivileges(.container(name: "test", image: "busybox"))
        observed.calls = try seen().map { .init($0, .init(count: 1, firstSeen: 1, lastSeen: 1)) }
        let advice = SeccompAdvice(observed, programs: [], abi: abi, options: options)
        let profile = advice.profile(options)
        #expect(try output(profile, noNewPrivileges: noNewPrivileges).contains("started"))
        // The runtime starts the program behind the filter.
        var lacking = profile
        lacking.rules.removeAll { $0.names == ["execve"] }
        #expect(lacking.rules.count < profile.rules.count)
        #expect(try !output(lacking, noNewPrivileges: noNewPrivileges).contains("started"))
    }
}
