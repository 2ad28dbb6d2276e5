import CBPFRecords
import EventModel

/// Writes the filter of an event type into a slot and its rows.
///
/// The kernel's tables may let more through than the filter, never less: a condition that they can't hold is left out.
struct SlotBuilder {
    private let filter: TypeFilter
    private let number: UInt16
    private let type: EventType
    private(set) var slot: FilterSlot
    private(set) var values: [FilterImage.ValueKey: FilterVerdict] = [:]
    private(set) var prefixes: [FilterImage.PrefixKey: FilterVerdict] = [:]
    private(set) var namedFiles: [FilterImage.NamedFile] = []
    /// By dimension of names: what its rows grant and deny.
    private var granted: [AlternativeSet]
    private var denied: [AlternativeSet]

    init(_ filter: TypeFilter, of type: EventType, slot number: UInt16) {
        self.filter = filter
        self.number = number
        self.type = type
        slot = FilterSlot(possible: filter.alternatives)
        granted = slot.cares
        denied = slot.cares
        addOutcome()
        addAccess()
        if let table = filter.user { add(table, SHRIKE_BY_USER) }
        if let table = filter.command { addCommand(table) }
        for table in filter.arguments { addArgument(table) }
        addConnection()
        addNames()
        settleCares()
    }

    /// Lets successful calls of the type pass whatever they are, besides.
    ///
    /// - Returns: false when there are as many alternatives as there can be; then nothing is tested any more.
    mutating func admitSuccesses() {
        guard let free = (0..<AlternativeSet.capacity).first(where: { !filter.alternatives.contains($0) }) else {
            slot = FilterSlot(possible: filter.alternatives)
            (values, prefixes, namedFiles) = ([:], [:], [])
            return
        }
        let bit = AlternativeSet(words: AlternativeSet(first: free + 1).words & ~AlternativeSet(first: free).words)
        slot.possible.formUnion(bit)
        slot.failure = slot.failure.subtracting(bit)
        slot.success.formUnion(bit)
        slot.reading.formUnion(bit)
        slot.writing.formUnion(bit)
        slot.both.formUnion(bit)
        slot.nameDefault.formUnion(bit)
        slot.anyName.formUnion(bit)
        for index in slot.missing.indices {
            slot.missing[index].formUnion(bit)
            slot.cares[index] = slot.cares[index].subtracting(bit)
        }
        values = values.mapValues { $0.admitting(bit) }
        prefixes = prefixes.mapValues { $0.admitting(bit) }
        namedFiles = namedFiles.map { file in
            var file = file
            file.verdict = file.verdict.admitting(bit)
            return file
        }
    }

    // MARK: Numbers

    private mutating func addOutcome() {
        guard let table = filter.outcome else { return }
        slot.success = table.alternatives(of: 0)
        slot.failure = table.alternatives(of: 1)
    }

    /// O_RDWR is 2; 3 asks for neither, and permissions for both are checked (open(2)).
    private mutating func addAccess() {
        guard let table = filter.access else { return }
        slot.reading = table.alternatives(of: 0)
        slot.writing = table.alternatives(of: 1)
        slot.both = table.alternatives(of: 2).union(table.alternatives(of: 3))
    }

    private mutating func add(_ table: NumberTable, _ dimension: shrike_dimension) {
        slot.test(dimension)
        slot.missing[Int(dimension.rawValue)] = table.others
        for row in table.rows { set(dimension, .number(row.number), FilterVerdict(exactly: row.alternatives)) }
    }

    private mutating func set(_ dimension: shrike_dimension, _ value: FilterImage.Value, _ verdict: FilterVerdict) {
        values[key(dimension, value)] = verdict
    }

    private func key(_ dimension: shrike_dimension, _ value: FilterImage.Value) -> FilterImage.ValueKey {
        FilterImage.ValueKey(slot: number, dimension: UInt16(dimension.rawValue), value: value)
    }

    /// For all dimensions but those of names.
    private mutating func settleCares() {
        let names = Int(SHRIKE_NAME_DIMENSIONS.rawValue)
        for index in names..<FilterSlot.dimensions {
            slot.cares[index] = AlternativeSet.all.subtracting(slot.missing[index])
        }
        func note(_ dimension: UInt16, _ verdict: FilterVerdict) {
            let index = Int(dimension)
            guard index >= names else { return }
            let left = slot.missing[index].union(verdict.set).intersection(verdict.keep)
            slot.cares[index].formUnion(AlternativeSet.all.subtracting(left))
        }
        for (key, verdict) in values { note(key.dimension, verdict) }
        for (key, verdict) in prefixes { note(key.dimension, verdict) }
    }

