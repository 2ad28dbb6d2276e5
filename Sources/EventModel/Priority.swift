/// How severe a rule's alert is. The raw value is the syslog severity (RFC 5424, section 6.2.1), most severe first.
public enum Priority: UInt8, Sendable, CaseIterable, Comparable {
    case emergency = 0
    case alert, critical, error, warning, notice, informational, debug

    /// Parses a priority as rules and configuration write it: any case, `info` for informational.
    public init?(ruleText: some StringProtocol) {
        let lowered = ruleText.lowercased()
        if lowered == "info" {
            self = .informational
            return
        }
        guard let found = Priority.allCases.first(where: { $0.displayName.lowercased() == lowered }) else { return nil }
        self = found
    }

    /// The capitalised word that alerts show, `Emergency` … `Debug`.
    public var displayName: String {
        switch self {
        case .emergency: "Emergency"
        case .alert: "Alert"
        case .critical: "Critical"
        case .error: "Error"
        case .warning: "Warning"
        case .notice: "Notice"
        case .informational: "Informational"
        case .debug: "Debug"
        }
    }

    /// Orders by severity: `.emergency < .debug`.
    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}
