import BPFFilter
import BPFRecords
import BPFRuntime
import EventModel
import Foundation
import Glibc
import NodeState
import Testing

@testable import EventSources
@testable import KernelInterface

/// Whether eBPF can be tested here. Where the kernel has what it takes, a source that doesn't work is a failure.
private enum LiveBPF {
    static let obstacle: String? =
        geteuid() != 0 ? "needs root" : access("/sys/kernel/btf/vmlinux", R_OK) != 0 ? "the kernel has no BTF" : nil
}

/// The eBPF source on this kernel.
@Suite(.serialized, .enabled(if: LiveBPF.obstacle == nil, "\(LiveBPF.obstacle ?? "")"))
struct LiveBPFSourceTests {
    /// A source that is asked for opens of some paths, and for other calls whatever they are.
    private static func needs(
        opens paths: [String], below prefixes: [String] = [], any types: [String] = []
    ) throws -> SourceNeeds {
        var filter = TypeFilter(alternatives: AlternativeSet(first: 1))
        filter.file = TextTable(
            others: AlternativeSet(),
            exact: paths.map { .init(text: Array($0.utf8), granted: AlternativeSet(first: 1)) },
            prefixes: prefixes.map { .init(text: Array($0.utf8), granted: AlternativeSet(first: 1)) })
        var program = FilterProgram()
        let named = program.append(filter)
        let any = program.append(TypeFilter(alternatives: AlternativeSet(first: 1)))
        for name in ["open", "openat", "openat2", "open_by_handle_at"] {
            program.assign(filter: named, to: try #require(EventType(name: name)))
        }
        for name in types { program.assign(filter: any, to: try #require(EventType(name: name))) }
        let alternatives = program.types.types.map { ($0, [EventNeed()]) }
        return SourceNeeds(
            events: EventNeeds(alternatives: Dictionary(uniqueKeysWithValues: alternatives)), fieldNames: [],
            filter: program)
    }

    /// The programs that a test starts are this process' children, and no canaries.
    private static func open(_ needs: SourceNeeds) throws -> BPFSource {
        try BPFSource(needs, connection: try LoadedPrograms(canaryParent: 0))
    }

    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "shrike-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func `a program's life is told, with what it was started with`() throws {
        let source = try Self.open(try Self.needs(opens: []))
        defer { source.stop() }
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/bin/echo", "one", "two words")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
        #expect(sink.types(of: pid) == ["execve", "procexit"])
        #expect(sink.events.contains { $0.childPID == pid && $0.isForStateOnly })
        let exec = try #require(sink.events.first { $0.process.pid == pid && $0.type.name == "execve" })
        func text(_ range: ByteRange) -> String { String(decoding: exec.slice(range), as: UTF8.self) }
        #expect(text(exec.process.arguments) == "/bin/echo\u{0}one\u{0}two words\u{0}")
        #expect(text(exec.process.executable).hasSuffix("/bin/echo"))
        #expect(text(exec.process.command) == "echo")
        #expect(exec.process.parentPID == getpid())
        var status = stat()
        #expect(stat("/bin/echo", &status) == 0)
        #expect(exec.process.executableFile.inode == UInt64(status.st_ino))
        let now = KernelClock.wall()
        #expect(exec.timeNanoseconds <= now && now - exec.timeNanoseconds < 60_000_000_000)
    }

    @Test func `of opens those alone are told that rules name, under whatever name`() throws {
        try Self.withDirectory { directory in
            let secret = "\(directory)/secret"
            for path in [secret, "\(directory)/other"] {
                try "x".write(toFile: path, atomically: false, encoding: .utf8)
            }
            #expect(symlink(secret, "\(directory)/link") == 0)
            #expect(Glibc.link(secret, "\(directory)/hard") == 0)
            let source = try Self.open(try Self.needs(opens: [secret]))
            defer { source.stop() }
            let sink = RecordingSink()
            var expected: [Int32: String] = [:]
            for name in ["secret", "link", "hard", "./../\(directory.split(separator: "/").last ?? "")/secret"] {
                expected[try LiveKernel.run("/bin/cat", "\(directory)/\(name)")] = name
            }
            let other = try LiveKernel.run("/bin/cat", "\(directory)/other")
            #expect(LiveKernel.pump(source, sink) { sink.types(of: other).contains("procexit") })
            for (pid, name) in expected {
                let opens = sink.events.filter { $0.process.pid == pid && $0.type.name.hasPrefix("open") }
                #expect(opens.count == 1, "\(name)")
                let path = try #require(opens.first?.paths.first)
                let event = try #require(opens.first)
                let real = String(decoding: event.slice(path.object.path), as: UTF8.self)
                #expect(real == (name == "hard" ? "\(directory)/hard" : secret))
                #expect(String(decoding: event.slice(path.name), as: UTF8.self) == "\(directory)/\(name)")
            }
            #expect(!sink.types(of: other).contains { $0.hasPrefix("open") })
        }
    }

    @Test func `a reload changes what is told without a gap for what both need`() throws {
        try Self.withDirectory { directory in
            let (first, second) = ("\(directory)/first", "\(directory)/second")
            for path in [first, second] { try "x".write(toFile: path, atomically: false, encoding: .utf8) }
            let source = try Self.open(try Self.needs(opens: [first]))
            defer { source.stop() }
            let sink = RecordingSink()
            func opens(_ path: String) throws -> Int {
                let pid = try LiveKernel.run("/bin/cat", path)
                #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
                return sink.types(of: pid).count { $0.hasPrefix("open") }
            }
            for round in 0..<6 {
                #expect(try opens(first) == 1, "round \(round)")
                #expect(try opens(second) == (round % 2 == 0 ? 0 : 1), "round \(round)")
                let paths = round % 2 == 0 ? [first, second] : [first]
                try source.apply(.needs(try Self.needs(opens: paths)), into: sink)
            }
            #expect(source.outage == nil)
            #expect(sink.notices.isEmpty)
        }
    }

    @Test func `a file is known by its inode at every moment of a reload`() throws {
        try Self.withDirectory { directory in
            let secret = "\(directory)/secret"
            try "x".write(toFile: secret, atomically: false, encoding: .utf8)
            #expect(Glibc.link(secret, "\(directory)/hard") == 0)
            let names = (0..<1000).map { "\(directory)/n\($0)" }
            let source = try Self.open(try Self.needs(opens: [secret] + names))
            defer { source.stop() }
            let sink = RecordingSink()
            let script = "for n in $(seq 400); do read x < \(directory)/hard; done; sleep 0.01"
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", script]
            try process.run()
            var rounds = 0
            while process.isRunning || rounds == 0 {
                try source.apply(.needs(try Self.needs(opens: [secret] + names.dropLast(rounds % 2))), into: sink)
                _ = source.drain(into: sink)
                rounds += 1
            }
            let pid = process.processIdentifier
            #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
            #expect(sink.types(of: pid).count { $0.hasPrefix("open") } == 400, "\(rounds) reloads")
        }
    }

    @Test func `what a run with another ring has left is read`() throws {
        var settings = BPFLimits().settings
        settings.ringBytes = 1 << 20
        let former = try LoadedPrograms(settings: settings, canaryParent: 0)
        let copies = former.storable.flatMap { stored in stored.numbers.map { (stored.name, dup($0)) } }
        former.note(told: BPFMissing(held: 0))
        // In a row, as the manager passes them.
        let first: Int32 = 600
        for (index, copy) in copies.enumerated() {
            #expect(dup2(copy.1, first + Int32(index)) >= 0)
            close(copy.1)
        }
        let stored = StoredDescriptors(first: first, count: Int32(copies.count), names: copies.map(\.0))
        let kept = try #require(KeptPrograms(stored))
        let pid = try LiveKernel.run("/bin/true")
        var decoder = BPFRecordDecoder()
        var event = RawEvent()
        var pids: [Int32] = []
        _ = kept.drain(limit: 100_000) {
            if decoder.decode($0, into: &event) == .event { pids.append(event.process.pid) }
        }
        #expect(pids.contains(pid))
        #expect(kept.missing == BPFMissing())
        kept.detach()
    }

    @Test func `programs whose loading has begun are used where they are of the wanted size`() throws {
        var context = SourceContext()
        context.prepared = context.preparations(.only([.ebpf]))
        let ahead = try #require(context.prepared[.ebpf] as? ProgramsAhead)
        var other = context
        other.bpfLimits.ringMebibytes = 1
        try BPFSource.driver.open(try Self.needs(opens: []), other).stop()
        let source = try BPFSource.driver.open(try Self.needs(opens: []), context)
        defer { source.stop() }
        #expect(try ahead.take(context.bpfLimits.settings) == nil, "taken already")
        let sink = RecordingSink()
        let pid = try LiveKernel.run("/bin/true")
        #expect(LiveKernel.pump(source, sink) { sink.types(of: pid).contains("procexit") })
    }

    @Test func `nothing is begun for sources that will not run`() {
        #expect(SourceContext().preparations(.only([.audit, .procfs])).isEmpty)
    }

    @Test func `the canary is seen both ways`() throws {
        let source = try BPFSource.driver.open(try Self.needs(opens: []), SourceContext())
        defer { source.stop() }
        let sink = RecordingSink()
        let canary = try CanaryProcess.run(opening: source.canaryFile.map { [$0] } ?? [])
        source.canaryRan(canary)
        usleep(50_000)
        _ = source.drain(into: sink)
        source.concludeCanary(into: sink)
        #expect(canary.openedFile)
        #expect(source.canary?.missed == 0)
        #expect(sink.notices.isEmpty)
    }

    @Test func `what it set up is checked, and is gone with it`() throws {
        // Prefixes of each other are told apart.
        let needs = try Self.needs(opens: ["/etc/shadow"], below: ["/etc/", "/etc/ssh/", "/e"])
        let source = try Self.open(needs)
        let sink = RecordingSink()
        for _ in 0..<3 { try source.apply(.needs(needs), into: sink) }
        for second in 1...4 { source.tick(nowNanoseconds: UInt64(second) * 10_000_000_000, into: sink) }
        #expect(sink.notices.isEmpty)
        #expect(source.outage == nil)
        source.finish()
        #expect(source.isDrained || source.drain(into: sink))
        source.stop()
        #expect(source.descriptor == nil)
    }
}
