public import EventFields
public import EventModel
public import NodeState
public import Profiles

/// Learns what the node's workloads do from the events that rules see, and says of each event what is new in it.
///
/// The event thread's. For a known behaviour of a known process an event costs two look-ups in tables and allocates nothing.
///
///     learner.observe(reader)    // before the rules: their fields read what was found
///     …
///     learner.conclude(rule)     // behind them: what raised an alert is not learned
public final class WorkloadLearner {
    /// What is learned.
    public let settings: LearningSettings
    /// The kinds of behaviour that rules ask for, and those that the kernel counts; nothing else is looked at.
    public private(set) var kinds: BehaviourKinds = []
    /// The kinds that rules ask for, and those that sources have the kernel count.
    private var askedKinds: BehaviourKinds = []
    private var countedKinds: BehaviourKinds = []
    /// What was done.
    public internal(set) var counters = LearningCounters()

    /// The profiles by position. A position that is vacant has none of anybody.
    var slots: [Profile] = []
    var vacant: [Int] = []
    var positions: [WorkloadIdentity: Int32] = [:]
    /// Workloads of which a profile is kept that is not here.
    var stored: Set<WorkloadIdentity> = []
    /// Those of them that have come back: what is learned meanwhile is held against the kept one when that is here.
    var awaited: Set<WorkloadIdentity> = []
    /// Those of them whose profiles are still to be asked for.
    var wanted: [WorkloadIdentity] = []
    /// Where containers, services and programs belong, by keyed hash.
    var groups: [UInt64: WorkloadPlace] = [:]
    var places = WorkloadPlaces()
    private var rules = JudgingRules()
    private var scores = TreeScores()
    var behaviours = EventBehaviours()
    private var arena = ValueArena()
    var firstEvent: UInt32 = 0
    /// Profiles that were given up for others and are still to be kept.
    var givenUp: [Profile] = []
    /// How many of the profiles are those of programs.
    var programCount = 0
    /// Before this time nothing is given up: looking for it costs.
    var nextRoom: UInt32 = 0
    /// The position of a profile that is in use and can't be given up now; -1: none.
    var positionInHand: Int32 = -1
    private let fields = ObservedFields()

    // The event at hand.
    var current = Current()

    struct Current {
        var place = WorkloadPlace()
        var moment = ProfileMoment(now: 0, run: 0, runStart: 0)
        var novelty = Novelty()
        var rule: String?
    }

    static let groupLimit = 8192
    /// What was seen within this time is not given up, seconds.
    static let forgettingSeconds: UInt32 = 3600
    /// After this time it is looked again whether there is room for a workload, seconds.
    static let retrySeconds: UInt32 = 30

    /// A learner that goes on with what was known.
    ///
    /// - Parameter stored: workloads of which a profile is kept that is not among these.
    public init(settings: LearningSettings, profiles: [Profile] = [], stored: Set<WorkloadIdentity> = []) {
        self.settings = settings
        self.stored = stored
        slots = profiles
        programCount = profiles.count { $0.identity.isProgram }
        for (index, profile) in profiles.enumerated() { positions[profile.identity] = Int32(truncatingIfNeeded: index) }
    }

    /// The profiles that are here.
    public var profiles: [Profile] { slots.indices.filter { !vacant.contains($0) }.map { slots[$0] } }

    /// Looks at these kinds from now on: those that rules have fields of.
    public func use(fields names: Set<String>) {
        askedKinds = BehaviourKinds(BehaviourKind.allCases.filter { names.contains("novel.\($0.word)") })
        if names.contains("novel.score"), askedKinds.isEmpty {
            askedKinds = [BehaviourKinds(.exec), BehaviourKinds(.child)]
        }
        chooseKinds()
    }

    /// Looks at these kinds beside: those that a source has the kernel count (`observe(_:of:by:_:now:)`), whatever rules ask for.
    public func use(counted kinds: BehaviourKinds) {
        guard kinds != countedKinds else { return }
        countedKinds = kinds
        chooseKinds()
    }

    private func chooseKinds() {
        kinds = askedKinds.union(countedKinds)
        // The calls that rules ask for show few of the needs for capabilities: what isn't seen whole is not known at all.
        if !countedKinds.has(.capability) { kinds.remove(BehaviourKinds(.capability)) }
    }

    /// Looks at the event that the node's state has just taken.
    public func observe(_ reader: EventFieldReader) {
        current = Current()
        behaviours.reset()
        guard !kinds.isEmpty, let process = reader.state.current.process else { return }
        let row = ObservedCalls.table[Int(reader.state.current.event.type.index)]
        guard row.act != .none else { return }
        let now = UInt32(clamping: reader.state.current.event.timeNanoseconds / 1_000_000_000)
        if firstEvent == 0 { firstEvent = now }
        let container = process.container.map { UInt(bitPattern: ObjectIdentifier($0)) } ?? 0
        if row.act == .execute { places.forget(process.serial) }
        var place: WorkloadPlace
        if let found = places.find(process.serial, container: container, now: now) {
            place = found.place
        } else {
            place = self.place(of: process, reader.state, now)
            places.put(WorkloadPlaces.Entry(serial: process.serial, container: container, place: place))
        }
        if row.act == .execute, process.container == nil, let parent = reader.state.parent(of: process) {
            // Of the host's programs it is the parent that starts one.
            positionInHand = place.workload
            let other = self.place(of: parent, reader.state, now)
            positionInHand = -1
            if other.workload >= 0, isProgram(place) { place = other }
        }
        guard place.workload >= 0 else { return }
        current.place = place
        if process.judgement != 0 { current.rule = rules.name(of: process.judgement) }
        current.moment = ProfileMoment(
            now: now, run: place.run, runStart: place.runStart,
            source: BehaviourSource(process: process.serial, maker: process.maker))
        collect(row, process, reader)
        look(process)
    }

