import EventModel

/// What events of one type must satisfy for a single comparison to hold.
struct TestNeeds {
    private let type: EventType
    private let catalogue: FieldCatalogue
    /// What is there to fill fields.
    private let sources: SourceSet
    private let family: Family

    /// What a type of events is to conditions on paths and access; all else but arguments is alike for all types.
    enum Family: Hashable {
        /// Opens a path for reading or writing.
        case open(isNamed: Bool)
        /// Opens a path, always for writing.
        case create
        /// Names a path.
        case path
        case other

        init(_ type: EventType) {
            switch type.name {
            case "open", "openat", "openat2": self = .open(isNamed: true)
            case "open_by_handle_at": self = .open(isNamed: false)
            case "creat": self = .create
            default: self = TestNeeds.pathCalls.contains(type.name) ? .path : .other
            }
        }
    }

    /// Whether `fd.name` is the path that the call opens.
    private var isOpen: Bool { hasAccess || family == .create }
    /// Whether `evt.is_open_read` and `evt.is_open_write` can be true.
    private var hasAccess: Bool {
        if case .open = family { true } else { false }
    }

    init(type: EventType, catalogue: FieldCatalogue, sources: SourceSet) {
        self.sources = sources
        self.type = type
        self.catalogue = catalogue
        family = Family(type)
    }

    /// The alternatives; `[EventNeed()]` when nothing is known, empty when no event of the type satisfies the test.
    func needs(of test: Test) -> [EventNeed] {
        let unknown = [EventNeed()]
        if test.operation == .never { return [] }
        // A field that nothing fills is missing, and fails every comparison.
        if test.references.contains(where: { catalogue[$0.field].sources.isDisjoint(with: sources) }) { return [] }
        guard case .field(let reference) = test.left, test.quantifier == .scalar else { return unknown }
        let name = catalogue[reference.field].name
        if name == "evt.arg" { return argumentNeeds(test, reference.argument) }
        guard reference.argument == .none else { return unknown }
        switch name {
        case "evt.is_open_read": return accessNeeds(test, .read)
        case "evt.is_open_write": return accessNeeds(test, .write)
        case "evt.rawres": return [EventNeed(outcome: resultOutcome(test))]
        case "fd.num":
            // A failed open has descriptor -1; other calls keep the descriptor that they were given.
            return isOpen && resultOutcome(test) == .success ? [EventNeed(outcome: .success)] : unknown
        case "evt.res": return [EventNeed(outcome: wordOutcome(test))]
        case "evt.failed": return test.isTrue == true ? [EventNeed(outcome: .failure)] : unknown
        case "container.id": return [EventNeed(scope: scope(test))]
        default:
            let field = FilterableFields.need(test, name, isFailing: false)
            return [EventNeed(paths: paths(test, name), fields: field.map { [$0] } ?? [])]
        }
    }

    /// What an event must satisfy for a comparison not to hold.
    func need(ofFailing test: Test) -> EventNeed {
        guard case .field(let reference) = test.left, test.quantifier == .scalar, reference.argument == .none,
            let field = FilterableFields.need(test, catalogue[reference.field].name, isFailing: true)
        else { return EventNeed() }
        return EventNeed(fields: [field])
    }

    // MARK: - Access, outcome, scope

    private func accessNeeds(_ test: Test, _ access: AccessNeed) -> [EventNeed] {
        guard test.isTrue == true else { return [EventNeed()] }
        return hasAccess ? [EventNeed(access: access)] : []
    }

    private func resultOutcome(_ test: Test) -> OutcomeNeed {
        let values: [Int64]
        switch test.operation {
        case .numberIn(let numbers) where !test.isNegated: values = numbers.map(Int64.init(bitPattern:))
        case .numberOrder(let order, let bits, isSigned: true):
            let bound = Int64(bitPattern: bits)
            switch order {
            case .greater: return bound >= -1 ? .success : .any
            case .greaterOrEqual: return bound >= 0 ? .success : .any
            case .less: return bound <= 0 ? .failure : .any
            case .lessOrEqual: return bound < 0 ? .failure : .any
            }
        default: return .any
        }
        if values.allSatisfy({ $0 >= 0 }) { return .success }
        return values.allSatisfy { $0 < 0 } ? .failure : .any
    }

    private func wordOutcome(_ test: Test) -> OutcomeNeed {
        let success = Array("SUCCESS".utf8)
        switch test.operation {
        case .textIn(let words):
            if words == [success] { return test.isNegated ? .failure : .success }
            return test.isNegated || words.contains(success) ? .any : .failure
        case .prefix(let prefix): return success.starts(with: prefix) ? .any : .failure
        default: return .any
        }
    }

    private func scope(_ test: Test) -> ScopeNeed {
        guard case .textIn(let ids) = test.operation else { return .any }
        let host = Array("host".utf8)
        if ids == [host] { return test.isNegated ? .container : .host }
        return test.isNegated || ids.contains(host) ? .any : .container
    }

    // MARK: - Arguments

