import EventModel

/// A field whose value the alert itself knows, not the event. The field catalogue lists it for outputs only.
enum AlertFact: String, Sendable, CaseIterable {
    case correlationCount = "correlation.count"
    case correlationFirst = "correlation.first"
    case correlationLost = "correlation.lost"
    case incidentID = "incident.id"
    case incidentFirst = "incident.first"
    case incidentCount = "incident.count"

    /// Whether only a correlation's alerts have it.
    var isOfCorrelation: Bool {
        switch self {
        case .correlationCount, .correlationFirst, .correlationLost: true
        case .incidentID, .incidentFirst, .incidentCount: false
        }
    }

    /// Whether it is a time, in nanoseconds since the epoch.
    var isTime: Bool { self == .correlationFirst || self == .incidentFirst }
}

/// What an alert knows beside its event.
public struct AlertFacts: Sendable, Equatable {
    /// What joined events to a correlation's alert.
    public struct Correlation: Sendable, Equatable {
        /// The events, or different values, that were counted; of a sequence its steps.
        public var count: UInt64
        /// When the first of them was, nanoseconds since the epoch.
        public var firstNanoseconds: UInt64
        /// Events that sources are known to have lost since then.
        public var lost: UInt64

        /// From its parts.
        public init(count: UInt64, firstNanoseconds: UInt64, lost: UInt64) {
            self.count = count
            self.firstNanoseconds = firstNanoseconds
            self.lost = lost
        }
    }

    /// The incident that an alert belongs to.
    public struct Incident: Sendable, Equatable {
        /// Tells it from others of the node: see `id(timeNanoseconds:rootPID:)`.
        public var id: UInt64
        /// When its first alert was, nanoseconds since the epoch.
        public var firstNanoseconds: UInt64
        /// Which of its alerts this is, from 1.
        public var count: UInt64

        /// The id of an incident: the milliseconds of its first alert since the epoch, and in the lowest 22 bits, which hold all
        /// that Linux gives, the process id of the tree's root.
        public static func id(timeNanoseconds: UInt64, rootPID: UInt64) -> UInt64 {
            (timeNanoseconds / 1_000_000) << 22 | (rootPID & 0x3f_ffff)
        }

        /// The id as alerts show it: 16 hexadecimal digits, as a number of this size is not exact in every reader of JSON.
        var idText: [UInt8] {
            let digits = Array(String(id, radix: 16).utf8)
            return Array(repeating: UInt8(ascii: "0"), count: max(0, 16 - digits.count)) + digits
        }

        /// From its parts.
        public init(id: UInt64, firstNanoseconds: UInt64, count: UInt64) {
            self.id = id
            self.firstNanoseconds = firstNanoseconds
            self.count = count
        }
    }

    /// Of a correlation's alert.
    public var correlation: Correlation?
    /// Of an alert that comes from a process.
    public var incident: Incident?

    /// Nothing beside the event.
    public init(correlation: Correlation? = nil, incident: Incident? = nil) {
        self.correlation = correlation
        self.incident = incident
    }

    /// A fact's value, as JSON shows it; nil where the alert has none.
    func value(of fact: AlertFact) -> AlertValue? {
        switch fact {
        case .correlationCount: correlation.map { .unsigned($0.count) }
        case .correlationFirst: correlation.map { .unsigned($0.firstNanoseconds) }
        case .correlationLost: correlation.map { .unsigned($0.lost) }
        case .incidentID: incident.map { .string($0.idText) }
        case .incidentFirst: incident.map { .unsigned($0.firstNanoseconds) }
        case .incidentCount: incident.map { .unsigned($0.count) }
        }
    }
}
