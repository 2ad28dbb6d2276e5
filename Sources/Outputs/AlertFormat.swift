import Glibc

/// How alerts are written: Falco's `json_output`, `json_include_*_property` and `time_format_iso_8601`.
public struct AlertFormat: Sendable, Equatable {
    /// JSON objects instead of text lines.
    public var isJSON = false
    /// JSON: the complete text line as `output`.
    public var includesOutput = true
    /// JSON: the text without time and priority as `message`.
    public var includesMessage = false
    /// JSON: the fields as `output_fields`.
    public var includesOutputFields = true
    /// JSON: the rule's tags as `tags`.
    public var includesTags = true
    /// Date and time in UTC instead of the local time of day.
    public var usesISO8601Time = false
    /// JSON: the node's name as `hostname`.
    public var hostName = ""

    /// Text lines, and Falco's defaults for JSON.
    public init() {}

    /// The node's name as alerts show it: `FALCO_HOSTNAME`, which a DaemonSet sets to the node's name because a pod's own
    /// host name says nothing, or else the kernel's.
    public static func currentHostName(environment: String? = getenv("FALCO_HOSTNAME").map { String(cString: $0) })
        -> String
    {
        if let environment, !environment.isEmpty { return environment }
        var names = utsname()
        guard uname(&names) == 0 else { return "localhost" }
        return withUnsafeBytes(of: &names.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
