import AuditRecords
import EventFields
import EventModel
import EventSources
import Learning
import NodeState
import Profiles
import RuleEngine
import TestNode
import TestSupport
import Testing

@testable import Detection

/// Rules about something new, in the detection's own order: looked at before the rules, learned behind them.
@Suite struct LearningDetectionTests {
    private static let rules = """
        - rule: Curl
          desc: x
          condition: evt.type = execve and proc.exepath = /usr/bin/curl
          output: curl %proc.exepath
          priority: WARNING
        - rule: New program
          desc: x
          condition: evt.type = execve and novel.exec = true
          output: new %proc.exepath in %novel.workload (expected=%novel.expected)
          priority: NOTICE
          tags: [anomaly]
        """

    private final class Scene {
        let files = ScriptedFiles()
        let learner: WorkloadLearner
        var detection: Detection
        var seconds: UInt64 = 5000
        private var pid: Int32 = 1000

        init() throws {
            var options = NodeStateOptions()
            options.bootTimeNanoseconds = 0
            files.addProcess(
                500, command: "nginx", ticks: 200, cgroup: "0::/system.slice/nginx.service\n",
                executable: "/usr/sbin/nginx")
            let state = NodeState(options: options, files: files)
            var settings = LearningSettings()
            settings.profiles = ProfileSettings(
                windowSeconds: 1, unseenBound: 0.2, startSeconds: 0, startRuns: 0, wholeDay: false)
            learner = WorkloadLearner(settings: settings)
            detection = Detection(
                state: state, rules: RuleEvaluation(try TestRules.load(LearningDetectionTests.rules)),
                reader: EventFieldReader(state: state, hostname: "test"), authority: SourceAuthority(only: .audit),
                learner: learner)
        }

        /// The service starts a program in a new second; gives the alerts' messages.
        func run(_ program: String) -> [String] {
            seconds += 1
            pid += 1
            files.addProcess(
                pid, parent: 500, command: "x", ticks: seconds * 100, cgroup: "0::/system.slice/nginx.service\n",
                executable: program)
            var event = RawEvent()
            event.type = EventType(name: "execve") ?? event.type
            event.timeNanoseconds = seconds * 1_000_000_000
            (event.process.pid, event.process.parentPID, event.process.known) = (pid, 500, [.parent])
            event.process.executable = event.store(Array(program.utf8))
            event.hasResult = true
            var messages: [String] = []
            detection.take(&event, now: { 0 }) { messages.append(String(decoding: $0.message, as: UTF8.self)) }
            return messages
        }
    }

    @Test func `what is new is told when the workload is known, and what raised an alert was not learned`() throws {
        let scene = try Scene()
        #expect(scene.run("/usr/bin/curl") == ["curl /usr/bin/curl"])
        for _ in 0..<40 { #expect(scene.run("/usr/bin/gzip") == []) }
        #expect(
            scene.run("/usr/bin/sh") == [
                "new /usr/bin/sh in unit/nginx.service (expected=programs: /usr/bin/gzip)"
            ])
        #expect(scene.run("/usr/bin/sh") == [])
        #expect(scene.learner.counters.judged == 1)
        let kept = scene.learner.takeChanged().first?.behaviours ?? []
        #expect(kept.map(\.text) == ["/usr/bin/curl", "/usr/bin/gzip", "/usr/bin/sh"])
        #expect(kept.map(\.quarantine) == ["Curl", nil, "new"])
    }
}
