import CommandOutput
import JSONTree
import Outputs

/// What `shrike doctor` prints.
public enum DoctorReport {
    /// The findings, each with its fix. The status is success when there is no problem.
    public static func make(_ findings: [Finding], isJSON: Bool) -> Report {
        let problems = findings.count { $0.status == .problem }
        let status: ExitStatus = problems == 0 ? .success : .invalid
        if isJSON { return Report(bytes: json(findings, problems), status: status) }
        let width = findings.map(\.check.count).max() ?? 0
        var lines: [String] = []
        for finding in findings {
            lines.append(
                "\(finding.status.rawValue.padded(to: 7))  \(finding.check.padded(to: width))  \(shown(finding.message))"
            )
            if !finding.fix.isEmpty {
                lines.append(String(repeating: " ", count: 11 + width) + "fix: \(shown(finding.fix))")
            }
        }
        lines.append(problems == 0 ? "No problems." : "\(problems) problem\(problems == 1 ? "" : "s").")
        return Report(lines: lines, status: status)
    }

    private static func json(_ findings: [Finding], _ problems: Int) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("version", Version.shrike)
        json.member("problems", problems)
        json.key("findings")
        json.beginArray()
        for finding in findings {
            json.beginObject()
            json.member("check", finding.check)
            json.member("status", finding.status.rawValue)
            json.member("message", finding.message)
            json.member("fix", finding.fix)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// A text without control characters: names of files and programs are in it.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
    }
}
