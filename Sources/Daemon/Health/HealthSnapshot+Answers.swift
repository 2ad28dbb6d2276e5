import CommandOutput
import HealthServer
import Outputs

extension HealthSnapshot {
    /// `/healthz`: Falco's `{"status":"ok"}`, or 503 with the reasons.
    var health: HTTPResponse {
        let complaints = complaints
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.string(complaints.isEmpty ? "ok" : "failing")
        if !complaints.isEmpty {
            json.key("reasons")
            json.strings(complaints)
        }
        json.endObject()
        return HTTPResponse(
            status: complaints.isEmpty ? .ok : .unavailable, contentType: "application/json", body: json.bytes)
    }

    /// `/versions`: as Falco's, with the keys that apply.
    static var versions: HTTPResponse {
        // Falco's own has the second part of the rule engine's version as a number by itself.
        let parts = Version.ruleEngine.split(separator: ".")
        var json = JSONWriter()
        json.beginObject()
        json.key("engine_version")
        json.string(parts.count > 1 ? String(parts[1]) : Version.ruleEngine)
        json.key("engine_version_semver")
        json.string(Version.ruleEngine)
        json.key("shrike_version")
        json.string(Version.shrike)
        json.endObject()
        return HTTPResponse(status: .ok, contentType: "application/json", body: json.bytes)
    }
}
