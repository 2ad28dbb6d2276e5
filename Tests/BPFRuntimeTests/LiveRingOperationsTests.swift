import CBPF
import CBPFRecords
import Foundation
import Testing

@testable import BPFRuntime

/// What the records say of operations that no system call makes.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveRingOperationsTests {
    static let operations = [18: "openat", 28: "openat2", 16: "connect", 35: "renameat2", 45: "socket"]

    @Test func tellsOperationsAsTheCallsThatTheyAreLike() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            for name in ["secret", "other"] {
                try Data().write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            let live = try LiveSession(calls: ["openat"])
            try #require(live.session.ringObstacle == nil)
            live.session.setOperations(Self.operations) { name in
                name == "openat" ? .init(slot: 1, type: 18) : .init(slot: 1, type: 99)
            }
            let answer = try LiveSession.run(program, [directory])
            var results: [String: Int64] = [:]
            for line in answer.output.split(separator: "\n") {
                let words = line.split(separator: " ")
                results[String(words[0])] = Int64(words[1])
            }
            let records = live.collect {
                $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue
            }
            #expect(live.damaged == 0)
            let secret = "\(directory)/secret"
            let opens = records.filter { $0.head.call == 18 }
            // In order: inline, by a worker, missing, without completion, direct, by the polling thread.
            try #require(opens.count == 6, "\(answer.output) \(opens.map { $0.head.flags })")
            for index in [0, 1, 5] {
                #expect(opens[index].real == secret && opens[index].asked == "\(directory)/./secret", "\(index)")
            }
            #expect(opens.allSatisfy { $0.head.type == 18 })
            #expect(opens[0].head.result == results["inline"] && opens[1].head.result == results["worker"])
            #expect(opens[2].asked == "/nowhere/missing" && opens[2].head.result == -2)
            #expect(opens[3].has(SHRIKE_FLAG_SUBMITTED) && opens[3].has(SHRIKE_FLAG_NO_RESULT))
            #expect(opens[3].asked == "\(directory)/./secret" && opens[3].file == nil)
            // A direct descriptor is in the ring's table alone.
            #expect(opens[4].has(SHRIKE_FLAG_DIRECT) && !opens[4].has(SHRIKE_FLAG_SUBMITTED))
            #expect(opens[4].real == secret && opens[4].head.result == 0)
            #expect(opens[5].head.result == results["polled"])
            let how = try #require(records.first { $0.head.call == 28 })
            #expect(how.real == secret && how[SHRIKE_PART_BLOCK]?.bytes.count == 24)
            let rename = try #require(records.first { $0.head.call == 35 })
            #expect(rename.asked == "\(directory)/other" && rename.head.result == 0)
            #expect(rename[SHRIKE_PART_ASKED2]?.text == "\(directory)/renamed")
            let socket = try #require(records.first { $0.head.call == 45 })
            #expect(socket.socket?.family == 2 && socket.head.arguments.0 == 2 && socket.head.arguments.1 == 1)
            let connect = try #require(records.first { $0.head.call == 16 })
            #expect(connect.socket?.peer_port == 9 && connect.has(SHRIKE_FLAG_NO_ARGUMENTS))
        }
    }
    /// What an operation was asked for is not known of all of them.
    @Test func stopsNothingByArgumentsThatAreNotKnown() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: ["socket"])
            live.session.setOperations(Self.operations) { _ in .init(slot: 1, type: 1) }
            live.setSlot(1) { slot in
                slot.possible = BPFSession.bits(1)
                slot.tested = 1 << SHRIKE_BY_ARGUMENT.rawValue
                slot.argument_mask.0 = .max
                slot.missing.11 = BPFSession.bits(0)
            }
            let answer = try LiveSession.run(program, [directory])
            let records = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue }
            #expect(records.map(\.head.call) == [16])
        }
    }

    /// Two opens that wait for a pipe's other end, and room for the name of one.
    @Test func tellsAtOnceOfWhatItCantKeepTheNameOf() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            var settings = LiveSession.small
            settings.operationCapacity = 1
            let live = try LiveSession(calls: ["openat"], settings: settings)
            live.session.setOperations([18: "openat"]) { _ in .init(slot: 1, type: 18) }
            let answer = try LiveSession.run(program, [directory, "waiting"])
            let records = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue }
            let early = records.filter { $0.has(SHRIKE_FLAG_SUBMITTED) }
            #expect(early.map(\.asked) == ["\(directory)/second"] && early.first?.has(SHRIKE_FLAG_NO_RESULT) == true)
            #expect(live.session.counters.told_early == 1)
            let ends = records.filter { !$0.has(SHRIKE_FLAG_SUBMITTED) }
            #expect(ends.count == 2 && ends.compactMap(\.asked).contains("\(directory)/first"))
            #expect(ends.allSatisfy { $0.head.result >= 0 && $0.asked != "\(directory)/second" })
        }
    }

    /// A link hides from no rule what it leads to, however the program asks for the completion.
    @Test func judgesNoOpenByANameThatCanLeadAnywhere() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let target = "\(directory)/target"
            try Data().write(to: URL(fileURLWithPath: target))
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/secret", withDestinationPath: target)
            let live = try LiveFloodTests.session(of: target)
            live.session.setOperations([18: "openat"]) { _ in .init(slot: 1, type: 18) }
            let answer = try LiveSession.run(program, [directory])
            let records = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue }
            // Inline, by a worker, without completion, direct, by the polling thread; the missing one has another name.
            #expect(records.count == 5, "\(answer.output)")
            #expect(records.filter { !$0.has(SHRIKE_FLAG_SUBMITTED) }.allSatisfy { $0.real == target })
            #expect(records.count { $0.has(SHRIKE_FLAG_SUBMITTED) } == 1)
            #expect(live.session.counters.told_unproven == 1)
        }
    }

    /// Who never comes for the ends of what workers did is told of all the same, and once.
    @Test(arguments: ["unreaped", "reaped"])
    func `an open by a worker is told whenever its end is asked for`(way: String) throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let target = "\(directory)/target"
            try Data("text".utf8).write(to: URL(fileURLWithPath: target))
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/secret", withDestinationPath: target)
            let live = try LiveFloodTests.session(of: target)
            live.session.setOperations([18: "openat"]) { _ in .init(slot: 1, type: 18) }
            let answer = try LiveSession.run(program, [directory, way])
            try #require(answer.status != 3, "the kernel has no such rings")
            #expect(answer.output == "opened 1\n")
            // What a thread of the kernel does for a process that is gone comes a moment later.
            usleep(200_000)
            let records = live.collect { $0.kind == SHRIKE_RECORD_RING.rawValue }
            #expect(records.map(\.head.tgid) == [answer.pid])
            #expect(records.map(\.asked) == ["\(directory)/secret"])
            #expect(records.allSatisfy { $0.has(SHRIKE_FLAG_SUBMITTED) && $0.has(SHRIKE_FLAG_NO_RESULT) })
            #expect(live.session.counters.told_unproven == 1)
            #expect(Self.kept("shrike_counted", live.session) == 0)
        }
    }

    /// Its process ends while the connection is made; or the answer comes later.
    @Test(arguments: [("connecting", [-EINPROGRESS]), ("connected", [-EINPROGRESS, 0])])
    func `a connection that has begun is told as one in progress, and when it is made`(
        way: String, results: [Int32]
    ) throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        let live = try LiveSession(calls: ["openat"])
        live.session.setOperations([16: "connect"]) { _ in .init(slot: 1, type: 16) }
        let answer = try LiveSession.run(program, ["/nowhere", way])
        usleep(200_000)
        let records = live.collect { $0.kind == SHRIKE_RECORD_RING.rawValue }
        #expect(records.map(\.head.result) == results.map(Int64.init))
        #expect(records.allSatisfy { $0.head.tgid == answer.pid })
        #expect(records.allSatisfy { "port \($0.socket?.peer_port ?? 0)\n" == answer.output })
    }

    @Test func `the attribute that an operation gives a file is told`() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: "\(directory)/secret"))
            let live = try LiveSession(calls: ["openat"])
            live.session.setOperations([42: "setxattr"]) { _ in .init(slot: 1, type: 42) }
            let answer = try LiveSession.run(program, [directory, "attribute"])
            let records = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue }
            #expect(records.map(\.asked) == ["\(directory)/secret"])
            #expect(records.first?[SHRIKE_PART_TEXT]?.text == "user.shrike" && records.first?.head.arguments.3 == 5)
        }
    }

    /// "mixed": an open with the accept's number is done meanwhile.
    @Test(arguments: ["accepting", "directly", "mixed"])
    func tellsEachConnectionOfAnAcceptThatGoesOn(way: String) throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: ["openat"])
            live.session.setOperations([13: "accept4", 18: "openat"]) { .init(slot: 1, type: $0 == "openat" ? 18 : 13) }
            let answer = try LiveSession.run(program, [directory, way])
            try #require(answer.status == 0)
            let records = live.collect {
                $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue && $0.head.call == 13
            }
            let accepted = records.filter { !$0.has(SHRIKE_FLAG_NO_RESULT) && $0.head.result >= 0 }
            #expect(accepted.count == 2, "\(answer.output) \(records.map(\.head.result))")
            #expect(accepted.allSatisfy { $0.socket?.family == 2 && ($0.socket?.peer_port ?? 0) != 0 })
            #expect(accepted.allSatisfy { $0.has(SHRIKE_FLAG_DIRECT) == (way == "directly") })
            #expect(records.count { $0.head.result == -9 } == 2)
        }
    }

    /// 8 entries of submission have 16 of completion.
    @Test func tellsEndsThatTheQueueHasNoRoomFor() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let secret = "\(directory)/secret"
            try Data().write(to: URL(fileURLWithPath: secret))
            let live = try LiveFloodTests.session(of: secret)
            live.session.setOperations([18: "openat"]) { _ in .init(slot: 1, type: 18) }
            let answer = try LiveSession.run(program, [directory, "overflowing"])
            let records = live.collect { $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_RING.rawValue }
            #expect(records.count == 20 && records.allSatisfy { $0.real == secret && $0.asked == secret })
        }
    }

    /// Two opens wait for a pipe's other end while the rules come to want none any more.
    @Test func `what is kept of an operation goes with its end, wanted by then or not`() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            let (live, process) = try Self.start(program, directory, "pending")
            func kept(_ map: String) -> Int { Self.kept(map, live.session) }
            for _ in 0..<200 where kept("shrike_operations") < 2 { usleep(10_000) }
            #expect(kept("shrike_operations") == 2 && kept("shrike_counted") == 2)
            live.session.setOperations([18: "openat"]) { _ in nil }
            try "".write(toFile: "\(directory)/go", atomically: false, encoding: .utf8)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            for map in ["shrike_operations", "shrike_counted", "shrike_requests"] {
                #expect(kept(map) == 0, "\(map)")
            }
            #expect(live.collect { $0.kind == SHRIKE_RECORD_RING.rawValue }.isEmpty)
        }
    }

    /// Whoever makes links fail must not fill the room for others' names.
    @Test func `nothing is kept of operations whose link has failed`() throws {
        let program = try LiveSession.compile("ring")
        defer { try? FileManager.default.removeItem(atPath: program) }
        try LiveSession.withDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: "\(directory)/secret"))
            let (live, process) = try Self.start(program, directory, "linking")
            func records() -> [TestRecord] {
                live.collect { $0.head.tgid == process.processIdentifier && $0.kind == SHRIKE_RECORD_RING.rawValue }
            }
            for _ in 0..<400 where records().count < 3 { usleep(10_000) }
            usleep(100_000)
            // The first one is told when it is submitted, since its success would not be, and as a failure once more. Those that were
            // linked to the two were not done.
            #expect(records().map(\.head.result) == [0, -2, -2])
            #expect(records().map(\.asked) == ["/nowhere/missing", "", "/nowhere/missing"])
            for map in ["shrike_operations", "shrike_counted", "shrike_requests"] {
                #expect(Self.kept(map, live.session) == 0, "\(map)")
            }
            try "".write(toFile: "\(directory)/go", atomically: false, encoding: .utf8)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }

    /// Begins to watch opens, then starts the program, which waits for a file "go" in the directory.
    private static func start(
        _ program: String, _ directory: String, _ mode: String
    ) throws -> (live: LiveSession, process: Process) {
        let live = try LiveSession(calls: ["openat"])
        live.session.setOperations([18: "openat"]) { _ in .init(slot: 1, type: 18) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [directory, mode]
        try LiveSession.startWithoutBlockedSignals(process)
        return (live, process)
    }

    /// How many entries a map has.
    private static func kept(_ map: String, _ session: BPFSession) -> Int {
        let descriptor = bpf_object__find_map_fd_by_name(session.object, map)
        // As long as the longest key.
        var key: (UInt64, UInt64) = (0, 0)
        var count = 0
        var more = bpf_map_get_next_key(descriptor, nil, &key)
        while more == 0, count < 100 {
            count += 1
            var next: (UInt64, UInt64) = (0, 0)
            more = bpf_map_get_next_key(descriptor, &key, &next)
            key = next
        }
        return count
    }
}
