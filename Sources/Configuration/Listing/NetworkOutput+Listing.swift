import CommandOutput
import EventModel
import ForwarderProtocol
import Outputs

extension NetworkOutput {
    /// The output as an entry of `shrike.outputs`.
    var listing: ValueTree {
        typealias Member = ValueTree.Member
        var members = [Member("name", .text(name))]
        switch kind {
        case .webhook(let settings): members += settings.listing
        case .syslog(let settings): members += settings.listing
        }
        members += [
            Member("priority", .text(filter.minimumPriority.displayName.lowercased())),
            Member("rules", .texts(filter.rules)), Member("tags", .texts(filter.tags)),
            Member("connect_timeout_ms", .integer(connection.connectTimeoutMilliseconds)),
            Member("timeout_ms", .integer(connection.timeoutMilliseconds)),
        ]
        guard kind.canUseTLS else { return .map(members) }
        var tls = [Member("verify", .bool(connection.verifiesPeer))]
        for (key, value) in [
            ("ca_file", connection.caFile), ("ca_path", connection.caDirectory),
            ("client_cert", connection.certificateFile), ("client_key", connection.keyFile),
        ] where !value.isEmpty { tls.append(Member(key, .text(value))) }
        return .map(members + [Member("tls", .map(tls))])
    }
}

extension NetworkOutput.Kind {
    /// Whether settings of TLS may have an effect.
    var canUseTLS: Bool {
        switch self {
        case .webhook: true
        case .syslog(let settings): settings.transport == .tls
        }
    }
}

extension WebhookSettings {
    fileprivate var listing: [ValueTree.Member] {
        typealias Member = ValueTree.Member
        var members = [
            Member("url", .text(url)), Member("shape", .text(shape.rawValue)),
            Member("headers", .map(headers.map { Member($0.name, .text(Configuration.hidden)) })),
            Member("user_agent", .text(userAgent)), Member("batch_size", .integer(batchSize)),
            Member("compress", .bool(isCompressed)), Member("keep_alive", .bool(keepsAlive)),
            Member("http_version", .text(httpVersion.rawValue)),
        ]
        if shape == .template {
            members += [Member("template", .text(template)), Member("content_type", .text(templateType))]
        }
        if !bearerTokenFile.isEmpty { members.append(Member("bearer_token_file", .text(bearerTokenFile))) }
        if !bearerTokenVariable.isEmpty { members.append(Member("bearer_token_env", .text(bearerTokenVariable))) }
        return members
    }
}

extension SyslogSettings {
    fileprivate var listing: [ValueTree.Member] {
        typealias Member = ValueTree.Member
        var members = [
            Member("url", .text(url)), Member("facility", .text(facility.rawValue)),
            Member("max_message_bytes", .integer(maximumBytes)),
            Member("enterprise_number", .integer(enterpriseNumber)),
        ]
        if let isJSON { members.append(Member("format", .text(isJSON ? "json" : "text"))) }
        return members
    }
}
