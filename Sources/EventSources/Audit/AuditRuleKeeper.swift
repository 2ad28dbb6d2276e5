import Glibc

/// Keeps the kernel's rules equal to the plan, and touches no rule without our key.
struct AuditRuleKeeper {
    /// What a comparison with the kernel found and did.
    struct Outcome: Sendable, Equatable {
        /// Rules of ours that had been loaded, were gone, and are loaded again.
        var restored: [AuditRule] = []
        /// Rules that the kernel did not take, with its reason.
        var refused: [String] = []
        /// Why ours do not see everything: rules of others.
        var blindness: [String] = []
        /// Whether rules wait for files that are not there.
        var isPending = false
    }

    private let control: any AuditControl
    private let key: [UInt8]
    private(set) var planned: [AuditRule] = []
    /// What the kernel held when we looked last.
    private var loaded: Set<AuditRule> = []

    init(control: any AuditControl, key: [UInt8]) {
        self.control = control
        self.key = key
    }

    /// Makes the kernel's rules those of a new plan. Rules that are in both stay loaded all the time.
    mutating func load(_ rules: [AuditRule]) throws(AuditFailure) -> Outcome {
        planned = rules
        return try synchronize()
    }

    /// Compares with the kernel and puts right what differs.
    mutating func synchronize() throws(AuditFailure) -> Outcome {
        var outcome = Outcome()
        let present = try control.rules()
        let ours = Set(present.filter { $0.keys.contains(key) })
        let wanted = Set(planned)
        var now = ours.intersection(wanted)
        // New ones first, so that nothing is unseen meanwhile.
        for rule in planned where !now.contains(rule) {
            do throws(AuditFailure) {
                try control.add(rule, first: rule.action == .never)
                if loaded.contains(rule) { outcome.restored.append(rule) }
                now.insert(rule)
            } catch {
                switch error.errorNumber {
                case EEXIST: now.insert(rule)
                case ENOENT, ENOTDIR: outcome.isPending = true
                case EPERM: throw error
                default: outcome.refused.append("\(rule): \(error)")
                }
            }
        }
        for rule in ours.subtracting(wanted) {
            do throws(AuditFailure) { try control.remove(rule) } catch {
                if error.errorNumber != ENOENT { outcome.refused.append("\(rule): \(error)") }
            }
        }
        loaded = now
        outcome.blindness = ForeignRules.blindness(
            outcome.restored.isEmpty && now == ours ? present : try control.rules(), key: key
        )
        return outcome
    }

    /// Loads rules anew that name places which mean something else now.
    mutating func reload(where isStale: (AuditRule) -> Bool) {
        for rule in planned where loaded.contains(rule) && isStale(rule) {
            try? control.remove(rule)
            do throws(AuditFailure) { try control.add(rule, first: false) } catch { loaded.remove(rule) }
        }
    }

    /// Removes every rule of ours.
    mutating func removeAll() {
        planned = []
        loaded = []
        let present = (try? control.rules()) ?? []
        // A rule that goes while we list is gone too.
        for rule in present where rule.keys.contains(key) { try? control.remove(rule) }
    }
}
