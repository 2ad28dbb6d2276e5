import EventModel
import Forwarder
import RuleLanguage

/// The network outputs: `http_output` and `shrike.outputs`.
extension ConfigurationReader {
    static let webhookKeys = [
        "name", "url", "shape", "template", "content_type", "priority", "rules", "tags", "headers", "user_agent",
        "bearer_token_file", "bearer_token_env", "batch_size", "connect_timeout_ms", "timeout_ms", "compress",
        "keep_alive", "tls",
    ]
    private static let tlsKeys = ["verify", "ca_file", "ca_path", "client_cert", "client_key"]

    /// `shrike.outputs`: a list of webhooks.
    mutating func webhooks(_ value: Setting) -> [WebhookSettings] {
        var found: [WebhookSettings] = []
        for element in elements(of: value, "shrike.outputs") {
            guard case .mapping = element.content else {
                diagnostics.error(
                    "an entry of 'shrike.outputs' must be a mapping, e.g. {name: siem, url: https://…}",
                    at: element.location)
                continue
            }
            guard let webhook = webhook(element) else { continue }
            if webhook.name == "http" || found.contains(where: { $0.name == webhook.name }) {
                let place = element["name"]?.location ?? element.location
                let why = webhook.name == "http" ? "is the name of http_output" : "is given twice"
                diagnostics.error("the output name '\(webhook.name)' \(why); each keeps its own place", at: place)
            } else {
                found.append(webhook)
            }
        }
        return found
    }

    private mutating func webhook(_ element: Setting) -> WebhookSettings? {
        var webhook = WebhookSettings(name: "", url: "")
        for entry in element.entries { read(entry, into: &webhook) }
        for (key, text) in [("name", webhook.name), ("url", webhook.url)] where text.isEmpty {
            diagnostics.error("an output needs a '\(key)'", at: element[key]?.location ?? element.location)
        }
        if let url = element["url"], !webhook.url.isEmpty { check(url: webhook.url, "url", url.location) }
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
        return webhook.name.isEmpty ? nil : webhook
    }

    private mutating func read(_ entry: Setting.Entry, into webhook: inout WebhookSettings) {
        let value = entry.value
        let path = "shrike.outputs: \(entry.key)"
        switch entry.key {
        case "name": set(&webhook.name, text(value, path))
        case "url": set(&webhook.url, text(value, path))
        case "shape":
            let names = PayloadShape.allCases.map(\.rawValue)
            set(&webhook.shape, choice(value, path, names, PayloadShape.init(rawValue:)))
        case "template": readTemplate(value, path, into: &webhook)
        case "content_type": set(&webhook.templateType, headerText(value, path))
        case "priority":
            let names = Priority.allCases.map { $0.displayName.lowercased() }
            set(&webhook.minimumPriority, choice(value, path, names) { Priority(ruleText: $0) })
        case "rules": webhook.rules = texts(value, path)
        case "tags": webhook.tags = texts(value, path)
        case "headers": webhook.headers = headers(value, path)
        case "user_agent": set(&webhook.userAgent, headerText(value, path))
        case "bearer_token_file": set(&webhook.bearerTokenFile, text(value, path))
        case "bearer_token_env": readTokenVariable(value, path, into: &webhook)
        case "batch_size": set(&webhook.batchSize, integer(value, path, 1...1000))
        case "connect_timeout_ms": set(&webhook.connectTimeoutMilliseconds, integer(value, path, 10...600_000))
        case "timeout_ms": set(&webhook.timeoutMilliseconds, integer(value, path, 10...600_000))
        case "compress": set(&webhook.isCompressed, bool(value, path))
        case "keep_alive": set(&webhook.keepsAlive, bool(value, path))
        case "tls": readTLS(value, path, into: &webhook)
        default: diagnostics.unknownKey(path, entry: entry, known: Self.webhookKeys)
        }
    }

    private mutating func readTLS(_ value: Setting, _ path: String, into webhook: inout WebhookSettings) {
        guard case .mapping(let entries) = value.content else {
            diagnostics.error("'\(path)' must be a mapping\(found(value))", at: value.location)
            return
        }
        for entry in entries {
            let path = "\(path).\(entry.key)"
            switch entry.key {
            case "verify": set(&webhook.verifiesPeer, bool(entry.value, path))
            case "ca_file": set(&webhook.caFile, text(entry.value, path))
            case "ca_path": set(&webhook.caDirectory, text(entry.value, path))
            case "client_cert": set(&webhook.certificateFile, text(entry.value, path))
            case "client_key": set(&webhook.keyFile, text(entry.value, path))
            default: diagnostics.unknownKey(path, entry: entry, known: Self.tlsKeys)
            }
        }
        if webhook.certificateFile.isEmpty, !webhook.keyFile.isEmpty {
            diagnostics.error("'\(path).client_key' needs a 'client_cert'", at: value.location)
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

    /// A text without control characters: a line break would begin a header of its own.
    private mutating func headerText(_ value: Setting, _ path: String) -> String? {
        guard let text = text(value, path) else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            diagnostics.error("'\(path)' may not hold line breaks or other control characters", at: value.location)
            return nil
        }
        return text
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
        let lowered = url.lowercased()
        let scheme = ["http://", "https://"].first { lowered.hasPrefix($0) }
        let rest = url.dropFirst(scheme?.count ?? 0)
        let hasHost = rest.first.map { !"/?#".contains($0) } ?? false
        if scheme == nil || !hasHost || url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
            diagnostics.error(
                "'\(path)' must be an http or https URL, e.g. https://receiver.example/alerts, found '\(url)'",
                at: location)
        }
    }

    /// A time in seconds: a whole number, or numbers with units, largest first or not, as `1h30m` (Prometheus has the same).
    mutating func duration(_ value: Setting, _ path: String, _ range: ClosedRange<Int>) -> Int? {
        if case .null = value.content { return nil }
        if let seconds = Self.seconds(of: scalar(value) ?? ""), range.contains(seconds) { return seconds }
        diagnostics.error(
            "'\(path)' must be a time from \(range.lowerBound)s to \(range.upperBound / 86_400)d, e.g. 12h or 7d"
                + found(value), at: value.location)
        return nil
    }

    /// Whole seconds; nil for a text that is no time, or no whole number of seconds, or too long a time to count.
    private static func seconds(of text: String) -> Int? {
        if let number = Int(text) { return number }
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        var milliseconds = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Int(digits), let unit = units[String(name)] else { return nil }
            let (part, partOverflows) = number.multipliedReportingOverflow(by: unit)
            let (sum, sumOverflows) = milliseconds.addingReportingOverflow(part)
            guard !partOverflows, !sumOverflows else { return nil }
            milliseconds = sum
        }
        return text.isEmpty || milliseconds % 1000 != 0 ? nil : milliseconds / 1000
    }

    func set<Value>(_ target: inout Value, _ value: Value?) {
        if let value { target = value }
    }
}
