import EventModel
public import KernelInterface

extension FanotifySource {
    /// Marks for containers that come, on mounts and file systems of others, take CAP_SYS_ADMIN.
    static let driver = SourceDriver(
        SourceTraits(
            .fanotify, coverage: .opens, provides: EventTypeSet([EventType(name: "openat")].compactMap(\.self)),
            capabilities: [.sysAdmin], opensLater: true,
            // fs/notify/fanotify/fanotify.c, fanotify_merge.
            uncounted: "the kernel joins equal opens of one process that wait to be read"),
        probe: { probe() },
        open: { (needs, context) throws(SourceFailure) in
            var options = Options()
            options.hostRoot = context.hostRoot
            do throws(KernelError) {
                let source = try FanotifySource(needs: needs.events, options: options)
                // Opens are told after what the connector has to tell of their processes.
                if let connector = context.running.first(where: { $0.kind == .processConnector }) {
                    source.follow(connector)
                }
                return source
            } catch {
                throw SourceFailure(error)
            }
        })

    /// What waits in the group's queue.
    public var queue: ReceiveQueue? { descriptor.flatMap { ReceiveQueue(fanotify: $0) } }

    /// Follows other rules and containers. Returns at once: the control thread does it. What both rules need stays watched all the
    /// time, and what waits in the queue is told before.
    public func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure) {
        switch request {
        case .needs(let needs): try follow(needs.events, into: sink)
        case .containerStarted(let root): addContainerRoot(root)
        case .containerBegan(let root, let at): demand(.began(root: root, at: at))
        case .containerEnded(let root): removeContainerRoot(root)
        case .containerHidden(let id, let reason): if let notice = hidden.take(id, reason) { sink.report(notice) }
        case .lookAnew: break
        }
    }
}
