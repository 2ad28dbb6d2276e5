import EventModel
import EventSources
import Foundation
import Glibc
import NodeState
import Outputs
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// What no part does by itself: the wiring of the daemon, run in memory.
@Suite struct EmbeddedRunTests {
    private static let rules = """
        - rule: Program in /tmp
          desc: A program in /tmp.
          condition: evt.type = execve and proc.exepath startswith /tmp/
          output: run %proc.exepath
          priority: WARNING
        """

    private static let rulesOfChildren = """
        - rule: Child of a program in /tmp
          desc: What a program in /tmp starts.
          condition: evt.type = execve and proc.pexepath startswith /tmp/
          output: run %proc.exepath
          priority: WARNING
        """

    private func scan(_ node: ScriptedNode) -> SourceDriver {
        nonisolated(unsafe) let files = node  // One thread runs all of an embedded run.
        return SourceDriver(
            SourceTraits(.procfs, coverage: .scan, provides: .all, opensLater: true),
            probe: { SourceAvailability(kind: .procfs, isAvailable: true) },
            open: { (_, context) throws(SourceFailure) in
                ProcfsSource(
                    options: ProcfsSource.Options(role: context.scanRole), known: context.known,
                    execLedger: context.execLedger, files: files)
            })
    }

    @Test(arguments: [true, false])
    func `what a source lost is looked for in proc at once`(isLossTold: Bool) throws {
        try withDirectory { directory in
            let connector = ScriptedSource(.processConnector)
            let node = ScriptedNode()
            let run = try EmbeddedRun(
                [connector.driver(.processes), scan(node)], rules: Self.rules, in: directory, node: node)
            run.at(3) {
                node.start(500, "/tmp/lost")
                if isLossTold { connector.lose(7) }
            }
            run.run(until: 6)
            // A look comes each ten seconds by itself.
            #expect(run.rules.contains("Program in /tmp") == isLossTold)
            #expect(run.rules.contains("Shrike internal: connector events lost") == isLossTold)
        }
    }

