import AuditRecords
import Detection
import EventFields
import EventModel
import EventSources
import Glibc
import NodeState
import RuleEngine

// StageBenchmark LOG RULES…: each line is STAGE, items, nanoseconds of CPU an item.

guard CommandLine.arguments.count > 2, let log = contents(of: CommandLine.arguments[1]) else {
    print("usage: StageBenchmark LOG RULES…")
    exit(2)
}
var files: [(name: String, bytes: [UInt8])] = []
for path in CommandLine.arguments.dropFirst(2) {
    guard let bytes = contents(of: path) else {
        print("\(path): can't be read")
        exit(1)
    }
    files.append((path, bytes))
}
guard let rules = ruleSet(files) else { exit(1) }

/// Calls `body` with each line of the log.
func forEachLine(_ body: (Span<UInt8>) -> Void) {
    log.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count, let end = memchr(base + start, 0x0a, bytes.count - start) {
            let next = base.distance(to: end)
            body(Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<next])))
            start = next + 1
        }
    }
}

/// Decodes the log and calls `body` with each event.
func forEachEvent(_ body: (inout RawEvent) -> Void) {
    var decoder = AuditDecoder(syscalls: .known, source: .auditLog)
    var event = RawEvent()
    forEachLine { line in
        decoder.pushLine(line)
        while decoder.next(into: &event) { body(&event) }
    }
    decoder.finish()
    while decoder.next(into: &event) { body(&event) }
}

/// Decodes, and detects as a replay does; gives the number of alerts.
func match(_ rules: RuleSet, mode: MatchMode = .first) -> Int {
    let state = NodeState(files: NoFiles())
    var detection = Detection(
        state: state, rules: RuleEvaluation(rules, mode: mode),
        reader: EventFieldReader(state: state, hostname: "benchmark"), authority: SourceAuthority(only: .auditLog))
    var alerts = 0
    forEachEvent { event in detection.take(&event, now: { 0 }, send: { _ in alerts += 1 }) }
    return alerts
}

var records = 0
forEachLine { _ in records += 1 }
var events = 0
forEachEvent { _ in events += 1 }

var bytes = 0
measure("lines", records) { forEachLine { bytes &+= $0.count } }
measure("decode", records) { forEachEvent { _ in } }
measure("decode+state", events) {
    let state = NodeState(files: NoFiles())
    forEachEvent { _ = state.apply(&$0) }
}
measure("decode+state+match", events) { _ = match(rules) }
for count in [0, 10, 100, 1000] {
    guard let distinct = ruleSet([("distinct", distinctRules(count))]) else { exit(1) }
    measure("rules-\(count)", events) { _ = match(distinct) }
}

measure("make-filter", rules.rules.count) { _ = rules.filter() }
measureFilters()
