import EventModel

/// What two alerts have in common that are the same to who reads them: the rule, and the values of fields. Keys are
/// compared as a whole, not by a hash that somebody could meet on purpose.
struct AlertKey: Hashable, Sendable {
    private var bytes: [UInt8] = []

    /// The key of no alert.
    static let none = AlertKey()

    private init() {}

    /// About the bytes that it takes: it is in a table and in the window's own memory, which share them.
    var size: Int { bytes.count + 128 }

    /// The key of an alert by these fields, named as in its output. An alert that lacks one of them has the key by all its
    /// fields: what is not known to be equal is not folded.
    init(_ alert: Alert, fields: [String]) {
        append(text: Array(alert.rule.utf8))
        let chosen = fields.compactMap { name in alert.fields.last { $0.key == name } }
        guard fields.isEmpty || chosen.count < fields.count else {
            bytes.append(1)
            for field in chosen { append(field.value) }
            return
        }
        bytes.append(0)
        let connection = alert.fields.last { $0.key == "fd.name" }.flatMap { Self.withoutClientPort($0.value) }
        for field in alert.fields where !Self.isOfOccurrence(field.key) {
            switch field.key {
            case "fd.name" where connection != nil: append(text: connection ?? [])
            // The server's port is in the name; the client's is another each time.
            case "fd.lport" where connection != nil, "fd.rport" where connection != nil: break
            default: append(field.value)
            }
        }
    }

    private mutating func append(text: some Collection<UInt8>) {
        append(number: UInt64(text.count))
        bytes += text
    }

    private mutating func append(number: UInt64) {
        withUnsafeBytes(of: number) { bytes += $0 }
    }

    /// Each kind has its mark, and lengths come before what they count: no two values look alike.
    private mutating func append(_ value: AlertValue) {
        switch value {
        case .null: bytes.append(0)
        case .signed(let number):
            bytes.append(1)
            append(number: UInt64(bitPattern: number))
        case .unsigned(let number):
            bytes.append(2)
            append(number: number)
        case .bool(let value): bytes.append(value ? 3 : 4)
        case .double(let number):
            bytes.append(5)
            append(number: number.bitPattern)
        case .string(let text):
            bytes.append(6)
            append(text: text)
        case .list(let values):
            bytes.append(7)
            append(number: UInt64(values.count))
            for value in values { append(value) }
        }
    }

    /// `CLIENT:PORT->SERVER:PORT` without the client's port; nil for what is no connection. Paths are absolute.
    private static func withoutClientPort(_ value: AlertValue) -> [UInt8]? {
        guard case .string(let text) = value, text.first != UInt8(ascii: "/"),
            let arrow = text.firstRange(of: "->".utf8)?.lowerBound,
            let colon = text[..<arrow].lastIndex(of: UInt8(ascii: ":")),
            text[(colon + 1)..<arrow].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Array(text[..<colon] + text[arrow...])
    }

    /// Whether a field says which occurrence it was, and not what happened: times, numbers of events and processes, and
    /// what is measured.
    private static func isOfOccurrence(_ key: String) -> Bool {
        if isNamedOfOccurrence(key) { return true }
        // A correlation's output has the fields of its events behind their names: `download.proc.pid`.
        guard let dot = key.firstIndex(of: ".") else { return false }
        return isNamedOfOccurrence(String(key[key.index(after: dot)...]))
    }

    private static func isNamedOfOccurrence(_ key: String) -> Bool {
        guard key.utf8.last == UInt8(ascii: "]"), let bracket = key.firstIndex(of: "[") else {
            return fieldsOfOccurrence.contains(key)
        }
        return fieldsOfOccurrence.contains(String(key[..<bracket]))
    }

    private static let fieldsOfOccurrence: Set<String> = [
        "evt.time", "evt.time.s", "evt.time.iso8601", "evt.datetime", "evt.datetime.s", "evt.rawtime", "evt.rawtime.s",
        "evt.rawtime.ns", "evt.reltime", "evt.reltime.s", "evt.reltime.ns", "evt.deltatime", "evt.deltatime.s",
        "evt.deltatime.ns", "evt.outputtime", "evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.human",
        "evt.latency.quantized", "evt.wait_latency", "evt.num", "evt.cpu", "evt.around",
        "proc.pid", "proc.ppid", "proc.vpid", "proc.pvpid", "proc.apid", "proc.sid", "proc.pgid", "proc.vpgid",
        "proc.loginshellid", "proc.duration", "proc.ppid.duration", "proc.pid.ts", "proc.ppid.ts", "proc.nchilds",
        "proc.nthreads", "proc.fdopencount", "proc.fdusage", "proc.vmsize", "proc.vmrss", "proc.vmswap",
        "proc.exe_ino.ctime_duration_proc_start", "proc.exe_ino.ctime_duration_pidns_start",
        "thread.tid", "thread.vtid", "thread.nametid", "thread.cpu", "thread.cpu.user", "thread.cpu.system",
        "thread.exectime", "thread.totexectime", "thread.pfmajor", "thread.pfminor", "thread.vmsize", "thread.vmrss",
        "thread.vmsize.b", "thread.vmrss.b",
        "container.duration", "fd.num", "fd.cport", "proc.tree",
        "correlation.count", "correlation.first", "correlation.lost", "incident.id", "incident.first", "incident.count",
    ]
}
