import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime

/// What the records say of processes: exec, fork, exit, and those that run already.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveProcessesTests {
    /// Runs a copy of the program with these arguments; gives the records of its process and the copy's path.
    static func run(_ arguments: [String]) throws -> (records: [TestRecord], path: String, pid: Int32) {
        let program = try LiveSession.compile("programs")
        defer { try? FileManager.default.removeItem(atPath: program) }
        let live = try LiveSession(calls: ["execve", "execveat"])
        live.session.control.pointee.environment = 1
        let answer = try LiveSession.run(program, arguments)
        let records = live.collect { $0.head.tgid == answer.pid }
        #expect(live.damaged == 0 && live.session.counters.missing.lost_full == 0)
        return (records, program, answer.pid)
    }

    static func execs(_ records: [TestRecord]) -> [TestRecord] {
        records.filter { $0.kind == SHRIKE_RECORD_EXEC.rawValue }
    }

    @Test func tellsForkExecAndExit() throws {
        let (records, path, pid) = try Self.run(["exit"])
        let fork = try #require(records.first { $0.kind == SHRIKE_RECORD_FORK.rawValue })
        #expect(fork.head.other_tgid == getpid() && fork.head.tgid == pid)
        let exec = try #require(Self.execs(records).last)
        #expect(exec.real == path && exec[SHRIKE_PART_PROGRAM]?.text == path)
        #expect(exec[SHRIKE_PART_ARGUMENTS]?.bytes == Array("\(path)\0exit\0".utf8))
        #expect(exec.head.ppid == getpid() && exec.head.start_time == fork.head.start_time)
        #expect(exec[SHRIKE_PART_CWD]?.text == FileManager.default.currentDirectoryPath)
        #expect(exec[SHRIKE_PART_ENVIRONMENT]?.text.contains("PATH=") == true)
        #expect(exec.head.uid == 0 && exec.head.cap_effective != 0 && exec.head.ns_tgid > 0)
        let exit = try #require(records.last { $0.kind == SHRIKE_RECORD_EXIT.rawValue })
        #expect(exit.head.status == 7 << 8)
        #expect(exit.head.start_time == fork.head.start_time)
    }

    @Test func tellsDeathBySignal() throws {
        let (records, _, _) = try Self.run(["kill"])
        let exit = try #require(records.last { $0.kind == SHRIKE_RECORD_EXIT.rawValue })
        #expect(exit.head.status & 0x7f == SIGABRT)
    }

    @Test func tellsProgramsWithoutAName() throws {
        let memory = try #require(Self.execs(try Self.run(["memory"]).records).last)
        #expect((memory.file?.flags ?? 0) & SHRIKE_FILE_MEMORY.rawValue != 0 && memory.real == "memfd:hidden")
        #expect(memory[SHRIKE_PART_ARGUMENTS]?.bytes == Array("nobody\0done\0".utf8))
        #expect(memory[SHRIKE_PART_ENVIRONMENT]?.bytes == Array("A=1\0".utf8))
        let (records, path, _) = try Self.run(["unlinked"])
        let unlinked = try #require(Self.execs(records).last)
        #expect((unlinked.file?.flags ?? 0) & SHRIKE_FILE_DELETED.rawValue != 0 && unlinked.real == path)
        #expect(unlinked[SHRIKE_PART_REAL]?.has(SHRIKE_PART_DELETED) == true)
    }

    @Test func tellsExecByAThread() throws {
        let (records, path, pid) = try Self.run(["thread"])
        let exec = try #require(Self.execs(records).last)
        #expect(exec.head.tid == pid)
        #expect(exec[SHRIKE_PART_ARGUMENTS]?.bytes == Array("\(path)\0done\0thread\0".utf8))
        #expect(records.filter { $0.kind == SHRIKE_RECORD_EXIT.rawValue }.count == 1)
    }

    @Test(arguments: [100, 5_000, 60_000, 200_000])
    func tellsLongArguments(_ size: Int) throws {
        let exec = try #require(Self.execs(try Self.run(["long", "\(size)"]).records).last)
        let texts: [String] = ["long", "done"] + "cdef".map { String(repeating: String($0), count: size / 4) }
        let whole =
            texts
            .reduce(into: [UInt8]()) { $0 += Array($1.utf8) + [0] }
        let part = try #require(exec[SHRIKE_PART_ARGUMENTS])
        #expect(Int(exec.head.arguments_size) == whole.count)
        #expect(part.bytes == Array(whole.prefix(Int(SHRIKE_ARGUMENTS_MAX))))
        #expect(part.has(SHRIKE_PART_CUT) == (whole.count > Int(SHRIKE_ARGUMENTS_MAX)))
    }

    @Test func tellsFailedExecs() throws {
        let live = try LiveSession(calls: ["execve", "execveat"])
        let answer = try LiveSession.run("/bin/sh", ["-c", "exec /nowhere/program"])
        let failed = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
        #expect(failed.contains { $0.asked == "/nowhere/program" && $0.head.result == -2 })
        #expect(failed.allSatisfy { $0.head.result < 0 })
    }

    @Test func tellsScripts() throws {
        try LiveSession.withDirectory { directory in
            let script = "\(directory)/script"
            try "#!/bin/sh\nexit 0\n".write(toFile: script, atomically: false, encoding: .utf8)
            chmod(script, 0o755)
            let live = try LiveSession(calls: [])
            let answer = try LiveSession.run(script, [])
            let exec = try #require(
                live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_EXEC.rawValue }.last)
            #expect(exec[SHRIKE_PART_PROGRAM]?.text == script && exec.real?.hasSuffix("sh") == true)
        }
    }
}
