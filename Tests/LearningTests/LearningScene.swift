import EventFields
import EventModel
import NodeState
import Profiles
import TestNode

@testable import Learning

/// A node whose workloads are learned in windows of a second.
final class LearningScene {
    let files = ScriptedFiles()
    let state: NodeState
    let reader: EventFieldReader
    let learner: WorkloadLearner
    private var arena = ValueArena()
    /// Seconds since the epoch, at which the machine was booted.
    var seconds: Double = 5000
    /// The bytes of process ids that are given out.
    private var nextPID: Int32 = 3000

    /// A node on which `systemd` (1), a service's `nginx` (500), `sshd`'s `bash` (700) run.
    init(
        fields: Set<String> = ["novel.exec", "novel.child", "novel.user", "novel.read", "novel.write", "novel.score"],
        _ change: (inout LearningSettings) -> Void = { _ in }, profiles: [Profile] = [],
        stored: Set<WorkloadIdentity> = [], countedKinds: BehaviourKinds = []
    ) {
        var options = NodeStateOptions()
        options.bootTimeNanoseconds = 0
        files.addProcess(1, parent: 0, command: "systemd", ticks: 1, cgroup: "0::/init.scope\n", uid: 0)
        files.addProcess(
            500, command: "nginx", ticks: 200, cgroup: "0::/system.slice/nginx.service\n",
            executable: "/usr/sbin/nginx", uid: 33)
        files.addProcess(700, command: "bash", ticks: 300, cgroup: "0::/user.slice/session-1.scope\n", uid: 0)
        state = NodeState(options: options, files: files)
        var settings = LearningSettings()
        settings.profiles = ProfileSettings(
            windowSeconds: 1, unseenBound: 0.2, startSeconds: 0, startRuns: 0, wholeDay: false)
        change(&settings)
        learner = WorkloadLearner(settings: settings, profiles: profiles, stored: stored)
        learner.use(counted: countedKinds)
        learner.use(fields: fields)
        reader = EventFieldReader(state: state, hostname: "node1")
        reader.knowledge = learner.knowledge(state)
    }

    /// Takes an event as a detection does; `rule` is what it raised an alert of.
    func take(_ type: String, pid: Int32, rule: String? = nil, _ fill: (inout RawEvent) -> Void = { _ in }) {
        var event = RawEvent()
        event.type = EventType(name: type) ?? EventType(index: 0)
        event.architecture = .x86_64
        event.timeNanoseconds = UInt64(seconds * 1_000_000_000)
        event.process.pid = pid
        event.process.tid = pid
        event.hasResult = true
        fill(&event)
        _ = state.apply(&event)
        learner.observe(reader)
        told = texts([
            "novel.exec", "novel.child", "novel.user", "novel.read", "novel.write", "novel.syscall", "novel.capability",
        ])
        news = self["novel.news"]
        learner.conclude(rule: rule, state)
    }

    /// Fields that were true at the last event.
    private(set) var told: [String] = []
    /// What was new then.
    private(set) var news: String?

    /// A process starts a program; gives the new process' id.
    @discardableResult
    func run(_ program: String, by parent: Int32, uid: UInt32 = 33, rule: String? = nil) -> Int32 {
        nextPID += 1
        let pid = nextPID
        let cgroup = files["/proc/\(parent)/cgroup"]
        files.addProcess(
            pid, parent: parent, command: "x", ticks: UInt64(seconds) * 100, cgroup: cgroup, executable: program,
            uid: uid)
        take("execve", pid: pid, rule: rule) { event in
            event.process.parentPID = parent
            event.process.executable = event.store(Array(program.utf8))
            event.process.uid = uid
            event.process.effectiveUID = uid
            event.process.known = [.parent, .userIDs]
        }
        return pid
    }

    /// A process makes another one; gives its id. `flags` are those of clone(2).
    func fork(_ parent: Int32, flags: UInt64 = 0) -> Int32 {
        nextPID += 1
        let child = nextPID
        files.addProcess(
            child, parent: parent, command: "x", ticks: UInt64(seconds) * 100,
            cgroup: files["/proc/\(parent)/cgroup"], uid: 0)
        take("clone", pid: parent) { event in
            event.childPID = child
            event.result = Int64(child)
            (event.registers[0], event.registerCount) = (flags, 1)
        }
        return child
    }

    /// A process ends, and an event tells of it. What it made has another parent from then on.
    func exit(_ pid: Int32, children: [Int32] = []) {
        for child in children {
            files.addProcess(
                child, parent: 1, command: "x", ticks: UInt64(seconds) * 100, cgroup: files["/proc/\(child)/cgroup"],
                uid: 0)
        }
        end(pid)
        take("procexit", pid: pid)
    }

    /// A process ends, and nothing tells of it.
    func end(_ pid: Int32) { for file in Self.files { files.texts["/proc/\(pid)/\(file)"] = nil } }

    /// All end but these.
    func endAll(but kept: Set<Int32>) { for pid in 2...nextPID where !kept.contains(pid) { end(pid) } }

    private static let files = ["stat", "status", "cgroup", "cmdline", "comm"]

    /// The same in so many windows.
    func settle(_ windows: Int = 40, _ act: () -> Void) {
        for _ in 0..<windows {
            seconds += 1
            act()
        }
    }

    func profile(_ name: String) -> Profile? { learner.profiles.first { $0.identity.text == name } }

    func known(_ name: String) -> [String] {
        profile(name)?.behaviours.filter { $0.quarantine == nil }.map { "\($0.kind.word) \($0.text)" } ?? []
    }

    /// A field's value as text.
    subscript(field: String) -> String? {
        guard let id = EventFields.catalogue.id(named: field) else { return "no such field" }
        arena.reset()
        let value = reader.read(FieldReference(id), into: &arena)
        switch value.kind {
        case .null: return nil
        case .bool: return value.bool ? "true" : "false"
        case .double: return String(value.double)
        default: return arena.text(value)
        }
    }

    private func texts(_ fields: [String]) -> [String] { fields.filter { self[$0] == "true" } }
}
