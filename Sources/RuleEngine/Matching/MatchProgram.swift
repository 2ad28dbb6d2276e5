import EventModel

/// All rules of a set as one program in flat arrays: conditions as tests with jumps, constants in shared tables, rules
/// behind guards by event type. Immutable; an `Evaluator` runs it.
struct MatchProgram: Sendable {
    /// What is read from events, each once: fields first, then what is made of them.
    var slots: [SlotCode] = []
    /// The fields of slots that read one.
    var references: [FieldReference] = []
    /// The operand slots of slots that are made of others.
    var slotArguments: [Int32] = []

    /// The distinct comparisons.
    var tests: [TestCode] = []
    /// The code of conditions.
    var code: [Instruction] = []
    /// Where the code of sub-conditions begins that several conditions share.
    var shared: [Int32] = []

    /// Constants: ranges of `literalBytes`.
    var literals: [Range<Int>] = []
    var literalBytes: [UInt8] = []
    var numbers: [UInt64] = []
    var addresses: [IPAddress] = []
    var networks: [IPNetwork] = []
    var regexes: [RegularExpression] = []
    var pathTrees: [PathPrefixTree] = []

    /// Look-up tables from a slot's value to what the tests on it want to know.
    var indexes: [ValueIndex] = []
    var buckets: [Bucket] = []
    /// For each entry of an index a row of bits, one for each `in` test.
    var rows: [UInt64] = []
    var trieNodes: [TrieNode] = []
    var trieEdges: [TrieEdge] = []

    /// For each rule source, one behind the other, for each event type its plan; -1 where no rule can match.
    var planOfType: [Int32] = []
    var plans: [Plan] = []
    /// Bits of the rules that must be tried whatever the guards say, plan by plan.
    var unguarded: [UInt64] = []
    var entries: [RuleEntry] = []
    var guards: [Guard] = []
    /// For each guard and index entry, where its rules begin in `guardEntries`.
    var guardOffsets: [UInt32] = []
    var guardEntries: [UInt32] = []
    /// Rules with this number and above are events of correlations.
    var firstStep = 0
    /// The most words that a plan's bits take.
    var candidateWords = 0
}

/// How a slot's value is made.
struct SlotCode: Sendable {
    enum Kind: Sendable {
        /// Reads `references[first]`.
        case field
        /// `literals[first]`.
        case constant
        /// A list of the argument slots.
        case list
        case toLower, toUpper, decodeBase64, baseName, length, join, concat, getopt
    }
    let kind: Kind
    /// An index as the kind says; for `getopt` the selector, or -1.
    var first: Int32 = 0
    var argumentStart: Int32 = 0
    var argumentCount: Int32 = 0
}

/// A comparison.
struct TestCode: Sendable {
    enum Kind: UInt8, Sendable {
        case exists, never
        /// Entry `second`...`third` of index `first`.
        case entry
        /// Bit `second` in the row of index `first`.
        case row
        /// Literal `first`; order `second`.
        case textOrder
        /// Literal `first`.
        case contains, containsIgnoringCase, glob, globIgnoringCase
        /// Regex or path tree `first`.
        case regex, pathPrefix
        /// Number `first`; order `second`.
        case signedOrder, unsignedOrder, doubleOrder
        /// Unsigned number `first`, signed one behind it; order `second`.
        case nativeOrder
        /// `second` numbers, addresses, networks from `first`.
        case doubleIn, addressIn, networkContains
        /// Slot `first`, operator `second`; `third` is 1 when the slot holds a list.
        case field
        /// `second` tests from `first`, modifier `third`.
        case modified
    }
    let kind: Kind
    let quantifier: Quantifier
    let isNegated: Bool
    /// Whether looking up the remembered result is cheaper than finding it again.
    let isMemoised: Bool
    let slot: Int32
    var first: Int32 = 0
    var second: Int32 = 0
    var third: Int32 = 0
}

/// A test or shared sub-condition, and where to go on with each result.
struct Instruction: Sendable {
    /// The index of a test; with `sharedBit` that of a shared sub-condition.
    let operand: UInt32
    let onTrue: Int32
    let onFalse: Int32

    static let sharedBit: UInt32 = 1 << 31
    /// Jump targets that end the code.
    static let accept: Int32 = -1
    static let reject: Int32 = -2
}

/// A look-up table over one slot's values. It maps a value to an entry: 0 for a missing value, 1 for one that no test
/// names, else the entry of a constant.
struct ValueIndex: Sendable {
    enum Kind: Sendable {
        /// Values equal to a constant, by hash.
        case text, number
        /// The longest constant that the value begins or ends with; entries are numbered so that those of the constants
        /// that continue it follow it directly.
        case prefix, suffix
    }
    let kind: Kind
    let slot: Int32
    var bucketStart = 0
    var bucketMask = 0
    var rootNode = 0
    var rowStart = 0
    var rowWords = 0
    var entryCount = 2

    static let missing: UInt32 = 0
    static let unknown: UInt32 = 1
}

/// A bucket of an index by hash; entry 0 is empty.
struct Bucket: Sendable {
    var entry: UInt32 = 0
    /// The literal, or for numbers the value itself.
    var literal: Int32 = 0
    var key: UInt64 = 0
}

/// A node of a trie.
struct TrieNode: Sendable {
    var firstEdge: Int32 = 0
    var edgeCount: Int32 = 0
    /// The entry of the longest constant that ends here or before; 1 for none.
    var entry: UInt32 = ValueIndex.unknown
}

/// An edge of a trie; the edges of a node are sorted by byte.
struct TrieEdge: Sendable {
    let byte: UInt8
    let target: Int32
}

/// The rules for an event type.
struct Plan: Sendable {
    var entryStart = 0
    var entryCount = 0
    var unguardedStart = 0
    var words = 0
    var guardStart = 0
    var guardCount = 0
    /// Whether events of correlations are among the entries, behind all others.
    var hasSteps = false
}

/// A rule in a plan: its index and where its code begins.
struct RuleEntry: Sendable, Hashable {
    let rule: Int32
    let code: Int32
}

/// An index whose entries tell which rules of a plan can match.
struct Guard: Sendable {
    let index: Int32
    let offsetStart: Int32
}
