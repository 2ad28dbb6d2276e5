public import AlertReduction
public import EventFields
public import EventModel
public import EventSources
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
    /// Where events bear the name of a node: those nodes.
    private var nodes: LoggedNodes?

    /// A detection over a node's state.
    ///
    /// - Parameters:
    ///   - reader: reads the fields of `state`.
    ///   - authority: which source rules see each type of event from.
    ///   - reduction: when repeats are held back.
    ///   - nodes: keeps events that bear a node's name apart by it; nil: all are of `state`'s node.
    public init(
        state: NodeState, rules: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority,
        reduction: ReductionSettings = ReductionSettings(), nodes: LoggedNodes? = nil
    ) {
        self.nodes = nodes
        self.state = state
        self.rules = rules
        self.reader = reader
        self.authority = authority
        self.reduction = AlertReduction(reduction)
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
        var reader = reader
        var node: [UInt8]?
        if event.node.isPresent, let named = nodes?.reader(of: event.slice(event.node)) {
            reader = named
            node = named.hostname
        }
        let applied = reader.state.apply(&event)
        guard authority.admits(type, from: source, isDuplicate: applied.isDuplicate) else { return false }
        counters.events &+= 1
        var isMatched = false
        // A file that goes by several names is judged by each: neither an alias nor a name that an exception has hides it.
        repeat {
            rules.evaluate(type, from: ruleSource, reader) { alert in
                isMatched = true
                var alert = alert
                alert.node = node
                if hasUnknownArguments { alert.sayArgumentsAreUnknown() }
                counters.count(alert)
                guard reduction.isActive else { return send(alert) }
                for counted in reduction.take(alert, now: now()) { send(counted.alert) }
            }
        } while !isMatched && reader.state.showOtherName()
        reader.state.endOtherName()
        return true
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

    /// How many alerts were held back so far.
    public var reductionCounters: ReductionCounters { reduction.counters }

    /// Goes on with other rules, between two events; the node's state and all counts stay. `flush` comes before.
    public mutating func replace(
        rules new: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority, reduction: ReductionSettings
    ) {
        new.continueCosts(of: rules)
        rules = new
        self.reader = reader
        self.authority = authority
        self.reduction.apply(reduction)
    }
}
