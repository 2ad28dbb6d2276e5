import EventModel

/// Calls gathered by what their rules have in common, so that one rule names many calls: the kernel tries rules one by
/// one at each call.
struct RuleGroups {
    private struct Group: Hashable {
        /// nil: the list of io_uring operations.
        var architecture: RawEvent.Architecture?
        var filter: AuditRuleFilter
    }
    private var masks: [Group: SyscallMask] = [:]
    /// Groups in the order in which they came, so that equal needs make equal rules.
    private var order: [Group] = []

    /// Adds a call with the filter that it may pass.
    mutating func add(
        _ call: AuditRulePlanner.Call, _ filter: AuditRuleFilter, _ architecture: RawEvent.Architecture
    ) {
        var group = Group(architecture: architecture, filter: filter)
        if let socketCall = call.socketCall {
            // The call's own arguments are in memory; the register says which call it is.
            group.filter.arguments = [AuditRuleField(.argument(0), .equal, socketCall)]
        }
        if call.isRing {
            // Operations have neither registers nor an access that `perm=` knows.
            group.architecture = nil
            group.filter.arguments = []
            group.filter.permission = nil
        }
        if masks[group] == nil { order.append(group) }
        masks[group, default: SyscallMask()].insert(call.number)
    }

    /// One rule for each group, wide ones first.
    func rules(key: [UInt8], hostRoot: String) -> [AuditRule] {
        var rules: [AuditRule] = []
        for (_, group) in order.enumerated().sorted(by: { ($0.1.filter.order, $0.0) < ($1.1.filter.order, $1.0) }) {
            guard let mask = masks[group], !mask.isEmpty else { continue }
            var fields = group.filter.fields(hostRoot: hostRoot)
            if let architecture = group.architecture {
                fields.insert(AuditRuleField(.architecture, .equal, architecture.rawValue), at: 0)
            }
            rules.append(
                AuditRule(
                    list: group.architecture == nil ? .ioUring : .exit, syscalls: mask, fields: fields, keys: [key]
                )
            )
        }
        return rules
    }
}
