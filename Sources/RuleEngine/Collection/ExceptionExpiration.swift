public import RuleLanguage

/// That an exception holds for events before a point in time only: one of its comparisons is `evt.rawtime < NANOSECONDS`.
public struct ExceptionExpiration: Sendable, Equatable {
    /// The rule.
    public var rule: String
    /// The exception of that rule.
    public var exception: String
    /// When its last value ends to hold, nanoseconds since the epoch.
    public var timeNanoseconds: UInt64

    /// Those of a rule's exceptions, in order.
    public static func of(_ rule: ResolvedRule) -> [ExceptionExpiration] {
        guard !rule.activeExceptions.isEmpty, case .and(let parts) = rule.condition,
            parts.count > rule.activeExceptions.count
        else { return [] }
        return zip(rule.activeExceptions, parts.suffix(rule.activeExceptions.count)).compactMap { name, part in
            last(in: part).map { ExceptionExpiration(rule: rule.name, exception: name, timeNanoseconds: $0) }
        }
    }

    /// The last point in time that a condition names as an end.
    private static func last(in condition: Condition) -> UInt64? {
        switch condition {
        case .and(let parts), .or(let parts): parts.compactMap(last(in:)).max()
        case .not(let inner): last(in: inner)
        case .macro: nil
        case .comparison(let comparison): end(in: comparison)
        }
    }

    private static func end(in comparison: Comparison) -> UInt64? {
        guard comparison.comparator == .less || comparison.comparator == .lessOrEqual,
            case .field(let field) = comparison.left, field.name == "evt.rawtime",
            case .literal(let literal) = comparison.right
        else { return nil }
        return UInt64(String(decoding: literal.bytes, as: UTF8.self))
    }
}
