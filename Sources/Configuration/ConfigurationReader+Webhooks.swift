import ForwarderProtocol
import RuleLanguage

/// What webhooks have of their own: `http_output`, and the entries of `shrike.outputs` with an http or https URL.
extension ConfigurationReader {
    static let webhookKeys = [
        "shape", "template", "content_type", "headers", "user_agent", "bearer_token_file", "bearer_token_env",
        "batch_size", "compress", "keep_alive", "http_version",
    ]

    /// Reads a key that only webhooks have.
    mutating func read(_ entry: Setting.Entry, _ path: String, into webhook: inout WebhookSettings) {
        let value = entry.value
        switch entry.key {
        case "shape":
            let names = PayloadShape.allCases.map(\.rawValue)
            set(&webhook.shape, choice(value, path, names, PayloadShape.init(rawValue:)))
        case "template": readTemplate(value, path, into: &webhook)
        case "content_type": set(&webhook.templateType, headerText(value, path))
        case "headers": webhook.headers = headers(value, path)
        case "user_agent": set(&webhook.userAgent, headerText(value, path))
        case "bearer_token_file": set(&webhook.bearerTokenFile, text(value, path))
        case "bearer_token_env": readTokenVariable(value, path, into: &webhook)
        case "batch_size": set(&webhook.batchSize, integer(value, path, 1...1000))
        case "compress": set(&webhook.isCompressed, bool(value, path))
        case "keep_alive": set(&webhook.keepsAlive, bool(value, path))
        case "http_version":
            let names = HTTPVersion.allCases.map(\.rawValue)
            set(&webhook.httpVersion, choice(value, path, names, HTTPVersion.init(rawValue:)))
        default: break
        }
    }

    /// Finds keys that don't go together.
    mutating func check(_ webhook: WebhookSettings, _ element: Setting) {
        if webhook.batchSize > 1, !webhook.shape.takesBatches {
            let place = element["batch_size"]?.location ?? element.location
            diagnostics.error(
                "the shape '\(webhook.shape.rawValue)' has one alert in a request; 'batch_size' must be 1", at: place)
        }
        if webhook.shape == .template, element["template"] == nil {
            diagnostics.error("the shape 'template' needs a 'template'", at: element.location)
        }
        if !webhook.template.isEmpty, webhook.shape != .template {
            let place = element["template"]?.location ?? element.location
            diagnostics.warning("'template' has no effect without 'shape: template'", at: place)
        }
    }

    private mutating func readTemplate(_ value: Setting, _ path: String, into webhook: inout WebhookSettings) {
        guard let text = text(value, path) else { return }
        do throws(PayloadTemplate.Problem) {
            _ = try PayloadTemplate(text)
            webhook.template = text
        } catch {
            switch error {
            case .unclosed: diagnostics.error("'\(path)': a '{{' is not closed by '}}'", at: value.location)
            case .unknown(let name):
                diagnostics.error(
                    "'\(path)': there is no placeholder '{{\(name)}}'; expected one of "
                        + PayloadTemplate.placeholders.joined(separator: ", "),
                    at: value.location, suggestion: Suggestion.nearest(to: name, in: PayloadTemplate.placeholders))
            }
        }
    }

    private mutating func readTokenVariable(_ value: Setting, _ path: String, into webhook: inout WebhookSettings) {
        guard let name = text(value, path) else { return }
        webhook.bearerTokenVariable = name
        if environment.variable(name)?.isEmpty ?? true {
            diagnostics.error("'\(path)': the environment variable '\(name)' is not set", at: value.location)
        }
    }

    private mutating func headers(_ value: Setting, _ path: String) -> [WebhookSettings.Header] {
        guard case .mapping(let entries) = value.content else {
            diagnostics.error("'\(path)' must be a mapping of names to texts\(found(value))", at: value.location)
            return []
        }
        return entries.compactMap { entry in
            let isName = !entry.key.isEmpty && entry.key.utf8.allSatisfy(Self.isTokenByte)
            if !isName { diagnostics.error("'\(path)': '\(entry.key)' is no header's name", at: entry.keyLocation) }
            guard let text = headerText(entry.value, "\(path).\(entry.key)"), isName else { return nil }
            return WebhookSettings.Header(name: entry.key, value: text)
        }
    }

    /// The characters of a token (RFC 9110, section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// What `http_output` needs when it is enabled.
    mutating func checkHTTPOutput(_ root: Setting) {
        let http = configuration.outputs.http
        guard http.isEnabled, let section = root["http_output"] else { return }
        if http.webhook.url.isEmpty {
            let place = section["enabled"]?.location ?? section.location
            diagnostics.error("'http_output' is enabled, but 'http_output.url' is not set", at: place)
        } else if let url = section["url"] {
            check(url: http.webhook.url, "http_output.url", url.location)
        }
        let agent = http.webhook.userAgent
        if !agent.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }), let place = section["user_agent"]?.location {
            diagnostics.error(
                "'http_output.user_agent' may not hold line breaks or other control characters", at: place)
        }
    }

    private mutating func check(url: String, _ path: String, _ location: SourceLocation) {
        if !Self.isWebhook(url) {
            diagnostics.error(
                "'\(path)' must be an http or https URL, e.g. https://receiver.example/alerts, found '\(url)'",
                at: location)
        }
    }

    /// Whether a text is an http or https URL with a host.
    static func isWebhook(_ url: String) -> Bool {
        let lowered = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix) else { return false }
        let hasHost = url.dropFirst(scheme.count).first.map { !"/?#".contains($0) } ?? false
        return hasHost && !url.utf8.contains { $0 <= 0x20 || $0 == 0x7f }
    }
}
