public import EventModel

/// Which source rules see each type of event from. More than one may tell of the same happening; events of the others only
/// feed the node's state.
public struct SourceAuthority: Sendable, Equatable {
    /// By `SourceKind.rawValue`: the event types that rules see from that source.
    public private(set) var types: [EventTypeSet]

    /// No source tells rules anything.
    public init() { types = SourceKind.allCases.map { _ in EventTypeSet() } }

    /// The authorities that a selection decided on.
    public init(_ selection: SourceSelection) {
        types = SourceKind.allCases.map { kind in
            EventTypeSet(selection.authorities.filter { $0.value.contains(SourceSet(kind)) }.keys)
        }
    }

    /// The authorities of a recorded run: by `SourceKind.rawValue` the types that rules saw from that source.
    public init(_ types: [EventTypeSet]) {
        self.types = SourceKind.allCases.indices.map { $0 < types.count ? types[$0] : EventTypeSet() }
    }

    /// One source that tells of everything, as a replayed log does.
    public init(only source: SourceKind) {
        types = SourceKind.allCases.map { $0 == source ? .all : EventTypeSet() }
    }

    /// Whether rules see an event.
    ///
    /// - Parameter isDuplicate: another source may have told the node's state of the same before. Rules have not seen it
    ///   then, unless it comes a second time from the scan of /proc, which fills the gaps of the others.
    @inline(__always)
    public func admits(_ type: EventType, from source: SourceKind, isDuplicate: Bool) -> Bool {
        types[Int(source.rawValue)].contains(type) && !(isDuplicate && source == .procfs)
    }
}
