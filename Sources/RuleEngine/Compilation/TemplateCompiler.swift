import EventModel
import RuleLanguage

/// Checks and types output templates.
struct TemplateCompiler {
    let operands: OperandCompiler
    let subject: CompileProblem.Subject
    /// The events that fields may be taken of, for a correlation.
    let steps: StepNames?
    private(set) var problems: [CompileProblem] = []

    init(operands: OperandCompiler, subject: CompileProblem.Subject, steps: StepNames? = nil) {
        self.operands = operands
        self.subject = subject
        self.steps = steps
    }

    /// Times of day are text in a line and nanoseconds in JSON.
    private static let eventTimes: Set<String> = [
        "evt.time", "evt.time.s", "evt.time.iso8601", "evt.datetime", "evt.datetime.s", "evt.outputtime",
    ]

    /// Types a template; what is wrong with it goes to `problems`.
    mutating func compile(_ text: String) -> CompiledTemplate {
        let (template, found) = OutputTemplateParser.parse(text, fields: steps?.fields ?? operands.resolver.names)
        for problem in found {
            add(
                ConditionError(
                    problem.message, at: problem.range, suggestion: problem.suggestion, isUnknownFilter: true))
        }
        var compiled = CompiledTemplate()
        var keys: Set<String> = []
        for piece in template.pieces {
            switch piece {
            case .text(let bytes): compiled.pieces.append(.text(bytes))
            case .value(let operand, let width):
                do throws(ConditionError) {
                    compiled.pieces.append(.value(try value(of: operand), width: width))
                    for field in Self.fields(of: operand) where keys.insert(Self.key(field)).inserted {
                        compiled.fields.append((Self.key(field), try value(of: .field(field))))
                    }
                } catch {
                    add(error)
                }
            }
        }
        return compiled
    }

    /// Types a bare field for an extra output field that keeps its type.
    mutating func compileRaw(_ text: String) -> CompiledValue? {
        let (template, found) = OutputTemplateParser.parse(
            text.hasPrefix("%") ? text : "%" + text, fields: operands.resolver.names
        )
        for problem in found {
            add(
                ConditionError(
                    problem.message, at: problem.range, suggestion: problem.suggestion, isUnknownFilter: true))
        }
        guard found.isEmpty else { return nil }
        guard template.pieces.count == 1, case .value(let operand, nil) = template.pieces[0] else {
            add(ConditionError("expected a single field, found '\(text)'", at: TextRange(0, text.utf8.count)))
            return nil
        }
        do throws(ConditionError) {
            return try value(of: operand)
        } catch {
            add(error)
            return nil
        }
    }

    private func value(of written: Operand) throws(ConditionError) -> CompiledValue {
        var operand = written
        var step: Int?
        if let steps { (operand, step) = try steps.parted(written) }
        let typed = try operands.compile(operand, .output)
        var expression = typed.expression
        // Without an index, proc.apid prints the process's own id; the other ancestor fields print all ancestors.
        if typed.fieldName == "proc.apid", case .field(let reference) = expression, reference.argument == .none {
            expression = .field(FieldReference(reference.field, .index(0)))
        }
        return CompiledValue(
            expression: expression, shape: typed.shape, rendering: typed.rendering, isUnprintable: typed.isUnprintable,
            isEventTime: typed.fieldName.map(Self.eventTimes.contains) ?? false && step == nil, step: step,
            fact: typed.fieldName.flatMap(AlertFact.init(rawValue:))
        )
    }

    private mutating func add(_ error: ConditionError) {
        var problem = CompileProblem(
            code: .errCompileOutput, message: error.message, range: error.range, suggestion: error.suggestion,
            subject: subject
        )
        problem.isUnknownFilter = error.isUnknownFilter
        problems.append(problem)
    }

    /// The fields that an operand reads, as written.
    private static func fields(of operand: Operand) -> [FieldExpression] {
        switch operand {
        case .field(let field): [field]
        case .transformer(let call): call.arguments.flatMap(fields(of:))
        }
    }

    private static func fields(of argument: TransformerArgument) -> [FieldExpression] {
        switch argument {
        case .operand(let operand): fields(of: operand)
        case .literal: []
        case .list(let list): list.flatMap(fields(of:))
        }
    }

    private static func key(_ field: FieldExpression) -> String {
        field.argument.map { "\(field.name)[\($0)]" } ?? field.name
    }
}
