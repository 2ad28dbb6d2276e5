import EventModel

/// What a filter can look at of a single comparison, for events of one type.
struct FilterTestReader {
    private let type: EventType
    private let catalogue: FieldCatalogue
    private let sources: SourceSet
    private let limits: FilterLimits
    private let needs: TestNeeds
    private let family: TestNeeds.Family
    private let patterns: PatternReader

    /// `AF_INET` and `AF_INET6` (linux/socket.h): an IPv6 socket may show either.
    private static let internet: Set<UInt64> = [2, 10]
    /// `AF_UNIX`.
    private static let unix: Set<UInt64> = [1]

    init(type: EventType, catalogue: FieldCatalogue, sources: SourceSet, limits: FilterLimits) {
        self.type = type
        self.catalogue = catalogue
        self.sources = sources
        self.limits = limits
        needs = TestNeeds(type: type, catalogue: catalogue, sources: sources)
        family = TestNeeds.Family(type)
        patterns = PatternReader(limits: limits)
    }

    /// Whether two types of events are alike to every comparison but those of arguments.
    static func areAlike(_ type: EventType) -> Bool { !["connect", "socket", "accept", "accept4"].contains(type.name) }

    /// Ways for the comparison to hold (`isFailing`: to fail); none when it never does.
    func ways(of test: Test, isFailing: Bool) -> [FilterNeed] {
        if !isFailing {
            if test.operation == .never { return [] }
            if test.references.contains(where: { catalogue[$0.field].sources.isDisjoint(with: sources) }) { return [] }
        }
        guard case .field(let reference) = test.left, test.quantifier == .scalar else { return [.any] }
        let name = catalogue[reference.field].name
        if name == "evt.arg" { return argument(test, reference.argument, isFailing: isFailing) }
        if name == "evt.rawarg" { return rawArgument(test, reference.argument, isFailing: isFailing) }
        guard reference.argument == .none else { return [.any] }
        // The comparison of the value itself, `!=` and `not` put together.
        let isNegated = test.isNegated != isFailing
        if let known = known(test, name, isFailing: isFailing) { return known }
        switch name {
        case "proc.name" where limits.dimensions.contains(.command):
            return text(.command, name, patterns.command(test.operation, isNegated: isNegated), isFailing)
        case "proc.exepath" where limits.dimensions.contains(.executable):
            return text(.executable, name, patterns.path(test.operation, isNegated: isNegated), isFailing)
        case "user.uid" where limits.dimensions.contains(.user):
            return numbers(.user, test.operation, isNegated, isFailing)
        case "fd.name", "fd.directory", "fd.filename":
            guard isOpen, limits.dimensions.contains(.file) else { return [.any] }
            // The other two are missing for what is no file, so nothing follows from their failing.
            guard name == "fd.name" || !isNegated && !isFailing else { return [.any] }
            return text(.file, "file", patterns.file(test.operation, field: name, isNegated: isNegated), isFailing)
        case "fd.nameraw":
            guard family == .open(isNamed: true) || family == .create, limits.dimensions.contains(.name) else {
                return [.any]
            }
            return text(.name, name, patterns.path(test.operation, isNegated: isNegated), isFailing)
        case "fs.path.name", "fs.path.source", "fs.path.target":
            // Missing for calls that failed.
            guard family == .path || family == .open(isNamed: true), !isNegated, !isFailing,
                limits.dimensions.contains(.name)
            else { return [.any] }
            return text(.name, name, patterns.path(test.operation, isNegated: false, isNormalised: true), false)
        default: return socket(test, name, isNegated: isNegated, isFailing: isFailing)
        }
    }

    private var isOpen: Bool {
        switch family {
        case .open, .create: true
        case .path, .other: false
        }
    }

    // MARK: - What the other analysis knows

    /// Outcome, access and scope; nil for fields that say nothing of them.
    private func known(_ test: Test, _ name: String, isFailing: Bool) -> [FilterNeed]? {
        switch name {
        case "evt.is_open_read", "evt.is_open_write": return access(test, name, isFailing: isFailing)
        case "evt.rawres", "evt.res", "evt.failed", "fd.num", "container.id": break
        default: return nil
        }
        // A result or a container that isn't known fails every comparison.
        guard !isFailing else { return [.any] }
        return needs.needs(of: test).map { need in
            var conditions: [FilterDimension: FilterValues] = [:]
            if limits.dimensions.contains(.outcome), need.outcome != .any {
                conditions[.outcome] = .numbers(NumberNeed(numbers: [need.outcome == .success ? 0 : 1]))
            }
            if limits.dimensions.contains(.scope), need.scope != .any {
                conditions[.scope] = .numbers(NumberNeed(numbers: [need.scope == .host ? 0 : 1]))
            }
            return FilterNeed(conditions)
        }
    }

