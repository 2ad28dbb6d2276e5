import EventModel
import SeededRandom

@testable import RuleEngine

/// Guesses values of fields with which a condition holds: random ones seldom meet any.
struct ConditionSatisfier {
    let catalogue: FieldCatalogue
    var random: SeededGenerator
    /// What was asked for, by field as written.
    private(set) var wanted: [String: TestValue] = [:]

    init(catalogue: FieldCatalogue, random: SeededGenerator) {
        self.catalogue = catalogue
        self.random = random
    }

    mutating func satisfy(_ condition: TypedCondition, _ type: EventType, holds: Bool = true) {
        switch condition {
        case .constant, .typeIn: return
        case .test(let test): satisfy(test, holds)
        case .not(let part): satisfy(part, type, holds: !holds)
        case .and(let parts): satisfy(parts, type, holds, all: holds)
        case .or(let parts): satisfy(parts, type, holds, all: !holds)
        case .exactlyOne(let parts): satisfy(parts, type, holds, all: false)
        }
    }

    private mutating func satisfy(_ parts: [TypedCondition], _ type: EventType, _ holds: Bool, all: Bool) {
        if all {
            // Exceptions first, then what the rule is about.
            for part in parts.reversed() { satisfy(part, type, holds: holds) }
        } else if let part = parts.filter({ can($0, type, holds) }).randomElement(using: &random) {
            satisfy(part, type, holds: holds)
        }
    }

    /// Whether the event's type allows the condition to hold.
    private func can(_ condition: TypedCondition, _ type: EventType, _ holds: Bool) -> Bool {
        switch condition {
        case .constant(let value): return value == holds
        case .typeIn(let set): return set.contains(type) == holds
        case .test: return true
        case .not(let part): return can(part, type, !holds)
        case .and(let parts):
            return holds ? parts.allSatisfy { can($0, type, true) } : parts.contains { can($0, type, false) }
        case .or(let parts):
            return holds ? parts.contains { can($0, type, true) } : parts.allSatisfy { can($0, type, false) }
        case .exactlyOne: return true
        }
    }

    private mutating func satisfy(_ test: Test, _ holds: Bool) {
        guard let reference = test.left.references.first else { return }
        let key = reference.text(in: catalogue)
        // What isn't asked for is seldom so by itself.
        guard holds != test.isNegated else {
            if wanted[key] == nil, random.chance(20) { wanted[key] = .null }
            return
        }
        if case .field(_, let right, _) = test.operation {
            guard let other = right.references.first else { return }
            wanted[key] = wanted[other.text(in: catalogue)] ?? "same"
            wanted[other.text(in: catalogue)] = wanted[key]
            return
        }
        guard var value = value(for: test.operation, catalogue[reference.field].type) else { return }
        let flags = catalogue[reference.field].flags
        if flags.contains(.anyElement) && reference.argument == .none { value = .list([value, "systemd"]) }
        if flags.contains(.list) { value = .list([value]) }
        wanted[key] = value
    }

    private mutating func value(for operation: Operation, _ type: FieldType) -> TestValue? {
        func text(_ bytes: [UInt8]) -> TestValue {
            type == .bytes ? .bytes(bytes) : .text(String(decoding: bytes, as: UTF8.self))
        }
        switch operation {
        case .exists: return text(Array("x".utf8))
        case .textIn(let texts): return texts.randomElement(using: &random).map(text)
        case .prefix(let prefix): return text(prefix + Array(random.pick(["", "x", "sub/x"]).utf8))
        case .suffix(let suffix): return text(Array(random.pick(["", "x", "/etc/x"]).utf8) + suffix)
        case .contains(let part), .containsIgnoringCase(let part):
            return text(Array(random.pick(["", "/etc/"]).utf8) + part + Array(random.pick(["", "y"]).utf8))
        case .glob(let pattern, _):
            return text(pattern.map { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") ? UInt8(ascii: "x") : $0 })
        case .pathPrefix(let tree):
            return tree.paths.randomElement(using: &random).map {
                text($0.map { $0 == UInt8(ascii: "*") ? UInt8(ascii: "x") : $0 } + Array(random.pick(["", "/x"]).utf8))
            }
        case .numberIn(let numbers): return numbers.randomElement(using: &random).map { number($0, type) }
        case .numberOrder(let order, let bits, _):
            let near: UInt64 =
                switch order {
                case .greater: bits &+ 1
                case .less: bits &- 1
                case .greaterOrEqual, .lessOrEqual: bits
                }
            return number(near, type)
        case .addressIn(let addresses): return addresses.randomElement(using: &random).map(Self.address)
        case .networkContains(let networks):
            return networks.randomElement(using: &random).map { Self.address($0.address) }
        case .modified(_, let operations):
            return operations.randomElement(using: &random).flatMap { value(for: $0, type) }
        case .never, .textOrder, .regex, .nativeOrder, .doubleIn, .doubleOrder, .field: return nil
        }
    }

    private func number(_ bits: UInt64, _ type: FieldType) -> TestValue {
        switch ValueCategory(type) {
        case .bool: .bool(bits != 0)
        case .signed: .signed(Int64(bitPattern: bits))
        default: .unsigned(bits)
        }
    }

    private static func address(_ address: IPAddress) -> TestValue { .address(ModelCall.text(of: address.bytes)) }
}
