import EventModel
import EventSources
import Foundation
import Glibc
import KernelInterface
import Learning
import NodeState
import ProfileStorage
import Profiles
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// Learning through the daemon's own wiring: kept on disk, gone on with, told.
@Suite struct EmbeddedLearningTests {
    private static let rules = """
        - rule: Program in /tmp
          desc: A program in /tmp.
          condition: evt.type = execve and proc.exepath startswith /tmp/
          output: run %proc.exepath
          priority: WARNING
        """

    private static func configuration(_ directory: String, enabled: Bool = true) -> String {
        """
        shrike:
          learning:
            enabled: \(enabled)
            directory: \(directory)/profiles
            rules: quiet
            window: 1
            unseen_percent: 20
            whole_day: false
            start_runs: 0
            save_interval: 1
        """
    }

    private static let service = WorkloadIdentity.unit("web.service")

    /// A run in which a service starts programs, one every second from a time on.
    private func run(
        _ directory: String, from start: Double, _ programs: [String], enabled: Bool = true,
        _ more: (EmbeddedRun) -> Void = { _ in }
    ) throws -> EmbeddedRun {
        let audit = ScriptedSource(.audit)
        let node = ScriptedNode()
        node.start(500, "/usr/sbin/web", group: "/system.slice/web.service")
        let run = try EmbeddedRun(
            [audit.driver(.systemCalls)], rules: Self.rules,
            configuration: Self.configuration(directory, enabled: enabled), in: directory, node: node)
        for (index, program) in programs.enumerated() {
            run.at(start + Double(index)) {
                let pid = 1000 + Int(start) + index
                node.start(pid, program, parent: 500, group: "/system.slice/web.service")
                audit.put { $0.exec(program, ["x"], pid: pid, parent: 500) }
            }
        }
        more(run)
        run.run(until: start + Double(programs.count) + 2)
        return run
    }

    @Test func `what was learned is there after a restart, and something new is told`() throws {
        try withDirectory { directory in
            let usual = Array(repeating: "/usr/bin/gzip", count: 30)
            #expect(try run(directory, from: 1, ["/tmp/x"] + usual).rules == ["Program in /tmp"])
            let files = ProfileDirectory(path: "\(directory)/profiles")
            let kept = try #require(try files.read(Self.service)?.result.get())
            #expect(kept.behaviours.filter { $0.kind == .exec }.map(\.text) == ["/tmp/x", "/usr/bin/gzip"])
            #expect(kept.behaviours.first { $0.text == "/tmp/x" }?.quarantine == "Program in /tmp")
            let second = try run(directory, from: 50, ["/usr/bin/gzip", "/usr/bin/nc"])
            #expect(second.rules == ["Program new to the workload"])
            let message = second.messages(of: "Program new to the workload").first ?? ""
            #expect(message.contains("/usr/bin/nc in unit/web.service"), "\(message)")
            #expect(message.contains("expected=programs: /usr/bin/gzip"), "\(message)")
            #expect(second.metrics.contains("shrike_learning_workloads{state=\"settled\"} 1"), "\(second.metrics)")
            #expect(second.metrics.contains("shrike_learning_waiting 2"))
        }
    }

