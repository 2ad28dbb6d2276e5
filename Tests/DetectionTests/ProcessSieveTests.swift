import EventFields
import EventModel
import EventSources
import Glibc
import NodeState
import RuleEngine
import TestNode
import TestSupport
import Testing

@testable import Detection

@Suite struct ProcessSieveTests {
    /// A kernel with a filter, whose events are read some time after they were recorded.
    private final class Kernel: ProcessFiltering {
        let kind = SourceKind.ebpf
        var generations: [Int32: UInt64] = [:]
        var told: [Int32: (generation: UInt64, sets: [AlternativeSet])] = [:]
        let program: FilterProgram
        /// Nanoseconds since the boot, of the kernel and of the reader.
        var now: UInt64 = 1_000_000_000

        init(_ program: FilterProgram) { self.program = program }

        func generation(ofProcess pid: Int32) -> ProcessGeneration? {
            generations[pid].map { ProcessGeneration(number: $0, bootNanoseconds: now) }
        }

        func setPossible(
            _ sets: [AlternativeSet], of program: FilterProgram, process pid: Int32, generation: UInt64
        ) -> Bool {
            guard generations[pid] == generation, program == self.program else { return false }
            told[pid] = (generation, sets)
            return true
        }

        func forgetProcesses() { told.removeAll() }

        /// Whether an event of a process leaves the kernel.
        func delivers(_ name: String, of pid: Int32) -> Bool {
            guard let type = EventType(name: name), let told = told[pid], told.generation == generations[pid] else {
                return true
            }
            let index = Int(program.filterOfType[Int(type.index)])
            return index >= 0 && program.passes(FilterInput(type: type), residual: told.sets[index])
        }
    }

    /// A node with one process of interest, and what was recorded and not yet read.
    private struct Node: ~Copyable {
        let kernel: Kernel
        let sieve: ProcessSieve
        private let reader: EventFieldReader
        /// When the node booted, by its wall clock.
        var bootTime: UInt64 = 1_700_000_000_000_000_000
        private var queue: [RawEvent] = []

        init(_ condition: String, state: NodeState = NodeState(files: NoFiles())) throws {
            reader = EventFieldReader(state: state, hostname: "here")
            let rules = try TestRules.load(
                "- rule: r\n  desc: d\n  condition: \(condition)\n  output: o\n  priority: INFO\n")
            let filter = rules.filter(noticing: [.program, .container])
            kernel = Kernel(filter.program)
            sieve = ProcessSieve(filter)
            kernel.generations[100] = 1
        }

        /// Something happens in the kernel.
        mutating func record(_ name: String, executable: String, pid: Int32 = 100) {
            kernel.now += 10_000_000
            guard let type = EventType(name: name) else { return }
            if name == "execve" { kernel.generations[pid, default: 0] += 1 }
            guard kernel.delivers(name, of: pid) else { return }
            var event = RawEvent()
            event.type = type
            event.source = .ebpf
            event.bootNanoseconds = kernel.now
            event.hasResult = true
            event.process.pid = pid
            event.process.tid = pid
            event.process.executable = event.store(Array(executable.utf8))
            event.process.command = event.store(Array("worker".utf8))
            queue.append(event)
        }

        /// Waits until the packages' files are others than they were.
        func awaitPackages(after generation: UInt32) {
            for _ in 0..<10_000 where reader.state.packageGeneration == generation {
                kernel.now += 1_000_000
                reader.state.tick(nowNanoseconds: kernel.now + bootTime)
            }
            sieve.renew(reader.state, for: kernel)
        }

        /// The sensor reads what is there; gives how much that was.
        @discardableResult mutating func read(_ count: Int = .max) -> Int {
            let batch = queue.prefix(count)
            queue.removeFirst(batch.count)
            for event in batch {
                var event = event
                event.timeNanoseconds = event.bootNanoseconds + bootTime
                _ = reader.state.apply(&event)
                sieve.take(reader, from: kernel)
            }
            return batch.count
        }
    }

    private static let condition = "evt.type in (openat, execve) and proc.exepath = /usr/bin/evil"

