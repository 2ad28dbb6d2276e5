import EventModel
import RuleLanguage

/// Which operators apply to which types of fields.
enum OperatorTable {
    private static let equality: Set<ComparisonOperator> = [.equal, .notEqual, .in, .intersects, .exists]
    private static let ordered = equality.union([.less, .lessOrEqual, .greater, .greaterOrEqual])
    private static let text = ordered.union([
        .contains, .icontains, .startswith, .endswith, .glob, .iglob, .regex, .pmatch,
    ])
    private static let bytes = equality.union([.contains, .startswith, .endswith, .bcontains, .bstartswith])
    private static let list: Set<ComparisonOperator> = [.in, .intersects, .exists]
    private static let modifiable: Set<ComparisonOperator> = [
        .equal, .notEqual, .glob, .iglob, .contains, .icontains, .bcontains, .startswith, .bstartswith, .endswith,
        .regex,
    ]

    /// The operators of a type.
    static func operators(of shape: ValueShape) -> Set<ComparisonOperator> {
        if shape.isList { return list }
        switch shape.category {
        case .signed, .unsigned, .double: return ordered
        case .bool, .address, .network: return equality
        case .text: return text
        case .bytes: return bytes
        }
    }

    /// Checks a comparison's operator and modifier against its left side.
    static func check(_ comparison: Comparison, _ left: OperandCompiler.Typed) throws(ConditionError) {
        let allowed = operators(of: left.shape)
        guard allowed.contains(comparison.comparator) else {
            let order = ComparisonOperator.allCases.filter(allowed.contains).map(\.rawValue)
            let what = left.shape.isList ? "list" : left.shape.category.name
            throw ConditionError(
                "operator '\(comparison.comparator.rawValue)' not supported for type \(what)", at: comparison.range,
                suggestion: "operators for it are \(order.joined(separator: " "))"
            )
        }
        guard let modifier = comparison.modifier else { return }
        guard modifiable.contains(comparison.comparator) else {
            throw ConditionError(
                "operator '\(comparison.comparator.rawValue)' takes no '\(modifier.rawValue)'", at: comparison.range
            )
        }
    }
}
