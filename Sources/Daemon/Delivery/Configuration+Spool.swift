public import Forwarder
import Glibc
import KernelInterface
import Outputs
import Spool

extension Configuration {
    /// Opens the spool when a network output is configured, with the process that will empty it; nil otherwise.
    func openSpool() throws(SpoolOpenError) -> SpoolOutput? {
        let webhooks = outputs.networkOutputs(format: alertFormat)
        guard !webhooks.isEmpty else { return nil }
        let spool: SpoolWriter
        do throws(SpoolError) {
            spool = try SpoolWriter(
                path: outputs.spool.path,
                limits: SpoolLimits(
                    bytes: Int64(outputs.spool.maximumBytes), ageSeconds: Int64(outputs.spool.maximumAgeSeconds)),
                outputs: webhooks.map(\.name))
        } catch {
            throw SpoolOpenError(path: outputs.spool.path, reason: error)
        }
        let plan = ForwarderPlan(
            parent: getpid(), spoolPath: outputs.spool.path, format: alertFormat, webhooks: webhooks)
        do throws(KernelError) {
            return SpoolOutput(
                spool, path: outputs.spool.path, forwarder: try ForwarderProcess(plan), format: alertFormat)
        } catch {
            throw SpoolOpenError(path: outputs.spool.path, reason: .system(error))
        }
    }
}

/// The spool can't be used.
struct SpoolOpenError: Error, CustomStringConvertible {
    let path: String
    let reason: SpoolError
    var description: String { "can't open the spool \(path): \(reason)" }
}

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
    public var webhook = WebhookSettings(name: "http", url: "")
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
    func networkOutputs(format: AlertFormat) -> [WebhookSettings] {
        guard http.isEnabled else { return webhooks }
        var webhook = http.webhook
        webhook.shape = format.isJSON ? .falco : .text
        webhook.verifiesPeer = !http.isInsecure
        if !http.authorityFile.isEmpty { webhook.caFile = http.authorityFile }
        if http.isMutual {
            webhook.certificateFile = http.certificateFile
            webhook.keyFile = http.keyFile
        }
        return [webhook] + webhooks
    }
}
