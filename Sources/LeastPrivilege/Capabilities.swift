import CommandOutput
import KernelInterface
public import Profiles

/// Which capabilities a workload needs: what was seen in use, against what it holds.
public struct CapabilityAdvice: Sendable, Equatable {
    /// The capabilities that were used, as `CAP_…`, with their sights.
    public let used: [ObservedPrivileges.Item]
    /// What is held but was not seen in use; nil where it is not known what is held.
    public let unused: [String]?
    /// Whether more use is expected.
    public let isUnsettled: Bool

    /// From what was seen; `held` is the bounding set of the workload's processes.
    public init(_ observed: ObservedPrivileges, held: CapabilitySet? = nil) {
        used = observed.capabilities.sorted { $0.text < $1.text }
        let names = Set(used.map(\.text))
        unused = held.map { set in set.names.filter { !names.contains($0) } }
        isUnsettled = observed.unsettled.contains("capability")
    }

    /// The names that a manifest adds, without `CAP_` (Kubernetes' form).
    public var added: [String] { used.map { String($0.text.trimmingPrefix("CAP_")) } }

    /// What a container's `securityContext` says.
    public var tree: ValueTree {
        var members: [ValueTree.Member] = [.init("drop", .texts(["ALL"]))]
        if !used.isEmpty { members.append(.init("add", .texts(added))) }
        return .map([.init("capabilities", .map(members))])
    }

    /// The lines of a systemd unit (systemd.exec(5)).
    public var unitLines: [String] {
        ["CapabilityBoundingSet=\(used.map(\.text).joined(separator: " "))", "NoNewPrivileges=true"]
    }

    /// The advice for people: each capability with its reason.
    public func lines(for workload: WorkloadIdentity) -> [String] {
        var lines = used.map { item in
            "\(item.text.padded(to: 24)) used \(item.sight.count) times, last \(ProfileTime.day(item.sight.lastSeen))"
        }
        if used.isEmpty { lines.append("no capability was seen in use") }
        if let unused, !unused.isEmpty { lines.append("held but not seen in use: \(unused.joined(separator: ", "))") }
        if isUnsettled { lines.append("capabilities are not settled: more use is expected") }
        lines.append("")
        lines += workload.isContainer ? tree.yaml.split(separator: "\n").map(String.init) : unitLines
        return lines
    }
}
