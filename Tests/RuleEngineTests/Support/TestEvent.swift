import EventModel

@testable import RuleEngine

/// A field's value in a test.
enum TestValue: Sendable, Hashable {
    case null
    case signed(Int64)
    case unsigned(UInt64)
    case bool(Bool)
    case double(Double)
    case text(String)
    /// Text that need not be UTF-8.
    case rawText([UInt8])
    case bytes([UInt8])
    case address(String)
    case list([TestValue])
}

extension TestValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: TestValue...) { self = .list(elements) }
}

/// An event as a type and the values of fields; those not named are null.
struct TestEvent: FieldReader, Sendable {
    var type: EventType
    /// Values by field as written.
    var values: [String: TestValue]
    /// The fields that may be read.
    var catalogue: FieldCatalogue
    /// How often fields were read.
    let reads = ReadCounter()

    init(
        _ type: String = "openat", _ values: [String: TestValue] = [:],
        catalogue: FieldCatalogue = TestCatalogue.catalogue
    ) {
        self.catalogue = catalogue
        self.type = EventType(name: type) ?? EventType(index: 0)
        self.values = values
    }

    final class ReadCounter: Sendable {
        // Tests read events on one thread only.
        nonisolated(unsafe) var count = 0
        nonisolated(unsafe) var names: [String] = []
    }

    func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue {
        reads.count += 1
        let name = reference.text(in: catalogue)
        reads.names.append(name)
        if name == "evt.type" { return arena.string(Array(type.name.utf8)) }
        if name == "syscall.type" { return type.isSyscall ? arena.string(Array(type.name.utf8)) : .null }
        return make(values[name] ?? .null, &arena)
    }

    private func make(_ value: TestValue, _ arena: inout ValueArena) -> FieldValue {
        switch value {
        case .null: return .null
        case .signed(let number): return .signed(number)
        case .unsigned(let number): return .unsigned(number)
        case .bool(let bool): return .bool(bool)
        case .double(let number): return .double(number)
        case .text(let text): return arena.string(Array(text.utf8))
        case .rawText(let bytes): return arena.string(bytes)
        case .bytes(let bytes):
            let start = arena.mark
            arena.append(bytes)
            return arena.buffer(from: start)
        case .address(let text):
            let start = arena.mark
            if let address = IPAddress(text: text) {
                for shift in stride(from: 56, through: 0, by: -8) where address.isIPv6 {
                    arena.append(UInt8(truncatingIfNeeded: address.high >> UInt64(shift)))
                }
                for shift in stride(from: address.isIPv6 ? 56 : 24, through: 0, by: -8) {
                    arena.append(UInt8(truncatingIfNeeded: address.low >> UInt64(shift)))
                }
            }
            return arena.address(from: start)
        case .list(let elements):
            let made = elements.map { make($0, &arena) }
            return arena.list(made)
        }
    }
}
