import HealthServer
import RuleLanguage

extension ConfigurationReader {
    /// What the health server needs of its settings when it is enabled.
    mutating func checkWebServer(_ root: Setting) {
        let settings = configuration.webServer
        guard settings.isEnabled, let section = root["webserver"] else { return }
        func place(_ key: String) -> SourceLocation { (section[key] ?? section).location }
        if settings.usesTLS {
            diagnostics.error(
                "'webserver.ssl_enabled' is true, but the health server speaks plain HTTP; set it to false, and put a "
                    + "TLS proxy before it where it leaves the node", at: place("ssl_enabled"))
        }
        if settings.listenAddress == nil {
            diagnostics.error(
                "'webserver.listen_address' must be an IP address in numbers, e.g. 127.0.0.1 or ::1, or unix:/path, "
                    + "found '\(settings.address)'", at: place("listen_address"))
        }
        let path = settings.healthPath
        if !path.hasPrefix("/") || path.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "?") }) {
            diagnostics.error(
                "'webserver.k8s_healthz_endpoint' must be a path, e.g. /healthz, found '\(path)'",
                at: place("k8s_healthz_endpoint"))
        } else if ["/metrics", "/versions"].contains(path) {
            diagnostics.error(
                "'webserver.k8s_healthz_endpoint' is '\(path)', which has another meaning",
                at: place("k8s_healthz_endpoint"))
        }
    }
}