    @Test func `sources watch a container's files from its beginning to its end`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            let id = String(repeating: "5a", count: 32)
            let group = "/kubepods.slice/cri-containerd-\(id).scope"
            let root = run.node.addContainer(id, group: group)
            run.at(1) {
                run.node.start(600, "/bin/sh", group: group)
                audit.put { $0.exec("/bin/sh", ["sh"], pid: 600, parent: 1) }
            }
            run.at(3) {
                #expect(audit.containers == ["+\(root)"])
                run.node.removeGroup(group)
            }
            run.run(until: 30)
            #expect(audit.containers == ["+\(root)", "-\(root)"])
        }
    }

    @Test func `other rules know what was learnt before them`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            run.at(1) { audit.put { $0.exec("/tmp/parent", ["parent"], pid: 700, parent: 1) } }
            run.at(2) { #expect(throws: Never.self) { try run.replaceRules(Self.rulesOfChildren) } }
            run.at(5) { audit.put { $0.exec("/usr/bin/id", ["id"], pid: 701, parent: 700) } }
            run.at(6) { #expect(throws: Never.self) { try run.replaceRules("- rule: Broken\n") } }
            run.at(9) { audit.put { $0.exec("/usr/bin/ls", ["ls"], pid: 702, parent: 700) } }
            run.run(until: 10)
            #expect(
                run.rules == [
                    "Program in /tmp", "Shrike internal: configuration reloaded", "Child of a program in /tmp",
                    "Shrike internal: configuration rejected", "Child of a program in /tmp",
                ])
        }
    }

    @Test func `a log that is followed keeps the machines apart that it tells of`() throws {
        try withDirectory { directory in
            let log = ScriptedSource(.auditLog)
            let run = try EmbeddedRun([log.driver(.systemCalls)], rules: Self.rulesOfChildren, in: directory)
            run.at(1) { log.put(node: "web1") { $0.exec("/tmp/parent", ["parent"], pid: 700, parent: 1) } }
            run.at(2) { log.put(node: "db1") { $0.exec("/usr/bin/id", ["id"], pid: 701, parent: 700) } }
            run.at(3) { log.put { $0.exec("/usr/bin/id", ["id"], pid: 701, parent: 700) } }
            run.run(until: 4)
            #expect(run.rules.isEmpty)
        }
        try withDirectory { directory in
            let log = ScriptedSource(.auditLog)
            let run = try EmbeddedRun([log.driver(.systemCalls)], rules: Self.rulesOfChildren, in: directory)
            run.at(1) { log.put(node: "web1") { $0.exec("/tmp/parent", ["parent"], pid: 700, parent: 1) } }
            run.at(2) { log.put(node: "web1") { $0.exec("/usr/bin/id", ["id"], pid: 701, parent: 700) } }
            run.run(until: 4)
            #expect(run.rules == ["Child of a program in /tmp"])
            #expect(run.output.alerts.first?.node == Array("web1".utf8))
        }
    }

    @Test func `rules whose tests fail are not taken over, and those are as soon as the tests pass`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            func tests(_ event: String) throws {
                try "- {rule: Child of a program in /tmp, quiet: [{case: x, event: \(event)}]}\n".write(
                    toFile: "\(directory)/tests.yaml", atomically: true, encoding: .utf8)
            }
            try tests("{evt.type: execve, proc.aexepath: [/tmp/x]}")
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules,
                configuration: "shrike: {rules_tests: [\(directory)/tests.yaml]}", in: directory)
            run.at(1) { #expect(throws: Never.self) { try run.replaceRules(Self.rulesOfChildren) } }
            run.at(4) { audit.put { $0.exec("/tmp/x", ["x"], pid: 700, parent: 1) } }
            run.at(5) { #expect(throws: Never.self) { try tests("{evt.type: execve, proc.aexepath: [/usr/x]}") } }
            run.at(8) { audit.put { $0.exec("/usr/bin/id", ["id"], pid: 701, parent: 700) } }
            run.run(until: 9)
            #expect(
                run.rules == [
                    "Shrike internal: configuration rejected", "Program in /tmp",
                    "Shrike internal: configuration reloaded", "Child of a program in /tmp",
                ])
            let rejections = run.messages(of: "Shrike internal: configuration rejected")
            #expect(
                rejections.allSatisfy { $0.contains("tests.yaml:1:46: FAILED: rule 'Child of a program in /tmp'") },
                "\(rejections)")
        }
    }

    @Test func `a source that can't follow leaves all as it was`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let connector = ScriptedSource(.processConnector)
            // The connector runs for what audit doesn't tell.
            let ends = EventTypeSet([EventType(name: "procexit")].compactMap { $0 })
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls, provides: ends.complement), connector.driver(.processes)],
                rules: Self.rules, in: directory)
            run.at(1) {
                connector.refusal = SourceFailure(reason: "no more marks")
                #expect(throws: Never.self) { try run.replaceRules(Self.rulesOfChildren) }
            }
            run.at(4) { audit.put { $0.exec("/tmp/x", ["x"], pid: 700, parent: 1) } }
            run.run(until: 5)
            #expect(run.rules == ["Shrike internal: configuration rejected", "Program in /tmp"])
            #expect(run.messages(of: run.rules[0]).allSatisfy { $0.contains("connector: no more marks") })
            // Told of the new needs, then of the old ones again.
            #expect(audit.requests.count == 2)
        }
    }

    @Test(arguments: [(batch: 10, isWorkedOff: true), (batch: 0, isWorkedOff: false)])
    func `what is queued at the end is worked off, or counted and told`(batch: Int, isWorkedOff: Bool) throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            audit.batch = batch
            run.at(2) { audit.put { for pid in 0..<300 { $0.exec("/tmp/x", ["x"], pid: 1000 + pid, parent: 1) } } }
            run.run(until: 2)
            #expect(run.rules.count { $0 == "Program in /tmp" } == (isWorkedOff ? 300 : 0))
            #expect(run.messages(of: "Shrike internal: audit events lost").isEmpty == isWorkedOff)
            #expect(
                run.summary?.text.contains(
                    isWorkedOff ? "Dropped: nothing" : "audit: events not worked off at the end: 300") == true)
            #expect(audit.isFinished)
            #expect(run.now < 10 * EmbeddedRun.second)
        }
    }

    @Test func `an output that stands still is told of by the others`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules, in: directory, outputs: [StalledOutput()])
            run.at(1) { audit.put { $0.exec("/tmp/x", ["x"], pid: 700, parent: 1) } }
            run.run(until: 5)
            #expect(run.rules.contains("Program in /tmp"))
            #expect(run.messages(of: "Shrike internal: output stalled").count == 1)
        }
    }

    @Test func `over its budget it leaves out the least severe rules, and takes them up again`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let severe = Self.rulesOfChildren.replacing("priority: WARNING", with: "priority: CRITICAL")
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules + "\n" + severe,
                configuration: "shrike: {limits: {cpu_percent: 10}}", in: directory)
            for second in 1...400 as ClosedRange<Int> {
                run.at(Double(second)) {
                    // Half of a processor for 15 seconds, then hardly anything.
                    run.usage.cpuNanoseconds += second <= 15 ? EmbeddedRun.second / 2 : EmbeddedRun.second / 100
                }
            }
            for second in [5, 20, 390] {
                run.at(Double(second) + 0.5) {
                    audit.put { $0.exec("/tmp/x", ["x"], pid: 700 + second, parent: 1) }
                }
            }
            run.run(until: 400)
            #expect(
                run.rules == [
                    "Program in /tmp", "Shrike internal: load shed", "Shrike internal: watching more again",
                    "Program in /tmp",
                ])
            #expect(
                run.messages(of: "Shrike internal: load shed").allSatisfy { $0.contains("less severe than Critical") })
        }
    }

    @Test func `what is to be left out is, although a change that came before can't be taken`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let severe = Self.rulesOfChildren.replacing("priority: WARNING", with: "priority: CRITICAL")
            let limits = "shrike: {limits: {cpu_percent: 10}}\n"
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules + "\n" + severe, configuration: limits, in: directory)
            for second in 1...25 as ClosedRange<Int> {
                run.at(Double(second)) { run.usage.cpuNanoseconds += EmbeddedRun.second / 2 }
            }
            run.at(3) {
                run.holdsReload = true
                audit.refusal = SourceFailure(reason: "no more marks")
                let output = "file_output: {enabled: true, filename: \(directory)/alerts}\n"
                #expect(throws: Never.self) { try run.replaceConfiguration(limits + output) }
            }
            // By now both wait: the change with its outputs, and rules to leave out that were made of the same configuration.
            run.at(17) { run.holdsReload = false }
            run.at(17.05) { audit.refusal = nil }
            run.run(until: 19)
            #expect(run.rules == ["Shrike internal: configuration rejected", "Shrike internal: load shed"])
        }
    }

    @Test func `a source runs only while rules need it, and what waits in it is told before it is closed`() throws {
        try withDirectory { directory in
            let connector = ScriptedSource(.processConnector)
            let fanotify = ScriptedSource(.fanotify)
            let types = EventTypeSet(["execve", "clone", "procexit"].compactMap(EventType.init(name:)))
            let opens = EventTypeSet([EventType(name: "openat")].compactMap(\.self))
            var driver = fanotify.driver(.opens, provides: opens)
            driver.traits.opensLater = true
            let open = """
                - rule: Secret read
                  desc: A secret was read.
                  condition: evt.type = openat and fd.name = /srv/secret
                  output: opened %fd.name
                  priority: WARNING
                """
            let run = try EmbeddedRun(
                [connector.driver(.processes, provides: types), driver], rules: Self.rules + "\n" + open, in: directory)
            run.at(1) { fanotify.put { $0.open("/srv/secret", flags: 0) } }
            run.at(2) { #expect(throws: Never.self) { try run.replaceRules(Self.rules) } }
            run.at(5) { #expect(fanotify.isStopped && fanotify.isFinished) }
            run.run(until: 6)
            #expect(run.rules == ["Secret read", "Shrike internal: configuration reloaded"])
        }
    }

    @Test func `standing still is measured`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            audit.onDrain = { run.spend(milliseconds: 700) }
            run.at(1) { audit.put { $0.exec("/usr/bin/x", ["x"], pid: 700, parent: 1) } }
            run.run(until: 5)
            #expect(run.metrics.contains("\nshrike_event_thread_stall_seconds 0.7\n"))
            #expect(run.summary?.text.contains("Longest standing still: 700 ms\n") == true)
        }
    }

    @Test func `a file that does not answer holds up nothing, and is told of once`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            run.at(1) { run.reloadBusySince = run.now }
            run.at(20) { audit.put { $0.exec("/tmp/x", ["x"], pid: 700, parent: 1) } }
            run.at(30) { run.reloadBusySince = nil }
            run.run(until: 40)
            #expect(run.rules == ["Shrike internal: configuration rejected", "Program in /tmp"])
            #expect(run.messages(of: run.rules[0]).allSatisfy { $0.contains("does not answer") })
        }
    }

    /// A gate that a thread waits at until it is opened.
    private final class Gate: Sendable {
        private let state = Mutex((hasCome: false, isOpen: false))
        var hasCome: Bool { state.withLock { $0.hasCome } }
        func open() { state.withLock { $0.isOpen = true } }
        func pass() {
            state.withLock { $0.hasCome = true }
            while !state.withLock({ $0.isOpen }) { usleep(1000) }
        }
    }

    @Test(arguments: [true, false])
    func `an output whose opening hangs holds up nothing, and the change is not taken or taken late`(
        isGivenUp: Bool
    ) throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let gate = Gate()
            var thread: ReloadThread?
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory) { options in
                let lane = try ReloadThread(options, openMilliseconds: isGivenUp ? 50 : 60_000) {
                    gate.pass()
                    return $0.openedOutputs(isUnbuffered: false)
                }
                thread = lane
                return lane
            }
            run.at(1) {
                #expect(throws: Never.self) {
                    try run.replaceConfiguration(
                        "file_output: {enabled: true, filename: \(directory)/alerts}\nstdout_output: {enabled: false}\n"
                    )
                }
                #expect(thread?.send(.load(because: "test")) == true)
                #expect(eventually { gate.hasCome })
            }
            run.at(2) { audit.put { $0.exec("/tmp/meanwhile", ["x"], pid: 700, parent: 1) } }
            run.at(3) {
                #expect(run.rules.contains("Program in /tmp"), "events go on while the output is being opened")
                if !isGivenUp { gate.open() }
                #expect(eventually { thread?.busySince == nil })
            }
            run.at(5) { audit.put { $0.exec("/tmp/after", ["x"], pid: 701, parent: 1) } }
            run.run(until: 6)
            gate.open()
            let isTaken = FileManager.default.fileExists(atPath: "\(directory)/alerts")
            #expect(isTaken == !isGivenUp)
            let rejections = run.messages(of: "Shrike internal: configuration rejected")
            #expect(rejections.count == (isGivenUp ? 1 : 0))
            #expect(rejections.allSatisfy { $0.contains("does not answer (\(directory)/alerts)") })
            #expect(run.rules.filter { $0 == "Program in /tmp" }.count == (isGivenUp ? 2 : 1))
        }
    }

    @Test func `a reload is made on another thread`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            let lane = try ReloadThread(run.options)
            #expect(lane.send(.load(because: "test")))
            var replies: [ReloadWorker.Reply] = []
            #expect(
                eventually {
                    replies += lane.takeReplies()
                    return !replies.isEmpty
                })
            #expect(replies.map(\.reason) == ["test"])
            #expect(throws: Never.self) { _ = try replies.first?.ready.get() }
        }
    }
}

extension ScriptedSource {
    /// The containers that it was told of: `+` and the root directory where one began, `-` where it ended.
    fileprivate var containers: [String] {
        requests.compactMap { request in
            switch request {
            case .containerStarted(let root): "+\(root)"
            case .containerEnded(let root): "-\(root)"
            default: nil
            }
        }
    }
}