    @Test(arguments: [true, false])
    func `what the kernel counted of a group is learned of its workload, also what nobody knew at first`(
        countsCapabilities: Bool
    ) throws {
        try withDirectory { directory in
            let source = ScriptedSource(.ebpf)
            source.countedKinds = countsCapabilities ? [.calls, .capabilities] : [.calls]
            let node = ScriptedNode()
            node.addGroup("/system.slice/web.service", number: 7)
            node.start(500, "/usr/sbin/web", group: "/system.slice/web.service")
            let run = try EmbeddedRun(
                [source.driver(.systemCalls)], rules: Self.rules, configuration: Self.configuration(directory),
                in: directory, node: node)
            let abi = try #require(SyscallCatalogue.ABI.host.first)
            func calls(_ bits: UInt64) -> GroupUse {
                var words = InlineArray<16, UInt64>(repeating: 0)
                words[0] = bits
                return .calls(SyscallSet(abi: abi, words: words))
            }
            run.at(1) {
                node.start(501, "/usr/bin/gzip", parent: 500, group: "/system.slice/web.service")
                source.put { $0.exec("/usr/bin/gzip", ["gzip"], pid: 501, parent: 500) }
            }
            run.at(2) {
                // Nobody knows this process.
                source.uses.append((7, 999, calls(0b1)))
                source.uses.append((8, 998, calls(0b1000)))
                // This one was in another group when it made that.
                source.uses.append((9, 501, calls(0b100)))
            }
            run.at(3) {
                source.uses.append((7, 501, calls(0b10)))
                source.uses.append((7, 501, .capabilities(asked: [.sysAdmin, .kill], granted: [.kill])))
            }
            run.run(until: 6)
            let kept = try #require(
                try ProfileDirectory(path: "\(directory)/profiles").read(Self.service)?.result.get())
            func known(_ kind: BehaviourKind) -> [String] { kept.behaviours.filter { $0.kind == kind }.map(\.text) }
            guard case .calls(let expected) = calls(0b11) else { return }
            #expect(known(.syscall).sorted() == expected.names.sorted())
            #expect(known(.capability) == (countsCapabilities ? ["CAP_KILL"] : []))
            #expect((kept.unseenMass(of: .capability).windows > 0) == countsCapabilities)
        }
    }

    @Test func `what waits for its group in vain is counted after a time`() throws {
        let learner = WorkloadLearner(settings: LearningSettings())
        let source = ScriptedSource(.ebpf)
        let state = NodeState(options: NodeStateOptions(), files: ScriptedNode())
        let abi = try #require(SyscallCatalogue.ABI.host.first)
        var uses = GroupUses()
        source.uses.append((7, 999, .calls(SyscallSet(abi: abi, words: InlineArray(repeating: 1)))))
        uses.take(from: source, to: learner, state, now: 1000)
        uses.take(from: source, to: learner, state, now: 1500)
        #expect(learner.counters.usesLeftOut == 0)
        uses.take(from: source, to: learner, state, now: 1700)
        #expect(learner.counters.usesLeftOut == 1)
        uses.end(learner)
        #expect(learner.counters.usesLeftOut == 1)
    }

    @Test func `a flood of news leaves the workload settled, and is told of`() throws {
        try withDirectory { directory in
            let usual = Array(repeating: "/usr/bin/gzip", count: 30)
            let flood = (0..<40).map { index in "/usr/bin/\("abcdefgh".map { "\($0)\($0)" }[index % 8])-\(index / 8)-q"
            }
            let configuration = Self.configuration(directory) + "\n    behaviours: 16\n"
            let audit = ScriptedSource(.audit)
            let node = ScriptedNode()
            node.start(500, "/usr/sbin/web", group: "/system.slice/web.service")
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules, configuration: configuration, in: directory,
                node: node)
            for (index, program) in (usual + flood + ["/usr/bin/nc"]).enumerated() {
                run.at(1 + Double(index)) {
                    node.start(1001 + index, program, parent: 500, group: "/system.slice/web.service")
                    audit.put { $0.exec(program, ["x"], pid: 1001 + index, parent: 500) }
                }
            }
            run.run(until: 80)
            #expect(run.messages(of: "Program new to the workload").count == 41)
            #expect(run.metrics.contains("shrike_learning_quarantine_left_out_total 25"), "\(run.metrics)")
            #expect(run.metrics.contains("shrike_learning_workloads{state=\"settled\"} 1"), "\(run.metrics)")
        }
    }

    @Test func `a refused file is not written over`() throws {
        try withDirectory { directory in
            let file = "\(directory)/profiles/unit=web.service.yaml"
            try FileManager.default.createDirectory(atPath: "\(directory)/profiles", withIntermediateDirectories: true)
            try "shrike_profile: 9\n".write(toFile: file, atomically: false, encoding: .utf8)
            _ = try run(directory, from: 1, Array(repeating: "/usr/bin/gzip", count: 5))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "shrike_profile: 9\n")
        }
    }

    @Test func `without learning nothing is kept and nothing told`() throws {
        try withDirectory { directory in
            let run = try run(
                directory, from: 1, Array(repeating: "/usr/bin/gzip", count: 30) + ["/usr/bin/nc"], enabled: false)
            #expect(run.rules == [])
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/profiles"))
        }
    }

    @Test func `a profile that is refused is no reason not to watch`() throws {
        try withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/profiles", withIntermediateDirectories: true)
            try "shrike_profile: 9\n".write(
                toFile: "\(directory)/profiles/unit=web.service.yaml", atomically: false, encoding: .utf8)
            #expect(try run(directory, from: 1, ["/tmp/x"]).rules == ["Program in /tmp"])
        }
    }
}

