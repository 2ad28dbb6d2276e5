public import EventModel
public import Profiles

/// What is known of the workload of the event at hand; null fields without it.
public protocol WorkloadKnowledge: AnyObject {
    /// The kinds of behaviour with something that the workload never did before.
    var novelKinds: BehaviourKinds { get }
    /// Whether the event's workload has a profile.
    var hasProfile: Bool { get }
    /// How well the event's workload is known; nil when it has no profile.
    var state: ProfileState? { get }
    /// How surprising the last acts of the event's process tree were, bits.
    var score: Double { get }
    /// Adds the workload's name.
    func appendWorkload(into arena: inout ValueArena)
    /// Adds what is new, each with its kind.
    func appendNews(into arena: inout ValueArena)
    /// Adds what was to be expected instead.
    func appendExpected(into arena: inout ValueArena)
}

extension EventFields {
    /// Fields of what the workload never did before.
    static let novelty = FieldClass(
        "novel", "what the event's workload never did before, as far as its profile is settled; not Falco's"
    ) {
        news("novel.exec", .exec, "whether the workload never executed the program before")
        news("novel.child", .child, "whether the workload never executed the program from this parent before")
        news("novel.arguments", .arguments, "whether the program was never given arguments of this form before")
        news("novel.read", .read, "whether the workload never opened such a file for reading alone before")
        news("novel.write", .write, "whether the workload never opened such a file for writing before")
        news("novel.connect", .connect, "whether the workload never connected to the address and port before")
        news("novel.listen", .listen, "whether the workload never listened on the port before")
        news("novel.user", .user, "whether the workload never had the effective user before")
        news("novel.syscall", .syscall, "whether the workload never made the system call before")
        news("novel.capability", .capability, "whether the workload never needed the capability before")
        news("novel.namespace", .namespace, "whether the workload never made or entered such a namespace before")
        news("novel.module", .module, "whether the workload never loaded the kernel module before")
        FieldRow(
            "novel.score", .double,
            "how surprising the process tree's last acts were under the profile, in bits; halved every five minutes",
            .event { reader, _ in
                guard let knowledge = reader.knowledge, knowledge.hasProfile else { return .null }
                return .double(knowledge.score)
            })
        FieldRow(
            "novel.state", .string, "how well the workload is known: learning, settled or frozen",
            .event { reader, arena in
                guard let state = reader.knowledge?.state else { return .null }
                return arena.string(state.literal)
            })
        text("novel.workload", "the workload that the event belongs to") { $0.appendWorkload(into: &$1) }
        text("novel.news", "what the workload never did before, each with its kind") { $0.appendNews(into: &$1) }
        text("novel.expected", "what the workload did instead so far, of the same kinds") {
            $0.appendExpected(into: &$1)
        }
    }

    private static func news(_ name: String, _ kind: BehaviourKind, _ meaning: String) -> FieldRow {
        FieldRow(
            name, .bool, meaning,
            .event { reader, _ in
                guard let knowledge = reader.knowledge else { return .null }
                return .bool(knowledge.novelKinds.has(kind))
            })
    }

    private static func text(
        _ name: String, _ meaning: String,
        _ append: @escaping @Sendable (any WorkloadKnowledge, inout ValueArena) -> Void
    ) -> FieldRow {
        FieldRow(
            name, .string, meaning, cost: .cheap,
            .event { reader, arena in
                guard let knowledge = reader.knowledge, knowledge.hasProfile else { return .null }
                let start = arena.mark
                append(knowledge, &arena)
                return arena.mark > start ? arena.string(from: start) : .null
            })
    }
}

extension ProfileState {
    fileprivate var literal: StaticString {
        switch self {
        case .learning: "learning"
        case .settled: "settled"
        case .frozen: "frozen"
        }
    }
}