    private func access(_ test: Test, _ name: String, isFailing: Bool) -> [FilterNeed] {
        guard let isAsked = test.boolAsked.map({ $0 != isFailing }) else { return [.any] }
        guard case .open = family else { return isAsked ? [] : [.any] }
        guard limits.dimensions.contains(.access) else { return [.any] }
        // O_ACCMODE (fcntl.h): 0 reads, 1 writes, 2 does both, 3 is for ioctl(2) only and counts as reading.
        let modes: Set<UInt64> = name == "evt.is_open_read" ? [0, 2, 3] : [1, 2]
        let left = isAsked ? modes : Set(0...3).subtracting(modes)
        return [FilterNeed([.access: .numbers(NumberNeed(numbers: left))])]
    }

    // MARK: - Arguments

    private func position(of argument: FieldArgument) -> Int? {
        switch argument {
        case .key(let name): type.arguments.firstIndex { $0.name.utf8.elementsEqual(name) }
        case .index(let index): type.arguments.indices.contains(index) ? index : nil
        case .none: nil
        }
    }

    /// Bits of a file's mode (S_IALLUGO, linux/stat.h): the kernel looks at no others of an open call's.
    private static let modeBits = 12

    private func rawArgument(_ test: Test, _ argument: FieldArgument, isFailing: Bool) -> [FilterNeed] {
        guard !isFailing, !test.isNegated, limits.dimensions.contains(.arguments), case .key = argument,
            let position = position(of: argument), type.arguments[position].number.notation == .octal,
            type.arguments[position].isFilterable, let least = leastNumber(test.operation), least > 0
        else { return [.any] }
        // A number that is no less has that one's highest bit, or a higher one.
        let highest = UInt64.bitWidth - 1 - least.leadingZeroBitCount
        guard highest < Self.modeBits else { return [] }
        let tests = (highest..<Self.modeBits).map { BitNeed.Test(mask: 1 << UInt64($0), bits: 1 << UInt64($0)) }
        return [FilterNeed([.argument(position): .bits(BitNeed(tests: Set(tests)))])]
    }

    private func leastNumber(_ operation: Operation) -> UInt64? {
        switch operation {
        case .numberOrder(.greaterOrEqual, let number, _), .nativeOrder(.greaterOrEqual, let number, _): number
        case .numberOrder(.greater, let number, _), .nativeOrder(.greater, let number, _): number &+ 1
        default: nil
        }
    }

    private func argument(_ test: Test, _ argument: FieldArgument, isFailing: Bool) -> [FilterNeed] {
        guard argument != .none else { return [.any] }
        // An argument that the event does not have is missing, and fails every comparison.
        guard let position = position(of: argument) else { return isFailing ? [.any] : [] }
        let found = type.arguments[position]
        let isNegated = test.isNegated != isFailing
        if found.kind == .path, case .path = found.origin {
            guard limits.dimensions.contains(.name) else { return [.any] }
            return text(.name, "evt.arg.\(found.name)", patterns.path(test.operation, isNegated: isNegated), isFailing)
        }
        guard limits.dimensions.contains(.arguments), found.isFilterable else { return [.any] }
        if isNegated, case .contains(let text) = test.operation, let test = withoutBits(text, found) {
            return [FilterNeed([.argument(position): .bits(BitNeed(tests: [test]))])]
        }
        guard !isNegated, !isFailing else { return [.any] }
        let texts: [[UInt8]]
        switch test.operation {
        case .textIn(let values): texts = values
        case .contains(let text), .prefix(let text), .suffix(let text): texts = [text]
        default: return [.any]
        }
        guard let tests = bits(texts, found) ?? numbers(test.operation, found), tests.count <= limits.argumentTests
        else { return [.any] }
        return [FilterNeed([.argument(position): .bits(BitNeed(tests: tests))])]
    }

    /// What a register holds where the argument's text has one of these in it; nil where that is not known.
    private func bits(_ texts: [[UInt8]], _ argument: EventArgument) -> Set<BitNeed.Test>? {
        let vocabulary: FlagVocabulary?
        switch argument.kind {
        case .flags(let name), .enumeration(let name): vocabulary = FlagVocabulary.named(name)
        default: vocabulary = nil
        }
        guard let vocabulary else { return nil }
        var tests: Set<BitNeed.Test> = []
        for text in texts {
            guard let natives = vocabulary.natives(ofNamesHolding: text, architecture: limits.architecture) else {
                return nil
            }
            for native in natives { tests.insert(BitNeed.Test(mask: native.mask, bits: native.bits)) }
        }
        return tests
    }

    /// What a register holds where the argument's text does not have this in it; nil where that is not known.
    private func withoutBits(_ text: [UInt8], _ argument: EventArgument) -> BitNeed.Test? {
        // Of an enumeration one name says nothing of the others.
        guard case .flags = argument.kind, let tests = bits([text], argument), !tests.isEmpty,
            tests.allSatisfy({ $0.bits == $0.mask && $0.mask.nonzeroBitCount == 1 })
        else { return nil }
        return BitNeed.Test(mask: tests.reduce(0) { $0 | $1.mask }, bits: 0)
    }

