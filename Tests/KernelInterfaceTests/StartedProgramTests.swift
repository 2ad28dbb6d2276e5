import Foundation
import Glibc
import Testing

@testable import KernelInterface

@Suite struct StartedProgramTests {
    private func run(
        _ script: String, environment: [String] = [], directory: String? = nil
    ) throws -> (end: StartedProgram.End, output: String) {
        let file = try ChildProcess.file(holding: [], name: "output")
        let program = try StartedProgram(
            "/bin/sh", ["sh", "-c", script], environment: environment, directory: directory, output: file.rawValue,
            errors: file.rawValue)
        var end: StartedProgram.End?
        while end == nil {
            end = program.end()
            usleep(1000)
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(file.rawValue, &bytes, bytes.count, 0)
        return (try #require(end), String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }

    @Test func `a program has the directory, the environment and the streams that it is given`() throws {
        let (end, output) = try run(
            "pwd; echo $WORD $HOME; cat; echo e >&2; ls /proc/self/fd", environment: ["WORD=a b", "HOME=/nowhere"],
            directory: "/proc")
        #expect(end == .exited(0))
        // The listing's own descriptor is the fourth.
        #expect(output == "/proc\na b /nowhere\ne\n0\n1\n2\n3\n")
    }

    @Test func `it leads a session of its own, with no signal blocked or ignored`() throws {
        signal(SIGPIPE, SIG_IGN)
        let (_, output) = try run("cut -d' ' -f1,5,6 /proc/$$/stat; echo $$; exec grep Sig /proc/self/status")
        let lines = output.split(separator: "\n").map(String.init)
        let id = try #require(lines.dropFirst().first)
        #expect(lines.first == "\(id) \(id) \(id)")
        func mask(_ name: String) -> UInt64? {
            lines.first { $0.hasPrefix(name) }.flatMap { UInt64($0.suffix(16), radix: 16) }
        }
        #expect(mask("SigBlk:") == 0)
        // posix_spawn of glibc leaves two signals of its own ignored.
        #expect(mask("SigIgn:").map { $0 >> UInt64(SIGPIPE - 1) & 1 } == 0)
    }

    @Test(arguments: [("exit 3", StartedProgram.End.exited(3)), ("kill -9 $$", .signalled(SIGKILL))])
    func `how it ended is told`(script: String, end: StartedProgram.End) throws {
        #expect(try run(script).end == end)
    }

    /// The name of a process's first child.
    private static func childName(of process: Int32) -> String? {
        func contents(_ path: String) -> Substring? {
            (try? String(contentsOfFile: path, encoding: .utf8))?.prefix { $0 != " " && $0 != "\n" }
        }
        guard let child = contents("/proc/\(process)/task/\(process)/children"), !child.isEmpty else { return nil }
        return contents("/proc/\(child)/comm").map(String.init)
    }

    /// A program that writes a line when it is ready, and what it wrote until it was stopped.
    private func stopped(_ script: String, within milliseconds: Int) throws -> (
        end: StartedProgram.End?, output: String, program: StartedProgram
    ) {
        let file = try ChildProcess.file(holding: [], name: "output")
        let program = try StartedProgram(
            "/bin/sh", ["sh", "-c", script], output: file.rawValue, errors: file.rawValue)
        var text: String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = pread(file.rawValue, &bytes, bytes.count, 0)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
        for _ in 0..<2000 where !text.contains("ready") { usleep(1000) }
        // What the shell starts only after the signal nobody would stop.
        for _ in 0..<5000 where Self.childName(of: program.identifier) ?? "sh" == "sh" { usleep(1000) }
        let end = program.stop(within: milliseconds)
        return (end, text, program)
    }

    @Test(arguments: ["sleep 6178", "timeout 6178 sleep 6178", "sleep 6178 & wait"])
    func `a program that is stopped may put back what it changed, also while it waits for a child`(wait: String) throws
    {
        let (end, output, _) = try stopped(
            "trap 'exit 143' TERM; trap 'echo back' EXIT; echo ready; \(wait)", within: 10_000)
        #expect(end == .exited(143))
        // Between them the shell may tell of its child's end.
        #expect(output.hasPrefix("ready\n") && output.hasSuffix("back\n"), "\(output)")
    }

    @Test func `a program that doesn't stop is killed`() throws {
        let (end, _, program) = try stopped("trap '' TERM; echo ready; sleep 6179; sleep 6179", within: 50)
        #expect(end == nil)
        var last: StartedProgram.End?
        while last == nil {
            last = program.end()
            usleep(1000)
        }
        #expect(last == .signalled(SIGKILL))
    }

    @Test func `a program that is not there can't be started`() {
        #expect(throws: KernelError.self) {
            try StartedProgram("/nowhere/program", ["program"], output: nil, errors: nil)
        }
    }
}