    private func argumentNeeds(_ test: Test, _ argument: FieldArgument) -> [EventNeed] {
        let found: EventArgument?
        switch argument {
        case .key(let name): found = type.arguments.first { $0.name.utf8.elementsEqual(name) }
        case .index(let index): found = type.arguments.indices.contains(index) ? type.arguments[index] : nil
        case .none: return [EventNeed()]
        }
        // An argument that the event does not have is missing, and fails every comparison.
        guard let found else { return [] }
        guard !test.isNegated else { return [EventNeed()] }
        if found.kind == .path { return [EventNeed(paths: textPaths(test.operation))] }
        let texts: [[UInt8]]
        switch test.operation {
        case .textIn(let values): texts = values
        case .contains(let text), .prefix(let text), .suffix(let text): texts = [text]
        default: return [EventNeed()]
        }
        guard !texts.contains([]), texts.allSatisfy(Self.isText) else { return [EventNeed()] }
        return [EventNeed(arguments: [ArgumentNeed(name: found.name, containsOneOf: Set(texts.map(Self.text)))])]
    }

    // MARK: - Paths

    private static let pathCalls: Set<String> = [
        "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "open", "openat", "openat2", "chmod", "fchmodat", "chown",
        "lchown", "fchownat", "rename", "renameat", "renameat2", "link", "linkat",
    ]

    private func paths(_ test: Test, _ name: String) -> PathNeed {
        guard !test.isNegated else { return .any }
        switch name {
        case "fd.name" where isOpen: return textPaths(test.operation, isNormalised: true)
        case "fd.directory" where isOpen: return directoryPaths(test.operation)
        case "fd.filename" where isOpen: return filePaths(test.operation)
        case "fs.path.name", "fs.path.source", "fs.path.target":
            return family == .path || family == .open(isNamed: true)
                ? textPaths(test.operation, isNormalised: true) : .any
        default: return .any
        }
    }

    /// The paths whose text satisfies an operation.
    private func textPaths(_ operation: Operation, isNormalised: Bool = false) -> PathNeed {
        switch operation {
        case .textIn(let paths): return Self.need(exact: paths)
        case .prefix(let prefix): return Self.need(prefixes: [prefix])
        case .suffix(let suffix): return Self.need(suffixes: [suffix])
        case .glob(let pattern, ignoresCase: false):
            let prefix = pattern.prefix { !"*?[\\".utf8.contains($0) }
            return prefix.count == pattern.count
                ? Self.need(exact: [pattern]) : Self.need(prefixes: [Array(prefix)])
        // Only normalised paths are known to hold no repeated slashes.
        case .pathPrefix(let tree) where isNormalised: return Self.need(tree)
        default: return .any
        }
    }

    private static func need(_ tree: PathPrefixTree) -> PathNeed {
        var exact: [[UInt8]] = []
        var prefixes: [[UInt8]] = []
        for path in tree.paths {
            let components = path.split(separator: UInt8(ascii: "/"))
            let literal = components.prefix { !Glob.isPattern($0) }
            // The leading slash doesn't count: names such as `memfd:x` have none.
            let joined = Array(literal.joined(separator: [UInt8(ascii: "/")]))
            for text in [joined, [UInt8(ascii: "/")] + joined] {
                if literal.isEmpty {
                    prefixes.append([])
                } else {
                    if literal.count == components.count { exact.append(text) }
                    prefixes.append(text + [UInt8(ascii: "/")])
                }
            }
        }
        return need(exact: exact, prefixes: prefixes)
    }

    /// The paths whose directory satisfies an operation. A directory's own path is its directory, too.
    private func directoryPaths(_ operation: Operation) -> PathNeed {
        let slash = UInt8(ascii: "/")
        switch operation {
        case .textIn(let directories):
            guard !directories.contains([slash]), !directories.contains([]) else { return .any }
            return Self.need(exact: directories, prefixes: directories.map { $0.last == slash ? $0 : $0 + [slash] })
        case .prefix(let prefix) where prefix.count > 1: return Self.need(prefixes: [prefix])
        case .pathPrefix(let tree): return Self.need(tree)
        default: return .any
        }
    }

    /// The paths whose last component satisfies an operation.
    private func filePaths(_ operation: Operation) -> PathNeed {
        let slash = UInt8(ascii: "/")
        switch operation {
        case .textIn(let names):
            // What has no slash at all is named `/`.
            guard !names.contains([slash]) else { return .any }
            return Self.need(suffixes: names.map { [slash] + $0 })
        case .suffix(let suffix) where suffix != [slash]: return Self.need(suffixes: [suffix])
        default: return .any
        }
    }

    /// A need for paths; needs name paths as text, so what is no UTF-8 can't be named.
    private static func need(
        exact: [[UInt8]] = [], prefixes: [[UInt8]] = [], suffixes: [[UInt8]] = []
    ) -> PathNeed {
        guard (exact + prefixes + suffixes).allSatisfy(isText) else { return .any }
        if prefixes.contains([]) || suffixes.contains([]) { return .any }
        return .oneOf(
            exact: Set(exact.map(text)), prefixes: Set(prefixes.map(text)), suffixes: Set(suffixes.map(text))
        )
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension Test {
    /// What the test says a bool must be; nil when it says nothing.
    fileprivate var isTrue: Bool? {
        guard case .numberIn(let values) = operation, values.count == 1 else { return nil }
        return (values[0] == 1) != isNegated
    }
}
