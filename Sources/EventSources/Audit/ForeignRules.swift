import EventModel

/// What rules that others loaded hide from ours.
enum ForeignRules {
    /// Record types without which an event can't be told (linux/audit.h): SYSCALL, PATH, SOCKADDR, CWD, EXECVE; and CONFIG_CHANGE,
    /// which says who changed audit.
    private static let neededRecords: Set<UInt32> = [1300, 1302, 1305, 1306, 1307, 1309]

    /// What a foreign rule hides.
    struct Verdict: Sendable, Equatable {
        var rule: AuditRule
        /// What it does: `audit rule '…' hides …`.
        var sentence: String
        /// What the user can do, as a sentence's end.
        var fix: String
        /// Whether ours see again when they are loaded before it.
        var canBeOvertaken: Bool
        /// What stays so after it is gone, as a sentence; empty: nothing.
        var remains = ""

        /// What it does and what mends it.
        var text: String { fix.isEmpty ? sentence : "\(sentence); \(fix)" }
    }

    /// One verdict for each foreign rule behind which ours are blind. `rules` are all that are loaded, in order.
    ///
    /// Every list is judged: `user` is about messages of programs, which make no events of ours.
    ///
    /// - Parameter friends: keys of rules that hide nothing but their own process.
    static func verdicts(_ rules: [AuditRule], key: [UInt8], friends: [[UInt8]] = []) -> [Verdict] {
        let ours = rules.enumerated().filter { $0.element.keys.contains(key) && $0.element.action == .always }
        guard !ours.isEmpty else { return [] }
        var verdicts: [Verdict] = []
        for (index, rule) in rules.enumerated()
        where !rule.keys.contains(key) && !rule.keys.contains(where: friends.contains) {
            switch rule.list {
            case .task where rule.action == .never:
                verdicts.append(
                    Verdict(
                        rule: rule,
                        sentence: "audit rule '\(rule)' hides every process that starts while it is loaded",
                        fix:
                            "remove it (many distributions have it in /etc/audit/rules.d or /etc/audit/audit.rules) and "
                            + "start the services anew", canBeOvertaken: false,
                        remains:
                            "processes that were started while it was loaded are not seen until they are started anew; "
                            + "what they start is"))
            case .exclude where hidesNeeded(rule):
                verdicts.append(
                    Verdict(
                        rule: rule, sentence: "audit rule '\(rule)' drops records that events are made of",
                        fix: "remove it", canBeOvertaken: false))
            // The kernel looks at this list as long as any entry says no (kernel/auditsc.c, __audit_inode).
            case .filesystem where rule.action == .never:
                verdicts.append(
                    Verdict(
                        rule: rule,
                        sentence:
                            "audit rule '\(rule)' hides the files of a kind of file system from all rules about files",
                        fix: "remove it", canBeOvertaken: false))
            case .exit, .ioUring:
                guard rule.action == .never,
                    ours.contains(where: { $0.offset > index && overlap(rule, $0.element) })
                else { break }
                verdicts.append(
                    Verdict(
                        rule: rule, sentence: "audit rule '\(rule)' hides the calls that it matches", fix: "",
                        canBeOvertaken: true))
            default: break
            }
        }
        return verdicts
    }

    /// The event types that foreign rules let through, at least in part: all there is where ours can't be loaded.
    static func types(of rules: [AuditRule], calls: (EventType, RawEvent.Architecture) -> [Int32]) -> EventTypeSet {
        let always = rules.filter { $0.list == .exit && $0.action == .always }
        return EventTypeSet(
            EventType.all.filter { type in
                type.isSyscall
                    && RawEvent.Architecture.host.contains { architecture in
                        let numbers = calls(type, architecture)
                        return always.contains { rule in
                            (rule.architecture ?? architecture.rawValue) == architecture.rawValue
                                && numbers.contains(where: rule.syscalls.contains)
                        }
                    }
            }
        )
    }

    private static func hidesNeeded(_ rule: AuditRule) -> Bool {
        let types = rule.fields.filter { $0.kind == .messageType }
        // Without a type the rule drops every record of the processes that it is about.
        return types.isEmpty
            || types.allSatisfy { field in
                field.comparison != .equal || neededRecords.contains(field.number)
            }
    }

    private static func overlap(_ foreign: AuditRule, _ own: AuditRule) -> Bool {
        own.list == foreign.list && foreign.syscalls.overlaps(own.syscalls)
            && (foreign.architecture == nil || own.architecture == nil || foreign.architecture == own.architecture)
    }
}
