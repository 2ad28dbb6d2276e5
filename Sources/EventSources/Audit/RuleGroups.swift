import EventModel

/// Calls gathered by what their rules have in common, so that one rule names many calls.
///
/// What is merged, and why that may be (measured in docs/performance.md):
/// - Rules about a place are not split by ABI: a number that is another call there rarely names a file, and `perm=` asks
///   the kernel's own tables of each ABI (kernel/auditsc.c, audit_match_perm). Where a number is hot, the rule costs no
///   more than two would: the kernel looks at the mask before it looks at the ABI.
/// - All opens of a place are one rule with the ways of access of all of them, all other calls another.
/// - io_uring's operations are one rule without a place: there are few, and no program opens files so in a loop.
struct RuleGroups {
    /// Which calls have a rule together.
    private enum Class: Hashable { case opens, others, ring }
    private struct Group: Hashable {
        /// nil: every ABI.
        var architecture: RawEvent.Architecture?
        var calls: Class
        /// With permission 0 where those of all calls are joined.
        var filter: AuditRuleFilter
    }
    private struct Content {
        var mask = SyscallMask()
        /// nil: any way of access.
        var permission: UInt32? = 0

        mutating func add(_ number: Int32, _ added: UInt32?) {
            mask.insert(number)
            permission = added.flatMap { bits in permission.map { $0 | bits } }
        }
    }
    private var contents: [Group: Content] = [:]
    /// Groups in the order in which they came, so that equal needs make equal rules.
    private var order: [Group] = []

    /// Adds a call with the filter that it may pass.
    mutating func add(
        _ call: AuditRulePlanner.Call, _ filter: AuditRuleFilter, _ architecture: RawEvent.Architecture, isOpen: Bool
    ) {
        var group = Group(architecture: architecture, calls: isOpen ? .opens : .others, filter: filter)
        if let socketCall = call.socketCall {
            // The call's own arguments are in memory; the register says which call it is.
            group.filter.arguments = [AuditRuleField(.argument(0), .equal, socketCall)]
        }
        if call.isRing {
            // Operations have neither registers nor an access that `perm=` knows.
            group = Group(architecture: nil, calls: .ring, filter: AuditRuleFilter())
        } else if filter.location != .anywhere {
            group.architecture = nil
            group.filter.arguments = []
            // Any way of access stays a rule of its own: joined with others it would open them up.
            if filter.permission != nil { group.filter.permission = 0 }
        }
        if contents[group] == nil { order.append(group) }
        contents[group, default: Content()].add(call.number, group.calls == .ring ? nil : filter.permission)
    }

    /// One rule for each group, wide ones first.
    func rules(key: [UInt8], hostRoot: String) -> [AuditRule] {
        var rules: [AuditRule] = []
        for (_, group) in order.enumerated().sorted(by: { ($0.1.filter.order, $0.0) < ($1.1.filter.order, $1.0) }) {
            guard let content = contents[group], !content.mask.isEmpty else { continue }
            var filter = group.filter
            filter.permission = content.permission
            var fields = filter.fields(hostRoot: hostRoot)
            if let architecture = group.architecture {
                fields.insert(AuditRuleField(.architecture, .equal, architecture.rawValue), at: 0)
            }
            rules.append(
                AuditRule(
                    list: group.calls == .ring ? .ioUring : .exit, syscalls: content.mask, fields: fields, keys: [key]
                )
            )
        }
        return rules
    }
}
