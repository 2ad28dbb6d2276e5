import AuditRecords
import EventModel
import Foundation
import Testing

/// Logs written by auditd from a real kernel (6.18, x86-64), and what they decode to. `SHRIKE_UPDATE_GOLDEN=1` writes the
/// expectations anew, for review as a diff.
@Suite struct GoldenTests {
    @Test(arguments: [
        "normal", "enriched", "node", "i386", "io-uring", "long-argv", "weird-names", "interleaved", "out-of-order",
        "lost-pieces", "rollover",
    ])
    func `fixture decodes to its golden file`(_ name: String) throws {
        let (events, counters, controls) = decode(lines: try fixture("\(name).log"))
        var text = events.map { $0.facts + "\n" }.joined()
        for control in controls {
            let key = String(decoding: control.key, as: UTF8.self).replacingOccurrences(of: "\u{1}", with: "+")
            text += "control \(control.type) pid=\(control.pid) op=\(control.operation) key=\(key)\n"
        }
        text += """
            records=\(counters.records) events=\(counters.events) malformed=\(counters.malformed) \
            ignored=\(counters.ignored) incomplete=\(counters.incomplete) late=\(counters.late) \
            duplicates=\(counters.duplicates) evicted=\(counters.evicted)\n
            """
        let url = fixtureURL("\(name).expected")
        if ProcessInfo.processInfo.environment["SHRIKE_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: url)
        }
        let expected = try String(decoding: Data(contentsOf: url), as: UTF8.self)
        let got = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(got.count == wanted.count)
        for (line, want) in zip(got, wanted) { #expect(line == want) }
    }

    @Test func `raw and enriched lines decode alike`() throws {
        let enriched = try fixture("enriched.log")
        let raw = enriched.map { Array($0.prefix { $0 != 0x1d }) }
        // The enriched half adds the names of accounts.
        let names = /\ (user|login|group)=[^ ]*/
        #expect(
            decode(lines: enriched).events.map { $0.facts.replacing(names, with: "") }
                == decode(lines: raw).events.map(\.facts)
        )
    }

    @Test func `records as netlink delivers them decode as the log's lines do`() throws {
        let lines = try fixture("normal.log")
        var decoder = AuditDecoder(syscalls: .fixtures, source: .auditLog)
        var events: [String] = []
        var event = RawEvent()
        for line in lines {
            let parts = line.split(separator: 0x20, maxSplits: 1)
            let type = try #require(RecordType(name: String(decoding: parts[0].dropFirst(5), as: UTF8.self)))
            decoder.push(type: type.rawValue, text: Array(parts[1].dropFirst(4)).span)
            while decoder.next(into: &event) { events.append(event.facts) }
        }
        decoder.finish()
        while decoder.next(into: &event) { events.append(event.facts) }
        #expect(events == decode(lines: lines).events.map(\.facts))
    }

    @Test(arguments: ["interleaved", "out-of-order"])
    func `the order of records does not matter`(_ name: String) throws {
        let mixed = try fixture("\(name).log")
        // The same records, each event's together and in the kernel's order: by serial, stable within it.
        func serial(_ line: [UInt8]) -> Int {
            let text = String(decoding: line, as: UTF8.self)
            let digits = text.split(separator: ":", maxSplits: 2)[1].prefix { $0 != ")" }
            return Int(digits) ?? 0
        }
        let sorted = mixed.enumerated().sorted { (serial($0.1), $0.0) < (serial($1.1), $1.0) }.map(\.1)
        let got = decode(lines: mixed)
        let wanted = decode(lines: sorted)
        #expect(got.counters.incomplete == 0)
        #expect(got.counters.late == 0)
        #expect(Set(got.events.map(\.facts)) == Set(wanted.events.map(\.facts)))
        #expect(got.events.count == wanted.events.count)
    }
}
