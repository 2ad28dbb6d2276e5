import Foundation

/// The kernel's audit settings, to be put back after a test that kills what would have done so.
struct AuditSettings {
    private let options: [String]

    init() throws {
        let status = try Command.run("/sbin/auditctl", ["-s"]).output
        func value(_ name: String) -> String? {
            status.split(separator: "\n").first { $0.hasPrefix("\(name) ") }?.split(separator: " ").last.map(
                String.init)
        }
        options = [
            ("-e", "enabled"), ("-f", "failure"), ("-b", "backlog_limit"), ("--backlog_wait_time", "backlog_wait_time"),
        ].flatMap { option, name in value(name).map { [option, $0] } ?? [] }
    }

    func restore() {
        for index in stride(from: 0, to: options.count, by: 2) {
            _ = try? Command.run("/sbin/auditctl", Array(options[index...index + 1]))
        }
    }
}
