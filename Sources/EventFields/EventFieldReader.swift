public import EventModel
import Glibc
public import NodeState

/// Reads the fields of the node state's current event.
///
///     state.apply(&event)
///     let name = reader.read(FieldReference(nameField), into: &arena)
///
/// Used by the event thread only. Values are made in the arena and valid until it is reset.
public final class EventFieldReader: FieldReader {
    /// The state whose current event is read.
    public let state: NodeState
    /// The name of the state's node: `evt.hostname`.
    public let hostname: [UInt8]
    /// What is known of workloads; nil where nothing is learned.
    public var knowledge: (any WorkloadKnowledge)?
    let arguments = ArgumentTable.shared
    let traits = EventTraits.table
    /// How often `util.cnt` was read.
    var extractionCount: UInt64 = 0
    var mountPatterns = MountPatterns()
    /// The numbers of a process's descriptors, for `fd.types`.
    var descriptorNumbers: [Int32] = []
    /// For values that are made on the way to another.
    var scratch = ValueArena()

    private let functions: [FieldFunction]
    private let staticValues: [[UInt8]]

    /// A reader of a state's current event. `staticFields` are the values of the configuration's `static_fields`, in the
    /// order of the names that `EventFields.catalogue(staticFields:)` was given.
    public init(state: NodeState, hostname: String, staticFields: [String] = []) {
        self.state = state
        self.hostname = Array(hostname.utf8)
        functions = EventFields.rows.map(\.function)
        staticValues = staticFields.map { Array($0.utf8) }
        // localtime_r need not read the time zone by itself (POSIX).
        tzset()
    }

    private init(_ other: EventFieldReader, staticValues: [[UInt8]]) {
        state = other.state
        hostname = other.hostname
        functions = other.functions
        self.staticValues = staticValues
    }

    /// A reader of the same state with the static fields of another one.
    public func with(staticFieldsOf other: EventFieldReader) -> EventFieldReader {
        EventFieldReader(self, staticValues: other.staticValues)
    }

    /// The field's value for the state's current event, made in `arena`; null when it can't be extracted.
    public func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue {
        let index = Int(reference.field.index)
        if index < functions.count { return call(functions[index], reference.argument, &arena) }
        let position = index - functions.count
        return position < staticValues.count ? arena.string(staticValues[position]) : .null
    }

    /// Reads the field at a position of `EventFields.rows`, without argument.
    func read(row index: Int, into arena: inout ValueArena) -> FieldValue {
        call(functions[index], .none, &arena)
    }

    /// The process of the event; nil when nothing is known of it.
    var process: ProcessRecord? { state.current.process }
    /// What is fixed for events of this type.
    var trait: EventTraits { traits[Int(state.current.event.type.index)] }
    /// The arguments of the event's type.
    var eventArguments: EventArguments { arguments.events[Int(state.current.event.type.index)] }
    /// Nanoseconds since the epoch.
    var time: UInt64 { state.current.event.timeNanoseconds }
}