    /// Whether an alert says of its process that it must teach nothing: it is severe enough, and not about something new, which is
    /// quarantined by itself.
    public func judges(_ alert: Alert) -> Bool {
        alert.priority <= settings.judgingPriority && !alert.tags.contains("anomaly")
    }

    /// Ends the event: takes in what is new, unless the event or its process raised an alert.
    ///
    /// - Parameter rule: the rule whose alert it raised, if that judges a process.
    public func conclude(rule: String?, _ state: NodeState) {
        if let rule, let process = state.current.process, process.judgement == 0 {
            judge(process, by: rule, state)
        }
        let workload = Int(current.place.workload)
        guard workload >= 0, current.novelty.hasUnknown else { return }
        counters.news &+= 1
        change(workload) { profile in
            profile.learn(behaviours, at: current.moment, reason: rule ?? current.rule, settings.profiles)
        }
    }

    /// Takes note of what a control group's processes did for the first time, as the kernel counted it.
    ///
    /// - Parameters:
    ///   - names: system calls or capabilities by their names.
    ///   - kind: which of the two they are.
    ///   - process: one of the group.
    ///   - now: seconds since the epoch.
    public func observe(
        _ names: [String], of kind: BehaviourKind, by process: ProcessRecord, _ state: NodeState, now: UInt32
    ) {
        guard countedKinds.has(kind), !names.isEmpty else { return }
        let place = place(of: process, state, now)
        guard place.workload >= 0 else { return counters.usesLeftOut &+= 1 }
        // Any of the group's processes may have done it.
        let moment = ProfileMoment(now: now, run: place.run, runStart: place.runStart)
        var behaviours = EventBehaviours()
        for name in names {
            let mark = behaviours.mark
            behaviours.text.append(contentsOf: name.utf8)
            behaviours.add(kind, from: mark)
        }
        let rule = rules.name(of: process.judgement)
        change(Int(place.workload)) { profile in
            profile.begin(at: now, kinds, settings.profiles)
            profile.take(counted: &behaviours, at: moment, reason: rule, settings.profiles)
        }
    }

    /// Counts that what the kernel counted is of a workload that nobody could tell.
    public func leaveOutUses() { counters.usesLeftOut &+= 1 }

    /// What the reader's fields ask of the event at hand.
    public func knowledge(_ state: NodeState) -> any WorkloadKnowledge {
        EventKnowledge(learner: self, nodeState: state)
    }

    /// Takes note of a container's end.
    public func end(container id: [UInt8], now: UInt32) {
        guard let place = groups.removeValue(forKey: key(of: id, 0)), place.workload >= 0 else { return }
        slots[Int(place.workload)].endRun(at: now)
    }

    // MARK: The event at hand

    private func look(_ process: ProcessRecord) {
        guard !behaviours.isEmpty else { return }
        counters.events &+= 1
        let workload = Int(current.place.workload)
        slots[workload].begin(at: current.moment.now, kinds, settings.profiles)
        current.novelty = slots[workload].look(
            &behaviours, at: current.moment, isJudged: current.rule != nil, settings.profiles)
        guard current.novelty.bits > 0 else { return }
        _ = scores.add(
            current.novelty.bits, to: process.serial, parent: process.maker, at: current.moment.now)
    }

    /// The score of the event's process; 0 for an event that is not odd itself, or what follows an odd act would be told with it.
    func score(_ state: NodeState) -> Double {
        guard let process = state.current.process, current.novelty.bits > 0 else { return 0 }
        return scores.score(of: process.serial, parent: process.maker, at: current.moment.now)
    }

    /// Judges a process and all that descend from it, and takes back what they brought in.
    private func judge(_ process: ProcessRecord, by rule: String, _ state: NodeState) {
        counters.judged &+= 1
        state.judge(process, as: rules.number(of: rule)) { judged in
            for position in slots.indices {
                guard slots[position].takeBack(from: judged.serial, reason: rule, settings.profiles) > 0 else {
                    continue
                }
                counters.takenBack &+= 1
            }
        }
    }

    /// Changes a profile, and counts what its quarantine had no room for.
    func change(_ position: Int, _ body: (inout Profile) -> Void) {
        let before = slots[position].quarantineLeftOut
        body(&slots[position])
        counters.quarantineLeftOut &+= UInt64(slots[position].quarantineLeftOut &- before)
    }

    // MARK: What an event shows

    private func collect(_ row: ObservedCalls.Row, _ process: ProcessRecord, _ reader: EventFieldReader) {
        arena.reset()
        let collector = BehaviourCollector(
            kinds: kinds, generalisation: settings.profiles.generalisation, fields: fields)
        collector.collect(row, process, reader, &arena, &behaviours)
    }
}
