import EventModel

/// A condition after type checking: fields found, literals converted, modifiers spelled out.
indirect enum TypedCondition: Sendable, Hashable {
    case constant(Bool)
    /// The event's type is one of these; decided without looking at the event.
    case typeIn(EventTypeSet)
    case test(Test)
    case not(TypedCondition)
    case and([TypedCondition])
    case or([TypedCondition])
    /// Exactly one holds (`oneof`); a repeated one counts each time.
    case exactlyOne([TypedCondition])

    /// Visits every test.
    func forEachTest(_ body: (Test) -> Void) {
        switch self {
        case .constant, .typeIn: return
        case .test(let test): body(test)
        case .not(let operand): operand.forEachTest(body)
        case .and(let operands), .or(let operands), .exactlyOne(let operands):
            for operand in operands { operand.forEachTest(body) }
        }
    }

    /// Visits every set of event types.
    func forEachTypeSet(_ body: (EventTypeSet) -> Void) {
        switch self {
        case .constant, .test: return
        case .typeIn(let set): body(set)
        case .not(let operand): operand.forEachTypeSet(body)
        case .and(let operands), .or(let operands), .exactlyOne(let operands):
            for operand in operands { operand.forEachTypeSet(body) }
        }
    }
}

/// One comparison, typed. Equal tests are evaluated once per event.
struct Test: Sendable, Hashable {
    /// What is read.
    var left: Expression
    /// How the elements of a value that is a list are combined.
    var quantifier: Quantifier
    /// Whether the operation must not hold (`!=`). A missing value fails the test all the same.
    var isNegated = false
    /// What a single value must satisfy.
    var operation: Operation
}

/// How the elements of a list are combined.
enum Quantifier: UInt8, Sendable, Hashable {
    /// The value is no list.
    case scalar
    /// At least one element satisfies the operation.
    case any
    /// All do; also true of an empty list.
    case all
    /// All do, and there is at least one.
    case allOfSome
}

/// What a single value must satisfy.
indirect enum Operation: Sendable, Hashable {
    /// Is there at all.
    case exists
    /// Never holds (comparisons that Falco accepts and never matches).
    case never
    /// Text or bytes equal to one of these; sorted, each once.
    case textIn([[UInt8]])
    case textOrder(Order, [UInt8])
    case prefix([UInt8])
    case suffix([UInt8])
    case contains([UInt8])
    /// The literal is in lower case.
    case containsIgnoringCase([UInt8])
    case glob([UInt8], ignoresCase: Bool)
    case regex(RegularExpression)
    case pathPrefix(PathPrefixTree)
    /// A number or bool whose 64 bits equal one of these; sorted, each once.
    case numberIn([UInt64])
    case numberOrder(Order, UInt64, isSigned: Bool)
    /// For an argument that is signed in some events and unsigned in others: the bound in either form.
    case nativeOrder(Order, unsigned: UInt64, signed: Int64)
    case doubleIn([Double])
    case doubleOrder(Order, Double)
    case addressIn([IPAddress])
    case networkContains([IPNetwork])
    /// Compared with another field or transformer call.
    case field(ComparisonOperatorCode, Expression, rightIsList: Bool)
    /// A modifier over several operations, where elements of a list must be judged one by one.
    case modified(ModifierCode, [Operation])
}

/// The orderings.
enum Order: UInt8, Sendable, Hashable {
    case less, lessOrEqual, greater, greaterOrEqual

    /// Whether values that compare so (negative: left is less) are in this order.
    func holds(_ comparison: Int) -> Bool {
        switch self {
        case .less: comparison < 0
        case .lessOrEqual: comparison <= 0
        case .greater: comparison > 0
        case .greaterOrEqual: comparison >= 0
        }
    }
}

/// Quantifies an operation over right-hand values.
enum ModifierCode: UInt8, Sendable, Hashable { case oneOf, anyOf, allOf }

/// The operators of field-to-field comparisons.
enum ComparisonOperatorCode: UInt8, Sendable, Hashable {
    case equal, less, lessOrEqual, greater, greaterOrEqual
    case contains, containsIgnoringCase, prefix, suffix, glob, globIgnoringCase

    /// The ordering, if it is one.
    var order: Order? {
        switch self {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }
}