/// The worker that keeps profiles, without its thread.
@Suite struct ProfileKeeperTests {
    private final class Replies: Sendable {
        let list = Mutex<[ProfileKeeper.Reply]>([])
        var sink: ControlReplies<ProfileKeeper.Reply> {
            ControlReplies { reply in self.list.withLock { $0.append(reply) } }
        }
        func take() -> [String] {
            list.withLock { list in
                defer { list = [] }
                return list.map { reply in
                    switch reply {
                    case .changed(let profile):
                        "changed \(profile.identity.text) \(profile.behaviours.count)\(profile.isFrozen ? " frozen" : "")"
                    case .forgotten(let identity): "forgotten \(identity.text)"
                    case .found(let profile):
                        "found \(profile.identity.text) \(profile.windows)\(profile.isFrozen ? " frozen" : "")"
                    case .absent(let identity): "absent \(identity.text)"
                    case .removed(let count): "removed \(count)"
                    case .problem(let problem): "problem \(problem)"
                    }
                }
            }
        }
    }

    private func profile(_ name: String, seen: UInt32 = 1000) -> Profile {
        var profile = Profile(identity: .unit(name))
        profile.begin(at: seen, .all, ProfileSettings())
        return profile
    }

    private func bounds(_ workloads: Int, memory: Int = 32 << 20, disk: Int = 64 << 20) -> ProfileKeeper.Bounds {
        ProfileKeeper.Bounds(workloads: workloads, memory: memory, disk: disk)
    }