    // MARK: Arguments

    /// With more bits than this their combinations are too many to list.
    private static let mostFlagBits = 6

    private mutating func addArgument(_ table: ArgumentTable) {
        guard type.arguments.indices.contains(table.argument),
            case .register(let register) = type.arguments[table.argument].origin, register >= 0, register < 6
        else { return }
        let dimension = shrike_dimension(rawValue: SHRIKE_BY_ARGUMENT.rawValue + UInt32(register))
        guard !slot.tests(dimension) else { return }
        let mask = table.rows.reduce(0) { $0 | $1.mask }
        let isOneMask = table.rows.allSatisfy { $0.mask == mask }
        guard mask != 0, isOneMask || mask.nonzeroBitCount <= Self.mostFlagBits else { return }
        slot.test(dimension)
        slot.argumentMasks[register] = mask
        slot.missing[Int(dimension.rawValue)] = table.others
        let candidates = isOneMask ? table.rows.map(\.bits) : Self.subsets(of: mask)
        for value in candidates {
            set(dimension, .number(value), FilterVerdict(exactly: table.alternatives(of: value)))
        }
    }

    private static func subsets(of mask: UInt64) -> [UInt64] {
        var subsets: [UInt64] = [mask]
        var subset = mask
        while subset != 0 {
            subset = (subset &- 1) & mask
            subsets.append(subset)
        }
        return subsets
    }

    // MARK: Programs

    /// A command name is looked up as a whole: what asks for a part of one is left possible.
    private mutating func addCommand(_ table: TextTable) {
        slot.test(SHRIKE_BY_COMMAND)
        var missing = table.others
        for rows in [table.prefixes, table.suffixes, table.fileNames, table.contained] {
            for row in rows { missing.formUnion(row.granted) }
        }
        slot.missing[Int(SHRIKE_BY_COMMAND.rawValue)] = missing
        for row in table.exact {
            let name = Array(row.text.prefix(FilterInput.commandLength))
            set(SHRIKE_BY_COMMAND, .command(name), FilterVerdict(exactly: table.alternatives(of: row.text)))
        }
    }

    // MARK: Connections

    /// The calls whose descriptor the kernel's programs can look at when the call has returned.
    private static let onSockets = EventTypeSet(
        ["connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "dup", "dup2", "dup3"].compactMap(
            EventType.init(name:)))
    /// The one whose peer is its server whatever came before.
    private static let connect = EventType(name: "connect")

    private mutating func addConnection() {
        if let table = filter.family, Self.onSockets.contains(type) { add(table, SHRIKE_BY_FAMILY) }
        guard type == Self.connect else { return }
        if let table = filter.port { add(table, SHRIKE_BY_PORT) }
        guard let table = filter.address else { return }
        slot.test(SHRIKE_BY_ADDRESS)
        slot.missing[Int(SHRIKE_BY_ADDRESS.rawValue)] = table.others
        for row in table.rows {
            let isShort = row.address.count == 4
            setNetwork(
                isShort ? Self.mappedPrefix + row.address : row.address, bits: row.prefixLength + (isShort ? 96 : 0),
                row.alternatives)
        }
        // An IPv4 address lies in no network of IPv6, also not in one that has all mapped ones.
        let whole = FilterImage.PrefixKey(
            slot: number, dimension: UInt16(SHRIKE_BY_ADDRESS.rawValue), bits: 96, bytes: Self.mappedPrefix)
        if prefixes[whole] == nil { setNetwork(Self.mappedPrefix, bits: 96, table.others) }
    }

