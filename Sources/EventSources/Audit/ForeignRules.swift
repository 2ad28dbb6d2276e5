import EventModel

/// What rules that others loaded hide from ours.
enum ForeignRules {
    /// Record types without which an event can't be told (linux/audit.h): SYSCALL, PATH, SOCKADDR, CWD, EXECVE.
    private static let neededRecords: Set<UInt32> = [1300, 1302, 1306, 1307, 1309]

    /// One sentence for each foreign rule behind which ours are blind. `rules` are all that are loaded, in order.
    static func blindness(_ rules: [AuditRule], key: [UInt8]) -> [String] {
        let ours = rules.filter { $0.keys.contains(key) && $0.action == .always }
        guard !ours.isEmpty else { return [] }
        var sentences: [String] = []
        var isBeforeOurs = true
        for rule in rules {
            if rule.keys.contains(key) {
                if rule.list == .exit, rule.action == .always { isBeforeOurs = false }
                continue
            }
            switch rule.list {
            case .task where rule.action == .never:
                sentences.append(
                    "audit rule '\(rule)' hides every process that starts while it is loaded; remove it (many "
                        + "distributions have it in /etc/audit/rules.d or /etc/audit/audit.rules) and start the services "
                        + "anew"
                )
            case .exclude where hidesNeeded(rule):
                sentences.append("audit rule '\(rule)' drops records that events are made of; remove it")
            case .exit where rule.action == .never && isBeforeOurs && ours.contains { overlap(rule, $0) }:
                sentences.append(
                    "audit rule '\(rule)' hides the calls that it matches; remove it or load it after Shrike's"
                )
            default: break
            }
        }
        return sentences
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
        own.list == .exit && foreign.syscalls.overlaps(own.syscalls)
            && (foreign.architecture == nil || own.architecture == nil || foreign.architecture == own.architecture)
    }
}
