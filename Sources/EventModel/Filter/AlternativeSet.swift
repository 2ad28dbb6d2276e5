/// A set of the alternatives of an event type's filter: 256 bits, in the order in which a kernel's map holds them (alternative 0 is
/// the lowest bit of the first word).
public struct AlternativeSet: Sendable, Hashable {
    /// How many alternatives there can be.
    public static let capacity = 256

    /// The bits.
    public var words: SIMD4<UInt64>

    /// A set from its bits.
    public init(words: SIMD4<UInt64>) { self.words = words }

    /// The empty set.
    public init() { words = SIMD4() }

    /// The first alternatives, as many as `count`, at most `capacity`.
    public init(first count: Int) {
        self.init()
        for index in 0..<min(max(count, 0), Self.capacity) { insert(index) }
    }

    /// All that there can be.
    public static let all = AlternativeSet(words: SIMD4(repeating: .max))

    /// Whether there is none.
    @inlinable public var isEmpty: Bool { words == SIMD4() }

    /// How many there are.
    public var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

    /// Whether an alternative, below `capacity`, is in the set.
    public func contains(_ index: Int) -> Bool {
        guard index >= 0, index < Self.capacity else { return false }
        return words[index >> 6] >> UInt64(index & 63) & 1 == 1
    }

    /// Adds an alternative; one that is not below `capacity` is ignored.
    public mutating func insert(_ index: Int) {
        guard index >= 0, index < Self.capacity else { return }
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    /// Takes an alternative out.
    public mutating func remove(_ index: Int) {
        guard index >= 0, index < Self.capacity else { return }
        words[index >> 6] &= ~(1 << UInt64(index & 63))
    }

    /// Those in either set.
    @inlinable public func union(_ other: AlternativeSet) -> AlternativeSet {
        AlternativeSet(words: words | other.words)
    }
    /// Those in both sets.
    @inlinable public func intersection(_ other: AlternativeSet) -> AlternativeSet {
        AlternativeSet(words: words & other.words)
    }
    /// Those that are not in the other set.
    @inlinable public func subtracting(_ other: AlternativeSet) -> AlternativeSet {
        AlternativeSet(words: words & ~other.words)
    }
    /// Adds those of another set.
    @inlinable public mutating func formUnion(_ other: AlternativeSet) { words |= other.words }
    /// Keeps those that are in another set too.
    @inlinable public mutating func formIntersection(_ other: AlternativeSet) { words &= other.words }

    /// The alternatives, ascending.
    public var indices: [Int] { (0..<Self.capacity).filter(contains) }
}
