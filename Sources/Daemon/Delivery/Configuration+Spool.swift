public import ForwarderProtocol
import Glibc
import KernelInterface
import Outputs
import Spool

extension Configuration {
    /// Opens the spool when a network output is configured, with the process that will empty it; nil otherwise.
    func openSpool() throws(SpoolOpenError) -> SpoolOutput? {
        let plan = forwarderPlan
        guard !plan.outputs.isEmpty else { return nil }
        if let problem = plan.outputs.lazy.compactMap({ $0.credentialProblem() }).first {
            throw SpoolOpenError(description: problem)
        }
        let spool: SpoolWriter
        do throws(SpoolError) {
            spool = try SpoolWriter(
                path: plan.spoolPath, limits: spoolLimits, outputs: plan.outputs.map(\.name))
        } catch {
            throw SpoolOpenError(path: plan.spoolPath, reason: error)
        }
        do throws(KernelError) {
            return SpoolOutput(spool, plan, forwarder: try ForwarderProcess(plan))
        } catch {
            throw SpoolOpenError(description: "can't start what delivers to the network outputs: \(error)")
        }
    }

    /// What the forwarder is to do; without outputs when there is none over the network.
    var forwarderPlan: ForwarderPlan {
        ForwarderPlan(
            parent: getpid(), spoolPath: outputs.spool.path, format: alertFormat,
            outputs: outputs.networkOutputs(format: alertFormat))
    }

    /// How much the spool keeps.
    var spoolLimits: SpoolLimits {
        SpoolLimits(
            bytes: Int64(outputs.spool.maximumBytes), ageSeconds: Int64(outputs.spool.maximumAgeSeconds))
    }
}

/// The spool, or what an output needs, can't be used.
struct SpoolOpenError: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = description }
    init(path: String, reason: SpoolError) { description = "can't open the spool \(path): \(reason)" }
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
    func networkOutputs(format: AlertFormat) -> [NetworkOutput] {
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
