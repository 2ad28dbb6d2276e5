public import ForwarderProtocol
public import Outputs

/// Where alerts wait for the network outputs, and how long.
public struct SpoolSettings: Sendable, Equatable {
    /// The file.
    public var path = "/var/lib/shrike/spool.db"
    /// Most bytes of alerts in it, from 65536.
    public var maximumBytes = 256 << 20
    /// The age in seconds at which an undelivered alert is given up, from 60.
    public var maximumAgeSeconds = 7 * 86_400
    /// The defaults.
    public init() {}
}

/// Falco's `http_output`.
public struct HTTPOutput: Sendable, Equatable {
    /// Whether it is used.
    public var isEnabled = false
    /// What is as in any webhook.
    public var webhook = WebhookSettings(url: "")
    /// What is as in any output.
    public var connection = ConnectionSettings()
    /// `insecure`.
    public var isInsecure = false
    /// `ca_cert`: comes before `ca_bundle`.
    public var authorityFile = ""
    /// `mtls`: the certificate and the key are used.
    public var isMutual = false
    /// `client_cert`.
    public var certificateFile = "/etc/ssl/certs/client.crt"
    /// `client_key`.
    public var keyFile = "/etc/ssl/certs/client.key"

    /// Falco's defaults; `max_consecutive_timeouts` is 5 there.
    public init() { webhook.quietTimeouts = 5 }
}

extension OutputSettings {
    /// All network outputs: `http_output` and `shrike.outputs`. Without `json_output` Falco sends text.
    public func networkOutputs(format: AlertFormat) -> [NetworkOutput] {
        guard http.isEnabled else { return network }
        var webhook = http.webhook
        webhook.shape = format.isJSON ? .falco : .text
        var output = NetworkOutput(name: "http", kind: .webhook(webhook))
        output.connection = http.connection
        output.connection.verifiesPeer = !http.isInsecure
        if !http.authorityFile.isEmpty { output.connection.caFile = http.authorityFile }
        if http.isMutual {
            output.connection.certificateFile = http.certificateFile
            output.connection.keyFile = http.keyFile
        }
        return [output] + network
    }
}
