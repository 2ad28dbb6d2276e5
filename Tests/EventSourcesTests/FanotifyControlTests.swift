import EventModel
import Glibc
import KernelInterface
import Synchronization
import Testing

@testable import EventSources

/// Looks at directories some of which do not answer.
@Suite struct LimitedFanotifyCallsTests {
    /// The servers of these directories are gone.
    private final class Servers: Sendable {
        let hung = Mutex<Set<String>>([])
        func look(_ requests: [FanotifyLookRequest], _ put: (FanotifyLook) -> Bool) {
            for request in requests {
                let text = request.point.text
                while hung.withLock({ $0.contains { text.hasPrefix($0) } }) { usleep(1000) }
                guard put(.same) else { return }
            }
        }
    }

    private func requests(_ paths: [String]) -> [FanotifyLookRequest] {
        paths.map { (WatchPoint(root: "", path: Array($0.utf8), kind: .file), nil) }
    }

    @Test func `each directory that hangs costs one thread, the others are looked at`() throws {
        let servers = Servers()
        servers.hung.withLock { $0 = ["/a", "/b"] }
        let calls = try LimitedFanotifyCalls(hostRoot: "", look: servers.look) { _, _, _ in }
        let paths = ["/etc/1", "/a/1", "/a/1/below", "/etc/2", "/b/1", "/etc/3"]
        #expect(calls.look(requests(paths)) == [.same, .silent, .silent, .same, .silent, .same])
        #expect(calls.takeAnswering().isEmpty && calls.hanging == 2)
        for _ in 0..<3 { #expect(calls.look(requests(["/etc/1", "/a/1", "/etc/2"])) == [.same, .silent, .same]) }
        #expect(calls.hanging == 2)
        servers.hung.withLock { $0 = ["/b"] }
        var back: Set<String> = []
        for _ in 0..<5000 where back.isEmpty {
            back = Set(calls.takeAnswering().map(\.text))
            usleep(1000)
        }
        #expect(back == ["/a/1", "/a/1/below"])
        #expect(calls.look(requests(["/a/1", "/b/1"])) == [.same, .silent])
        servers.hung.withLock { $0 = [] }
    }

    @Test func `with all threads hung nothing is called silent that was not asked`() throws {
        let servers = Servers()
        servers.hung.withLock { $0 = ["/hung"] }
        let calls = try LimitedFanotifyCalls(hostRoot: "", look: servers.look) { _, _, _ in }
        let hung = (0..<4).map { "/hung/\($0)" }
        #expect(calls.look(requests(hung)) == [.silent, .silent, .silent, .silent])
        #expect(calls.look(requests(["/etc/1", "/hung/1", "/etc/2"])) == [.unasked, .silent, .unasked])
        servers.hung.withLock { $0 = [] }
    }
}

/// What the control thread tells, without a thread.
@Suite struct FanotifyControlWorkerTests {
    /// Answers of a script, and what was told by the time of each look.
    private final class Calls: FanotifyCalls {
        var look = FanotifyLook.missing
        var failures = FailedLooks()
        var repliesAtLook: [Int] = []
        var toldSoFar: () -> Int = { 0 }
        func plan(root: String, _ needs: OpenNeeds) -> FanotifyPlan? {
            FanotifyPlan(
                needs, root: root, files: ScriptedFiles(files: ["/usr/bin/su"], links: ["/bin": "/usr/bin"]))
        }
        func takeFailures() -> FailedLooks { failures }
        var skippedMounts: Set<String> = []
        func takeAnswering() -> [WatchPoint] { [] }
        func look(_ requests: [FanotifyLookRequest]) -> [FanotifyLook] {
            repliesAtLook.append(toldSoFar())
            return [FanotifyLook](repeating: look, count: requests.count)
        }
        func unmark(_ point: WatchPoint, _ identity: WatchPoint.Identity, keepsWrites: Bool) {}
    }

