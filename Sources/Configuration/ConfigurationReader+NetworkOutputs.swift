import EventModel
import ForwarderProtocol
import RuleLanguage

/// `shrike.outputs`: what all entries have, and which kind each one is.
extension ConfigurationReader {
    static let networkOutputKeys = [
        "name", "url", "priority", "rules", "tags", "connect_timeout_ms", "timeout_ms", "tls",
    ]
    private static let tlsKeys = ["verify", "ca_file", "ca_path", "client_cert", "client_key"]

    /// The list of outputs.
    mutating func networkOutputs(_ value: Setting) -> [NetworkOutput] {
        var found: [NetworkOutput] = []
        for element in elements(of: value, "shrike.outputs") {
            guard case .mapping = element.content else {
                diagnostics.error(
                    "an entry of 'shrike.outputs' must be a mapping, e.g. {name: siem, url: https://…}",
                    at: element.location)
                continue
            }
            guard let output = networkOutput(element) else { continue }
            if output.name == "http" || found.contains(where: { $0.name == output.name }) {
                let place = element["name"]?.location ?? element.location
                let why = output.name == "http" ? "is the name of http_output" : "is given twice"
                diagnostics.error("the output name '\(output.name)' \(why); each keeps its own place", at: place)
            } else {
                found.append(output)
            }
        }
        return found
    }

    private mutating func networkOutput(_ element: Setting) -> NetworkOutput? {
        let name = element["name"].flatMap { text($0, "shrike.outputs: name") } ?? ""
        let url = element["url"].flatMap { text($0, "shrike.outputs: url") } ?? ""
        for (key, text) in [("name", name), ("url", url)] where text.isEmpty {
            diagnostics.error("an output needs a '\(key)'", at: element[key]?.location ?? element.location)
        }
        // The URL says which keys belong here; without one, all entries are looked at as a webhook's.
        var output = NetworkOutput(name: name, kind: .webhook(WebhookSettings(url: url)))
        if let place = element["url"]?.location, !url.isEmpty {
            guard let kind = kind(url: url, place) else { return nil }
            output.kind = kind
        }
        for entry in element.entries { read(entry, into: &output) }
        if case .webhook(let webhook) = output.kind { check(webhook, element) }
        return name.isEmpty ? nil : output
    }

    private mutating func kind(url: String, _ place: SourceLocation) -> NetworkOutput.Kind? {
        if Self.isWebhook(url) { return .webhook(WebhookSettings(url: url)) }
        if url.lowercased().hasPrefix("syslog") { return syslog(url: url, place).map { .syslog($0) } }
        diagnostics.error(
            "'url' must be an http or https URL, e.g. https://receiver.example/alerts, or that of a syslog server, e.g. "
                + "syslog+tls://logs.example:6514, found '\(url)'", at: place)
        return nil
    }

    private mutating func read(_ entry: Setting.Entry, into output: inout NetworkOutput) {
        let value = entry.value
        let path = "shrike.outputs: \(entry.key)"
        switch entry.key {
        case "name", "url": return
        case "priority":
            let names = Priority.allCases.map { $0.displayName.lowercased() }
            return set(&output.filter.minimumPriority, choice(value, path, names) { Priority(ruleText: $0) })
        case "rules": return output.filter.rules = texts(value, path)
        case "tags": return output.filter.tags = texts(value, path)
        case "connect_timeout_ms":
            return set(&output.connection.connectTimeoutMilliseconds, integer(value, path, 10...600_000))
        case "timeout_ms": return set(&output.connection.timeoutMilliseconds, integer(value, path, 10...600_000))
        case "tls" where output.kind.canUseTLS: return readTLS(value, path, into: &output.connection)
        case "tls":
            return diagnostics.error(
                "'\(path)': nothing is encrypted over \(output.kind.scheme); use syslog+tls://", at: entry.keyLocation)
        default: break
        }
        let isWebhookKey = Self.webhookKeys.contains(entry.key)
        switch output.kind {
        case .webhook(var settings) where isWebhookKey:
            read(entry, path, into: &settings)
            output.kind = .webhook(settings)
        case .syslog(var settings) where Self.syslogKeys.contains(entry.key):
            read(entry, path, into: &settings)
            output.kind = .syslog(settings)
        case .webhook where Self.syslogKeys.contains(entry.key):
            diagnostics.error("'\(path)' belongs to syslog servers, and this is a webhook", at: entry.keyLocation)
        case .syslog where isWebhookKey:
            diagnostics.error("'\(path)' belongs to webhooks, and this is a syslog server", at: entry.keyLocation)
        case .webhook:
            diagnostics.unknownKey(path, entry: entry, known: Self.networkOutputKeys + Self.webhookKeys)
        case .syslog:
            diagnostics.unknownKey(path, entry: entry, known: Self.networkOutputKeys + Self.syslogKeys)
        }
    }

    private mutating func readTLS(_ value: Setting, _ path: String, into connection: inout ConnectionSettings) {
        guard case .mapping(let entries) = value.content else {
            diagnostics.error("'\(path)' must be a mapping\(found(value))", at: value.location)
            return
        }
        for entry in entries {
            let path = "\(path).\(entry.key)"
            switch entry.key {
            case "verify": set(&connection.verifiesPeer, bool(entry.value, path))
            case "ca_file": set(&connection.caFile, text(entry.value, path))
            case "ca_path": set(&connection.caDirectory, text(entry.value, path))
            case "client_cert": set(&connection.certificateFile, text(entry.value, path))
            case "client_key": set(&connection.keyFile, text(entry.value, path))
            default: diagnostics.unknownKey(path, entry: entry, known: Self.tlsKeys)
            }
        }
        if connection.certificateFile.isEmpty, !connection.keyFile.isEmpty {
            diagnostics.error("'\(path).client_key' needs a 'client_cert'", at: value.location)
        }
    }
}

extension NetworkOutput.Kind {
    /// What its URL begins with.
    fileprivate var scheme: String {
        switch self {
        case .webhook: "http"
        case .syslog(let settings): "syslog+\(settings.transport.rawValue)"
        }
    }
}
