public import EventModel
import RuleLanguage

/// An event as somebody wrote it down: values of fields. Fields that aren't named have no value, but for those that follow from
/// others: the event's name and what kind it is, a process that is its own nearest ancestor (`proc.name` is `proc.aname[0]`,
/// `proc.pname` is `proc.aname[1]`), and that a program is what its path says (`proc.exepath.trusted`) unless its origin speaks
/// against it.
public struct WrittenEvent: FieldReader, Sendable {
    /// A value as written.
    public indirect enum Value: Sendable, Hashable {
        /// None.
        case none
        /// A text, or a number, truth value or address in its written form.
        case scalar(String)
        /// A list.
        case list([Value])
    }

    /// What is wrong with a field or its value.
    public struct Problem: Error, Hashable {
        /// What is wrong and what was expected.
        public var message: String
        /// How to mend it.
        public var suggestion: String?
        /// Whether the value is what is wrong; else the field.
        public var isOfValue = false
    }

    /// A value with its type.
    private indirect enum Typed: Sendable {
        case null
        case signed(Int64)
        case unsigned(UInt64)
        case bool(Bool)
        case double(Double)
        case text([UInt8])
        case buffer([UInt8])
        case address([UInt8])
        case list([Typed])
    }

    /// The event's type; nil before `evt.type` was set.
    public private(set) var type: EventType?
    private let resolver: FieldResolver
    private var values: [FieldReference: Typed] = [:]
    private let kinships: [Kinship]
    private let trust: Trust?

    /// Fields of ancestors, of the process itself and of its parent that tell the same.
    private struct Kinship: Sendable {
        var ancestors: FieldID
        var own: FieldID?
        var parent: FieldID?
    }

    /// The fields that tell whether programs are what their paths say, and what that follows from.
    private struct Trust: Sendable {
        var trusted: Kinship
        var paths: Kinship
        var origins: Kinship
    }

    private static let kinshipNames = [
        ("proc.aname", "proc.name", "proc.pname"), ("proc.aexe", "proc.exe", "proc.pexe"),
        ("proc.aexepath", "proc.exepath", "proc.pexepath"), ("proc.acmdline", "proc.cmdline", "proc.pcmdline"),
        ("proc.apid", "proc.pid", "proc.ppid"), ("proc.aexe.origin", "proc.exe.origin", "proc.pexe.origin"),
    ]
    private static let trustedOrigins = ["package", "image", "local"].map { Array($0.utf8) }
    private static let longestAncestry = 64

    /// An event without values.
    public init(catalogue: FieldCatalogue) {
        resolver = FieldResolver(catalogue)
        func kinship(_ ancestors: String, _ own: String, _ parent: String) -> Kinship? {
            catalogue.id(named: ancestors).map {
                Kinship(ancestors: $0, own: catalogue.id(named: own), parent: catalogue.id(named: parent))
            }
        }
        kinships = Self.kinshipNames.compactMap(kinship)
        if let trusted = kinship("proc.aexepath.trusted", "proc.exepath.trusted", "proc.pexepath.trusted"),
            let paths = kinship("proc.aexepath", "proc.exepath", "proc.pexepath"),
            let origins = kinship("proc.aexe.origin", "proc.exe.origin", "proc.pexe.origin")
        {
            trust = Trust(trusted: trusted, paths: paths, origins: origins)
        } else {
            trust = nil
        }
    }

    /// Gives a field, named as in conditions, a value.
    public mutating func set(_ name: String, to value: Value) throws(Problem) {
        let (reference, shape) = try field(name)
        if name == "evt.type" {
            guard case .scalar(let text) = value, let type = EventType(name: text) else {
                let names = EventType.all.map(\.name)
                var problem = Problem(message: "'evt.type' must be the name of an event", isOfValue: true)
                if case .scalar(let text) = value {
                    problem.message = "there is no event '\(text)'"
                    problem.suggestion = Suggestion.question(for: text, in: names)
                }
                throw problem
            }
            self.type = type
        }
        values[reference] = try typed(value, shape, name)
    }

    private func field(_ name: String) throws(Problem) -> (FieldReference, ValueShape) {
        let condition: Condition
        do throws(SyntaxProblem) { condition = try ConditionParser.parse("\(name) exists") } catch {
            throw Problem(message: "'\(name)' is not the name of a field")
        }
        guard case .comparison(let comparison) = condition, case .field(let written) = comparison.left else {
            throw Problem(message: "'\(name)' is not the name of a field")
        }
        do throws(ConditionError) {
            let found = try resolver.resolve(written, source: RuleSource.syscall.name.description)
            return (found.reference, found.shape)
        } catch {
            throw Problem(message: error.message, suggestion: error.suggestion)
        }
    }

    // MARK: - Values

    private func typed(_ value: Value, _ shape: ValueShape, _ name: String) throws(Problem) -> Typed {
        switch value {
        case .none: return .null
        case .scalar(let text): return try typed(text, shape, name)
        case .list(let elements):
            var list: [Typed] = []
            for element in elements { list.append(try typed(element, shape, name)) }
            return .list(list)
        }
    }

    private func typed(_ text: String, _ shape: ValueShape, _ name: String) throws(Problem) -> Typed {
        switch shape.category {
        case .signed: if let number = Int64(text) { return .signed(number) }
        case .unsigned: if let number = UInt64(text) { return .unsigned(number) }
        case .bool: if text == "true" || text == "false" { return .bool(text == "true") }
        case .double: if let number = Double(text) { return .double(number) }
        case .text: return .text(Array(text.utf8))
        case .bytes: return .buffer(Array(text.utf8))
        case .address, .network: if let address = IPAddress(text: text) { return .address(address.bytes) }
        }
        let wanted =
            switch shape.category {
            case .signed: "a whole number"
            case .unsigned: "a whole number, 0 or more"
            case .bool: "true or false"
            case .double: "a number"
            case .address, .network: "an IP address"
            case .text, .bytes: "text"
            }
        throw Problem(message: "the value of '\(name)' must be \(wanted), found '\(text)'", isOfValue: true)
    }

