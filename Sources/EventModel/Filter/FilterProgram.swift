/// What the loaded rules need, as tables that a kernel can look things up in: an event that they let pass may match a rule, one
/// that they stop can't.
///
/// For an event type there are up to 256 alternatives: ways to match, each a conjunction of conditions on what a kernel knows.
/// Each property of the event (a *dimension*) is looked up once, whatever the number of rules, and gives the set of the
/// alternatives that it leaves possible; what is in all those sets decides. What is not known leaves all possible.
///
///     var possible = filter.alternatives
///     possible &= outcome, access, command, user, file, name, … each looked up
///     deliver if possible ≠ ∅
public struct FilterProgram: Sendable, Equatable {
    /// The distinct filters; types of events that need the same share one.
    public private(set) var filters: [TypeFilter] = []
    /// For each event type, by its index, the position of its filter; -1 where no rule asks for the type.
    public private(set) var filterOfType: [Int16]

    /// For types whose rules have more ways to match than there are alternatives: how many. The most alike of them share one then,
    /// so that more events pass than need to, and none fewer.
    public private(set) var crowded: [EventType: Int] = [:]

    /// A program that lets nothing pass.
    public init() { filterOfType = Array(repeating: -1, count: EventType.count) }

    /// The event types of which something may pass.
    public var types: EventTypeSet { EventTypeSet(EventType.all.filter { filterOfType[Int($0.index)] >= 0 }) }

    /// A type's filter; nil where no rule asks for the type.
    public subscript(type: EventType) -> TypeFilter? {
        let index = Int(filterOfType[Int(type.index)])
        return index < 0 ? nil : filters[index]
    }

    /// Gives a type the filter at a position; one that isn't there takes the type's filter away.
    public mutating func assign(filter index: Int, to type: EventType) {
        filterOfType[Int(type.index)] = filters.indices.contains(index) ? Int16(index) : -1
    }

    /// Notes that the rules on a type have so many ways to match it, which is more than there are alternatives.
    public mutating func noteCrowded(_ type: EventType, ways: Int) { crowded[type] = ways }

    /// Adds a filter and gives its position.
    public mutating func append(_ filter: TypeFilter) -> Int {
        filters.append(filter)
        return filters.count - 1
    }

    /// The alternatives that an event leaves possible: what the kernel's half of a source computes.
    public func alternatives(for input: FilterInput) -> AlternativeSet {
        self[input.type]?.alternatives(for: input) ?? AlternativeSet()
    }

    /// Whether an event passes. `residual`: the alternatives that are possible for its process.
    public func passes(_ input: FilterInput, residual: AlternativeSet = .all) -> Bool {
        !alternatives(for: input).intersection(residual).isEmpty
    }
}

/// The filter of an event type.
public struct TypeFilter: Sendable, Hashable {
    /// All alternatives that there are.
    public var alternatives: AlternativeSet
    /// 0: the call succeeded, 1: it failed.
    public var outcome: NumberTable?
    /// The access mode of an open: its flags & O_ACCMODE.
    public var access: NumberTable?
    /// 0: a process of the host, 1: one in a container.
    public var scope: NumberTable?
    /// The effective user id.
    public var user: NumberTable?
    /// The family of the socket (`AF_…`), 0 for what is none.
    public var family: NumberTable?
    /// The port of a connection's server, in host order.
    public var port: NumberTable?
    /// The address of a connection's server.
    public var address: AddressTable?
    /// The kernel's short name of the thread's command.
    public var command: TextTable?
    /// The path of the process's executable.
    public var executable: TextTable?
    /// The names of the file that was opened.
    public var file: TextTable?
    /// The paths that the call names.
    public var name: TextTable?
    /// Arguments of the call, each at most once.
    public var arguments: [ArgumentTable]

    /// A filter whose alternatives ask for nothing.
    public init(alternatives: AlternativeSet) {
        self.alternatives = alternatives
        arguments = []
    }

    /// The alternatives that an event of the type leaves possible.
    public func alternatives(for input: FilterInput) -> AlternativeSet {
        var possible = alternatives
        outcome?.narrow(&possible, to: input.isFailed.map { [$0 ? 1 : 0] })
        access?.narrow(&possible, to: input.accessMode.map { [UInt64($0)] })
        scope?.narrow(&possible, to: input.isInContainer.map { [$0 ? 1 : 0] })
        user?.narrow(&possible, to: input.user.map { [UInt64($0)] })
        family?.narrow(&possible, to: input.families?.map(UInt64.init))
        port?.narrow(&possible, to: input.ports?.map(UInt64.init))
        for table in arguments where input.arguments.indices.contains(table.argument) {
            guard let value = input.arguments[table.argument] else { continue }
            possible.formIntersection(table.alternatives(of: value))
        }
        address?.narrow(&possible, to: input.addresses)
        command?.narrow(&possible, to: input.command.map { [$0] })
        executable?.narrow(&possible, to: input.executables)
        file?.narrow(&possible, to: input.files)
        name?.narrow(&possible, to: input.names)
        return possible
    }
}
