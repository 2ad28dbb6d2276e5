import EventFields
public import NodeState
public import Profiles

extension WorkloadIdentity {
    /// The workload that a process belongs to, under the name that its profile has; nil where learning has none for it: it is not known
    /// enough, in a container of a user's own, or of a kind that is not told apart.
    public init?(of process: ProcessRecord, _ settings: LearningSettings) {
        let found: WorkloadIdentity?
        if let container = process.container {
            found = WorkloadNaming.identity(of: container, settings.groupings)
        } else if process.isOnHost {
            let unit = settings.groupings.contains(.unit) ? WorkloadNaming.unit(in: process.cgroups) : nil
            found =
                unit
                ?? (settings.groupings.contains(.program)
                    ? WorkloadNaming.program(
                        uid: process.credentials.effectiveUID, path: process.executablePath,
                        settings.profiles.generalisation) : nil)
        } else {
            found = nil
        }
        guard let found else { return nil }
        self = found
    }
}