    private final class Told: Sendable {
        let list = Mutex<[FanotifyControlReply]>([])
        var states: [FanotifyControlState] {
            list.withLock { $0.compactMap { if case .state(let state) = $0 { state } else { nil } } }
        }
        var alerts: [SourceNotice] {
            list.withLock { $0.compactMap { if case .notice(let notice) = $0 { notice } else { nil } } }
                .filter { $0.kind != .remark }
        }
    }

    private let calls = Calls()
    private let told = Told()
    private var replies: ControlReplies<FanotifyControlReply> {
        ControlReplies { [told] reply in told.list.withLock { $0.append(reply) } }
    }
    private let needs = FanotifyPlanTests.needs(exact: ["/bin/su"])

    private func worker() -> FanotifyControlWorker {
        calls.toldSoFar = { [told] in told.states.count }
        return FanotifyControlWorker(
            host: needs, container: needs, options: FanotifySource.Options(), calls: calls, watchesNames: false)
    }

    @Test func `names of files are told before the files are marked`() {
        worker().take([.begin], replies)
        #expect(calls.repliesAtLook.first == 1)
        #expect(told.states.first?.aliases != PathAliases())
    }

    @Test func `looks that can't be made are an outage, until they can`() {
        let worker = worker()
        calls.look = .unasked
        worker.take([.begin], replies)
        #expect(told.states.last?.outage != nil)
        calls.look = .same
        worker.tick(nowNanoseconds: 1_000_000_000, replies)
        #expect(told.states.last?.outage == nil)
        #expect(told.alerts.isEmpty)
    }

    @Test func `a path that does not answer is told, and that it answers again`() {
        let worker = worker()
        calls.failures.silent = ["/srv"]
        worker.take([.begin], replies)
        worker.take([.needs(host: needs, container: needs)], replies)
        #expect(told.alerts.map(\.kind) == [.blind])
        calls.failures = FailedLooks()
        worker.take([.needs(host: needs, container: needs)], replies)
        #expect(told.alerts.map(\.kind) == [.blind, .recovered])
        #expect(told.alerts.allSatisfy { $0.message.hasPrefix("/srv ") })
    }

    @Test func `a mount that a program answers for is told once, and that it is gone`() {
        let worker = worker()
        calls.skippedMounts = ["/home/a/remote"]
        worker.take([.begin], replies)
        for second in 1...3 as ClosedRange<UInt64> { worker.tick(nowNanoseconds: second * 1_000_000_000, replies) }
        #expect(told.alerts.map(\.kind) == [.blind])
        #expect(
            told.alerts.first?.message.hasPrefix("/home/a/remote is a file system that a program answers for") == true)
        calls.skippedMounts = []
        worker.take([.needs(host: needs, container: needs)], replies)
        #expect(told.alerts.map(\.kind) == [.blind, .recovered])
    }
}

@Suite struct TroubleTellingTests {
    @Test func `each trouble is told once, and its end`() {
        var telling = TroubleTelling()
        #expect(telling.take([.silent("/a")]).map(\.kind) == [.blind])
        #expect(telling.take([.silent("/a")]).isEmpty)
        #expect(telling.take([]).map(\.kind) == [.recovered])
        #expect(telling.take([.silent("/a")]).map(\.kind) == [.blind], "what comes again is told again")
        #expect(telling.take([.silent("/a"), .unmarkable("/proc: no")]).map(\.kind) == [.remark])
    }

    @Test func `of many at once some are told and the rest counted, and later ones are told again`() {
        var telling = TroubleTelling()
        let minute: UInt64 = 60_000_000_000
        #expect(telling.tick(10 * minute) == nil)
        let many = Set((0..<100).map { FanotifyTrouble.silent("/\($0)") })
        #expect(telling.take(many).count == 32)
        #expect(telling.tick(10 * minute + 1) == nil)
        #expect(telling.tick(11 * minute)?.hasPrefix("68 more places") == true)
        #expect(telling.tick(12 * minute) == nil)
        #expect(telling.take(many.union([.silent("/new")])).map(\.message) == [FailedLooks.blindness("/new")])
        // Who was not told of the one is not told of the other.
        #expect(telling.take([]).count == 33)
    }
}