    @Test func `what no rule can mean of a process is not told any more`() throws {
        var node = try Node(Self.condition)
        var told = 0
        for _ in 0..<50 {
            node.record("openat", executable: "/usr/bin/good")
            told += node.read()
        }
        #expect(told < 10 && node.sieve.counters == .init(evaluated: 1, refused: 0))
    }

    @Test func `another program is told of from its first event on`() throws {
        var node = try Node(Self.condition)
        for _ in 0..<20 {
            node.record("openat", executable: "/usr/bin/good")
            node.read()
        }
        node.record("openat", executable: "/usr/bin/good")
        #expect(node.read() == 0)
        node.record("execve", executable: "/usr/bin/evil")
        for _ in 0..<200 { node.record("openat", executable: "/usr/bin/evil") }
        #expect(node.read() == 201)
        for _ in 0..<200 {
            node.record("openat", executable: "/usr/bin/evil")
            #expect(node.read() == 1)
        }
    }

    @Test func `packages that change make everything possible again`() throws {
        let files = ScriptedFiles()
        files.addProcess(100, command: "worker", ticks: 1, executable: "/usr/bin/fresh")
        files.statuses["/proc/100/exe"] = files.addProgram("/usr/bin/fresh", changed: 20)
        files.addPackage("old", ["/usr/bin/old"], written: 10)
        var options = NodeStateOptions()
        options.bootTimeNanoseconds = 0
        options.wanted = ProcessDetails(field: "proc.exe.origin")
        var node = try Node(
            "evt.type in (openat, execve) and proc.exe.origin = package",
            state: NodeState(options: options, files: files))
        node.awaitPackages(after: 0)
        for _ in 0..<20 {
            node.record("openat", executable: "/usr/bin/fresh")
            node.read()
        }
        node.record("openat", executable: "/usr/bin/fresh")
        #expect(node.read() == 0)
        files.addPackage("fresh", ["/usr/bin/fresh"], written: 30)
        node.awaitPackages(after: 1)
        node.record("openat", executable: "/usr/bin/fresh")
        #expect(node.read() == 1)
    }

    @Test(arguments: [0, 3600, -3600])
    func `what waits to be read says nothing of the process as it is now, whatever the wall clock says`(
        _ step: Int64
    ) throws {
        var node = try Node(Self.condition)
        for _ in 0..<30 { node.record("openat", executable: "/usr/bin/good") }
        node.record("execve", executable: "/usr/bin/evil")
        node.record("openat", executable: "/usr/bin/evil")
        // The old program's events are read when the new one runs already.
        node.read(10)
        node.bootTime = UInt64(Int64(node.bootTime) + step * 1_000_000_000)
        node.read(20)
        #expect(node.sieve.counters.evaluated == 0)
        for _ in 0..<20 { node.record("openat", executable: "/usr/bin/evil") }
        #expect(node.read() == 22)
        node.record("openat", executable: "/usr/bin/evil")
        #expect(node.read() == 1)
    }

    @Test func `an answer for a process that has changed meanwhile is refused`() throws {
        var node = try Node(Self.condition)
        for _ in 0..<4 {
            node.record("openat", executable: "/usr/bin/good")
            node.read()
        }
        node.record("openat", executable: "/usr/bin/good")
        node.record("execve", executable: "/usr/bin/evil")
        node.read(1)
        #expect(node.sieve.counters == .init(evaluated: 1, refused: 1))
        node.record("openat", executable: "/usr/bin/evil")
        #expect(node.read() == 2)
    }

    @Test func `rules that ask for nothing of the process alone cost nothing`() throws {
        var node = try Node("evt.type = openat and fd.name = /etc/shadow")
        for _ in 0..<50 {
            node.record("openat", executable: "/usr/bin/good")
            node.read()
        }
        #expect(node.sieve.counters == .init())
    }

    @Test func `any number of processes needs bounded room`() throws {
        var node = try Node(Self.condition)
        for pid in Int32(1)...20_000 {
            node.kernel.generations[pid] = 1
            node.record("openat", executable: "/usr/bin/good", pid: pid)
            node.read()
        }
        #expect(node.sieve.progress.count <= 8192)
    }
}
