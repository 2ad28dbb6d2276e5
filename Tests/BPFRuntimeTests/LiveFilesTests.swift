import CBPFRecords
import Foundation
import Testing

@testable import BPFRuntime

/// What the records say of files that were opened under names that hide them.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveFilesTests {
    /// What the program that opens files saw itself.
    struct Seen {
        var result: Int64
        var inode: UInt64
        var device: UInt32
    }

    static let opens = ["open", "openat", "openat2", "open_by_handle_at", "faccessat"]

    /// Each case's records between its mark and the end mark, and what the program saw.
    struct Run {
        var directory: String
        var records: [String: [TestRecord]] = [:]
        var seen: [String: Seen] = [:]
    }

    static func runFiles() throws -> Run {
        let program = try LiveSession.compile("files")
        defer { try? FileManager.default.removeItem(atPath: program) }
        return try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: opens)
            let answer = try LiveSession.run(program, [directory])
            var run = Run(directory: directory)
            var current: [Int32: String] = [:]
            let records = live.collect {
                $0.kind == SHRIKE_RECORD_CALL.rawValue && $0.comm.hasPrefix("shrike-bpf-file")
            }
            #expect(live.damaged == 0)
            for record in records {
                if record.head.type == 5 {
                    let name = (record.asked ?? "").replacing("/mark/", with: "")
                    current[record.head.tgid] = name == "end" ? nil : name
                } else if let name = current[record.head.tgid] {
                    run.records[name, default: []].append(record)
                }
            }
            for line in answer.output.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count == 5 else { continue }
                run.seen[String(words[0])] = Seen(
                    result: Int64(words[1]) ?? 0, inode: UInt64(words[2]) ?? 0,
                    device: (UInt32(words[3]) ?? 0) << 20 | (UInt32(words[4]) ?? 0))
            }
            #expect(live.session.counters.missing.lost_full == 0)
            return run
        }
    }

    @Test func tellsTheFileThatWasOpened() throws {
        let run = try Self.runFiles()
        let secret = "\(run.directory)/a/secret"
        // The path that the kernel has, and flags of it.
        let expected: [(name: String, real: String, flags: [shrike_part_flag])] = [
            ("plain", secret, []), ("symbolic", secret, []), ("hard", "\(run.directory)/hard", []),
            ("dots", secret, []),
            ("bind", "\(run.directory)/bind/secret", []), ("directory", secret, []), ("relative", secret, []),
            ("above", secret, []), ("inroot", secret, []), ("procfd", secret, []), ("procroot", secret, []),
            ("unlinked", "\(run.directory)/a/gone", [SHRIKE_PART_DELETED]),
            ("memory", "memfd:payload", [SHRIKE_PART_NAMELESS, SHRIKE_PART_DELETED]),
            ("lower", "\(run.directory)/overlay/low", []), ("upper", "\(run.directory)/overlay/new", []),
            ("copiedup", "\(run.directory)/overlay/low", []), ("detached", "/lower/low", [SHRIKE_PART_DETACHED]),
            ("clonedtree", "/secret", [SHRIKE_PART_OTHER_NAMESPACE]),
            ("chroot", secret, [SHRIKE_PART_BELOW_ROOT]), ("chrootrelative", secret, [SHRIKE_PART_BELOW_ROOT]),
            ("pivot", "/secret", []), ("compat", secret, []),
        ]
        for (name, real, flags) in expected {
            let record = try #require(run.records[name]?.last, "\(name)")
            let seen = try #require(run.seen[name], "\(name)")
            #expect(record.real == real, "\(name)")
            #expect(record.head.result == seen.result, "\(name)")
            #expect(record.file?.inode == seen.inode, "\(name)")
            #expect(record.file?.device == seen.device, "\(name)")
            let part = try #require(record[SHRIKE_PART_REAL], "\(name)")
            #expect(part.flags == flags.reduce(0) { $0 | $1.rawValue }, "\(name)")
        }
        #expect(run.records["chroot"]?.last?[SHRIKE_PART_REAL]?.belowRoot == "/secret")
        #expect(run.records["chroot"]?.last?[SHRIKE_PART_ROOT]?.text == "\(run.directory)/a")
        #expect(run.records["chroot"]?.last?.has(SHRIKE_FLAG_CHROOT) == true)
        #expect(run.records["pivot"]?.last?.has(SHRIKE_FLAG_CHROOT) == false)
        #expect(run.records["compat"]?.last?.has(SHRIKE_FLAG_32BIT) == true)
        #expect(run.records["compat"]?.last?.asked == "\(run.directory)/symbolic")
        // An alias that the dentry cache gives, so the inode decides.
        let handle = try #require(run.records["handle"]?.last)
        #expect(handle.file?.inode == run.seen["plain"]?.inode && handle.head.type == 4)
    }

    @Test func tellsWhatWasAskedFor() throws {
        let run = try Self.runFiles()
        let missing = try #require(run.records["missing"]?.last)
        #expect(missing.asked == "\(run.directory)/a/missing" && missing.head.result == -2 && missing.file == nil)
        let relative = try #require(run.records["relative"]?.last)
        #expect(relative.asked == "secret" && relative[SHRIKE_PART_BASE]?.text == "\(run.directory)/a")
        let directory = try #require(run.records["directory"]?.last)
        #expect(directory.asked == "secret" && directory[SHRIKE_PART_BASE]?.text == "\(run.directory)/a")
        let how = try #require(run.records["inroot"]?.last?[SHRIKE_PART_BLOCK])
        #expect(how.bytes.count == 24 && how.bytes[16] == 0x10)
        // A name that is given to another file meanwhile: what was asked for is still told.
        let race = try #require(run.records["race"])
        #expect(race.count == 20_000)
        #expect(race.allSatisfy { $0.asked == "\(run.directory)/a/secret" })
    }

    @Test func tellsWhatKindOfFileItIs() throws {
        let run = try Self.runFiles()
        func flags(_ name: String) throws -> UInt32 { try #require(run.records[name]?.last?.file).flags }
        let owned = try #require(run.records["plain"]?.last?.file)
        #expect((owned.uid, owned.gid) == (12, 4321))
        #expect(try flags("memory") & SHRIKE_FILE_MEMORY.rawValue != 0)
        #expect(try flags("plain") == 0)
        #expect(try flags("unlinked") & SHRIKE_FILE_DELETED.rawValue != 0)
        #expect(try flags("temporary") & SHRIKE_FILE_DELETED.rawValue != 0)
        #expect(try flags("pipe") & SHRIKE_FILE_PIPE.rawValue != 0)
        let layers = SHRIKE_FILE_LAYERED.rawValue | SHRIKE_FILE_UPPER.rawValue
        #expect(try flags("lower") & layers == SHRIKE_FILE_LAYERED.rawValue)
        #expect(try flags("upper") & layers == layers)
        #expect(try flags("copiedup") & layers == layers)
        // Too long or too deep: the end of the path, told as cut.
        for name in ["long", "deep"] {
            let part = try #require(run.records[name]?.last?[SHRIKE_PART_REAL])
            #expect(part.has(SHRIKE_PART_CUT) && part.text.hasSuffix("/f"), "\(name)")
        }
    }
}
