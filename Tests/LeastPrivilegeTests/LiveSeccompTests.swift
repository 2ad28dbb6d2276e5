import AuditRecords
import EventModel
import Foundation
import KernelInterface
import LeastPrivilege
import Profiles
import ProgramCalls
import Testing

private let canRun =
    geteuid() == 0
    && ["/usr/bin/python3", "/usr/bin/strace"].allSatisfy { (path: String) in access(path, X_OK) == 0 }

/// A real program lives under the profile that is made of what it did; without one call it fails, and the call is proposed.
@Suite(
    "A server under its own seccomp profile", .enabled(if: canRun, "needs root, /usr/bin/python3 and strace"),
    .serialized)
struct LiveSeccompTests {
    private static let python = "/usr/bin/python3"
    private let directory: String
    private let port: Int

    init() throws {
        directory = "/tmp/shrike-seccomp-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        port = Int.random(in: 20_000..<30_000)
    }

    private func program(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Programs/\(name)", withExtension: "py")).path
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
    }

    private func start(_ arguments: [String], output name: String) throws -> StartedProgram {
        let file = FileDescriptor(
            owning: open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        return try StartedProgram(
            arguments[0], arguments, directory: directory, output: file.rawValue, errors: file.rawValue)
    }

    private func end(_ program: StartedProgram, by signal: Int32 = SIGTERM) {
        program.signal(signal)
        for _ in 0..<200 where program.end() == nil { usleep(10_000) }
    }

    /// What the server answers to a request for its directory: a status, or `none`.
    private func ask() throws -> String {
        let script = """
            import time, urllib.request, urllib.error
            status = "none"
            for _ in range(60):
                try:
                    status = str(urllib.request.urlopen("http://127.0.0.1:\(port)/", timeout=2).status)
                    break
                except urllib.error.HTTPError as error:
                    status = str(error.code)
                    break
                except OSError:
                    time.sleep(0.05)
            print(status)
            """
        let asker = try start([Self.python, "-c", script], output: "answer")
        while asker.end() == nil { usleep(10_000) }
        return text("answer").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private var server: [String] { [Self.python, "-m", "http.server", "--bind", "127.0.0.1", "\(port)"] }

    /// The answer of the server under a profile.
    private func answer(under profile: SeccompProfile) throws -> String {
        try profile.json.write(toFile: "\(directory)/profile.json", atomically: true, encoding: .utf8)
        let running = try start(
            [Self.python, try program("run_filtered"), "\(directory)/profile.json"] + server, output: "server")
        defer { end(running, by: SIGKILL) }
        return try ask()
    }

    @Test("It serves under the profile, fails without a call, and serves again under the proposed profile")
    func mended() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // What it does, as strace sees it.
        let traced = try start(
            ["/usr/bin/strace", "-f", "-qq", "-e", "signal=none", "-o", "\(directory)/trace"] + server, output: "server"
        )
        #expect(try ask() == "200")
        end(traced, by: SIGINT)
        var counts: [String: Int] = [:]
        var libraries: Set<String> = []
        for line in text("trace").split(separator: "\n") {
            guard let match = line.firstMatch(of: /^\d+\s+(\w+)\(/) else { continue }
            counts[String(match.1), default: 0] += 1
            if let opened = line.firstMatch(of: /openat\([^"]*"([^"]*\.so[^"]*)".* = \d/), !opened.1.hasSuffix(".cache")
            {
                libraries.insert(String(opened.1))
            }
        }
        var observed = ObservedPrivileges(.program(uid: 0, path: Self.python))
        observed.calls = counts.map { .init($0.key, .init(count: $0.value, firstSeen: 1, lastSeen: 2)) }

        // The look at its code has all of it.
        let calls = try ProgramCalls.look(
            at: Self.python, additional: libraries.sorted(), in: try RootedFiles(root: "/"))
        #expect(Set(counts.keys).subtracting(calls.names).isEmpty)
        var options = SeccompAdvice.Options()
        options.possible = .deny
        options.tellsRefusals = true
        let abi = try #require(SyscallCatalogue.ABI.host.first)
        let profile = SeccompAdvice(observed, programs: [calls], abi: abi, options: options).profile(options)
        #expect(profile.check().isEmpty)
        #expect(try answer(under: profile) == "200", "\(text("server"))")

        // One call less: Python finds none of its modules and ends, and the kernel tells which call.
        let listener = try start([Self.python, try program("listen_seccomp")], output: "records")
        defer { end(listener) }
        for _ in 0..<200 where !text("records").contains("listening") { usleep(10_000) }
        var lacking = profile
        lacking.rules.removeAll { $0.names == ["getdents64"] }
        #expect(lacking.rules.count == profile.rules.count - 1)
        #expect(try answer(under: lacking) == "none")
        for _ in 0..<200 where !text("records").contains("SECCOMP") { usleep(10_000) }

        var scope = SeccompTrial.Scope()
        scope.programs = [URL(fileURLWithPath: Self.python).resolvingSymlinksInPath().path]
        scope.users = [0]
        var trial = SeccompTrial(scope)
        var decoder = AuditDecoder(syscalls: SyscallTable([]), source: .audit)
        for line in text("records").utf8.split(separator: UInt8(ascii: "\n")) { decoder.pushLine(Array(line).span) }
        while let record = decoder.nextSeccompRecord() { trial.take(record) }
        let proposal = trial.proposal(for: try SeccompDocument(json: Array(lacking.json.utf8)))
        #expect(proposal.added == ["getdents64"])
        #expect(trial.violations.first?.isRefused == true)
        #expect(try answer(under: SeccompProfile(json: Array(proposal.json.utf8))) == "200")
    }

    #if arch(x86_64)
        @Test("A profile that is tried out lets a call of another ABI go on, and an enforced one ends its process")
        func otherABI() throws {
            defer { try? FileManager.default.removeItem(atPath: directory) }
            func output(_ arguments: [String]) throws -> String {
                let program = try start(arguments, output: "other")
                while program.end() == nil { usleep(5000) }
                return text("other")
            }
            let caller = [Self.python, try program("call_i386")]
            // A kernel without that ABI has nothing to be tried.
            guard try output(caller).contains("made") else { return }
            let observed = ObservedPrivileges(.program(uid: 0, path: Self.python))
            for isTrial in [true, false] {
                var options = SeccompAdvice.Options()
                options.isTrial = isTrial
                var profile = SeccompAdvice(observed, programs: [], abi: .x86_64, options: options).profile(options)
                // All of its own ABI, so that it comes to the call.
                if !isTrial { profile.defaultAction = .log }
                try profile.json.write(toFile: "\(directory)/profile.json", atomically: true, encoding: .utf8)
                let filtered = [Self.python, try self.program("run_filtered"), "\(directory)/profile.json"]
                #expect(try output(filtered + caller).contains("made") == isTrial)
            }
        }
    #endif
}
