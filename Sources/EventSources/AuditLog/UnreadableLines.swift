import AuditRecords

/// The lines of a log that hold no audit record: how many, and what the first is.
struct UnreadableLines {
    /// Number of the line last read, from 1.
    private var line: UInt64 = 0
    private var count: UInt64 = 0
    private var first: (line: UInt64, kind: UnreadableLine, excerpt: String)?

    private static let excerptBytes = 60

    /// Takes note of a line and what the decoder made of it.
    mutating func take(_ kind: UnreadableLine?, _ bytes: Span<UInt8>) {
        line &+= 1
        guard let kind else { return }
        count &+= 1
        guard first == nil else { return }
        var excerpt = ""
        for index in 0..<min(bytes.count, Self.excerptBytes) {
            // What a foreign file holds must not reach a terminal as it is.
            excerpt += (0x20..<0x7f).contains(bytes[index]) ? String(UnicodeScalar(bytes[index])) : "."
        }
        first = (line, kind, bytes.count > Self.excerptBytes ? excerpt + "…" : excerpt)
    }

    /// What to tell of a file at its end, and begins anew; nil when all of it was read.
    mutating func takeMessage(_ path: String) -> String? {
        defer { self = UnreadableLines() }
        guard let first else { return nil }
        let others = count > 1 ? ", the first of \(count) such lines" : ""
        let advice = first.kind.advice.map { "; \($0)" } ?? ""
        return "\(path):\(first.line): no audit record\(others): \"\(first.excerpt)\"\(advice)"
    }
}
