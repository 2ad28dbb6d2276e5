import Configuration
public import ForwarderProtocol
import Glibc
import KernelInterface
import Outputs
import Spool

extension Configuration {
    /// Opens the spool when a network output is configured, with the process that will empty it; nil otherwise.
    public func openSpool() throws(SpoolOpenError) -> SpoolOutput? {
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
    public var forwarderPlan: ForwarderPlan {
        ForwarderPlan(
            parent: getpid(), spoolPath: outputs.spool.path, format: alertFormat,
            outputs: outputs.networkOutputs(format: alertFormat))
    }

    /// How much the spool keeps.
    public var spoolLimits: SpoolLimits {
        SpoolLimits(
            bytes: Int64(outputs.spool.maximumBytes), ageSeconds: Int64(outputs.spool.maximumAgeSeconds))
    }
}

/// The spool, or what an output needs, can't be used.
public struct SpoolOpenError: Error, CustomStringConvertible {
    /// Which file or output, and why.
    public let description: String

    init(description: String) { self.description = description }
    init(path: String, reason: SpoolError) { description = "can't open the spool \(path): \(reason)" }
}
