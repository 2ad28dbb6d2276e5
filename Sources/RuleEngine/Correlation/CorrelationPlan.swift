import EventModel

/// A correlation made runnable: the slots of the program that it reads, and how much of its memory a key takes.
struct CorrelationPlan: Sendable {
    /// What must happen; slots are of the program.
    enum Form: Sendable {
        case count(atLeast: Int)
        case distinct(slot: Int32, atLeast: Int)
        /// Numbers of events.
        case sequence([Int])
        /// The values are part of the key.
        case first
    }

    /// The index of the rule.
    let rule: Int
    let name: String
    let eventCount: Int
    let form: Form
    let windowNanoseconds: UInt64
    let keySlots: [Int32]
    /// Whose event it is: keys of one owner can't push out those of others. Slots of fields, where the catalogue has them.
    let ownerSlots: [Int32]
    /// By step of a sequence, what is kept of its event.
    let kept: [KeptLayout]
    let signature: String

    /// The plan of a rule; nil when it is no correlation.
    init?(
        _ rule: CompiledRule, number: Int, kept: [[RuleOutput.Value]], catalogue: FieldCatalogue,
        slots: ([Expression]) -> [Int32]
    ) {
        guard let correlation = rule.correlation else { return nil }
        self.rule = number
        name = rule.name
        eventCount = correlation.events.count
        windowNanoseconds = correlation.windowNanoseconds
        signature = correlation.signature
        var keys = correlation.keys
        if case .first(let values) = correlation.form { keys += values }
        keySlots = slots(keys)
        ownerSlots = slots(
            Self.ownerFields.compactMap { catalogue.id(named: $0) }.map { .field(FieldReference($0)) })
        switch correlation.form {
        case .count(let least): form = .count(atLeast: least)
        case .distinct(let value, let least): form = .distinct(slot: slots([value])[0], atLeast: least)
        case .sequence(let events): form = .sequence(events)
        case .first: form = .first
        }
        self.kept = kept.map(KeptLayout.init)
    }

    private static let ownerFields = ["container.id", "proc.tree.loginuid", "user.uid"]

    /// How many times, or different values, are remembered of a key.
    var depth: Int {
        switch form {
        case .count(let least), .distinct(_, let least): least
        case .sequence, .first: 0
        }
    }

    /// How many beginnings of a sequence are remembered of a key: one for each step but the last.
    var beginnings: Int {
        if case .sequence(let events) = form { events.count - 1 } else { 0 }
    }

    /// Where the values of a step begin within the memory of a beginning that has come so far.
    func keptOffset(ofStep step: Int, beginning: Int) -> Int {
        var offset = 0
        for earlier in 0..<beginning { offset += size(ofBeginning: earlier) }
        for earlier in 0..<step { offset += size(ofStep: earlier) }
        return offset
    }

    /// Bytes for the values of a step.
    func size(ofStep step: Int) -> Int { step < kept.count ? kept[step].size : 0 }

    /// Bytes for the values of a beginning that has come so far.
    func size(ofBeginning beginning: Int) -> Int { (0...beginning).reduce(0) { $0 + size(ofStep: $1) } }

    /// Bytes for all values that are kept of a key.
    var keptSize: Int { (0..<beginnings).reduce(0) { $0 + size(ofBeginning: $1) } }

    /// How many keys are remembered at most.
    var keyLimit: Int {
        let bytes = 96 + depth * 24 + beginnings * 24 + keptSize
        if case .first = form { return Self.mostFirst }
        return max(Self.fewestKeys, min(Self.mostKeys, Self.memory / bytes))
    }

    /// The memory of one correlation, about.
    private static let memory = 8 << 20
    private static let mostKeys = 4096
    private static let fewestKeys = 256
    /// Keys of `first`, which are short, and remembered for long.
    private static let mostFirst = 16_384
}

/// How the values of an event are kept: behind one another, each with room for what its kind usually needs.
struct KeptLayout: Sendable {
    let slots: [Int32]
    /// Bytes for the value of each slot.
    let rooms: [Int]
    let size: Int

    init(_ values: [RuleOutput.Value]) {
        slots = values.map(\.slot)
        let most = max(Self.largest / max(values.count, 1), KeptWriter.smallest)
        rooms = values.map { min(Self.room(for: $0.form.shape), most) }
        size = rooms.reduce(0, +)
    }

    /// Many values have to do with less each.
    private static let largest = 8192

    private static func room(for shape: ValueShape) -> Int {
        if shape.isList { return 512 }
        switch shape.category {
        case .text, .bytes: return 320
        case .address, .network: return 21
        default: return KeptWriter.smallest
        }
    }
}
