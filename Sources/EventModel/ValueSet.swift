/// The values that a field may have for an event to match: those named, or all but those.
public struct ValueSet: Sendable, Hashable {
    /// What is named.
    public enum Values: Sendable, Hashable {
        /// Texts that are one of `exact`, or begin with one of `prefixes`, or end with one of `suffixes`.
        case texts(exact: Set<String>, prefixes: Set<String>, suffixes: Set<String>)
        /// Numbers and bools by their 64 bits.
        case numbers(Set<UInt64>)
    }

    /// What is named.
    public var values: Values
    /// Whether all values but the named ones are meant.
    public var isComplement: Bool

    /// Beyond this many values a set is not worth a filter, and too slow to calculate with.
    static let maximumCount = 256

    /// The values named, or all others.
    public init(_ values: Values, isComplement: Bool = false) {
        self.values = values
        self.isComplement = isComplement
    }

    /// These texts.
    public static func texts(_ exact: Set<String>) -> ValueSet {
        ValueSet(.texts(exact: exact, prefixes: [], suffixes: []))
    }

    /// These numbers.
    public static func numbers(_ numbers: Set<UInt64>) -> ValueSet { ValueSet(.numbers(numbers)) }

    /// All other values.
    public var complement: ValueSet { ValueSet(values, isComplement: !isComplement) }

    /// Whether no value is in the set.
    public var isEmpty: Bool { !isComplement && values.count == 0 }

    /// Whether a text is in the set.
    public func contains(_ text: String) -> Bool { values.names(text) != isComplement }

    /// Whether a number is in the set.
    public func contains(_ number: UInt64) -> Bool {
        guard case .numbers(let numbers) = values else { return isComplement }
        return numbers.contains(number) != isComplement
    }
}

extension ValueSet.Values {
    /// How many values and patterns are named.
    public var count: Int {
        switch self {
        case .texts(let exact, let prefixes, let suffixes): exact.count + prefixes.count + suffixes.count
        case .numbers(let numbers): numbers.count
        }
    }

    fileprivate func names(_ text: String) -> Bool {
        guard case .texts(let exact, let prefixes, let suffixes) = self else { return false }
        return exact.contains(text) || prefixes.contains { text.utf8.starts(with: $0.utf8) }
            || suffixes.contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }

    /// Whether there are no patterns, so that the values can be counted.
    fileprivate var isExact: Bool {
        guard case .texts(_, let prefixes, let suffixes) = self else { return true }
        return prefixes.isEmpty && suffixes.isEmpty
    }

    /// What either names; nil for values of different kinds.
    fileprivate func union(_ other: Self) -> Self? {
        switch (self, other) {
        case (.texts(let exact, let prefixes, let suffixes), .texts(let exact2, let prefixes2, let suffixes2)):
            .texts(
                exact: exact.union(exact2), prefixes: prefixes.union(prefixes2), suffixes: suffixes.union(suffixes2)
            )
        case (.numbers(let numbers), .numbers(let others)): .numbers(numbers.union(others))
        default: nil
        }
    }

    /// What both name in the same way: no more than what both name.
    fileprivate func common(_ other: Self) -> Self? {
        switch (self, other) {
        case (.texts(let exact, let prefixes, let suffixes), .texts(let exact2, let prefixes2, let suffixes2)):
            .texts(
                exact: exact.filter { other.names($0) }.union(exact2.filter { names($0) }),
                prefixes: prefixes.intersection(prefixes2), suffixes: suffixes.intersection(suffixes2)
            )
        case (.numbers(let numbers), .numbers(let others)): .numbers(numbers.intersection(others))
        default: nil
        }
    }

    /// The values without those that another names; patterns stay.
    fileprivate func subtracting(_ other: Self) -> Self {
        switch self {
        case .texts(let exact, let prefixes, let suffixes):
            return .texts(exact: exact.filter { !other.names($0) }, prefixes: prefixes, suffixes: suffixes)
        case .numbers(let numbers):
            guard case .numbers(let others) = other else { return self }
            return .numbers(numbers.subtracting(others))
        }
    }
}

extension ValueSet {
    /// A set that holds every value that is in both; it may hold more.
    package func intersection(_ other: ValueSet) -> ValueSet {
        switch (isComplement, other.isComplement) {
        case (false, false):
            guard values.isExact || other.values.isExact, let common = values.common(other.values) else {
                return values.count <= other.values.count ? self : other
            }
            return ValueSet(common)
        case (true, true): return values.union(other.values).map { ValueSet($0, isComplement: true) } ?? self
        case (false, true): return ValueSet(values.subtracting(other.values))
        case (true, false): return ValueSet(other.values.subtracting(values))
        }
    }

    /// A set that holds every value that is in either; it may hold more. Nil when that is not worth asking for.
    func union(_ other: ValueSet) -> ValueSet? {
        let result: ValueSet?
        switch (isComplement, other.isComplement) {
        case (false, false): result = values.union(other.values).map { ValueSet($0) }
        case (true, true): result = values.common(other.values).map { ValueSet($0, isComplement: true) }
        case (true, false):
            result = values.isExact ? ValueSet(values.subtracting(other.values), isComplement: true) : nil
        case (false, true): return other.union(self)
        }
        guard let result, result.values.count <= Self.maximumCount, !(result.isComplement && result.values.count == 0)
        else { return nil }
        return result
    }

    /// Whether every value of another set is surely in this one.
    func covers(_ other: ValueSet) -> Bool {
        if self == other { return true }
        switch (isComplement, other.isComplement) {
        case (false, false): return values.union(other.values) == values
        case (true, true): return other.values.union(values) == other.values
        case (true, false): return other.values.isExact && values.isExact && values.common(other.values)?.count == 0
        case (false, true): return false
        }
    }
}
