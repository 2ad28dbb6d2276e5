import EventModel
import RuleLanguage

/// The meaning of conditions written down as plainly as possible, to compare the engine with: walks the syntax tree on
/// text and numbers, remembers nothing, looks nothing up.
struct NaiveCondition {
    let event: TestEvent

    func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .and(let parts): return parts.allSatisfy(holds)
        case .or(let parts): return parts.contains(where: holds)
        case .not(let part): return !holds(part)
        case .macro: return false
        case .comparison(let comparison): return holds(comparison)
        }
    }

    private func holds(_ comparison: Comparison) -> Bool {
        guard case .field(let field) = comparison.left else { return false }
        let value = field.name == "evt.type" ? .text(event.type.name) : event.values[Self.key(field)] ?? .null
        switch value {
        case .null: return false
        case .list(let elements): return elements.contains { elementHolds($0, comparison) }
        default: return elementHolds(value, comparison)
        }
    }

    private static func key(_ field: FieldExpression) -> String {
        field.argument.map { "\(field.name)[\($0)]" } ?? field.name
    }

    private func elementHolds(_ value: TestValue, _ comparison: Comparison) -> Bool {
        switch comparison.right {
        case .none: return true
        case .literal(let literal): return compares(value, comparison.comparator, literal.text)
        case .operand: return false
        case .list(let literals):
            let count = literals.count { literal in
                switch comparison.comparator {
                case .in, .intersects: compares(value, .equal, literal.text)
                default: compares(value, comparison.comparator, literal.text)
                }
            }
            switch comparison.modifier {
            case nil, .anyof: return count > 0
            case .allof: return !literals.isEmpty && count == literals.count
            case .oneof: return count == 1
            }
        }
    }

    private func compares(_ value: TestValue, _ comparator: ComparisonOperator, _ literal: String) -> Bool {
        switch value {
        case .text(let text): return textCompares(text, comparator, literal)
        case .signed(let number): return ordered(number, comparator, Int64(literal) ?? 0)
        case .unsigned(let number): return ordered(number, comparator, UInt64(literal) ?? 0)
        case .bool(let bool): return (comparator == .notEqual) != (bool == (literal == "true"))
        default: return false
        }
    }

    private func textCompares(_ text: String, _ comparator: ComparisonOperator, _ literal: String) -> Bool {
        switch comparator {
        case .contains: literal.isEmpty || text.contains(literal)
        case .icontains: literal.isEmpty || text.lowercased().contains(literal.lowercased())
        case .startswith: text.hasPrefix(literal) || literal.isEmpty
        case .endswith: text.hasSuffix(literal) || literal.isEmpty
        case .pmatch: Self.components(text).starts(with: Self.components(literal))
        default: ordered(text, comparator, literal)
        }
    }

    private static func components(_ path: String) -> [Substring] { path.split(separator: "/") }

    private func ordered<Value: Comparable>(_ left: Value, _ comparator: ComparisonOperator, _ right: Value) -> Bool {
        switch comparator {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        default: false
        }
    }
}
