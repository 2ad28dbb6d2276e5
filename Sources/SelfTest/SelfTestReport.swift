import CommandOutput
import JSONTree
import Outputs

/// The attacks and what came of them, as text and as JSON.
enum SelfTestReport {
    /// A case in a line, for `--list`.
    static func line(of attack: AttackCase) -> String {
        let rules = attack.rules + attack.quietRules.map { "quiet: \($0)" }
        let needs = attack.needs.isEmpty ? "" : "  needs \(attack.needs.joined(separator: ", "))"
        return "\(attack.name.padded(to: 40))  \(rules.joined(separator: ", "))  (\(attack.summary))\(needs)"
    }

    /// The cases as a JSON array.
    static func list(_ attacks: [AttackCase]) -> String {
        var json = JSONWriter()
        json.beginArray()
        for attack in attacks {
            json.beginObject()
            write(attack, into: &json)
            json.member("rules", attack.rules)
            json.member("quiet", attack.quietRules)
            json.member("needs", attack.needs)
            json.member("blind", attack.blindSources)
            json.endObject()
        }
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Why nothing was run, as a JSON object.
    static func failure(_ message: String) -> String {
        var json = JSONWriter()
        json.object { $0.member("error", message) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The counts in a line.
    static func summary(_ results: [SelfTestResult]) -> String {
        var counts: [String: Int] = [:]
        for result in results { counts[result.parts.name, default: 0] += 1 }
        func count(_ name: String) -> Int { counts[name] ?? 0 }
        var line = "\(count("seen")) seen, \(count("missed")) missed; \(count("quiet")) quiet, "
        line += "\(count("false_alarm")) false alarms"
        if count("failed") > 0 { line += ", \(count("failed")) failed" }
        if count("skipped") > 0 { line += "; \(count("skipped")) skipped" }
        return line
    }

    /// The results as one document: `sources`, `complete`, and `results`.
    static func json(_ results: [SelfTestResult], sources: [String], isWhole: Bool) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("sources", sources)
        json.member("complete", isWhole)
        json.key("results")
        json.beginArray()
        for result in results {
            let parts = result.parts
            json.beginObject()
            write(result.attack, into: &json)
            json.member("rule", result.rule)
            json.member("result", parts.name)
            if let milliseconds = parts.milliseconds {
                json.member("milliseconds", milliseconds)
            }
            if let reason = parts.reason {
                json.member("reason", reason)
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ attack: AttackCase, into json: inout JSONWriter) {
        json.member("attack", attack.name)
        json.member("case", attack.summary)
        json.member("techniques", attack.techniques)
    }
}
