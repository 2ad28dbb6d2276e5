import Glibc
import KernelInterface

/// One attack while it runs: a shell in a fresh directory of its own, in a session of its own, for a limited time.
final class AttackRun {
    /// How long an attack may take, in milliseconds.
    static let limitMilliseconds: UInt64 = 30_000
    /// How long it may take to put back what it changed once it is told to end, in milliseconds.
    static let patienceMilliseconds = 2_000

    /// The arguments of the shell that runs a file. A shell that a signal ends leaves its EXIT trap out; this one exits at the signal, so
    /// that what an attack puts back there is put back (`$0` is the file, as if it had been started itself).
    static func arguments(for path: String) -> [String] {
        ["sh", "-c", "trap 'exit 143' TERM; trap 'exit 130' INT; trap 'exit 129' HUP; . \"$0\"", path]
    }

    /// What came of it.
    enum End: Sendable, Equatable {
        /// It was done.
        case done
        /// It says that it can't run here (exit status 77, as of automake's tests), and why.
        case skipped(String)
        /// It could not be started, went wrong, or took too long; in words.
        case failed(String)
    }

    /// What its alerts are known by.
    private(set) var mark: AttackMark
    /// When it was started, nanoseconds of the monotonic clock.
    let startNanoseconds: UInt64
    private let shell: StartedProgram
    private let directory: String
    private let output: FileDescriptor

    /// Starts an attack. `others` are the sensor and the first processes of earlier attacks.
    init(_ attack: AttackCase, others: Set<Int32>) throws(KernelError) {
        // Not TMPDIR: the rules on what droppers do are about the directory where every user may write.
        var template = Array("/tmp/shrike-selftest-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw KernelError(call: "mkdtemp", object: "/tmp", errno: errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let token = String(directory.dropFirst("/tmp/".count))
        output = try ChildProcess.file(holding: [], name: "attack")
        let before = KernelClock.coarseWall()
        startNanoseconds = KernelClock.monotonic()
        do throws(KernelError) {
            shell = try StartedProgram(
                "/bin/sh", Self.arguments(for: attack.path),
                environment: ["ATTACK_DIRECTORY=\(directory)", "ATTACK_TOKEN=\(token)"], directory: directory,
                output: output.rawValue, errors: output.rawValue)
        } catch {
            rmdir(directory)
            throw error
        }
        mark = AttackMark(
            process: shell.identifier, token: token, tester: getpid(), others: others,
            time: before...UInt64.max)
    }

    /// Waits for its end, calling `meanwhile` again and again; then nothing of it is left. Told to end early when that says so.
    func finish(keeping kept: Set<Int32>, meanwhile: () -> Bool) -> End {
        var end: StartedProgram.End?
        var isTooLong = false
        while end == nil {
            isTooLong = KernelClock.monotonic() &- startNanoseconds > Self.limitMilliseconds * 1_000_000
            if isTooLong || !meanwhile() { break }
            end = shell.end()
        }
        let isTold = end == nil
        if isTold { _ = shell.stop(within: Self.patienceMilliseconds) } else { shell.signal(SIGKILL) }
        StartedProgram.endChildren(but: kept, within: 2000)
        mark.time = mark.time.lowerBound...max(mark.time.lowerBound, KernelClock.wall())
        let said = lastLine
        DirectoryTree.remove(directory)
        switch end {
        case .exited(0): return .done
        case .exited(77): return .skipped(said ?? "it says that it can't run here")
        case .exited(let status): return .failed("it ended with \(status)" + (said.map { ": \($0)" } ?? ""))
        case .signalled(let number): return .failed("signal \(number) ended it")
        case nil:
            return .failed(isTooLong ? "it took longer than \(Self.limitMilliseconds / 1000) s" : "it was stopped")
        }
    }

    /// The last line that it printed; at most 4 KiB are looked at.
    private var lastLine: String? {
        let size = lseek(output.rawValue, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(output.rawValue, &bytes, bytes.count, max(0, size - off_t(bytes.count)))
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "\n").last.map { line in
            String(line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        }
    }
}
