import AuditRecords
import EventModel
public import KernelInterface

extension AuditSource {
    /// Rules are loaded and taken back; ownership is claimed again when somebody took it.
    static let driver = SourceDriver(
        SourceTraits(
            .audit, coverage: .systemCalls, provides: EventTypeSet(EventType.all.filter(\.isSyscall)),
            capabilities: [.auditControl, .auditRead, .netAdmin], filter: filterAbility),
        probe: { probe() },
        open: { (needs, context) throws(SourceFailure) in
            var options = Options()
            options.hostRoot = context.hostRoot
            options.key = context.instance.key
            options.inherited = context.instance.inherited
            options.takesOutHidingRules = context.takesOutHidingRules
            if let besideKey = context.instance.besideKey {
                options.mode = .multicast
                options.friendKeys = [besideKey]
                options.hidesOwnCalls = false
            }
            do throws(AuditFailure) {
                return try AuditSource(
                    needs: needs.events, fieldNames: needs.fieldNames, options: options,
                    takeover: context.takeover)
            } catch {
                throw SourceFailure(reason: error.reason, fix: error.fix)
            }
        },
        measure: { measure($0, hostRoot: $1) })

    /// Plans as a start does; the kernel is asked for nothing.
    private static func measure(_ needs: SourceNeeds, hostRoot: String) -> String {
        var options = Options()
        options.hostRoot = hostRoot
        var request = AuditPlanRequest()
        (request.needs, request.fieldNames) = (needs.events, needs.fieldNames)
        let start = KernelClock.monotonic()
        let planner = AuditRulePlanner(files: HostWatchedFiles(hostRoot: hostRoot), options: .host(options))
        let plan = planner.plan(request)
        let milliseconds = (KernelClock.monotonic() &- start) / 1_000_000
        let names = plan.awaited.values.reduce(0) { $0 + $1.count }
        let notes = plan.notes.isEmpty ? "" : "; " + plan.notes.joined(separator: "; ")
        return "\(plan.rules.count) kernel rules (\(plan.templates.count) of them for the files of all containers), "
            + "\(plan.marks.count) marks on what links lead to and \(names) names that are waited for, planned in "
            + "\(milliseconds) ms\(notes)"
    }

    /// What audit's rules can look at of a call (audit_add_rule_data(3)). A pattern is watched as the directory that it begins with.
    private static var filterAbility: FilterAbility {
        var limits = FilterLimits()
        limits.dimensions = [.outcome, .access, .file, .name, .arguments]
        limits.paths = [.exact, .prefixes]
        return FilterAbility(limits: limits, noticed: [])
    }

    /// What waits in the socket.
    public var queue: ReceiveQueue? { descriptor.flatMap { ReceiveQueue(socket: $0) } }

    /// Follows other rules and containers. Returns at once: the control thread does it.
    public func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure) {
        switch request {
        case .needs(let needs): try reload(needs: needs.events, fieldNames: needs.fieldNames)
        case .containerStarted(let root): addContainerRoot(root)
        case .containerBegan(let root, let at): demand(.began(root: root, at: at))
        case .containerEnded(let root): removeContainerRoot(root)
        case .containerHidden(let id, let reason): if let notice = hidden.take(id, reason) { sink.report(notice) }
        case .lookAnew: break
        }
    }
}
