public import AlertReduction
public import EventFields
public import EventModel
public import EventSources
public import Learning
public import NodeState

/// What stands between sources and outputs: an event goes in, the alerts that it raises come out. It keeps the node's state,
/// matches the rules and holds repeats back.
///
/// It has no clock, no process, no log and no outputs: times are passed in. So a live run, a replay, a test of rules and a
/// benchmark are the same detection.
public struct Detection: ~Copyable {
    /// What is known of the node.
    public let state: NodeState
    /// The rules in use.
    public private(set) var rules: RuleEvaluation
    /// What was counted of events and of the alerts that rules raised, those held back included.
    public private(set) var counters = DetectionCounters()

    private var reader: EventFieldReader
    private var authority: SourceAuthority
    private var reduction: AlertReduction
    private let incidents: IncidentTable
    /// Where events bear the name of a node: those nodes.
    private var nodes: LoggedNodes?
    /// Learns what workloads do; nil where nothing is to be learned.
    public let learner: WorkloadLearner?
    /// Decides what a source's filter is told of processes; nil where no source filters so.
    private var sieve: ProcessSieve?

    /// A detection over a node's state.
    ///
    /// - Parameters:
    ///   - reader: reads the fields of `state`.
    ///   - authority: which source rules see each type of event from.
    ///   - reduction: when repeats are held back.
    ///   - incidents: when alerts of a process tree are one incident; without it none are.
    ///   - nodes: keeps events that bear a node's name apart by it; nil: all are of `state`'s node.
    ///   - learner: learns what the workloads of `state`'s node do; nil: nothing is learned.
    public init(
        state: NodeState, rules: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority,
        reduction: ReductionSettings = ReductionSettings(),
        incidents: IncidentSettings = IncidentSettings(withinSeconds: 0), nodes: LoggedNodes? = nil,
        learner: WorkloadLearner? = nil
    ) {
        self.incidents = IncidentTable(incidents)
        self.nodes = nodes
        self.state = state
        self.rules = rules
        self.reader = reader
        self.authority = authority
        self.reduction = AlertReduction(reduction)
        sieve = rules.filter.map(ProcessSieve.init)
        self.learner = learner
        useLearner()
    }

    /// Takes an event and calls `send` with each alert that goes out now. Gives whether rules saw the event.
    ///
    /// - Parameters:
    ///   - event: swapped with an older one, whose memory is to be filled again.
    ///   - now: asked for only when an alert is raised: nanoseconds of a clock that never goes back, by which repeats are
    ///     held back.
    @discardableResult
    public mutating func take(_ event: inout RawEvent, now: () -> UInt64, send: (Alert) -> Void) -> Bool {
        let type = event.type
        let source = event.source
        let ruleSource = event.ruleSource
        let hasUnknownArguments = event.hasUnknownArguments
        let isForStateOnly = event.isForStateOnly
        var reader = reader
        var node: [UInt8]?
        if event.node.isPresent, let named = nodes?.reader(of: event.slice(event.node)) {
            reader = named
            node = named.hostname
        }
        let applied = reader.state.apply(&event)
        guard !isForStateOnly, authority.admits(type, from: source, isDuplicate: applied.isDuplicate) else {
            return false
        }
        counters.events &+= 1
        // A log's other nodes have workloads of their own.
        let learner = node == nil ? learner : nil
        learner?.observe(reader)
        var judging: String?
        var isMatched = false
        // A file that goes by several names is judged by each: neither an alias nor a name that an exception has hides it.
        repeat {
            let occasion = RuleEvaluation.Occasion(
                number: counters.events, node: node, isMatched: isMatched, incidents: incidents)
            let matches = rules.evaluate(type, from: ruleSource, reader, occasion) { alert in
                var alert = alert
                alert.node = node
                if hasUnknownArguments { alert.sayArgumentsAreUnknown() }
                counters.count(alert)
                if let learner, judging == nil, learner.judges(alert) { judging = alert.rule }
                guard reduction.isActive else { return send(alert) }
                for counted in reduction.take(alert, now: now()) { send(counted.alert) }
            }
            isMatched = isMatched || matches
        } while (!isMatched || rules.hasCorrelations) && reader.state.showOtherName()
        reader.state.endOtherName()
        learner?.conclude(rule: judging, reader.state)
        return true
    }

    /// Lets the rules' fields read what is learned.
    private mutating func useLearner() {
        reader.knowledge = learner?.knowledge(state)
        learner?.use(fields: rules.fieldNames)
    }

    /// Behind `take` of an event that came from a source whose filter knows processes: tells it what rules can mean of the event's.
    public func sift(for source: any ProcessFiltering) {
        sieve?.take(reader, from: source)
    }

    /// Between two events: tells the source of what has changed of processes without events of theirs.
    public func renewSieve(for source: any ProcessFiltering) { sieve?.renew(state, for: source) }

    /// Notes that sources lost events, by the clock of the events' times: correlations say so in their alerts.
    public func noteLoss(_ count: UInt64, timeNanoseconds: UInt64) {
        rules.noteLoss(count, timeNanoseconds: timeNanoseconds)
    }

    /// When `tick` has something to do, by the clock that `take` was given; `UInt64.max`: never.
    public var nextDeadline: UInt64 { reduction.nextDeadline }

    /// Sends what was held back and is due.
    public mutating func tick(now: UInt64, send: (Alert) -> Void) {
        for counted in reduction.tick(now: now) { send(counted.alert) }
    }

    /// Sends all that is held back: before a change of settings, and at the end.
    public mutating func flush(now: UInt64, send: (Alert) -> Void) {
        for counted in reduction.flush(now: now) { send(counted.alert) }
    }

    /// Incidents that were ended for others before their time was over.
    public var incidentsEndedEarly: UInt64 { incidents.endedEarly }

    /// How many alerts were held back so far.
    public var reductionCounters: ReductionCounters { reduction.counters }

    /// Goes on with other rules, between two events; the node's state and all counts stay. `flush` comes before.
    public mutating func replace(
        rules new: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority, reduction: ReductionSettings,
        incidents: IncidentSettings? = nil
    ) {
        if let incidents { self.incidents.apply(incidents) }
        new.goOn(from: rules)
        rules = new
        sieve = new.filter.map(ProcessSieve.init)
        self.reader = reader
        nodes?.takeStaticFields(of: reader)
        self.authority = authority
        self.reduction.apply(reduction)
        useLearner()
    }
}
