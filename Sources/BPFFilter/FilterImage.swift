import CBPFRecords
public import EventModel

/// What a found value does to the alternatives of its dimension: `(bits | set) & keep`.
public struct FilterVerdict: Sendable, Hashable {
    /// Alternatives that the value grants.
    public var set = AlternativeSet()
    /// Alternatives that it doesn't deny.
    public var keep = AlternativeSet.all

    /// Denies nothing and grants nothing.
    public init() {}

    /// Leaves exactly these possible.
    init(exactly alternatives: AlternativeSet) { (set, keep) = (alternatives, alternatives) }

    /// Adds what another one grants and denies.
    mutating func add(_ other: FilterVerdict) {
        set.formUnion(other.set)
        keep.formIntersection(other.keep)
    }
}

/// The filter of one or several event types as the kernel's programs hold it (`struct shrike_slot`).
public struct FilterSlot: Sendable, Hashable {
    /// A dimension by its number (`enum shrike_dimension`).
    public static let dimensions = Int(SHRIKE_DIMENSIONS.rawValue)

    /// Which dimensions are tested, a bit each.
    public var tested: UInt32 = 0
    /// How many bytes of a name's end are looked up, 1 to 8.
    public var suffixLength: UInt32 = 0
    /// The alternatives that there are.
    public var possible: AlternativeSet
    /// Those that a successful call can match.
    public var success = AlternativeSet.all
    /// Those that a failed call can match.
    public var failure = AlternativeSet.all
    /// Those that an open for reading can match.
    public var reading = AlternativeSet.all
    /// Those that an open for writing can match.
    public var writing = AlternativeSet.all
    /// Those that an open for reading and writing can match.
    public var both = AlternativeSet.all
    /// Those that a name can match for which no look-up finds anything.
    public var nameDefault = AlternativeSet.all
    /// Those of them that no look-up takes away: any name can match them.
    public var anyName = AlternativeSet.all
    /// By dimension: those for which a look-up matters. Of names, those that a found row can add or take away; else, those that some
    /// value takes away.
    public var cares = [AlternativeSet](repeating: AlternativeSet(), count: dimensions)
    /// For whole names and for last components: how long the rows' texts are, modulo 64, a bit each.
    public var lengths: [UInt64] = [0, 0]
    /// By dimension: what a value leaves possible that the table does not have.
    public var missing: [AlternativeSet]
    /// The bits of each register that are looked up.
    public var argumentMasks: [UInt64] = Array(repeating: 0, count: 6)

    /// Where a process' words have the slot's alternatives, and how many words; 0: processes aren't told apart.
    public var processWord = 0
    /// How many of a process' words.
    public var processWords = 0

    /// A slot without conditions.
    public init(possible: AlternativeSet) {
        self.possible = possible
        missing = Array(repeating: .all, count: Self.dimensions)
    }

    mutating func test(_ dimension: shrike_dimension) { tested |= 1 << dimension.rawValue }
    /// Whether a dimension is tested.
    public func tests(_ dimension: shrike_dimension) -> Bool { tested >> dimension.rawValue & 1 == 1 }
}

/// All tables of the kernel's filter, as values: which event type meets which slot, and what its look-ups find.
public struct FilterImage: Sendable, Equatable {
    /// The key of a value (`struct shrike_value_key`).
    public struct ValueKey: Sendable, Hashable {
        /// The slot that looks it up.
        public var slot: UInt16
        /// The dimension's number.
        public var dimension: UInt16
        /// The value.
        public var value: Value
    }

    /// What is looked up. Texts are hashed with a secret of the kernel's tables (`ValueKey.kernel`).
    public enum Value: Sendable, Hashable {
        /// A number.
        case number(UInt64)
        /// A name, or a part of one.
        case text([UInt8])
        /// A program's command name.
        case command([UInt8])
    }

    /// The key of a prefix or a network (`struct shrike_prefix_key`).
    public struct PrefixKey: Sendable, Hashable {
        /// The slot that looks it up.
        public var slot: UInt16
        /// The dimension's number.
        public var dimension: UInt16
        /// How many bits of `bytes` count.
        public var bits: UInt32
        /// The prefix's bytes, none behind it.
        public var bytes: [UInt8]
    }

    /// A name of a file that rules ask for as a whole: other names of the same file are to meet what it meets.
    public struct NamedFile: Sendable, Hashable {
        /// The slot that looks it up.
        public var slot: UInt16
        /// The path.
        public var path: [UInt8]
        /// What an event on the file meets, under whatever name.
        public var verdict: FilterVerdict
    }

    /// Where a process' words have the alternatives of a slot.
    public struct ProcessPart: Sendable, Hashable {
        /// The position of the slot's filter in the program.
        public var filter: Int
        /// The first word.
        public var word: Int
        /// How many words.
        public var count: Int
        /// Alternatives of the slot that are no rule's: always possible.
        public var always: AlternativeSet
    }

    /// What a process' words hold.
    public internal(set) var processParts: [ProcessPart] = []

    /// The words of a process for which these alternatives are possible, for each filter of the program in its order.
    public func processWords(for sets: [AlternativeSet]) -> [UInt64] {
        var words = [UInt64](repeating: .max, count: Int(SHRIKE_PROCESS_WORDS))
        for part in processParts where part.filter < sets.count {
            let possible = sets[part.filter].union(part.always)
            for index in 0..<part.count { words[part.word + index] = possible.words[index] }
        }
        return words
    }

    /// The slots; the first is nobody's.
    public internal(set) var slots: [FilterSlot] = [FilterSlot(possible: AlternativeSet())]
    /// By the event type's index: its slot, 0 where nothing is wanted.
    public internal(set) var slotOfType = [UInt16](repeating: 0, count: EventType.count)
    /// The values.
    public internal(set) var values: [ValueKey: FilterVerdict] = [:]
    /// The prefixes of names, and networks.
    public internal(set) var prefixes: [PrefixKey: FilterVerdict] = [:]
    /// The files whose inodes are to be looked up.
    public internal(set) var namedFiles: [NamedFile] = []

    /// Lets nothing pass.
    public init() {}

    /// The event types of which something may pass.
    public var types: EventTypeSet { EventTypeSet(EventType.all.filter { slotOfType[Int($0.index)] != 0 }) }

    /// The bits of `shrike_control.four_bytes_hint`: which windows of names are worth a look-up.
    public var fourBytesHint: [UInt64] {
        var words = [UInt64](repeating: 0, count: Int(SHRIKE_HINT_BITS) / 64)
        for key in values.keys where key.dimension == UInt16(SHRIKE_BY_FOUR_BYTES.rawValue) {
            guard case .number(let window) = key.value else { continue }
            let hint = Int(Self.hint(of: UInt32(truncatingIfNeeded: window)))
            words[hint >> 6] |= 1 << UInt64(hint & 63)
        }
        return words
    }

    /// `shrike_hint`.
    static func hint(of window: UInt32) -> UInt32 { (window &* 0x9e37_79b1) >> 20 }
}
