/// What a condition mentions; each name once, sorted.
public struct ConditionSummary: Sendable, Hashable {
    /// Fields as written, arguments included (`proc.aname[2]`), also those in transformers and right sides.
    public private(set) var fields: [String]
    /// Comparison operators and modifiers.
    public private(set) var operators: [String]
    /// Names of macros.
    public private(set) var macros: [String]

    /// Walks a condition.
    public init(of condition: Condition) {
        var walk = Walk()
        walk.visit(condition)
        fields = walk.fields.sorted()
        operators = walk.operators.sorted()
        macros = walk.macros.sorted()
    }

    private struct Walk {
        var fields: Set<String> = []
        var operators: Set<String> = []
        var macros: Set<String> = []

        mutating func visit(_ condition: Condition) {
            switch condition {
            case .and(let operands), .or(let operands): for operand in operands { visit(operand) }
            case .not(let operand): visit(operand)
            case .macro(let name, _): macros.insert(name)
            case .comparison(let comparison):
                visit(comparison.left)
                operators.insert(comparison.comparator.rawValue)
                if let modifier = comparison.modifier { operators.insert(modifier.rawValue) }
                if case .operand(let operand) = comparison.right { visit(operand) }
            }
        }

        mutating func visit(_ operand: Operand) {
            switch operand {
            case .field(let field): fields.insert(field.text)
            case .transformer(let transformer): visit(transformer.arguments)
            }
        }

        private mutating func visit(_ arguments: [TransformerArgument]) {
            for argument in arguments {
                switch argument {
                case .operand(let operand): visit(operand)
                case .literal: break
                case .list(let elements): visit(elements)
                }
            }
        }
    }
}

extension FieldExpression {
    /// The field as users write it: name and argument.
    public var text: String { argument.map { "\(name)[\($0)]" } ?? name }
}

extension Operand {
    /// The fields that it reads, in order; more than one only for `join` and `concat`.
    public var fields: [FieldExpression] {
        switch self {
        case .field(let field): [field]
        case .transformer(let transformer): transformer.arguments.flatMap(\.fields)
        }
    }
}

extension TransformerArgument {
    /// The fields that it reads, in order.
    public var fields: [FieldExpression] {
        switch self {
        case .operand(let operand): operand.fields
        case .literal: []
        case .list(let elements): elements.flatMap(\.fields)
        }
    }
}
