import CommandOutput
import Profiles

/// Why a document can't be made of a workload.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    /// The workload's name can't be written in the format.
    init(_ workload: WorkloadIdentity, format: String) {
        description =
            "\(workload.text.printable) can't be named in \(format): its name has characters that can't be written there; give it "
            + "another one"
    }
}
