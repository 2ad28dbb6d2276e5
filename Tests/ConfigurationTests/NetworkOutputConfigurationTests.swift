import EventModel
import ForwarderProtocol
import Foundation
import Outputs
import Testing

@testable import Configuration

extension KeyCase {
    /// `http_output`, `syslog_output.format`, `shrike.outputs`, `shrike.spool`.
    static let networkOutputs = [
        KeyCase(
            "http_output: {enabled: true, url: 'https://a/', insecure: true, mtls: true, client_cert: /c, echo: true}"
        ) {
            $0.outputs.http.isEnabled = true
            $0.outputs.http.webhook.url = "https://a/"
            $0.outputs.http.isInsecure = true
            $0.outputs.http.isMutual = true
            $0.outputs.http.certificateFile = "/c"
            $0.outputs.http.webhook.echoes = true
        },
        KeyCase("shrike: {spool: {path: /s/x.db, max_bytes: 1000000, max_age: 12h}}") {
            $0.outputs.spool.path = "/s/x.db"
            $0.outputs.spool.maximumBytes = 1_000_000
            $0.outputs.spool.maximumAgeSeconds = 43_200
        },
        KeyCase(
            """
            shrike:
              outputs:
                - name: siem
                  url: https://siem.example/v1/logs
                  shape: otlp
                  priority: warning
                  rules: ["Shell *"]
                  tags: [process]
                  headers: {X-Tenant: a}
                  bearer_token_file: /t
                  batch_size: 100
                  timeout_ms: 3000
                  compress: true
                  http_version: 1.1
                  tls: {ca_file: /ca, client_cert: /c, client_key: /k, verify: false}
            """
        ) {
            var webhook = WebhookSettings(url: "https://siem.example/v1/logs")
            webhook.shape = .otlp
            webhook.headers = [.init(name: "X-Tenant", value: "a")]
            webhook.bearerTokenFile = "/t"
            webhook.batchSize = 100
            webhook.isCompressed = true
            webhook.httpVersion = .http1
            var output = NetworkOutput(name: "siem", kind: .webhook(webhook))
            output.filter.minimumPriority = .warning
            output.filter.rules = ["Shell *"]
            output.filter.tags = ["process"]
            output.connection.timeoutMilliseconds = 3000
            output.connection.caFile = "/ca"
            output.connection.certificateFile = "/c"
            output.connection.keyFile = "/k"
            output.connection.verifiesPeer = false
            $0.outputs.network = [output]
        },
        KeyCase("syslog_output: {enabled: true, format: rfc5424}") {
            ($0.outputs.syslog, $0.outputs.syslogForm) = (true, .rfc5424)
        },
        KeyCase(
            """
            shrike:
              outputs:
                - name: logs
                  url: syslog+tls://logs.example
                  facility: local3
                  format: text
                  max_message_bytes: 4096
                  enterprise_number: 99999
                  priority: error
                  tls: {ca_file: /ca}
                - {name: old, url: "syslog+udp://[fd00::1]:5140/"}
                - {name: plain, url: "SYSLOG+TCP://10.0.0.1"}
            """
        ) {
            var settings = SyslogSettings(transport: .tls, host: "logs.example", port: 6514)
            (settings.facility, settings.isJSON) = (.local3, false)
            (settings.maximumBytes, settings.enterpriseNumber) = (4096, 99_999)
            var output = NetworkOutput(name: "logs", kind: .syslog(settings))
            output.filter.minimumPriority = .error
            output.connection.caFile = "/ca"
            let udp = SyslogSettings(transport: .udp, host: "fd00::1", port: 5140)
            let tcp = SyslogSettings(transport: .tcp, host: "10.0.0.1", port: 514)
            $0.outputs.network = [
                output, NetworkOutput(name: "old", kind: .syslog(udp)),
                NetworkOutput(name: "plain", kind: .syslog(tcp)),
            ]
        },
    ]
}

