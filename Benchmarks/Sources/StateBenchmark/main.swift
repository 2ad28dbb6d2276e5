import EventFields
import EventModel
import Glibc
import KernelInterface
import NodeState

// StateBenchmark events|learning COUNT takes so many events, without and with learning, for who counts what they allocate
// (Benchmarks/allocations).
// StateBenchmark sockets|mounts|processes|containers SIZE…: each line is KIND, size, nanoseconds of CPU an event, and that as a
// ratio to the first size's. What the sizes are of must not show in the cost.

let sizes = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
guard let kind = CommandLine.arguments.dropFirst().first, !sizes.isEmpty else {
    print("usage: StateBenchmark sockets|mounts|processes|containers SIZE… | events|learning COUNT")
    exit(2)
}

/// Events of one kind over a node's state, and the fields that a rule would read.
struct Scene {
    let state: NodeState
    let reader: EventFieldReader
    var event = RawEvent()
    var arena = ValueArena()

    init(_ files: any NodeFiles, wanted: ProcessDetails = [.cgroup, .executableLayer, .executableFile]) {
        var options = NodeStateOptions()
        options.wanted = wanted
        options.looksPerSecond = .max
        state = NodeState(options: options, files: files)
        reader = EventFieldReader(state: state, hostname: "benchmark")
    }

    mutating func apply(_ type: EventType, pid: Int32, _ fields: [FieldReference], _ fill: (inout RawEvent) -> Void) {
        event.reset()
        event.type = type
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        event.timeNanoseconds = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        event.process.pid = pid
        event.process.tid = pid
        event.hasResult = true
        fill(&event)
        _ = state.apply(&event)
        arena.reset()
        for field in fields { _ = reader.read(field, into: &arena) }
    }
}

func type(_ name: String) -> EventType {
    guard let type = EventType(name: name) else { fatalError("no event type \(name)") }
    return type
}

func fields(_ names: String...) -> [FieldReference] {
    names.compactMap { EventFields.catalogue.id(named: $0) }.map { FieldReference($0) }
}

/// The least of some rounds, nanoseconds of this process's CPU an event. `pause` seconds lie between them: the time that may be
/// waited for others' answers is bounded for each second.
func least(_ count: Int, pause: UInt32 = 0, _ body: (Int) -> Void) -> Double {
    var best = Double.infinity
    for _ in 0..<7 {
        sleep(pause)
        let start = processorTime()
        for index in 0..<count { body(index) }
        best = min(best, Double(processorTime() - start) / Double(count))
    }
    return best
}

func report(_ measure: (Int) -> Double) {
    var first: Double?
    for size in sizes {
        let cost = measure(size)
        let base = first ?? cost
        first = base
        print("\(kind)\t\(size)\t\(Int(cost))\t\(Double(Int(cost / base * 100)) / 100)")
    }
}

switch kind {
case "sockets":
    let foreign: ForeignReader
    do throws(KernelError) { foreign = try ForeignReader() } catch {
        print("\(error)")
        exit(1)
    }
    let connections = LoopbackConnections()
    let read = fields("fd.net", "fd.cip", "fd.name")
    report { size in
        guard connections.hold(size / 2) else {
            print("too few descriptors for \(size) sockets: ulimit -n")
            exit(1)
        }
        var scene = Scene(HostFiles(foreign: foreign), wanted: [.cgroup])
        return least(200, pause: 1) { _ in
            scene.apply(type("socket"), pid: getpid(), []) { event in
                (event.registers[0], event.registers[1], event.registerCount) = (2, 1, 3)
                event.result = Int64(connections.probe)
            }
            scene.apply(type("connect"), pid: getpid(), read) { event in
                (event.registers[0], event.registerCount, event.result) = (UInt64(connections.probe), 3, 0)
                event.socketAddress = event.store(connections.address)
            }
        }
    }
case "mounts":
    // The sizes only name the run: who starts it has made as many mounts (Benchmarks/growth).
    let read = fields("proc.is_exe_upper_layer", "proc.exe_ino", "container.id")
    report { _ in
        var scene = Scene(HostFiles())
        return least(500) { _ in
            scene.apply(type("execve"), pid: getpid(), read) { event in
                event.process.command = event.store(Array("StateBenchmark".utf8))
                event.process.arguments = event.store(Array("StateBenchmark\0mounts\0".utf8))
            }
        }
    }
case "processes", "containers":
    let read = fields("proc.name", "proc.pname", "container.image.repository", "fd.name")
    report { size in
        let isContainers = kind == "containers"
        var scene = Scene(ScriptedNode(containers: isContainers ? size : 1))
        let processes = isContainers ? max(size, 1) * 2 : max(size, 1)
        for pid in 0..<processes { scene.apply(type("openat"), pid: Int32(pid + 2), []) { _ in } }
        return least(2000) { index in
            scene.apply(type("openat"), pid: Int32(index % processes + 2), read) { event in
                (event.registers[0], event.registerCount, event.result) = (0xffff_ff9c, 3, 3)
                var path = PathFact()
                path.name = event.store(Array("/etc/passwd".utf8))
                event.append(path: path)
            }
        }
    }
case "events", "learning":
    var scene = Scene(ScriptedNode(containers: 2))
    let learner = kind == "learning" ? LearnedEvents(scene.reader, scene.state) : nil
    let (path, program) = (Array("/srv/data/table.csv".utf8), Array("/usr/bin/worker".utf8))
    let (open, exec) = (type("openat"), type("execve"))
    for index in 0..<(sizes.first ?? 0) {
        let isExec = index % 5 == 0
        scene.apply(isExec ? exec : open, pid: Int32(index % 50 + 2), []) { event in
            // As audit and eBPF tell them.
            event.process.known = [.userIDs]
            guard !isExec else { return event.process.executable = event.store(program) }
            (event.registers[0], event.registerCount, event.result) = (0xffff_ff9c, 3, 3)
            var fact = PathFact()
            fact.name = event.store(path)
            event.append(path: fact)
        }
        learner?.take(&scene.arena)
    }
default:
    print("no such benchmark: \(kind)")
    exit(2)
}
