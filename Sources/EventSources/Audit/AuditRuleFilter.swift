import EventModel

/// The conditions of a planned rule, but for its calls and ABI.
struct AuditRuleFilter: Sendable, Hashable {
    var location: WatchedLocation = .anywhere
    /// Conditions on registers.
    var arguments: [AuditRuleField] = []
    /// The ways of access that an open must have; nil for calls that are no open, and for any way.
    var permission: UInt32?
    /// Whether the call must have succeeded (true) or failed (false).
    var success: Bool?

    /// Whether every call that passes the other passes this.
    func covers(_ other: AuditRuleFilter) -> Bool {
        location.covers(other.location) && arguments.allSatisfy(other.arguments.contains)
            && (permission == nil || permission == other.permission) && (success == nil || success == other.success)
    }

    /// The filters without those that others cover; of equal ones the first stays.
    static func withoutCovered(_ filters: [AuditRuleFilter]) -> [AuditRuleFilter] {
        // The wide ones are few, and nothing but they and directories cover another.
        let wide = filters.filter { if case .path = $0.location { false } else { true } }
        var seen: Set<AuditRuleFilter> = []
        let distinct = filters.filter { seen.insert($0).inserted }
        return distinct.filter { filter in
            !wide.contains { $0 != filter && $0.covers(filter) }
                && !distinct.contains { $0 != filter && $0.location == filter.location && $0.covers(filter) }
        }
    }

    /// The rule's fields without ABI and key, cheap ones first.
    func fields(hostRoot: String) -> [AuditRuleField] {
        var fields = arguments
        if let success { fields.append(AuditRuleField(.success, .equal, success ? 1 : 0)) }
        if let permission { fields.append(AuditRuleField(.permission, .equal, permission)) }
        if let place = location.field(hostRoot: hostRoot) { fields.append(place) }
        return fields
    }

    /// Wide rules come first: what they match needs no look at the others.
    var order: Int {
        let place =
            switch location {
            case .anywhere: 0
            case .directory: 100
            case .path: 200
            }
        return place + arguments.count * 10 + (permission == nil ? 0 : 1) + (success == nil ? 0 : 2)
    }
}
