import EventModel
import Glibc
import KernelInterface

/// What the event thread knows of fanotify's control.
struct FanotifyControlView {
    var state = FanotifyControlState()
    /// How many changes of needs were asked for.
    var needsAsked: UInt64 = 0
    var upkeep = ControlUpkeep(.fanotify, of: "fanotify marks")
    var notices: [SourceNotice] = []

    /// Why marks are not kept up; nil while they are.
    var outage: String? { upkeep.outage ?? state.outage }

    /// Takes what the control thread tells.
    mutating func take(_ reply: FanotifyControlReply) {
        switch reply {
        case .begun: break
        case .state(let new): state = new
        case .notice(let notice): notices.append(notice)
        }
    }
}

extension FanotifySource {
    /// Marking looks at many files.
    private static let beginMilliseconds: UInt64 = 60_000
    /// Calls of `drain` for the whole queue, which has 16384 records (fs.fanotify.max_queued_events).
    private static let drainsPerChange = 64

    /// Has the first marks made, and waits for that.
    func begin() throws(KernelError) {
        let end = KernelClock.monotonic() &+ Self.beginMilliseconds &* 1_000_000
        guard lane.send(.begin) else {
            throw KernelError(call: "fanotify_mark", object: "control thread", errno: EAGAIN)
        }
        while true {
            var hasBegun = false
            for reply in lane.takeReplies(withinMilliseconds: 1000) {
                if case .begun = reply { hasBegun = true }
                control.take(reply)
            }
            if hasBegun { return }
            guard KernelClock.monotonic() < end else {
                throw KernelError(
                    call: "fanotify_mark", object: "the rules' paths", errno: ETIMEDOUT,
                    hint: "a file system that rules name does not answer")
            }
        }
    }

    /// Marks the named paths in a container too, by its root directory as the host names it. Returns at once.
    public func addContainerRoot(_ path: String) { demand(.started(root: path, at: KernelClock.monotonic())) }

    /// Forgets a container that is gone.
    public func removeContainerRoot(_ path: String) { demand(.ended(root: path)) }

    func demand(_ demand: ControlUpkeep.Demand) {
        guard !isStopped else { return }
        control.upkeep.demand(demand, send)
    }

    private func send(_ demand: ControlUpkeep.Demand) -> Bool {
        switch demand {
        case .started(let root, let at): lane.send(.started(root: root, at: at))
        case .began(let root, let at): lane.send(.began(root: root, at: at))
        case .ended(let root): lane.send(.ended(root: root))
        }
    }

    /// Marks what other needs name; what both name stays marked. What waits in the queue is told before. Throws, with nothing
    /// changed, when the control thread does not take it.
    func follow(_ new: EventNeeds, into sink: any EventSink) throws(SourceFailure) {
        guard !isStopped else { return }
        for _ in 0..<Self.drainsPerChange where !isDrained { _ = drain(into: sink) }
        let request = FanotifyControlRequest.needs(
            host: OpenNeeds(new, scope: .host), container: OpenNeeds(new, scope: .container))
        guard lane.send(request) else { throw .overrun("fanotify marks") }
        needs = OpenNeeds(new)
        control.needsAsked &+= 1
    }

    /// How quickly containers' files were marked.
    public var containerArming: ContainerArming? { hidden.added(to: control.state.containers) }

    /// Whether the marks are those for the needs that were asked for last.
    public var isSettled: Bool { isStopped || control.state.needsInPlace >= control.needsAsked }

    /// Takes what the control thread tells.
    func takeReplies() { for reply in lane.takeReplies() { control.take(reply) } }

    /// Takes what the control thread tells, and passes on what is to be said.
    func followControl(_ now: UInt64, into sink: any EventSink) {
        takeReplies()
        control.notices += control.upkeep.follow(busySince: lane.status.busySince, now: now, send)
        for notice in control.notices { sink.report(notice) }
        control.notices.removeAll(keepingCapacity: true)
    }
}
