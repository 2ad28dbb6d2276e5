import CBPFRecords
public import EventModel

extension FilterImage {
    /// The kernel has room for two images, so that one can be written while the other is in use: so many slots each, with the one
    /// that is nobody's.
    public static let slotLimit = Int(SHRIKE_SLOTS) / 2

    /// The tables for what rules need.
    ///
    /// - Parameters:
    ///   - program: what may match.
    ///   - always: types whose successful calls are told whatever they are, since the node's state lives on them.
    ///   - canaries: types of which those of canaries alone are told, if nothing else is wanted of them.
    public init(
        _ program: FilterProgram, always: EventTypeSet = EventTypeSet(), canaries: EventTypeSet = EventTypeSet()
    ) {
        self.init()
        var slotOfMeaning: [Meaning: UInt16] = [:]
        for type in EventType.all where type.isSyscall {
            let filter = program[type] ?? (canaries.contains(type) ? TypeFilter(alternatives: AlternativeSet()) : nil)
            let isAlways = always.contains(type)
            guard filter != nil || isAlways else { continue }
            let index = program.filterOfType[Int(type.index)]
            let meaning = Meaning(filter, at: index, of: type, isAlways: isAlways)
            if let known = slotOfMeaning[meaning] {
                slotOfType[Int(type.index)] = known
                continue
            }
            let slot = append(filter, at: Int(index), type, isAlways: isAlways)
            slotOfMeaning[meaning] = slot
            slotOfType[Int(type.index)] = slot
        }
    }

    /// What decides how a slot looks: types that agree in it share one.
    private struct Meaning: Hashable {
        var filter: TypeFilter?
        /// Its position: filters that look up the same can differ in what of processes they need.
        var index: Int16
        var isAlways: Bool
        /// Where the arguments are that the filter asks about.
        var registers: [Int]
        /// The rows on sockets depend on the call.
        var socketCall: EventType?

        init(_ filter: TypeFilter?, at index: Int16, of type: EventType, isAlways: Bool) {
            self.filter = filter
            self.index = index
            self.isAlways = isAlways
            registers = (filter?.arguments ?? []).map { table in
                guard type.arguments.indices.contains(table.argument),
                    case .register(let register) = type.arguments[table.argument].origin
                else { return -1 }
                return register
            }
            let hasSocket = filter?.family != nil || filter?.port != nil || filter?.address != nil
            socketCall = hasSocket ? type : nil
        }
    }

    /// Adds a slot; where there is no room the last one lets everything pass.
    private mutating func append(
        _ filter: TypeFilter?, at index: Int, _ type: EventType, isAlways: Bool
    ) -> UInt16 {
        let last = Self.slotLimit - 1
        guard slots.count < last else {
            if slots.count == last { slots.append(FilterSlot(possible: AlternativeSet(first: 1))) }
            return UInt16(last)
        }
        let number = UInt16(slots.count)
        guard let filter else {
            var slot = FilterSlot(possible: AlternativeSet(first: 1))
            slot.failure = AlternativeSet()
            slots.append(slot)
            return number
        }
        var builder = SlotBuilder(filter, of: type, slot: number)
        if isAlways { builder.admitSuccesses() }
        slots.append(placed(builder.slot, filter, at: index))
        values.merge(builder.values) { $1 }
        prefixes.merge(builder.prefixes) { $1 }
        namedFiles += builder.namedFiles
        return number
    }

    /// Gives a slot its place in the words of processes, while there is room.
    private mutating func placed(_ slot: FilterSlot, _ filter: TypeFilter, at index: Int) -> FilterSlot {
        let count = ((slot.possible.indices.last ?? 0) >> 6) + 1
        let word = processParts.last.map { $0.word + $0.count } ?? 0
        guard index >= 0, word + count <= Int(SHRIKE_PROCESS_WORDS) else { return slot }
        processParts.append(
            ProcessPart(
                filter: index, word: word, count: count, always: slot.possible.subtracting(filter.alternatives)))
        var slot = slot
        (slot.processWord, slot.processWords) = (word, count)
        return slot
    }
}
