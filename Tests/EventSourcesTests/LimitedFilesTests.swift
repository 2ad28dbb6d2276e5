import EventModel
import Glibc
import KernelInterface
import Synchronization
import Testing

@testable import EventSources

@Suite struct LimitedFilesTests {
    /// What a server that is gone does to whoever looks at its files.
    private final class Server: Sendable {
        private let isBack = Atomic<Bool>(false)
        let asked = Atomic<Int>(0)
        func comeBack() { isBack.store(true, ordering: .relaxed) }
        func answer(_ question: FileQuestion) -> FileAnswer {
            guard case .find(let path, _) = question, path.hasPrefix("/hung") else { return .found(.file("/there")) }
            asked.add(1, ordering: .relaxed)
            while !isBack.load(ordering: .relaxed) { usleep(1000) }
            return .found(.file(path))
        }
    }

    @Test
    func
        `a path that does not answer costs one thread, however often it is asked for, and is asked again when it does`()
        throws
    {
        let server = Server()
        let calls = try LimitedCalls<FileQuestion, FileAnswer>(name: "test", threads: 2) { server.answer($0) }
        let files = LimitedFiles(calls: calls)
        for _ in 0..<5 {
            #expect(files.find("/hung/a", root: "") == .missing(below: "/", names: []))
            #expect(files.find("/etc/shadow", root: "") == .file("/there"))
            _ = files.takeFailures()
        }
        #expect(server.asked.load(ordering: .relaxed) == 1 && calls.hanging == 1)
        server.comeBack()
        while calls.hanging > 0 { usleep(1000) }
        #expect(files.takeFailures() == FailedLooks())
        #expect(files.find("/hung/a", root: "") == .file("/hung/a"))
    }

    @Test func `a disk that stands still takes nothing away: what did not answer is taken to be what it was`() throws {
        let shared = Still()
        let calls = try LimitedCalls<FileQuestion, FileAnswer>(name: "test", threads: 1) { shared.answer($0) }
        let files = LimitedFiles(calls: calls)
        let places = ScriptedFiles(files: ["/etc/shadow", "/srv/secret"])
        shared.files.withLock { $0 = places }
        var request = AuditPlanRequest()
        request.needs = LiveAudit.needs([
            "openat": [EventNeed(paths: .oneOf(exact: ["/etc/shadow", "/srv/secret"], prefixes: [], suffixes: []))]
        ])
        let planner = AuditRulePlanner(files: files)
        let before = NodePlan(request, planner)
        #expect(before.failures == FailedLooks() && before.request == request)
        shared.isStill.withLock { $0 = true }
        let meanwhile = NodePlan(request, planner)
        #expect(meanwhile.plan.rules == before.plan.rules && meanwhile.plan.isProvisional)
        #expect(meanwhile.failures.silent.count == 1 && meanwhile.failures.unasked > 0)
        #expect(meanwhile.failures.outage != nil)
        shared.isStill.withLock { $0 = false }
        while calls.hanging > 0 { usleep(1000) }
        shared.files.withLock { $0 = ScriptedFiles(files: ["/etc/shadow"]) }
        // What was hung is given free with the look at the failures.
        _ = NodePlan(request, planner)
        let after = NodePlan(request, planner)
        #expect(after.failures == FailedLooks() && after.plan.rules != before.plan.rules)
    }

    /// A disk that stands still.
    private final class Still: Sendable {
        let files = Mutex(ScriptedFiles())
        let isStill = Mutex(false)
        func answer(_ question: FileQuestion) -> FileAnswer {
            while isStill.withLock({ $0 }) { usleep(1000) }
            let files = files.withLock { $0 }
            return switch question {
            case .find(let path, let root): .found(files.find(path, root: root))
            case .names(let directory, let root, let prefix):
                .names(files.names(in: directory, root: root, beginningWith: prefix))
            case .linkTargets(let directory, let root): .targets(files.linkTargets(below: directory, root: root))
            case .mountPoints: .names(files.mountPoints())
            case .exists(let path): .truth(files.exists(path))
            case .isWritableByAll(let directory): .truth(files.isWritableByAll(directory))
            }
        }
    }
}
