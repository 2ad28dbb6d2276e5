import AuditRecords
import EventModel
public import KernelInterface

extension AuditSource {
    /// Rules are loaded and taken back; ownership is claimed again when somebody took it.
    static let driver = SourceDriver(
        SourceTraits(
            .audit, coverage: .systemCalls, provides: EventTypeSet(EventType.all.filter(\.isSyscall)),
            capabilities: [.auditControl, .auditRead, .netAdmin]),
        probe: { probe() },
        open: { (needs, context) throws(SourceFailure) in
            var options = Options()
            options.hostRoot = context.hostRoot
            options.key = context.instance.key
            options.inherited = context.instance.inherited
            if let besideKey = context.instance.besideKey {
                options.mode = .multicast
                options.friendKeys = [besideKey]
                options.hidesOwnCalls = false
            }
            do throws(AuditFailure) {
                return try AuditSource(needs: needs.events, fieldNames: needs.fieldNames, options: options)
            } catch {
                throw SourceFailure(reason: error.reason, fix: error.fix)
            }
        })

    /// What waits in the socket.
    public var queue: ReceiveQueue? { descriptor.flatMap { ReceiveQueue(socket: $0) } }

    /// Follows other rules and containers. Returns at once: the control thread does it.
    public func apply(_ request: SourceRequest, into sink: any EventSink) {
        switch request {
        case .needs(let needs): reload(needs: needs.events, fieldNames: needs.fieldNames)
        case .containerStarted(let root): addContainerRoot(root)
        case .containerEnded(let root): removeContainerRoot(root)
        case .lookAnew: break
        }
    }
}
