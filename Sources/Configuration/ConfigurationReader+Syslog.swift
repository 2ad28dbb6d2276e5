import ForwarderProtocol
import Outputs
import RuleLanguage

/// What syslog servers have of their own: the entries of `shrike.outputs` with a syslog URL.
extension ConfigurationReader {
    static let syslogKeys = ["facility", "format", "max_message_bytes", "enterprise_number"]

    /// Reads `syslog+TRANSPORT://HOST[:PORT]`.
    mutating func syslog(url: String, _ place: SourceLocation) -> SyslogSettings? {
        let expected = "expected syslog+udp://HOST, syslog+tcp://HOST or syslog+tls://HOST, with :PORT where it is not "
        let ports = "514 (udp, tcp) or 6514 (tls)"
        guard let settings = Self.syslogServer(url) else {
            diagnostics.error("'url' is no syslog server's: '\(url)'; \(expected)\(ports)", at: place)
            return nil
        }
        return settings
    }

    private static func syslogServer(_ url: String) -> SyslogSettings? {
        guard let separator = url.firstRange(of: "://"),
            let transport = SyslogSettings.Transport.allCases.first(where: {
                url[..<separator.lowerBound].lowercased() == "syslog+\($0.rawValue)"
            })
        else { return nil }
        var rest = url[separator.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        var host = rest
        var port: Int?
        if rest.hasPrefix("[") {
            // An IPv6 address, with brackets because of its colons (RFC 3986, section 3.2.2).
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { return nil }
        } else {
            host = rest.prefix { $0 != ":" }
            rest = rest[host.endIndex...]
        }
        if rest.hasPrefix(":") {
            guard let number = Int(rest.dropFirst()), (1...65_535).contains(number) else { return nil }
            port = number
        }
        let isName = host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && !"/?#@[]%\\".utf8.contains(byte)
        }
        guard !host.isEmpty, isName else { return nil }
        return SyslogSettings(transport: transport, host: String(host), port: port)
    }

    /// Reads a key that only syslog servers have.
    mutating func read(_ entry: Setting.Entry, _ path: String, into settings: inout SyslogSettings) {
        let value = entry.value
        switch entry.key {
        case "facility":
            let names = SyslogFacility.allCases.map(\.rawValue)
            set(&settings.facility, choice(value, path, names) { SyslogFacility(rawValue: $0.lowercased()) })
        case "format":
            if let isJSON = choice(value, path, ["json", "text"], { ["json": true, "text": false][$0] }) {
                settings.isJSON = isJSON
            }
        case "max_message_bytes":
            // 480 is what every server must take over IPv4, 65507 what fits in a datagram (RFC 5426, section 3.2).
            let range = settings.transport == .udp ? 480...65_507 : 480...1 << 20
            set(&settings.maximumBytes, integer(value, path, range))
        case "enterprise_number": set(&settings.enterpriseNumber, integer(value, path, 1...Int(Int32.max)))
        default: break
        }
    }
}