extension ProblemCase {
    /// Mistakes in network outputs.
    static let networkOutputs = [
        ProblemCase(
            "http_output:\n  enabled: true\n  url: x",
            "3:8: error: 'http_output.url' must be an http or https URL, e.g. https://receiver.example/alerts, found 'x'"
        ),
        ProblemCase(
            "http_output:\n  enabled: true",
            "2:12: error: 'http_output' is enabled, but 'http_output.url' is not set"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', shape: slak}]}",
            "1:54: error: 'shrike.outputs: shape' must be one of 'falco', 'text', 'slack', 'alertmanager', 'cloudevents', "
                + "'otlp', 'template', found 'slak' | did you mean 'slack'?"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', uri: x}]}",
            "1:47: warning: unknown key 'shrike.outputs: uri' has no effect | did you mean 'url'?"),
        ProblemCase("shrike: {outputs: [{url: 'http://a'}]}", "1:20: error: an output needs a 'name'"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'ftp://a'}]}",
            "1:35: error: 'url' must be an http or https URL, e.g. https://receiver.example/alerts, or that of a syslog "
                + "server, e.g. syslog+tls://logs.example:6514, found 'ftp://a'"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'syslog://a:70000'}]}",
            "1:35: error: 'url' is no syslog server's: 'syslog://a:70000'; expected syslog+udp://HOST, syslog+tcp://HOST or "
                + "syslog+tls://HOST, with :PORT where it is not 514 (udp, tcp) or 6514 (tls)"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'syslog+tcp://a', tls: {verify: true}}]}",
            "1:53: error: 'shrike.outputs: tls': nothing is encrypted over syslog+tcp; use syslog+tls://"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'syslog+tcp://a', batch_size: 2, facility: local9}]}",
            "1:53: error: 'shrike.outputs: batch_size' belongs to webhooks, and this is a syslog server",
            "1:78: error: 'shrike.outputs: facility' must be one of 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', "
                + "'news', 'uucp', 'cron', 'authpriv', 'ftp', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', "
                + "'local6', 'local7', found 'local9' | did you mean 'local0'?"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', facility: user}]}",
            "1:47: error: 'shrike.outputs: facility' belongs to syslog servers, and this is a webhook"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'syslog+udp://a', max_message_bytes: 70000}]}",
            "1:72: error: 'shrike.outputs: max_message_bytes' must be a whole number from 480 to 65507, found '70000'"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a'}, {name: a, url: 'http://b'}]}",
            "1:55: error: the output name 'a' is given twice; each keeps its own place"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', shape: slack, batch_size: 2}]}",
            "1:73: error: the shape 'slack' has one alert in a request; 'batch_size' must be 1"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', shape: template, template: '{{rul}}'}]}",
            "1:74: error: 'shrike.outputs: template': there is no placeholder '{{rul}}'; expected one of rule, priority, "
                + "output, message, time, hostname, source, tags, key, alert, field:NAME | did you mean 'rule'?"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', bearer_token_env: NOT_SET}]}",
            "1:65: error: 'shrike.outputs: bearer_token_env': the environment variable 'NOT_SET' is not set"),
        ProblemCase(
            "shrike: {outputs: [{name: a, url: 'http://a', headers: {X-A: \"b\\r\\nC: d\"}}]}",
            "1:62: error: 'shrike.outputs: headers.X-A' may not hold line breaks or other control characters"),
    ]
}

@Suite struct NetworkOutputConfigurationTests {
    @Test func `the sample for a log host loads without a remark`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let result = ConfigurationLoader()
            .load(path: root.appendingPathComponent("samples/receivers/rsyslog-shrike.yaml").path)
        #expect(result.diagnostics.isEmpty)
        let output = try #require(result.configuration.outputs.network.first)
        #expect(output.credentialFiles.count == 3)
        guard case .syslog(let settings) = output.kind else {
            Issue.record("\(output.kind)")
            return
        }
        #expect(settings.url == "syslog+tls://loghost.example:6514" && settings.isJSON == true)
    }
}
