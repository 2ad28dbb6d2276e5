/// A field's place in the `FieldCatalogue`.
public struct FieldID: Sendable, Hashable {
    /// Index into `FieldCatalogue.fields`.
    public let index: UInt16
    /// The field at a catalogue index.
    public init(index: UInt16) { self.index = index }
}

/// The type of a field's value; it decides which operators apply and how literals are read.
public enum FieldType: String, Sendable, Hashable {
    case s8, s16, s32, s64, u8, u16, u32, u64
    /// A port number; literals may be service names.
    case port
    case bool, double
    /// Text.
    case string
    /// Text that is a path.
    case path
    /// A byte buffer.
    case bytes
    /// An IP address.
    case address
    /// An IP network (the field's value is the address that is looked up in it).
    case network
    /// Nanoseconds.
    case relativeTime
    /// Nanoseconds since the epoch.
    case absoluteTime
}

/// What may be done with a field.
public struct FieldFlags: OptionSet, Sendable, Hashable {
    /// One bit for each property.
    public let rawValue: UInt16
    /// Properties from their bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// An argument in brackets (or after a dot, for `evt.arg`) must be given.
    public static let argumentRequired = FieldFlags(rawValue: 1)
    /// An argument may be given.
    public static let argumentAllowed = FieldFlags(rawValue: 2)
    /// The argument is a decimal index.
    public static let argumentIsIndex = FieldFlags(rawValue: 4)
    /// The argument is free text.
    public static let argumentIsKey = FieldFlags(rawValue: 8)
    /// The value is a list.
    public static let list = FieldFlags(rawValue: 16)
    /// Not usable in output.
    public static let filterOnly = FieldFlags(rawValue: 32)
    /// Only usable in output.
    public static let outputOnly = FieldFlags(rawValue: 64)
    /// Using it warns.
    public static let deprecated = FieldFlags(rawValue: 128)
    /// Not usable on the right side of a comparison.
    public static let noRightSide = FieldFlags(rawValue: 256)
    /// Not usable in a transformer.
    public static let noTransformer = FieldFlags(rawValue: 512)
    /// Without an index, a comparison holds when it holds for any element of the list that is read (ancestors).
    public static let anyElement = FieldFlags(rawValue: 1024)
    /// Both ends of a connection are read as a list: `=` holds for either, `!=` for both.
    public static let twoSided = FieldFlags(rawValue: 2048)
}

/// What reading a field costs the event thread at most: of a condition's parts the cheap ones are asked first.
public enum FieldCost: UInt8, Sendable, CaseIterable, Comparable {
    /// The event itself tells it.
    case free
    /// The node's tables tell it, or text has to be made.
    case cheap
    /// A system call or two, at most once for each process image, descriptor or container; the answer is kept.
    case lookup
    /// System calls at each reading, or work that grows with what the process has open or mounted.
    case expensive

    /// The cheaper one comes first.
    public static func < (left: FieldCost, right: FieldCost) -> Bool { left.rawValue < right.rawValue }
}

/// A field as the catalogue lists it.
public struct FieldDescription: Sendable {
    /// The name that users write, e.g. `proc.name`.
    public let name: String
    /// The type of its value.
    public let type: FieldType
    /// What may be done with it.
    public let flags: FieldFlags
    /// One sentence for `shrike fields`.
    public let meaning: String
    /// The sources that can fill it; empty: known to the loader, but no source here can know it.
    public let sources: SourceSet
    /// Nanosecond parts print as nine digits; `fd.dev` as upper-case hexadecimal.
    public let rendering: Rendering
    /// The event source, as rules name it, whose events have the field; nil: those of every source.
    public let eventSource: String?
    /// What reading it costs at most.
    public let cost: FieldCost

    /// How the value prints in text.
    public enum Rendering: Sendable { case plain, nineDigits, upperHexadecimal }

    /// Describes a field.
    public init(
        name: String, type: FieldType, flags: FieldFlags = [], meaning: String, sources: SourceSet = .all,
        rendering: Rendering = .plain, eventSource: String? = "syscall", cost: FieldCost = .cheap
    ) {
        self.name = name
        self.type = type
        self.flags = flags
        self.meaning = meaning
        self.sources = sources
        self.rendering = rendering
        self.eventSource = eventSource
        self.cost = cost
    }

    /// The field where nothing can fill it.
    public var unfilled: FieldDescription {
        FieldDescription(
            name: name, type: type, flags: flags, meaning: meaning, sources: [], rendering: rendering,
            eventSource: eventSource, cost: cost)
    }
}

/// The fields that conditions and output templates may name. Built once by `EventFields`; tests build their own.
public struct FieldCatalogue: Sendable {
    /// All fields; a `FieldID` is an index into it.
    public let fields: [FieldDescription]
    private let idByName: [String: FieldID]

    /// A catalogue of these fields. Names are unique; of a repeated name the first counts.
    public init(_ fields: [FieldDescription]) {
        self.fields = fields
        idByName = Dictionary(
            fields.enumerated().map { ($1.name, FieldID(index: UInt16($0))) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// Finds a field by its exact name (without argument).
    public func id(named name: String) -> FieldID? { idByName[name] }

    /// The description of a field.
    public subscript(id: FieldID) -> FieldDescription { fields[Int(id.index)] }
}

/// A field's argument: `proc.aname[2]`, `proc.env[HOME]`, `evt.arg.flags`.
public enum FieldArgument: Sendable, Hashable {
    case none
    /// A decimal index.
    case index(Int)
    /// Free text, or an event argument's name.
    case key([UInt8])
}

/// A field together with its argument.
public struct FieldReference: Sendable, Hashable {
    /// The field.
    public let field: FieldID
    /// Its argument.
    public let argument: FieldArgument

    /// A field together with its argument.
    public init(_ field: FieldID, _ argument: FieldArgument = .none) {
        self.field = field
        self.argument = argument
    }
}

/// Gives the values of fields for the event at hand. Implemented by `EventFields` over the node's state, and by tests.
public protocol FieldReader {
    /// The field's value, made in `arena`; `.null` when it can't be extracted from this event.
    /// Fields flagged `anyElement` (read without index) and `twoSided` give a list.
    func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue
}
