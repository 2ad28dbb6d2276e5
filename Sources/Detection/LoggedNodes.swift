public import EventFields

/// The nodes that one log tells of (`node=`), each with a state of its own: the same process id on two of them is two
/// processes, and an alert bears the name of its node.
public struct LoggedNodes {
    private let make: (String) -> EventFieldReader
    private var readers: [[UInt8]: EventFieldReader] = [:]
    /// The node of the last event: most often the next one's too.
    private var last: (name: [UInt8], reader: EventFieldReader)?
    private let limit: Int
    /// Events of nodes beyond the limit, which share a state.
    public private(set) var sharedEvents: UInt64 = 0

    /// Nodes whose readers `make` gives, by their names; at most `limit`, the others share one.
    public init(limit: Int = 256, make: @escaping (String) -> EventFieldReader) {
        self.limit = max(limit, 1)
        self.make = make
    }

    /// The reader of a node's state.
    mutating func reader(of name: ArraySlice<UInt8>) -> EventFieldReader {
        if let last, last.name.elementsEqual(name) { return last.reader }
        let key = readers.count < limit || readers[Array(name)] != nil ? Array(name) : []
        if key.isEmpty { sharedEvents &+= 1 }
        let reader = readers[key] ?? make(String(decoding: key, as: UTF8.self))
        readers[key] = reader
        // Those that share a reader are looked up each time, so that they are counted.
        last = key.isEmpty ? nil : (key, reader)
        return reader
    }
}
