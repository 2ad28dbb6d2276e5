import AuditRecords
import EventModel
import EventSources

private let syscalls = SyscallTable.known

/// Audit records of any bytes become events or are counted, never a crash. The first byte chooses raw netlink records
/// or log lines.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAudit(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let first = bytes.first else { return 0 }
    var decoder = AuditDecoder(syscalls: syscalls)
    var event = RawEvent()
    for line in bytes.dropFirst().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let record = Array(line)
        if first & 1 == 0 {
            decoder.pushLine(record.span, receivedAt: 1)
        } else {
            decoder.push(type: 1300 &+ UInt16(first >> 1), text: record.span, receivedAt: 1)
        }
        while decoder.next(into: &event) {}
    }
    decoder.finish()
    while decoder.next(into: &event) {}
    return 0
}
