import AuditRecords
import Detection
import EventFields
import EventModel
import EventSources
import NodeState
import RuleEngine

/// A log's way as far as the fields: decoded, taken by a detection without rules, and every field read.
private struct Reader: ~Copyable {
    private var detection: Detection
    private let reader: EventFieldReader
    private let references = (0..<EventFields.catalogue.fields.count).map {
        FieldReference(FieldID(index: UInt16($0)))
    }
    private var arena = ValueArena()

    init() {
        let state = NodeState(files: NoFiles())
        reader = EventFieldReader(state: state, hostname: "fuzz")
        detection = Detection(
            state: state, rules: RuleEvaluation(RuleSet([], catalogue: EventFields.catalogue)), reader: reader,
            authority: SourceAuthority(only: .auditLog))
    }

    mutating func take(_ event: inout RawEvent) {
        detection.take(&event, now: { 0 }, send: { _ in })
        for reference in references {
            arena.reset()
            _ = reader.read(reference, into: &arena)
        }
    }
}

private let syscalls = SyscallTable.known

/// A log of any bytes is replayed without a crash, whatever its events claim.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReplay(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var reader = Reader()
    var decoder = AuditDecoder(syscalls: syscalls, source: .auditLog)
    var event = RawEvent()
    for line in UnsafeBufferPointer(start: data, count: count).split(separator: UInt8(ascii: "\n")) {
        decoder.pushLine(Array(line).span, receivedAt: 1)
        while decoder.next(into: &event) { reader.take(&event) }
    }
    decoder.finish()
    while decoder.next(into: &event) { reader.take(&event) }
    return 0
}
