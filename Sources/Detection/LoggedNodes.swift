public import EventFields
import EventModel
import NodeState

/// The nodes that one log tells of (`node=`), each with a state of its own: the same process id on two of them is two
/// processes, and an alert bears the name of its node.
public struct LoggedNodes {
    private let make: (String) -> EventFieldReader
    private let own: [UInt8]?
    private var readers: [[UInt8]: EventFieldReader] = [:]
    /// The node of the last event: most often the next one's too.
    private var last: (name: [UInt8], reader: EventFieldReader)?
    private let limit: Int
    private var events: UInt64 = 0
    /// Events of nodes beyond the limit, which share a state.
    public private(set) var sharedEvents: UInt64 = 0

    /// Nodes whose readers `make` gives, by their names; at most `limit`, the others share one. Events of the node called `own`
    /// are this machine's.
    public init(limit: Int = 256, own: String? = nil, make: @escaping (String) -> EventFieldReader) {
        self.limit = max(limit, 1)
        self.own = own.map { Array($0.utf8) }
        self.make = make
    }

    /// The reader of a node's state; nil for this machine.
    mutating func reader(of name: ArraySlice<UInt8>) -> EventFieldReader? {
        if let own, own.elementsEqual(name) { return nil }
        if let last, last.name.elementsEqual(name) { return tended(last.reader) }
        let key = readers.count < limit || readers[Array(name)] != nil ? Array(name) : []
        if key.isEmpty { sharedEvents &+= 1 }
        let reader = readers[key] ?? make(String(decoding: key, as: UTF8.self))
        readers[key] = reader
        // Those that share a reader are looked up each time, so that they are counted.
        last = key.isEmpty ? nil : (key, reader)
        return tended(reader)
    }

    /// Lets a state forget what is over, by the times of its own events: there is no clock for another machine's.
    private mutating func tended(_ reader: EventFieldReader) -> EventFieldReader {
        events &+= 1
        if events & 0x3ff == 0 {
            reader.state.tick(nowNanoseconds: reader.state.current.event.timeNanoseconds)
        }
        return reader
    }

    /// Goes on with the static fields of another reader; the states stay.
    mutating func takeStaticFields(of reader: EventFieldReader) {
        readers = readers.mapValues { $0.with(staticFieldsOf: reader) }
        last = nil
    }
}