    /// What a register holds where the argument, a number that is written in decimal, is one of these; nil where that is not known.
    private func numbers(_ operation: Operation, _ argument: EventArgument) -> Set<BitNeed.Test>? {
        let format = argument.number
        guard argument.kind == .number, format.notation == .decimal, format.bits <= 32,
            case .textIn(let texts) = operation
        else { return nil }
        // Registers have more bits than the argument's type.
        let mask = UInt64(1) << UInt64(format.bits) - 1
        return Set(
            texts.compactMap { text in
                Int64(String(decoding: text, as: UTF8.self)).map {
                    BitNeed.Test(mask: mask, bits: UInt64(bitPattern: $0) & mask)
                }
            })
    }

    // MARK: - Sockets

    private func socket(_ test: Test, _ name: String, isNegated: Bool, isFailing: Bool) -> [FilterNeed] {
        switch name {
        case "fd.type", "fd.sockfamily", "fd.typechar":
            // A failed call's letter is that of what it would have made.
            let hasOwnLetter = ["socket", "accept", "accept4"].contains(type.name)
            guard !isNegated, !isFailing, !(name == "fd.typechar" && hasOwnLetter),
                case .textIn(let words) = test.operation
            else { return [.any] }
            var families: Set<UInt64> = []
            for word in words {
                guard let found = Self.families[String(decoding: word, as: UTF8.self)] else { return [.any] }
                families.formUnion(found)
            }
            return family(families)
        case "fd.sport", "fd.rport":
            guard type.name == "connect", limits.dimensions.contains(.port) else { return internetOnly(isFailing) }
            return numbers(.port, test.operation, isNegated, isFailing).compactMap {
                internetOnly(isFailing)[0].and($0)
            }
        case "fd.sip", "fd.rip", "fd.snet", "fd.rnet":
            guard type.name == "connect", limits.dimensions.contains(.address), let networks = networks(test.operation)
            else { return internetOnly(isFailing) }
            let need =
                isNegated
                ? NetworkNeed(included: nil, excluded: networks) : NetworkNeed(included: networks)
            return internetOnly(isFailing).compactMap { $0.and(FilterNeed([.address: .networks(need)])) }
        case "fd.cport", "fd.lport", "fd.cip", "fd.lip", "fd.cnet", "fd.lnet": return internetOnly(isFailing)
        default: return [.any]
        }
    }

    private static let families: [String: Set<UInt64>] = [
        "ipv4": internet, "ipv6": internet, "4": internet, "6": internet, "ip": internet, "unix": unix, "u": unix,
    ]

    /// Only internet sockets have ports and addresses.
    private func internetOnly(_ isFailing: Bool) -> [FilterNeed] { isFailing ? [.any] : family(Self.internet) }

    private func family(_ families: Set<UInt64>) -> [FilterNeed] {
        guard limits.dimensions.contains(.family) else { return [.any] }
        return [FilterNeed([.family: .numbers(NumberNeed(numbers: families))])]
    }

    private func networks(_ operation: Operation) -> Set<IPNetwork>? {
        switch operation {
        case .addressIn(let addresses): Set(addresses.map(IPNetwork.init(host:)))
        case .networkContains(let networks): Set(networks)
        default: nil
        }
    }

    // MARK: - Values

    private func numbers(
        _ dimension: FilterDimension, _ operation: Operation, _ isNegated: Bool, _ isFailing: Bool
    ) -> [FilterNeed] {
        guard case .numberIn(let numbers) = operation else { return [.any] }
        if numbers.isEmpty { return isNegated || isFailing ? [.any] : [] }
        let need = NumberNeed(numbers: Set(numbers), isComplement: isNegated, allowsMissing: isFailing)
        return [FilterNeed([dimension: .numbers(need)])]
    }

    private func text(
        _ dimension: FilterDimension, _ subject: String, _ reading: PatternReader.Reading, _ isFailing: Bool
    ) -> [FilterNeed] {
        var need = TextNeed(subject: subject, allowsMissing: isFailing)
        switch reading {
        case .anything: return [.any]
        case .included(let patterns):
            if patterns.isEmpty, !isFailing { return [] }
            need.included = patterns
        case .excluded(let patterns):
            if patterns.isEmpty { return [.any] }
            need.excluded = patterns
        }
        return [FilterNeed([dimension: .text(need)])]
    }
}

extension EventArgument {
    /// Whether a source finds the argument as a number that the caller passed, which alone decides its text.
    fileprivate var isFilterable: Bool {
        switch origin {
        case .register, .openHow: break
        default: return false
        }
        // The level decides whether an option has a name.
        return kind != .enumeration("sockopt_options")
    }
}

extension Test {
    /// What the comparison says a bool is when it holds; nil when it says nothing.
    var boolAsked: Bool? {
        guard case .numberIn(let values) = operation, values.count == 1 else { return nil }
        return (values[0] == 1) != isNegated
    }
}
