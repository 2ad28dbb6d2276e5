import Glibc
import KernelInterface

/// The way from the event thread to audit's control. Nothing here waits, but for `reply` and `stop`, which have a limit.
protocol AuditControlLane: AnyObject {
    /// False where too much waits.
    @discardableResult func send(_ request: AuditControlRequest) -> Bool
    func takeReplies() -> [AuditControlReply]
    /// Waits for replies.
    func reply(withinMilliseconds limit: Int32) -> [AuditControlReply]
    /// Since when it has been at the same thing, CLOCK_MONOTONIC; nil: it waits for requests.
    var busySince: UInt64? { get }
    /// For a lane without a thread: does what is due.
    func tick(nowNanoseconds: UInt64)
    /// Takes back what was changed; false when that was not done in time.
    func stop(withinMilliseconds limit: Int32) -> Bool
}

/// Audit's control on a thread of its own.
final class AuditControlThread: AuditControlLane {
    private let thread: ControlThread<AuditControlWorker>

    init(options: AuditSource.Options, request: AuditPlanRequest) throws(AuditFailure) {
        do throws(KernelError) {
            // Looks at others' files may hang; four of them at a time, then none is made.
            let calls = try LimitedCalls<FileQuestion, FileAnswer>(name: "shrike-files") {
                [hostRoot = options.hostRoot] in
                HostWatchedFiles(hostRoot: hostRoot).answer($0)
            }
            // A plan looks at thousands of files: containers that start meanwhile don't wait for it.
            let plans = try LimitedCalls<AuditPlanRequest, NodePlan>(name: "shrike-plan", threads: 1) {
                [options] request in
                NodePlan(request, AuditRulePlanner(files: LimitedFiles(calls: calls), options: .host(options)))
            }
            thread = try ControlThread(name: "shrike-audit") {
                let worker = AuditControlWorker(
                    request: request, options: options,
                    planner: AuditRulePlanner(files: LimitedFiles(calls: calls), options: .host(options)),
                    control: Result { () throws(AuditFailure) in try NetlinkAuditControl() },
                    watches: true)
                // All of a container in one go: whoever starts it is about to act.
                worker.findContainer = { root, templates, isQuick in
                    let limit = isQuick ? LimitedFiles.milliseconds : LimitedFiles.walkMilliseconds
                    let question = FileQuestion.container(root: root, templates, isQuick: isQuick)
                    guard case .container(let plan)? = try? calls.call(question, withinMilliseconds: limit) else {
                        return nil
                    }
                    return plan
                }
                var planning: Int?
                worker.beginPlan = { if planning == nil { planning = plans.begin($0) } }
                worker.takePlan = {
                    guard let plan = planning.flatMap({ plans.answer(of: $0) }) else { return nil }
                    planning = nil
                    return plan
                }
                return worker
            }
        } catch { throw AuditFailure(error) }
    }

    @discardableResult func send(_ request: AuditControlRequest) -> Bool { thread.send(request) }
    func takeReplies() -> [AuditControlReply] { thread.takeReplies() }

    func reply(withinMilliseconds limit: Int32) -> [AuditControlReply] {
        var one = pollfd(fd: thread.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&one, 1, max(0, limit))
        return thread.takeReplies()
    }

    var busySince: UInt64? { thread.status.busySince }
    func tick(nowNanoseconds: UInt64) {}
    func stop(withinMilliseconds limit: Int32) -> Bool { thread.stop(withinMilliseconds: limit) }
}
