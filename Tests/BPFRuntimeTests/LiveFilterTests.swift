import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime

/// What the filter lets through. Each test opens files of a directory from a shell, which makes few other calls.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveFilterTests {
    static let slot = 1

    /// One way to test names: how the slot and its tables are filled for the directory, and which files come through.
    struct Names: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fill: @Sendable (BPFSession, inout shrike_slot, String) throws -> Void
        var expected: Set<String>
    }

    static let files = ["plain", "secret", "sub/secret", "sub/other.txt", "hard"]
    static func tests(_ dimension: shrike_dimension) -> UInt32 { 1 << dimension.rawValue }

    static let cases: [Names] = [
        Names(
            testDescription: "a whole name",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_NAME)
                slot.name_default = BPFSession.bits(0)
                try session.setText(1, SHRIKE_BY_NAME, "\(directory)/secret", BPFSession.verdict(set: 1))
            }, expected: ["secret"]),
        Names(
            testDescription: "not a whole name",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_NAME)
                slot.name_default = BPFSession.bits(1)
                try session.setText(1, SHRIKE_BY_NAME, "\(directory)/secret", BPFSession.verdict(keep: 0))
            }, expected: ["plain", "sub/secret", "sub/other.txt", "hard"]),
        Names(
            testDescription: "not a whole name, while the file has no row",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_NAME) | tests(SHRIKE_BY_FILE)
                slot.name_default = BPFSession.bits(1)
                try session.setText(1, SHRIKE_BY_NAME, "\(directory)/secret", BPFSession.verdict(keep: 0))
            }, expected: ["plain", "sub/secret", "sub/other.txt", "hard"]),
        Names(
            testDescription: "the beginning",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_PREFIX)
                slot.name_default = BPFSession.bits(0)
                let prefix = Array("\(directory)/su".utf8)
                try session.setPrefix(1, SHRIKE_BY_PREFIX, prefix, bits: 8 * prefix.count, BPFSession.verdict(set: 1))
            }, expected: ["sub/secret", "sub/other.txt"]),
        Names(
            testDescription: "the last component",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_LAST_COMPONENT)
                slot.name_default = BPFSession.bits(0)
                try session.setText(1, SHRIKE_BY_LAST_COMPONENT, "secret", BPFSession.verdict(set: 1))
            }, expected: ["secret", "sub/secret"]),
        Names(
            testDescription: "the end",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_SUFFIX)
                slot.suffix_length = 4
                slot.name_default = BPFSession.bits(0)
                let value = ".txt".utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                try session.setValue(1, SHRIKE_BY_SUFFIX, value, BPFSession.verdict(set: 1))
            }, expected: ["sub/other.txt"]),
        Names(
            testDescription: "bytes in the middle",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_FOUR_BYTES)
                slot.name_default = BPFSession.bits(0)
                try session.setFourBytes(1, "b/ot", BPFSession.verdict(set: 1))
            }, expected: ["sub/other.txt"]),
        Names(
            testDescription: "the file, under any name",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_FILE)
                slot.name_default = BPFSession.bits(0)
                var status = stat()
                _ = stat("\(directory)/secret", &status)
                let device = UInt32(status.st_dev >> 8 & 0xfff) << 20 | UInt32(status.st_dev & 0xff)
                try session.setValue(
                    1, SHRIKE_BY_FILE, shrike_file_value(UInt64(status.st_ino), device), BPFSession.verdict(set: 1))
            }, expected: ["secret", "hard"]),
        Names(
            testDescription: "one dimension or another",
            fill: { session, slot, directory in
                slot.tested = tests(SHRIKE_BY_NAME) | tests(SHRIKE_BY_SUFFIX)
                slot.suffix_length = 4
                slot.name_default = BPFSession.bits(0)
                try session.setText(1, SHRIKE_BY_NAME, "\(directory)/plain", BPFSession.verdict(set: 1))
                let value = ".txt".utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                try session.setValue(1, SHRIKE_BY_SUFFIX, value, BPFSession.verdict(set: 2))
            }, expected: ["plain", "sub/other.txt"]),
    ]

    /// Opens each file with `cat`, in ways that name it differently; gives the files that were told of.
    static func opened(_ live: LiveSession, _ directory: String, _ way: String = "%d/%f") throws -> Set<String> {
        var result: Set<String> = []
        for file in files {
            let path = way.replacing("%d", with: directory).replacing("%f", with: file)
            let command = "cd \(directory) && exec 3<\(path)"
            let answer = try LiveSession.run("/bin/sh", ["-c", command])
            if live.collect(where: { $0.head.tgid == answer.pid && $0.real?.hasPrefix(directory) == true }).count > 0 {
                result.insert(file)
            }
        }
        return result
    }

    static func withFiles(_ body: (String) throws -> Void) throws {
        try LiveSession.withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/sub", withIntermediateDirectories: false)
            for file in files where file != "hard" {
                try Data().write(to: URL(fileURLWithPath: "\(directory)/\(file)"))
            }
            link("\(directory)/secret", "\(directory)/hard")
            symlink(directory, "\(directory)/loop")
            try body(directory)
        }
    }

    @Test(arguments: cases) func testsNames(_ names: Names) throws {
        try Self.withFiles { directory in
            let live = try LiveSession(calls: ["open", "openat"])
            var failure: (any Error)?
            for index in 1...2 {
                live.setSlot(index) { slot in
                    slot.possible = BPFSession.bits(3)
                    do { try names.fill(live.session, &slot, directory) } catch { failure = error }
                }
            }
            if let failure { throw failure }
            // Which of the two calls a shell makes is its own affair.
            live.session.setCalls { $0 == "open" || $0 == "openat" ? .init(slot: 1, type: 1) : nil }
            for way in ["%d/%f", "%f", "./%f", "%d/sub/../%f", "%d/loop/%f", "../${PWD##*/}//%f"] {
                // Through a link the asked name is another one, which alone can match, too.
                let isOtherName = way.contains("loop") && names.testDescription.hasPrefix("not")
                let expected = isOtherName ? Set(Self.files) : names.expected
                #expect(try Self.opened(live, directory, way) == expected, "\(way)")
            }
        }
    }

    @Test func testsOutcomeAccessUserAndProgram() throws {
        try Self.withFiles { directory in
            let live = try LiveSession(calls: ["open", "openat"])
            live.session.setCalls { $0 == "open" || $0 == "openat" ? .init(slot: 1, type: 1) : nil }
            func told(_ command: String, _ change: (inout shrike_slot) -> Void) throws -> [TestRecord] {
                live.setSlot(1, change)
                let answer = try LiveSession.run("/bin/sh", ["-c", command])
                return live.collect { record in
                    record.head.tgid == answer.pid && record.asked?.hasPrefix(directory) == true
                }
            }
            let none = BPFSession.bits(0)
            let reading = "exec 3<\(directory)/plain"
            let writing = "exec 3>\(directory)/plain"
            let both = "exec 3<>\(directory)/plain"
            let failing = "exec 3<\(directory)/missing"
            #expect(try told(reading) { $0.success = none }.isEmpty)
            #expect(try told(failing) { $0.success = none }.count == 1)
            #expect(try told(failing) { $0.failure = none }.isEmpty)
            #expect(try told(reading) { $0.reading = none }.isEmpty)
            #expect(try told(writing) { $0.reading = none }.count == 1)
            #expect(try told(writing) { $0.writing = none }.isEmpty)
            #expect(try told(both) { ($0.reading, $0.writing) = (none, none) }.count == 1)
            #expect(try told(both) { $0.both = none }.isEmpty)
            try live.session.setValue(1, SHRIKE_BY_USER, 0, BPFSession.verdict(keep: 0))
            #expect(
                try told(reading) {
                    $0.possible = BPFSession.bits(1); $0.tested = Self.tests(SHRIKE_BY_USER)
                }.isEmpty)
            #expect(try told(reading) { $0.possible = BPFSession.bits(1) }.count == 1)
            var hashKey = live.session.hashKey
            let shell = shrike_command_value(&hashKey, UInt64(UInt8(ascii: "s")) | UInt64(UInt8(ascii: "h")) << 8, 0)
            try live.session.setValue(1, SHRIKE_BY_COMMAND, shell, BPFSession.verdict(keep: 0))
            #expect(
                try told(reading) {
                    $0.possible = BPFSession.bits(1); $0.tested = Self.tests(SHRIKE_BY_COMMAND)
                }.isEmpty)
        }
    }

    @Test func testsPortsAndNets() throws {
        let program = try LiveSession.compile("sockets")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: ["connect"])
            func told(_ change: (inout shrike_slot) -> Void) throws -> [TestRecord] {
                live.setSlot(1) { slot in
                    slot.possible = BPFSession.bits(1)
                    change(&slot)
                }
                _ = try LiveSession.run("/bin/rm", ["-rf", "\(directory)/socket", "\(directory)/link"])
                let answer = try LiveSession.run(program, [directory])
                return live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
            }
            let all = try told { _ in }
            #expect(all.count > 8)
            try live.session.setValue(1, SHRIKE_BY_PORT, 53, BPFSession.verdict(set: 1))
            let byPort = try told { slot in
                slot.tested = Self.tests(SHRIKE_BY_PORT)
                slot.missing.9 = BPFSession.bits(0)
            }
            #expect(byPort.count == 1 && byPort.first?.socket?.peer_port == 53)
            // Refused: the socket has lost its port, the one that was asked for counts.
            try live.session.setValue(1, SHRIKE_BY_PORT, 1, BPFSession.verdict(set: 1))
            let withRefused = try told { slot in
                slot.tested = Self.tests(SHRIKE_BY_PORT)
                slot.missing.9 = BPFSession.bits(0)
            }
            #expect(withRefused.count == 2)
            let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255, 127, 0, 0, 0]
            try live.session.setPrefix(1, SHRIKE_BY_ADDRESS, mapped, bits: 96 + 8, BPFSession.verdict(set: 1))
            let byNet = try told { slot in
                slot.tested = Self.tests(SHRIKE_BY_ADDRESS)
                slot.missing.10 = BPFSession.bits(0)
            }
            #expect(byNet.count >= 5)
            #expect(byNet.allSatisfy { $0.socket?.family != 1 })
            try live.session.setValue(1, SHRIKE_BY_FAMILY, 1, BPFSession.verdict(set: 1))
            let byFamily = try told { slot in
                slot.tested = Self.tests(SHRIKE_BY_FAMILY)
                slot.missing.8 = BPFSession.bits(0)
            }
            #expect(byFamily.count == 2 && byFamily.allSatisfy { $0.socket?.family == 1 })
        }
    }

    /// The second name is made to look like the first one, which the filter stops.
    @Test func tellsNamesThatAreMadeToCollide() throws {
        try Self.withFiles { directory in
            let live = try LiveSession(calls: ["open", "openat"])
            live.session.setCalls { $0 == "open" || $0 == "openat" ? .init(slot: 1, type: 1) : nil }
            let names = [
                Array("known-good-job-name".utf8), Array("known-gkod".utf8) + [0xad] + Array("job-nam".utf8) + [0xe5],
            ]
            for dimension in [SHRIKE_BY_NAME, SHRIKE_BY_LAST_COMPONENT] {
                let known = (dimension == SHRIKE_BY_NAME ? "\(directory)/" : "") + "known-good-job-name"
                try live.session.setText(1, dimension, known, BPFSession.verdict(keep: 0))
                live.setSlot(1) { slot in
                    slot.possible = BPFSession.bits(1)
                    slot.tested = Self.tests(dimension)
                }
                for (index, name) in names.enumerated() {
                    _ = live.collect()
                    let path = Array("\(directory)/".utf8) + name
                    let descriptor = Glibc.open(path.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_RDWR, 0o600)
                    #expect(descriptor >= 0 && close(descriptor) == 0)
                    let told = live.collect { $0[SHRIKE_PART_ASKED]?.bytes == path }
                    #expect(told.count == index * (dimension == SHRIKE_BY_NAME ? 1 : 2), "\(dimension)")
                }
            }
        }
    }

    /// Look-ups are left out where nothing that is left depends on them, which must be seen at what comes through.
    @Test func looksUpWhatMattersAlone() throws {
        try Self.withFiles { directory in
            let live = try LiveSession(calls: ["open", "openat"])
            live.session.setCalls { $0 == "open" || $0 == "openat" ? .init(slot: 1, type: 1) : nil }
            try live.session.setText(1, SHRIKE_BY_NAME, "\(directory)/plain", BPFSession.verdict(set: 1))
            func told(_ change: @escaping (inout shrike_slot) -> Void) throws -> Set<String> {
                live.setSlot(1) { slot in
                    slot.possible = BPFSession.bits(1)
                    slot.tested = Self.tests(SHRIKE_BY_NAME)
                    slot.name_default = BPFSession.bits(0)
                    change(&slot)
                }
                return try Self.opened(live, directory)
            }
            #expect(try told { _ in } == ["plain"])
            #expect(try told { $0.cares.0 = BPFSession.bits(1) } == ["plain"])
            #expect(try told { $0.cares.0 = BPFSession.bits(2) } == [])
            #expect(try told { $0.any_name = BPFSession.bits(1) } == Set(Self.files))
            let length = UInt64(1) << UInt64("\(directory)/plain".utf8.count % 64)
            #expect(try told { $0.lengths.0 = length } == ["plain"])
            #expect(try told { $0.lengths.0 = ~length } == [])
        }
    }

    /// A call with a directory that is not there, a connect with an address that can't be read.
    @Test func stopsNothingByWhatIsNotKnown() throws {
        let process = try CommandedProcess()
        try process.run("import socket; stream = socket.socket()")
        let live = try LiveSession(calls: ["openat", "connect"])
        let tested = Self.tests(SHRIKE_BY_NAME)
        live.setSlot(1) { slot in
            slot.possible = BPFSession.bits(1)
            slot.tested = tested
            slot.name_default = BPFSession.bits(0)
        }
        live.setSlot(2) { slot in
            slot.possible = BPFSession.bits(1)
            slot.tested = Self.tests(SHRIKE_BY_PORT) | Self.tests(SHRIKE_BY_ADDRESS)
            slot.missing.9 = BPFSession.bits(0)
            slot.missing.10 = BPFSession.bits(0)
        }
        try process.run("libc.openat(999, b'nothing', 0)")
        try process.run("libc.connect(stream.fileno(), 1, 16)")
        let told = live.collect { $0.head.tgid == process.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
        #expect(told.map(\.head.result) == [-9, -14])
        #expect(told.first?.asked == "nothing")
        #expect(told.first?[SHRIKE_PART_BASE] == nil)
    }

    /// Where openat2 has its flags, another thread can write others while the call waits for a pipe's other end.
    @Test func takesTheAccessOfOpenat2FromTheFile() throws {
        try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: ["openat2"])
            live.setSlot(1) { slot in
                slot.possible = BPFSession.bits(1)
                slot.reading = BPFSession.bits(0)
            }
            let process = try CommandedProcess()
            try process.run("import struct, threading, time")
            try process.run("how = lambda flags: ctypes.create_string_buffer(struct.pack('QQQ', flags, 0, 0))")
            try process.run("opening2 = lambda path, how: libc.syscall(437, -100, path.encode(), how, 24)")
            try process.run("opening2('/etc/hostname', how(os.O_RDONLY))")
            try process.run("opening2('\(directory)/missing', how(os.O_RDONLY))")
            let fifo = "\(directory)/fifo"
            try process.run("os.mkfifo('\(fifo)'); hasty = how(os.O_WRONLY)")
            try process.run("thread = threading.Thread(target=opening2, args=('\(fifo)', hasty)); thread.start()")
            try process.run("time.sleep(0.3); hasty[0] = b'\\0'")
            try process.run("os.close(os.open('\(fifo)', os.O_RDONLY)); thread.join()")
            let told = live.collect { $0.head.tgid == process.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
            #expect(told.map(\.asked) == ["\(directory)/missing", fifo])
        }
    }

    /// What can't be tested passes.
    @Test(arguments: [0, SHRIKE_TESTS_RAW] as [UInt32]) func passesNamesThatAreTooLong(_ raw: UInt32) throws {
        try Self.withFiles { directory in
            let live = try LiveSession(calls: ["open", "openat"])
            live.session.setCalls { $0 == "open" || $0 == "openat" ? .init(slot: 1, type: 1) : nil }
            live.setSlot(1) { slot in
                slot.possible = BPFSession.bits(1)
                slot.tested = Self.tests(SHRIKE_BY_NAME) | raw
                slot.name_default = BPFSession.bits(0)
            }
            let long = String(repeating: "/.", count: 2040) + "/plain"
            let answer = try LiveSession.run(
                "/bin/sh", ["-c", "exec 3<\(directory)\(long); exec 4<\(directory)/plain"])
            let told = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue }
            #expect(told.count == 1)
            let deep = String(repeating: "/a", count: 300)
            let failing = try LiveSession.run("/bin/sh", ["-c", "exec 3<\(deep) 2>/dev/null"])
            let failed = live.collect { $0.head.tgid == failing.pid && $0.asked == deep }
            #expect(failed.count == 1)
        }
    }
}