    /// `::ffff:0:0/96` (RFC 4291, 2.5.5.2).
    private static let mappedPrefix: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]

    private mutating func setNetwork(_ address: [UInt8], bits: Int, _ alternatives: AlternativeSet) {
        let key = FilterImage.PrefixKey(
            slot: number, dimension: UInt16(SHRIKE_BY_ADDRESS.rawValue), bits: UInt32(clamping: bits),
            bytes: Array(address.prefix((bits + 7) / 8)))
        prefixes[key] = FilterVerdict(exactly: alternatives)
    }

    // MARK: Names

    private mutating func addNames() {
        guard let table = NameTables.combined(file: filter.file, name: filter.name, filter.alternatives) else { return }
        slot.nameDefault = table.others
        // Also where there is no row: then no name will do.
        slot.test(SHRIKE_BY_NAME)
        if filter.name != nil { slot.tested |= Self.testsRaw }
        for row in table.exact { addText(SHRIKE_BY_NAME, row) }
        for row in table.fileNames { addText(SHRIKE_BY_LAST_COMPONENT, row) }
        for row in table.prefixes {
            slot.test(SHRIKE_BY_PREFIX)
            let key = FilterImage.PrefixKey(
                slot: number, dimension: UInt16(SHRIKE_BY_PREFIX.rawValue), bits: UInt32(row.text.count * 8),
                bytes: row.text)
            prefixes[key] = verdict(row)
            noteCares(SHRIKE_BY_PREFIX, verdict(row))
        }
        addSuffixes(table.suffixes)
        for row in table.contained {
            let window = NameTables.window(of: row.text)
            add(SHRIKE_BY_FOUR_BYTES, .number(UInt64(window)), row, mayDeny: row.text.count == 4)
        }
        addFiles(table)
        settleCaresOfNames()
    }

    /// SHRIKE_TESTS_RAW: names are looked up as they were passed, too.
    private static let testsRaw: UInt32 = 1 << 31

    /// Of endings of several lengths only so much is looked at as all have that grant something. A longer one may grant and not deny:
    /// others end so, too. A shorter one that only denies is left out, or all would be compared by as little as it has.
    private mutating func addSuffixes(_ rows: [TextTable.Row]) {
        let granting = rows.filter { !$0.granted.subtracting(slot.nameDefault).isEmpty }
        guard let length = (granting.isEmpty ? rows : granting).map({ min(8, $0.text.count) }).min(), length > 0 else {
            for row in rows { slot.nameDefault.formUnion(row.granted) }
            return
        }
        slot.suffixLength = UInt32(length)
        for row in rows where row.text.count >= length {
            // Their texts are back to front.
            let end = NameTables.littleEndian(row.text.prefix(length).reversed())
            add(SHRIKE_BY_SUFFIX, .number(end), row, mayDeny: row.text.count == length)
        }
    }

    private mutating func addFiles(_ table: TextTable) {
        let names = table.exact.map(\.text).filter { $0.first == UInt8(ascii: "/") }
        guard !names.isEmpty else { return }
        slot.test(SHRIKE_BY_FILE)
        namedFiles = names.map {
            FilterImage.NamedFile(
                slot: number, path: $0, verdict: FilterVerdict(exactly: table.alternatives(of: $0)))
        }
    }

    private mutating func addText(_ dimension: shrike_dimension, _ row: TextTable.Row) {
        slot.lengths[Int(dimension.rawValue)] |= 1 << UInt64(row.text.count & 63)
        add(dimension, .text(row.text), row)
    }

    private mutating func add(
        _ dimension: shrike_dimension, _ value: FilterImage.Value, _ row: TextTable.Row, mayDeny: Bool = true
    ) {
        slot.test(dimension)
        let verdict = verdict(row, mayDeny: mayDeny)
        values[key(dimension, value), default: FilterVerdict()].add(verdict)
        noteCares(dimension, verdict)
    }

    private mutating func noteCares(_ dimension: shrike_dimension, _ verdict: FilterVerdict) {
        granted[Int(dimension.rawValue)].formUnion(verdict.set)
        denied[Int(dimension.rawValue)].formUnion(AlternativeSet.all.subtracting(verdict.keep))
    }

    /// A look-up is worth it for what it can change: what a name has anyway need not be granted.
    private mutating func settleCaresOfNames() {
        slot.anyName = denied.reduce(slot.nameDefault) { $0.subtracting($1) }
        for index in 0..<Int(SHRIKE_NAME_DIMENSIONS.rawValue) {
            slot.cares[index] = granted[index].subtracting(slot.nameDefault).union(denied[index])
        }
        // The name by which a file is known is one more name: it adds also what another one is denied.
        for file in namedFiles {
            slot.cares[Int(SHRIKE_BY_FILE.rawValue)].formUnion(file.verdict.set.subtracting(slot.anyName))
        }
    }

    private func verdict(_ row: TextTable.Row, mayDeny: Bool = true) -> FilterVerdict {
        var verdict = FilterVerdict()
        verdict.set = row.granted
        if mayDeny { verdict.keep = AlternativeSet.all.subtracting(row.denied) }
        return verdict
    }
}

extension FilterVerdict {
    fileprivate func admitting(_ bit: AlternativeSet) -> FilterVerdict {
        var verdict = self
        verdict.set.formUnion(bit)
        verdict.keep.formUnion(bit)
        return verdict
    }
}
