import CommandOutput
import JSONTree
import KernelInterface
import Profiles

/// What `shrike audit node` shows.
public enum NodeAuditReport {
    /// The form of the report.
    public enum Form: Sendable { case text, json, html }

    /// The report. The status is success when all was read and nothing is critical or high, `cannotWatch` when something could not be
    /// read (`HostFacts.unread`), as then nobody knows what is missing.
    public static func make(host: HostFacts, rows: [NodeAudit.Row], form: Form) -> Report {
        let node = NodeAudit.judge(host)
        let all = node + rows.flatMap(\.findings)
        let status: ExitStatus =
            !host.unread.isEmpty ? .cannotWatch : all.contains { $0.severity < .medium } ? .invalid : .success
        switch form {
        case .text: return Report(lines: text(host, node, rows), status: status)
        case .json: return Report(bytes: json(host, node, rows), status: status)
        case .html: return Report(bytes: Array(html(host, node, rows).utf8), status: status)
        }
    }

    /// The worst workload first.
    private static func sorted(_ rows: [NodeAudit.Row]) -> [NodeAudit.Row] {
        rows.enumerated().sorted { left, right in
            let (a, b) = (left.element.findings.first?.severity, right.element.findings.first?.severity)
            guard a != b else { return left.offset < right.offset }
            guard let a else { return false }
            return b.map { a < $0 } ?? true
        }.map(\.element)
    }

    private static func text(_ host: HostFacts, _ node: [NodeAudit.Finding], _ rows: [NodeAudit.Row]) -> [String] {
        var lines = ["node: Linux \(shown(host.kernel))"] + node.flatMap(lines)
        lines += host.unread.map { shown("  not read  \($0)") }
        for row in sorted(rows) {
            lines.append("")
            lines.append(
                shown(
                    "\(row.facts.workload.text): \(row.facts.processes) process\(row.facts.processes == 1 ? "" : "es")"
                        + (row.facts.image.isEmpty ? "" : ", image \(row.facts.image)")
                        + (row.hasProfile ? "" : ", unknown what it needs: no profile")))
            if let member = row.facts.strongest { lines.append(shown("  most privileged: \(words(member))")) }
            lines += row.findings.flatMap(Self.lines)
            if row.findings.isEmpty { lines.append("  nothing found") }
        }
        let counts = NodeAudit.Severity.allCases.map { severity in
            "\((node + rows.flatMap(\.findings)).count { $0.severity == severity }) \(severity.rawValue)"
        }
        return lines + ["", "\(rows.count) workloads: \(counts.joined(separator: ", "))"]
    }

    /// `process 17, /usr/sbin/nginx, root, CAP_CHOWN, no seccomp filter`.
    private static func words(_ member: WorkloadFacts.Member) -> String {
        let count = member.held.rawValue.nonzeroBitCount
        let dangerous = member.held.intersection(NodeAudit.dangerous).names
        let held =
            count == 0
            ? "no capability"
            : count <= 6
                ? member.held.names.joined(separator: ", ")
                : "\(count) capabilities"
                    + (dangerous.isEmpty ? "" : ", \(dangerous.joined(separator: ", ")) among them")
        return
            "process \(member.pid), \(member.program), \(member.uid == 0 ? "root" : "user \(member.uid)"), \(held), "
            + (member.isFiltered ? "a seccomp filter" : "no seccomp filter")
    }

    private static func lines(_ finding: NodeAudit.Finding) -> [String] {
        [
            shown(
                "  \(finding.severity.rawValue.padded(to: 8))  \(finding.layer.rawValue.padded(to: 8))  \(finding.message)"
            ),
            shown("                      fix: \(finding.fix)"),
        ]
    }

    // MARK: JSON

    private static func json(_ host: HostFacts, _ node: [NodeAudit.Finding], _ rows: [NodeAudit.Row]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("node")
            json.object { json in
                json.member("kernel", host.kernel)
                json.key("vulnerabilities")
                json.object { json in
                    for (name, state) in host.vulnerabilities.sorted(by: { $0.key < $1.key }) {
                        json.member(name, state)
                    }
                }
                json.member("unread", host.unread)
                write(node, into: &json)
            }
            json.key("workloads")
            json.beginArray()
            for row in sorted(rows) {
                json.object { json in
                    json.member("workload", row.facts.workload.text)
                    json.member("image", row.facts.image)
                    json.member("processes", row.facts.processes)
                    json.member("containers", row.facts.containers.sorted())
                    json.member("programs", row.facts.programs)
                    if let member = row.facts.strongest {
                        json.key("most_privileged")
                        json.object { json in
                            json.member("pid", member.pid)
                            json.member("program", member.program)
                            json.member("uid", member.uid)
                            json.member("capabilities", member.held.names)
                            json.member("seccomp", member.isFiltered)
                        }
                    }
                    json.member("profile", row.hasProfile)
                    json.member("capabilities", row.facts.bounding.names)
                    write(row.findings, into: &json)
                }
            }
            json.endArray()
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ findings: [NodeAudit.Finding], into json: inout JSONWriter) {
        json.key("findings")
        json.beginArray()
        for finding in findings {
            json.object { json in
                json.member("check", finding.check)
                json.member("severity", finding.severity.rawValue)
                json.member("layer", finding.layer.rawValue)
                json.member("message", finding.message)
                json.member("fix", finding.fix)
            }
        }
        json.endArray()
    }

    // MARK: HTML

    private static func html(_ host: HostFacts, _ node: [NodeAudit.Finding], _ rows: [NodeAudit.Row]) -> String {
        var text = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>What workloads may do</title>
            <style>body{font-family:sans-serif}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;\
            text-align:left;vertical-align:top}.critical{background:#f7c6c6}.high{background:#fbdfc0}.medium{background:#fdf5c4}\
            </style></head><body>
            <h1>What workloads may do beyond what they do</h1>
            <p>Linux \(escaped(host.kernel))</p>
            \(host.unread.map { "<p class=\"high\">not read: \(escaped($0))</p>" }.joined())
            <table><tr><th>workload</th><th>severity</th><th>layer</th><th>what it may do</th><th>what mends it</th></tr>

            """
        for finding in node { text += row("node", finding) }
        for workload in sorted(rows) {
            let name = workload.facts.workload.text
            for finding in workload.findings { text += row(name, finding) }
            if workload.findings.isEmpty {
                text += "<tr><td>\(escaped(name))</td><td></td><td></td><td>nothing found</td><td></td></tr>\n"
            }
        }
        return text + "</table></body></html>\n"
    }

    private static func row(_ name: String, _ finding: NodeAudit.Finding) -> String {
        let cells = [name, finding.severity.rawValue, finding.layer.rawValue, finding.message, finding.fix]
        return "<tr class=\"\(finding.severity.rawValue)\">"
            + cells.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }

    private static func escaped(_ text: String) -> String {
        shown(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// A text as a terminal may show it: names of files and programs are in it.
    private static func shown(_ text: String) -> String { text.printable }
}
