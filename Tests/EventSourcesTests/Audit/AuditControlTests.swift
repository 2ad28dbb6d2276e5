import EventModel
import Foundation
import KernelInterface
import Testing

@testable import EventSources

/// The audit source and its control, where one does not get along with the other. No kernel.
@Suite struct AuditControlTests {
    private let audit = ScriptedAudit()
    private let sink = RecordingSink()
    private static let ptrace = LiveAudit.needs(["ptrace": [EventNeed()]])
    private static let bpf = LiveAudit.needs(["bpf": [EventNeed()]])

    /// What was told beside plain remarks.
    private var alerts: [SourceNotice.Kind] { sink.notices.map(\.kind).filter { $0 != .remark } }

    private func control(_ source: AuditSource) throws -> InlineAuditControl {
        try #require(source.lane as? InlineAuditControl)
    }

    @Test
    func `needs that the control thread does not take are refused, and hold when they are asked for again`() throws {
        let source = try audit.source(Self.ptrace)
        let before = audit.loaded
        try control(source).isFull = true
        let request = SourceRequest.needs(SourceNeeds(events: Self.bpf, fieldNames: []))
        #expect(throws: SourceFailure.self) { try source.apply(request, into: sink) }
        #expect(audit.loaded == before && source.isSettled)
        try control(source).isFull = false
        try source.apply(request, into: sink)
        source.tick(sink, seconds: 1...1)
        #expect(audit.loaded != before && source.isSettled)
    }

    @Test func `a container whose start the control thread does not take is watched when it does`() throws {
        let source = try audit.source(Self.ptrace)
        try control(source).isFull = true
        source.addContainerRoot("/c")
        source.tick(sink, seconds: 1...2)
        #expect(source.containerArming?.watched == 0)
        #expect(alerts == [.blind])
        try control(source).isFull = false
        source.tick(sink, seconds: 3...4)
        #expect(source.containerArming?.watched == 1)
        #expect(alerts == [.blind, .recovered])
    }

    @Test func `fields that rules read change while a plan is being made: it is made anew`() throws {
        let source = try audit.source(Self.ptrace)
        let worker = try control(source).worker
        var underWay: AuditPlanRequest?
        var isReady = false
        worker.beginPlan = { if underWay == nil { underWay = $0 } }
        worker.takePlan = { [planner = worker.planner] in
            guard isReady, let request = underWay else { return nil }
            underWay = nil
            return NodePlan(request, planner)
        }
        try source.reload(needs: Self.bpf, fieldNames: [])
        try source.reload(needs: Self.bpf, fieldNames: ["proc.cwd"])
        isReady = true
        source.tick(sink, seconds: 1...3)
        let chdir = try #require(EventType(name: "chdir"))
        #expect(source.provides.contains(chdir) && source.isSettled)
    }

    /// Files some of which can't be looked at.
    private final class Failing: WatchedFiles {
        var failures = FailedLooks()
        private let files = ScriptedFiles(files: ["/etc/shadow"])
        func takeFailures() -> FailedLooks { failures }
        func find(_ path: String, root: String) -> FoundPath { files.find(path, root: root) }
        func names(in directory: String, root: String, beginningWith prefix: String) -> [String] { [] }
        func linkTargets(below directory: String, root: String) -> [FoundPath]? { [] }
        func exists(_ path: String) -> Bool { files.exists(path) }
        func isWritableByAll(_ directory: String) -> Bool { false }
    }

    @Test func `a path that does not answer is told once, and that it answers again`() throws {
        let files = Failing()
        let source = try audit.source(Self.ptrace, files: files)
        files.failures.silent = ["/srv"]
        files.failures.unasked = 3
        // Looked at again from time to time, since it was not found out.
        for _ in 0..<2 { try source.reload(needs: Self.bpf, fieldNames: []) }
        source.tick(sink, seconds: 1...2)
        #expect(alerts == [.blind] && sink.said(.blind, "/srv does not answer"))
        #expect(source.outage?.contains("3 places") == true)
        files.failures = FailedLooks()
        let now = KernelClock.monotonic() / ScriptedAudit.second
        source.tick(sink, seconds: now + 1...now + 200)
        #expect(alerts == [.blind, .recovered] && source.outage == nil)
    }

    @Test func `a mount that a program answers for is told once, and that it is gone`() throws {
        let files = Failing()
        let source = try audit.source(Self.ptrace, files: files)
        files.failures.skipped = ["/home/a/remote"]
        for _ in 0..<2 { try source.reload(needs: Self.bpf, fieldNames: []) }
        source.tick(sink, seconds: 1...2)
        #expect(alerts == [.blind] && sink.said(.blind, "/home/a/remote is a file system that a program answers for"))
        #expect(source.outage == nil)
        files.failures = FailedLooks()
        let now = KernelClock.monotonic() / ScriptedAudit.second
        source.tick(sink, seconds: now + 1...now + 200)
        #expect(alerts == [.blind, .recovered])
    }

    @Test func `the directories that stand for containers' places go with the source`() throws {
        let directory = try LiveAudit.Directory()
        let templates = TemplateDirectories(path: "\(directory.path)/some/templates")
        templates.make()
        #expect(try FileManager.default.contentsOfDirectory(atPath: templates.path).count == 16)
        templates.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/some").isEmpty)
    }
}
