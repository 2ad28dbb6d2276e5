import Glibc

/// The time before a line of the log, as Falco writes it.
public enum LogTime: Sendable {
    /// None: who reads along knows it, and the journal notes it itself.
    case none
    /// `Fri Nov 28 21:39:32 2026: `, local.
    case local
    /// `2026-11-28T21:39:32+0000: `, UTC (`time_format_iso_8601`).
    case iso8601

    /// What a daemon's log on standard error needs. `journal` is the variable JOURNAL_STREAM, which systemd sets where
    /// standard error goes to the journal (systemd.exec(5)).
    public static func ofDaemon(usesISO8601: Bool, journal: String?) -> LogTime {
        journal != nil ? .none : usesISO8601 ? .iso8601 : .local
    }

    /// The text for seconds since the epoch.
    public func prefix(at seconds: time_t) -> String {
        var (time, parts) = (seconds, tm())
        let format: String
        switch self {
        case .none: return ""
        case .local:
            localtime_r(&time, &parts)
            format = "%a %b %e %H:%M:%S %Y: "
        case .iso8601:
            gmtime_r(&time, &parts)
            format = "%Y-%m-%dT%H:%M:%S+0000: "
        }
        var bytes = [CChar](repeating: 0, count: 64)
        let count = strftime(&bytes, bytes.count, format, &parts)
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