    // MARK: - Reading

    /// The field's value; null for one that was not named and follows from none.
    public func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue {
        guard let value = value(of: reference) else { return .null }
        let made = make(value, &arena)
        guard made.kind != .list, made.kind != .null else { return made }
        // These are read as lists.
        let flags = resolver.catalogue[reference.field].flags
        let isRead =
            flags.contains(.twoSided) || flags.contains(.list)
            || flags.contains(.anyElement) && reference.argument == .none
        return isRead ? arena.list([made]) : made
    }

    /// Whether the event tells of a field, be it that it has no value. Of all ancestors it does only where they are named as a list.
    public func isKnown(_ reference: FieldReference) -> Bool {
        let isList = reference.argument == .none && kinships.contains { $0.ancestors == reference.field }
        return isList ? values[reference] != nil : value(of: reference) != nil
    }

    private func value(of reference: FieldReference) -> Typed? {
        if let value = values[reference] { return value }
        if let trust, let generation = generation(reference, trust.trusted) {
            return trusted(generation, trust)
        } else if let trust, reference == FieldReference(trust.trusted.ancestors) {
            let list = (1...Self.longestAncestry).compactMap { trusted($0, trust) }
            return list.isEmpty ? nil : .list(list)
        }
        for kinship in kinships {
            if reference == kinship.own.map({ FieldReference($0) }) { return ancestor(0, kinship) }
            if reference == kinship.parent.map({ FieldReference($0) }) { return ancestor(1, kinship) }
            guard reference.field == kinship.ancestors else { continue }
            switch reference.argument {
            case .index(0): return kinship.own.flatMap { values[FieldReference($0)] }
            case .index(let generation): return ancestor(generation, kinship)
            case .none: return ancestors(kinship)
            case .key: return nil
            }
        }
        return general(reference)
    }

    private func ancestor(_ generation: Int, _ kinship: Kinship) -> Typed? {
        if let value = values[FieldReference(kinship.ancestors, .index(generation))] { return value }
        if generation == 1, let parent = kinship.parent, let value = values[FieldReference(parent)] { return value }
        guard generation > 0, case .list(let list) = values[FieldReference(kinship.ancestors)],
            list.indices.contains(generation - 1)
        else { return nil }
        return list[generation - 1]
    }

    /// Of which process a field of the kinship tells; nil for another field and for that of all ancestors.
    private func generation(_ reference: FieldReference, _ kinship: Kinship) -> Int? {
        if reference == kinship.own.map({ FieldReference($0) }) { return 0 }
        if reference == kinship.parent.map({ FieldReference($0) }) { return 1 }
        guard reference.field == kinship.ancestors, case .index(let generation) = reference.argument else { return nil }
        return generation
    }

    /// The path of a process's executable, if it is trusted.
    private func trusted(_ generation: Int, _ trust: Trust) -> Typed? {
        if let written = member(generation, trust.trusted) { return written }
        if case .text(let origin) = member(generation, trust.origins), !Self.trustedOrigins.contains(origin) {
            return nil
        }
        return member(generation, trust.paths)
    }

    private func member(_ generation: Int, _ kinship: Kinship) -> Typed? {
        guard generation == 0 else { return ancestor(generation, kinship) }
        let own = kinship.own.flatMap { values[FieldReference($0)] }
        return own ?? values[FieldReference(kinship.ancestors, .index(0))]
    }

    /// All ancestors that are known, from the parent upwards.
    private func ancestors(_ kinship: Kinship) -> Typed? {
        var generations: Set = [1]
        for reference in values.keys where reference.field == kinship.ancestors {
            if case .index(let index) = reference.argument, index > 0 { generations.insert(index) }
        }
        let list = generations.sorted().compactMap { ancestor($0, kinship) }
        return list.isEmpty ? nil : .list(list)
    }

    /// What every event of a type has.
    private func general(_ reference: FieldReference) -> Typed? {
        guard let type else { return nil }
        switch (resolver.catalogue[reference.field].name, reference.argument) {
        case ("evt.source", .none): return .text(Array("syscall".utf8))
        case ("evt.dir", .none): return .text(Array((type.isSyscall ? "<" : ">").utf8))
        case ("syscall.type", .none): return type.isSyscall ? .text(Array(type.name.utf8)) : nil
        case ("evt.type.is", .key(let name)): return .unsigned(name == Array(type.name.utf8) ? 1 : 0)
        default: return nil
        }
    }

    private func make(_ value: Typed, _ arena: inout ValueArena) -> FieldValue {
        switch value {
        case .null: return .null
        case .signed(let number): return .signed(number)
        case .unsigned(let number): return .unsigned(number)
        case .bool(let bool): return .bool(bool)
        case .double(let number): return .double(number)
        case .text(let bytes): return arena.string(bytes)
        case .buffer(let bytes):
            let start = arena.mark
            arena.append(bytes)
            return arena.buffer(from: start)
        case .address(let bytes):
            let start = arena.mark
            arena.append(bytes)
            return arena.address(from: start)
        case .list(let elements):
            let made = elements.map { make($0, &arena) }
            return arena.list(made)
        }
    }
}