    @Test func `what others do to the files is taken over, and not written over`() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path + "/profiles")
            var keeper = ProfileKeeper.begin(directory, bounds(10)).keeper
            let replies = Replies()
            keeper.take([.keep([profile("a.service"), profile("b.service")])], replies.sink)
            keeper.tick(nowNanoseconds: 10_000_000_000, replies.sink)
            #expect(replies.take() == [])
            var frozen = profile("a.service")
            frozen.isFrozen = true
            try directory.write(frozen)
            try directory.remove(.unit("b.service"))
            keeper.take([.keep([profile("a.service"), profile("b.service")])], replies.sink)
            keeper.tick(nowNanoseconds: 20_000_000_000, replies.sink)
            #expect(Set(replies.take()) == ["changed unit/a.service 0 frozen", "forgotten unit/b.service"])
            #expect(try directory.names().map(\.name) == ["unit=a.service"])
            keeper.tick(nowNanoseconds: 30_000_000_000, replies.sink)
            #expect(replies.take() == [])
        }
    }

    @Test func `what finds no room stays on disk and is read when it is wanted`() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path + "/profiles")
            for index in 0..<5 { try directory.write(profile("s\(index).service", seen: 1000 + UInt32(index))) }
            let beginning = ProfileKeeper.begin(directory, bounds(4))
            #expect(
                beginning.profiles.map(\.identity.text) == ["unit/s4.service", "unit/s3.service", "unit/s2.service"])
            #expect(Set(beginning.stored.map(\.text)) == ["unit/s0.service", "unit/s1.service"])
            var keeper = beginning.keeper
            let replies = Replies()
            keeper.take([.read([.unit("s0.service"), .unit("none.service")])], replies.sink)
            #expect(replies.take() == ["found unit/s0.service 1", "absent unit/none.service"])
            // Memory has a bound, too.
            let least = ProfileKeeper.begin(directory, bounds(100, memory: 1))
            #expect(least.profiles.map(\.identity.text) == ["unit/s4.service"])
            #expect(least.stored.count == 4)
        }
    }

    @Test func `a frozen profile is never written, also when it found no room`() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path + "/profiles")
            var frozen = profile("a.service")
            frozen.isFrozen = true
            try directory.write(frozen)
            let text = try String(contentsOfFile: try directory.file(of: frozen.identity), encoding: .utf8)
            var keeper = ProfileKeeper.begin(directory, bounds(4)).keeper
            let replies = Replies()
            keeper.take([.keep([profile("a.service", seen: 9000)]), .read([frozen.identity])], replies.sink)
            #expect(replies.take() == ["found unit/a.service 1 frozen"])
            #expect(try String(contentsOfFile: try directory.file(of: frozen.identity), encoding: .utf8) == text)
        }
    }

    @Test(arguments: ["shrike_profile: 9\n", "nonsense: [", "unsigned", "writable"])
    func `a file that is refused stays as it is, and that is told once`(what: String) throws {
        try withDirectory { path in
            let key = try #require(SigningKey())
            let directory = ProfileDirectory(path: path + "/profiles", key: key.publicKey)
            var first = profile("a.service")
            first.isFrozen = what == "unsigned"
            try directory.write(first)
            let file = try directory.file(of: first.identity)
            switch what {
            case "unsigned": break
            case "writable": chmod(file, 0o666)
            default: try what.write(toFile: file, atomically: false, encoding: .utf8)
            }
            let before = try Data(contentsOf: URL(filePath: file))
            let beginning = ProfileKeeper.begin(directory, bounds(4))
            #expect(beginning.problems.count == 1)
            var keeper = beginning.keeper
            let replies = Replies()
            keeper.take([.keep([profile("a.service", seen: 5000)])], replies.sink)
            keeper.take([.keep([profile("a.service", seen: 6000)])], replies.sink)
            let told = replies.take()
            #expect(told.count == 1)
            #expect(told.first?.contains("unit/a.service is not kept, since its file is refused") == true, "\(told)")
            #expect(try Data(contentsOf: URL(filePath: file)) == before)
            // Removed, it makes room.
            try directory.remove(first.identity)
            keeper.tick(nowNanoseconds: 10_000_000_000, replies.sink)
            keeper.take([.keep([profile("a.service", seen: 7000)])], replies.sink)
            #expect(replies.take() == [])
            #expect(try directory.read(first.identity)?.result.get().lastSeen == 7000)
        }
    }

    @Test func `another signature of the same file is noticed`() throws {
        try withDirectory { path in
            let key = try #require(SigningKey())
            let other = try #require(SigningKey())
            let directory = ProfileDirectory(path: path + "/profiles", key: key.publicKey)
            var frozen = profile("a.service")
            frozen.isFrozen = true
            try directory.write(frozen)
            let file = try directory.file(of: frozen.identity)
            func sign(_ key: SigningKey) throws {
                let bytes = Array(try Data(contentsOf: URL(filePath: file)))
                let signature = try #require(ProfileSignature.make(of: bytes, by: key))
                try DurableFile.write(Array(signature.text.utf8), to: file + ".sig")
            }
            try sign(key)
            var keeper = ProfileKeeper.begin(directory, bounds(4)).keeper
            let replies = Replies()
            keeper.tick(nowNanoseconds: 10_000_000_000, replies.sink)
            #expect(replies.take() == [])
            try sign(other)
            keeper.tick(nowNanoseconds: 20_000_000_000, replies.sink)
            #expect(replies.take().first?.contains("the signature is not that of this profile") == true)
            try sign(key)
            keeper.tick(nowNanoseconds: 30_000_000_000, replies.sink)
            #expect(replies.take() == ["changed unit/a.service 0 frozen"])
        }
    }

    @Test func `what somebody else has changed is not written over by what was under way`() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path + "/profiles")
            var keeper = ProfileKeeper.begin(directory, bounds(4)).keeper
            let replies = Replies()
            keeper.take([.keep([profile("a.service")])], replies.sink)
            try directory.write(profile("a.service", seen: 8000))
            keeper.tick(nowNanoseconds: 10_000_000_000, replies.sink)
            keeper.take([.keep([profile("a.service", seen: 2000)])], replies.sink)
            #expect(replies.take() == ["changed unit/a.service 0"])
            #expect(try directory.read(.unit("a.service"))?.result.get().lastSeen == 8000)
            keeper.take([.taken(.unit("a.service")), .keep([profile("a.service", seen: 9000)])], replies.sink)
            #expect(try directory.read(.unit("a.service"))?.result.get().lastSeen == 9000)
        }
    }

    @Test func `beyond the bound of the disk those go that were not written for longest, and no frozen one`() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path + "/profiles")
            for index in 0..<10 {
                var profile = profile("s\(index).service")
                profile.isFrozen = index == 0
                try directory.write(profile)
                let file = try directory.file(of: profile.identity)
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(index))], ofItemAtPath: file)
            }
            let size = try #require(directory.mark(of: "unit=s5.service")).bytes
            var beginning = ProfileKeeper.begin(directory, bounds(100, disk: size * 8))
            #expect(beginning.problems.count == 1)
            let names = try directory.names().map(\.name)
            #expect(names.contains("unit=s0.service"))
            #expect(names.contains("unit=s9.service"))
            #expect(!names.contains("unit=s1.service"))
            #expect(names.count <= 8)
            let replies = Replies()
            beginning.keeper.take([.keep([profile("new1.service"), profile("new2.service")])], replies.sink)
            #expect(replies.take().contains { $0.hasPrefix("removed") })
            beginning.keeper.tick(nowNanoseconds: 10_000_000_000, replies.sink)
            #expect(replies.take() == [])
        }
    }

    @Test func `a directory that can't be written is told once`() throws {
        let replies = Replies()
        var keeper = ProfileKeeper.begin(ProfileDirectory(path: "/proc/nowhere/profiles"), bounds(4)).keeper
        keeper.take([.keep([profile("a.service"), profile("b.service")])], replies.sink)
        #expect(replies.take().count == 1)
    }
}
