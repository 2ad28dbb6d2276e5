import EventModel

/// Something that the sensor can do without when it uses too much of the machine.
enum SheddingStage: Sendable, Equatable {
    /// A source beside a better one.
    case source(SourceKind)
    /// Rules less severe than this: the kernel then tells less.
    case rules(lessSevereThan: Priority)

    /// What there is to shed, least valuable first: the scan for what no event told of; rules, least severe first, but never
    /// the most severe ones; fanotify, where processes are still told of without it.
    ///
    /// - Parameters:
    ///   - sources: those that run.
    ///   - priorities: the priorities of the rules.
    static func all(sources: [SourceKind], priorities: Set<Priority>) -> [SheddingStage] {
        var stages: [SheddingStage] = []
        if sources.contains(.procfs), sources.contains(where: { $0 != .procfs && $0 != .fanotify }) {
            stages.append(.source(.procfs))
        }
        for kept in priorities.sorted().dropLast().reversed() { stages.append(.rules(lessSevereThan: kept)) }
        if sources.contains(.fanotify), sources.contains(.processConnector) { stages.append(.source(.fanotify)) }
        return stages
    }

    /// What is shed, as part of a sentence.
    var text: String {
        switch self {
        // `proc` is the user's name for three sources together.
        case .source(.procfs): "the scan for processes that no event told of"
        case .source(let kind): "the source \(kind.name)"
        case .rules(let priority): "rules less severe than \(priority.displayName)"
        }
    }
}

/// What a number of stages amounts to.
struct Shed: Sendable, Equatable {
    /// Rules less severe are left out; nil: none are.
    var threshold: Priority?
    /// Sources that don't run.
    var sources: Set<SourceKind> = []

    /// Nothing is shed.
    init() {}

    /// All of these stages.
    init(_ stages: some Sequence<SheddingStage>) {
        for stage in stages {
            switch stage {
            case .source(let kind): sources.insert(kind)
            case .rules(let priority): threshold = min(threshold ?? priority, priority)
            }
        }
    }
}
