public import EventModel

public final class AuditSource: EventSource {
    public static func probe() -> SourceAvailability {
        SourceAvailability(kind: .audit, isAvailable: false, reason: "stub")
    }
    public init(needs: EventNeeds) throws(AuditFailure) { throw AuditFailure(reason: "stub") }
    public let kind = SourceKind.audit
    public var descriptor: Int32? { nil }
    public var provides: EventTypeSet { EventTypeSet() }
    public var counters: SourceCounters { SourceCounters() }
    public func drain(into sink: any EventSink) -> Bool { false }
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {}
    public func stop() {}
    public func addContainerRoot(_ path: String) {}
}
