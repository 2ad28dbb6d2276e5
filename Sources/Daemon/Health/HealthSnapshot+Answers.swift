import CommandOutput
import HealthServer
import JSONTree
import Outputs

extension HealthSnapshot {
    /// `/healthz`: Falco's `{"status":"ok"}`, or 503 with the reasons.
    var health: HTTPResponse {
        let complaints = complaints
        var json = JSONWriter()
        json.beginObject()
        json.member("status", complaints.isEmpty ? "ok" : "failing")
        if !complaints.isEmpty {
            json.member("reasons", complaints)
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
        json.member("engine_version", parts.count > 1 ? String(parts[1]) : Version.ruleEngine)
        json.member("engine_version_semver", Version.ruleEngine)
        json.member("shrike_version", Version.shrike)
        json.endObject()
        return HTTPResponse(status: .ok, contentType: "application/json", body: json.bytes)
    }
}
