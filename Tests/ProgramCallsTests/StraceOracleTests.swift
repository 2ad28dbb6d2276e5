import Glibc
import KernelInterface
import ProgramCalls
import Testing

/// What strace saw of a program, its threads and the processes that are of the same program: those that execute another one are
/// looked at until then.
private struct Trace {
    var calls: Set<String> = []
    /// Libraries that were opened, with those that the program is linked to.
    var libraries: Set<String> = []

    init(_ command: [String]) throws {
        let path = "/tmp/shrike-strace-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unlink(path) }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(null) }
        let program = try StartedProgram(
            "/usr/bin/strace", ["strace", "-f", "-qq", "-e", "signal=none", "-o", path] + command, output: null,
            errors: null)
        while program.end() == nil { usleep(2000) }
        let text = String(decoding: try readFile(path), as: UTF8.self)
        // Who started whom: a child's first lines may come before the call returns that made it.
        var parents: [Substring: Substring] = [:]
        for match in text.matches(of: /(?m)^(\d+)\s+(?:<\.\.\. )?(?:clone3?|v?fork)\b.* = (\d+)$/) {
            parents[match.2] = match.1
        }
        // Processes that have become another program, and so those that they start.
        var others: Set<Substring> = []
        func isOther(_ process: Substring) -> Bool {
            others.contains(process) || parents[process].map(isOther) ?? false
        }
        var isFirst = true
        for line in text.split(separator: "\n") {
            guard let match = line.firstMatch(of: /^(\d+)\s+(<\.\.\. )?(\w+)(\(| resumed>)/) else { continue }
            let (process, call) = (match.1, String(match.3))
            guard !isOther(process) else { continue }
            if call.hasPrefix("exec") {
                // strace's own child executes the program.
                if !isFirst {
                    calls.insert(call)
                    if line.hasSuffix(" = 0") || line.contains("<unfinished") { others.insert(process) }
                }
                isFirst = false
                continue
            }
            calls.insert(call)
            guard call == "openat", !line.contains(" = -1"), let start = line.firstIndex(of: "\"") else { continue }
            let name = line[line.index(after: start)...].prefix { $0 != "\"" }
            if name.contains(".so") && !name.hasSuffix(".cache") { libraries.insert(String(name)) }
        }
    }

    private func readFile(_ path: String) throws -> [UInt8] {
        let root = try RootedFiles(root: "/")
        return try root.read(path, upTo: 64 << 20) ?? []
    }
}

private let hasStrace = access("/usr/bin/strace", X_OK) == 0

@Suite("Calls that programs of the system make", .enabled(if: hasStrace, "strace is not installed"))
struct StraceOracleTests {
    @Test(
        "Every call that strace sees is one that the code was found to make",
        arguments: [
            ["/bin/true"], ["/bin/ls", "-lR", "/etc/default"], ["/bin/cat", "/proc/self/status"], ["/bin/date"],
            ["/usr/bin/find", "/etc", "-name", "passwd"], ["/usr/bin/sort", "--parallel=2", "/etc/passwd"],
            ["/usr/bin/getent", "hosts", "localhost"], ["/usr/bin/id"],
            ["/bin/tar", "cf", "/dev/null", "/etc/default"],
            ["/usr/bin/timeout", "1", "/bin/true"], ["/bin/sh", "-c", "echo x | cat"], ["/usr/bin/du", "/etc/default"],
            ["/usr/bin/perl", "-e", "print join ',', sort keys %ENV; system 'true'"],
        ])
    func covered(command: [String]) throws {
        guard access(command[0], X_OK) == 0 else { return }
        let trace = try Trace(command)
        #expect(trace.calls.count > 5, "strace saw nothing: \(trace.calls)")
        let files = try RootedFiles(root: "/")
        let found = try ProgramCalls.look(at: command[0], additional: trace.libraries.sorted(), in: files)
        #expect(trace.calls.subtracting(found.names).isEmpty)
        // Else the set says nothing.
        #expect(found.names.count < 340)
        #expect(!found.names.contains("init_module") && !found.names.contains("kexec_load"))
    }
}
