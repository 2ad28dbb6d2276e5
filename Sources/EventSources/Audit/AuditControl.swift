/// The audit subsystem's settings and rules. Implemented over netlink, and by tests with a script.
protocol AuditControl: AnyObject {
    /// The subsystem's state.
    func status() throws(AuditFailure) -> AuditStatus
    /// Changes what is set in the change.
    func apply(_ change: AuditStatusChange) throws(AuditFailure)
    /// All loaded rules in the order in which the kernel tries them, list by list.
    func rules() throws(AuditFailure) -> [AuditRule]
    /// Loads a rule behind (or before) the others of its list. EEXIST: an equal one is loaded.
    func add(_ rule: AuditRule, first: Bool) throws(AuditFailure)
    /// Removes a rule. ENOENT: no such rule.
    func remove(_ rule: AuditRule) throws(AuditFailure)
    /// Makes directory rules that hold for this path hold for what was mounted on it too.
    func includeMount(at path: [UInt8]) throws(AuditFailure)
    /// Makes the rules of a directory hold below another place too.
    func include(_ place: [UInt8], in directory: [UInt8]) throws(AuditFailure)
}
