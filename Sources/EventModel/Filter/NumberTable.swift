/// A look-up from a number to the alternatives that it leaves possible.
public struct NumberTable: Sendable, Hashable {
    /// A number that some alternative names.
    public struct Row: Sendable, Hashable {
        /// The number.
        public let number: UInt64
        /// The alternatives that it leaves possible.
        public let alternatives: AlternativeSet

        /// A row from its parts.
        public init(number: UInt64, alternatives: AlternativeSet) {
            self.number = number
            self.alternatives = alternatives
        }
    }

    /// What a number leaves possible that has no row.
    public let others: AlternativeSet
    /// The rows, sorted by number.
    public let rows: [Row]

    /// A table from rows in any order, each number at most once.
    public init(others: AlternativeSet, rows: [Row]) {
        self.others = others
        self.rows = rows.sorted { $0.number < $1.number }
    }

    /// The alternatives that a number leaves possible.
    public func alternatives(of number: UInt64) -> AlternativeSet {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) >> 1
            if rows[middle].number == number { return rows[middle].alternatives }
            if rows[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return others
    }

    /// Leaves of a set what any of several numbers leaves possible; nil: not known.
    func narrow(_ possible: inout AlternativeSet, to numbers: [UInt64]?) {
        guard let numbers else { return }
        var left = AlternativeSet()
        for number in numbers { left.formUnion(alternatives(of: number)) }
        possible.formIntersection(left)
    }
}

/// A look-up from an IP address to the alternatives that it leaves possible, by the longest listed network that it lies in.
public struct AddressTable: Sendable, Hashable {
    /// A network.
    public struct Row: Sendable, Hashable {
        /// The network's address in network order, 4 bytes or 16; bits behind the prefix are 0.
        public let address: [UInt8]
        /// How many bits count.
        public let prefixLength: Int
        /// The alternatives that an address in it, and in no smaller one, leaves possible.
        public let alternatives: AlternativeSet

        /// A row from its parts.
        public init(address: [UInt8], prefixLength: Int, alternatives: AlternativeSet) {
            self.address = address
            self.prefixLength = prefixLength
            self.alternatives = alternatives
        }

        /// Whether an address lies in the network; one of the other family never does.
        public func contains(_ other: [UInt8]) -> Bool {
            guard other.count == address.count else { return false }
            let whole = prefixLength / 8
            guard other.prefix(whole).elementsEqual(address.prefix(whole)) else { return false }
            let rest = prefixLength % 8
            guard rest > 0, whole < address.count else { return true }
            return (other[whole] ^ address[whole]) >> UInt8(8 - rest) == 0
        }
    }

    /// What an address leaves possible that lies in none.
    public let others: AlternativeSet
    /// The networks, the smallest first.
    public let rows: [Row]

    /// A table from rows in any order, each network at most once.
    public init(others: AlternativeSet, rows: [Row]) {
        self.others = others
        self.rows = rows.sorted { ($1.prefixLength, $0.address.count) < ($0.prefixLength, $1.address.count) }
    }

    /// The alternatives that an address leaves possible.
    public func alternatives(of address: [UInt8]) -> AlternativeSet {
        rows.first { $0.contains(address) }?.alternatives ?? others
    }

    /// Leaves of a set what any of several addresses leaves possible; nil: not known.
    func narrow(_ possible: inout AlternativeSet, to addresses: [[UInt8]]?) {
        guard let addresses else { return }
        var left = AlternativeSet()
        for address in addresses { left.formUnion(alternatives(of: address)) }
        possible.formIntersection(left)
    }
}

/// The tests on one argument of a call: what it leaves possible is `others` and what each test that holds grants.
public struct ArgumentTable: Sendable, Hashable {
    /// A test: `argument & mask == bits`.
    public struct Row: Sendable, Hashable {
        /// The bits that count.
        public let mask: UInt64
        /// What they must be.
        public let bits: UInt64
        /// The alternatives that ask for it.
        public let granted: AlternativeSet

        /// A row from its parts.
        public init(mask: UInt64, bits: UInt64, granted: AlternativeSet) {
            self.mask = mask
            self.bits = bits
            self.granted = granted
        }
    }

    /// The argument's position among `EventType.arguments`, whose `origin` says where a source finds it.
    public let argument: Int
    /// The alternatives that don't ask about the argument.
    public let others: AlternativeSet
    /// The tests.
    public let rows: [Row]

    /// A table from its parts.
    public init(argument: Int, others: AlternativeSet, rows: [Row]) {
        self.argument = argument
        self.others = others
        self.rows = rows
    }

    /// The alternatives that a value, as the caller passed it, leaves possible.
    public func alternatives(of value: UInt64) -> AlternativeSet {
        var left = others
        for row in rows where value & row.mask == row.bits { left.formUnion(row.granted) }
        return left
    }
}
