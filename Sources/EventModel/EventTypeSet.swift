/// A set of event types as a bit set.
public struct EventTypeSet: Sendable, Hashable {
    private var words: [UInt64]

    /// The empty set.
    public init() { words = Array(repeating: 0, count: (EventType.count + 63) / 64) }

    /// The set of these types.
    public init(_ types: some Sequence<EventType>) {
        self.init()
        for type in types { insert(type) }
    }

    /// Every event type.
    public static let all = EventTypeSet(EventType.all)

    /// Adds one type.
    public mutating func insert(_ type: EventType) { words[Int(type.index) >> 6] |= 1 << UInt64(type.index & 63) }

    /// Whether the type is in the set.
    public func contains(_ type: EventType) -> Bool { words[Int(type.index) >> 6] >> UInt64(type.index & 63) & 1 == 1 }

    /// The types that are in both.
    public func intersection(_ other: EventTypeSet) -> EventTypeSet { combined(other, &) }

    /// The types that are in either.
    public func union(_ other: EventTypeSet) -> EventTypeSet { combined(other, |) }

    /// The types that are not in the set.
    public var complement: EventTypeSet {
        var result = EventTypeSet.all
        for index in words.indices { result.words[index] &= ~words[index] }
        return result
    }

    /// How many types are in the set.
    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether the set is empty.
    public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The members in table order.
    public var types: [EventType] { EventType.all.filter(contains) }

    private func combined(_ other: EventTypeSet, _ operation: (UInt64, UInt64) -> UInt64) -> EventTypeSet {
        var result = self
        for index in words.indices { result.words[index] = operation(words[index], other.words[index]) }
        return result
    }
}
