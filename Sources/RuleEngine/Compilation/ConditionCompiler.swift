import EventModel
import RuleLanguage

/// Types a condition: finds its fields, checks its operators, converts its constants.
struct ConditionCompiler {
    /// How many comparisons a condition may have once its macros are in place; a few nested macros can make billions.
    static let maximumSize = 200_000
    /// How deep a condition may nest once its macros are in place.
    static let maximumDepth = 2_000

    private let operands: OperandCompiler
    private let comparisons: ComparisonCompiler
    private var size = 0
    /// What is wrong, in the order of the text.
    private(set) var errors: [ConditionError] = []

    private init(_ resolver: FieldResolver, _ converter: LiteralConverter, source: String) {
        operands = OperandCompiler(resolver: resolver, source: source)
        comparisons = ComparisonCompiler(operands: operands, converter: converter)
    }

    /// Types a condition; nil when there are errors.
    static func compile(
        _ condition: Condition, _ resolver: FieldResolver, _ converter: LiteralConverter, source: String
    ) -> (condition: TypedCondition?, errors: [ConditionError]) {
        var compiler = ConditionCompiler(resolver, converter, source: source)
        let typed = compiler.compile(condition, depth: 0)
        return (compiler.errors.isEmpty ? typed : nil, compiler.errors)
    }

    private mutating func compile(_ condition: Condition, depth: Int) -> TypedCondition {
        guard size <= Self.maximumSize, depth <= Self.maximumDepth else {
            if errors.last?.message != Self.tooLarge {
                errors.append(ConditionError(Self.tooLarge, at: Self.place(of: condition)))
            }
            return .constant(false)
        }
        switch condition {
        case .and(let parts): return .and(parts.map { compile($0, depth: depth + 1) })
        case .or(let parts): return .or(parts.map { compile($0, depth: depth + 1) })
        case .not(let part): return .not(compile(part, depth: depth + 1))
        case .macro(let name, let range):
            var error = ConditionError("undefined macro '\(name)'", at: range)
            error.isUndefinedMacro = true
            errors.append(error)
            return .constant(false)
        case .comparison(let comparison):
            size += 1
            do throws(ConditionError) {
                return try comparisons.compile(comparison)
            } catch {
                // A macro used twice would report twice.
                if !errors.contains(where: { $0.range == error.range && $0.message == error.message }) {
                    errors.append(error)
                }
                return .constant(false)
            }
        }
    }

    private static let tooLarge = """
        the condition is too large: at most \(maximumSize) comparisons, nested \(maximumDepth) deep, are allowed once \
        its macros are in place
        """

    private static func place(of condition: Condition) -> TextRange {
        var condition = condition
        while true {
            switch condition {
            case .comparison(let comparison): return comparison.range
            case .macro(_, let range): return range
            case .not(let part): condition = part
            case .and(let parts), .or(let parts):
                guard let first = parts.first else { return TextRange(0, 0) }
                condition = first
            }
        }
    }
}
