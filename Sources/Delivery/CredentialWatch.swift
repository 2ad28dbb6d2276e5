import ForwarderProtocol
import KernelInterface

/// Tells when a file with a certificate, a key or a token is another one. The forwarder reads them when it starts, as the
/// one process that may: so it is started again for a new one.
struct CredentialWatch {
    private let outputs: [NetworkOutput]
    private let files: [String]
    private var used: [FileMark]
    private var seen: [FileMark]
    private var nextLook: UInt64 = 0
    private static let lookNanoseconds: UInt64 = 1_000_000_000

    /// Watches the files of a plan from now on.
    init(_ plan: ForwarderPlan) {
        outputs = plan.outputs
        files = Array(Set(plan.outputs.flatMap(\.credentialFiles))).sorted()
        used = files.map { FileMark($0) }
        seen = used
    }

    /// Whether there are other files than those in use, at rest for a second, and in order; once for each change.
    ///
    /// - Parameter now: CLOCK_MONOTONIC.
    mutating func haveChanged(now: UInt64) -> Bool {
        guard !files.isEmpty, now >= nextLook else { return false }
        nextLook = now &+ Self.lookNanoseconds
        let marks = files.map { FileMark($0) }
        defer { seen = marks }
        guard marks != used, marks == seen, outputs.allSatisfy({ $0.credentialProblem() == nil }) else { return false }
        used = marks
        return true
    }
}
