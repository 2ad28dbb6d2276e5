import AuditRecords
import EventFields
import EventModel
import EventSources
import NodeState

/// A log's way as far as the fields: decoded, applied to the node's state, and every field read.
private final class Reader: EventSink {
    private let state = NodeState(files: NoFiles())
    private let reader: EventFieldReader
    private let references = (0..<EventFields.catalogue.fields.count).map {
        FieldReference(FieldID(index: UInt16($0)))
    }
    private var arena = ValueArena()

    init() { reader = EventFieldReader(state: state, hostname: "fuzz") }

    func receive(_ event: inout RawEvent) {
        _ = state.apply(&event)
        for reference in references {
            arena.reset()
            _ = reader.read(reference, into: &arena)
        }
    }

    func report(_ notice: SourceNotice) {}
}

private let syscalls = SyscallTable.known

/// A log of any bytes is replayed without a crash, whatever its events claim.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReplay(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let sink = Reader()
    var decoder = AuditDecoder(syscalls: syscalls, source: .auditLog)
    var event = RawEvent()
    for line in UnsafeBufferPointer(start: data, count: count).split(separator: UInt8(ascii: "\n")) {
        decoder.pushLine(Array(line).span, receivedAt: 1)
        while decoder.next(into: &event) { sink.receive(&event) }
    }
    decoder.finish()
    while decoder.next(into: &event) { sink.receive(&event) }
    return 0
}
