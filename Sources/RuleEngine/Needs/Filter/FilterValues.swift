import EventModel

/// What of an event a filter looks at.
enum FilterDimension: Sendable, Hashable, Comparable {
    case outcome, access, scope, user, family, port, address, command, executable, file, name
    /// An argument of the call, by its position.
    case argument(Int)
}

/// What the values of a dimension must be.
enum FilterValues: Sendable, Hashable {
    case numbers(NumberNeed)
    case text(TextNeed)
    case networks(NetworkNeed)
    case bits(BitNeed)

    /// What satisfies both; nil when nothing does.
    func and(_ other: FilterValues) -> FilterValues? {
        switch (self, other) {
        case (.numbers(let mine), .numbers(let others)): mine.and(others).map { .numbers($0) }
        case (.text(let mine), .text(let others)): mine.and(others).map { .text($0) }
        case (.networks(let mine), .networks(let others)): .networks(mine.and(others))
        case (.bits(let mine), .bits(let others)): .bits(mine.tests.count <= others.tests.count ? mine : others)
        default: self
        }
    }

    /// What satisfies either; nil when anything may.
    func or(_ other: FilterValues) -> FilterValues? {
        switch (self, other) {
        case (.numbers(let mine), .numbers(let others)): mine.or(others).map { .numbers($0) }
        case (.text(let mine), .text(let others)): mine.or(others).map { .text($0) }
        case (.networks(let mine), .networks(let others)): mine.or(others).map { .networks($0) }
        case (.bits(let mine), .bits(let others)): .bits(BitNeed(tests: mine.tests.union(others.tests)))
        default: nil
        }
    }

    /// Whether `or` of the two lets through nothing that neither does.
    func joinsExactly(_ other: FilterValues) -> Bool {
        switch (self, other) {
        case (.numbers, .numbers), (.bits, .bits): true
        case (.text(let mine), .text(let others)): mine.joinsExactly(others)
        case (.networks(let mine), .networks(let others)):
            mine.excluded == others.excluded && (mine.included == nil) == (others.included == nil)
        default: false
        }
    }

    /// Whether what satisfies the other surely satisfies this.
    func covers(_ other: FilterValues) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.numbers(let mine), .numbers(let others)): return mine.covers(others)
        case (.text(let mine), .text(let others)): return mine.covers(others)
        case (.networks(let mine), .networks(let others)): return mine.covers(others)
        case (.bits(let mine), .bits(let others)): return others.tests.isSubset(of: mine.tests)
        default: return false
        }
    }
}

/// What a number must be.
struct NumberNeed: Sendable, Hashable {
    /// The numbers named.
    var numbers: Set<UInt64>
    /// Whether all others are meant.
    var isComplement = false
    /// Whether an event that has no such number can match, too.
    var allowsMissing = false

    func admits(_ number: UInt64) -> Bool { numbers.contains(number) != isComplement }

    func and(_ other: NumberNeed) -> NumberNeed? {
        var result = self
        result.allowsMissing = allowsMissing && other.allowsMissing
        switch (isComplement, other.isComplement) {
        case (true, true): result.numbers.formUnion(other.numbers)
        case (false, _): result.numbers = numbers.filter(other.admits)
        case (true, false):
            result.numbers = other.numbers.filter(admits)
            result.isComplement = false
        }
        return result.numbers.isEmpty && !result.isComplement && !result.allowsMissing ? nil : result
    }

    func or(_ other: NumberNeed) -> NumberNeed? {
        var result = self
        result.allowsMissing = allowsMissing || other.allowsMissing
        switch (isComplement, other.isComplement) {
        case (false, false): result.numbers.formUnion(other.numbers)
        case (true, _): result.numbers = numbers.filter { !other.admits($0) }
        case (false, true):
            result.numbers = other.numbers.filter { !admits($0) }
            result.isComplement = true
        }
        return result.isComplement && result.numbers.isEmpty ? nil : result
    }

    func covers(_ other: NumberNeed) -> Bool {
        guard allowsMissing || !other.allowsMissing else { return false }
        switch (isComplement, other.isComplement) {
        case (_, false): return other.numbers.allSatisfy(admits)
        case (true, true): return numbers.isSubset(of: other.numbers)
        case (false, true): return false
        }
    }
}

/// In which networks an address must lie, and in which it must not.
struct NetworkNeed: Sendable, Hashable {
    /// The networks of which one must have the address; nil: any address will do.
    var included: Set<IPNetwork>?
    /// The networks that must not have it.
    var excluded: Set<IPNetwork> = []

    func and(_ other: NetworkNeed) -> NetworkNeed {
        var result = self
        result.excluded.formUnion(other.excluded)
        if let others = other.included, others.count < included?.count ?? .max { result.included = others }
        return result
    }

    func or(_ other: NetworkNeed) -> NetworkNeed? {
        var result = NetworkNeed(included: nil, excluded: excluded.intersection(other.excluded))
        if let mine = included, let others = other.included { result.included = mine.union(others) }
        return result.included == nil && result.excluded.isEmpty ? nil : result
    }

    func covers(_ other: NetworkNeed) -> Bool {
        guard excluded.isSubset(of: other.excluded) else { return false }
        guard let included else { return true }
        return other.included?.isSubset(of: included) ?? false
    }
}

/// Bits of which an argument must have some.
struct BitNeed: Sendable, Hashable {
    /// `argument & mask == bits`.
    struct Test: Sendable, Hashable {
        let mask: UInt64
        let bits: UInt64
    }

    /// The tests of which one must hold.
    var tests: Set<Test>
}

/// A conjunction of conditions on the dimensions of an event of one type, each necessary for a match.
struct FilterNeed: Sendable, Hashable {
    /// What is asked for; a dimension that isn't here may have any value.
    var conditions: [FilterDimension: FilterValues] = [:]

    /// What every event satisfies.
    static let any = FilterNeed()

    init(_ conditions: [FilterDimension: FilterValues] = [:]) { self.conditions = conditions }

    /// What an event satisfies that satisfies both; nil when none does.
    func and(_ other: FilterNeed) -> FilterNeed? {
        var result = self
        for (dimension, values) in other.conditions {
            guard let mine = conditions[dimension] else {
                result.conditions[dimension] = values
                continue
            }
            guard let both = mine.and(values) else { return nil }
            result.conditions[dimension] = both
        }
        return result
    }

    /// A need that each event satisfies that satisfies either.
    func or(_ other: FilterNeed) -> FilterNeed {
        var result = FilterNeed()
        for (dimension, values) in conditions {
            guard let others = other.conditions[dimension], let either = values.or(others) else { continue }
            result.conditions[dimension] = either
        }
        return result
    }

    /// Whether every event that satisfies the other need surely satisfies this one.
    func covers(_ other: FilterNeed) -> Bool {
        conditions.allSatisfy { dimension, values in other.conditions[dimension].map(values.covers) ?? false }
    }
}
