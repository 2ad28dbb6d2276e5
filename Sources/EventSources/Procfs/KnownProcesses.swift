public import NodeState

/// Says which processes were told of already, so that the /proc scan does not tell them again.
public protocol KnownProcesses: AnyObject {
    /// Whether this very process (same start time) is known.
    func isKnown(pid: Int32, startTicks: UInt64) -> Bool
}

extension NodeState: KnownProcesses {}
