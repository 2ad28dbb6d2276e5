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
            let skipped = SkippedMounts()
            let files = LimitedFiles(
                calls: try LimitedCalls(name: "shrike-files") { [hostRoot = options.hostRoot] in
                    HostWatchedFiles(hostRoot: hostRoot, skipped: skipped).answer($0)
                }, skipped: skipped)
            // All of a container in one go: whoever starts it is about to act.
            let containers = try LimitedCalls<ContainerQuestion, ContainerPlan>(name: "shrike-places", isUrgent: true) {
                [hostRoot = options.hostRoot] question in
                ContainerPlan(
                    root: question.root, question.templates,
                    files: RememberedFiles(
                        HostWatchedFiles(hostRoot: hostRoot, skipped: skipped), root: question.root),
                    hostRoot: hostRoot, isQuick: question.isQuick)
            }
            // A plan looks at thousands of files: containers that start meanwhile don't wait for it.
            let plans = try LimitedCalls<AuditPlanRequest, NodePlan>(name: "shrike-plan", threads: 1) {
                [options] request in
                NodePlan(request, AuditRulePlanner(files: files, options: .host(options)))
            }
            thread = try ControlThread(name: "shrike-audit") {
                // Who starts a container is about to act.
                ThreadPriority.raise()
                let worker = AuditControlWorker(
                    request: request, options: options,
                    planner: AuditRulePlanner(files: files, options: .host(options)),
                    control: Result { () throws(AuditFailure) in try NetlinkAuditControl() },
                    watches: true)
                worker.findContainer = { root, templates, isQuick in
                    let limit = isQuick ? LimitedFiles.milliseconds : LimitedFiles.walkMilliseconds
                    let question = ContainerQuestion(root: root, templates: templates, isQuick: isQuick)
                    return try? containers.call(question, withinMilliseconds: limit)
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
        thread.takeReplies(withinMilliseconds: limit)
    }

    var busySince: UInt64? { thread.status.busySince }
    func tick(nowNanoseconds: UInt64) {}
    func stop(withinMilliseconds limit: Int32) -> Bool { thread.stop(withinMilliseconds: limit) }
}

/// A look at a container's places, as a value.
private struct ContainerQuestion: Sendable {
    var root: String
    var templates: [ContainerTemplate]
    var isQuick: Bool
}
