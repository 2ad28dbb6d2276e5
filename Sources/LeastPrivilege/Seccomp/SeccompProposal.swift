import KernelInterface
import Profiles

/// A profile with the lines that it lacked, for somebody to approve.
public struct SeccompProposal: Sendable, Equatable {
    /// The file: the one that was given with what is added, and nothing else changed.
    public var json: String
    /// The calls that are new in it.
    public var added: [String]
    /// Calls that no line mends, or that somebody must decide on.
    public var remarks: [String]
}

extension SeccompTrial {
    /// The profile with a rule for each call of the workload that it lacked. What could not be told to be the workload's is no part of it.
    public func proposal(for document: SeccompDocument) -> SeccompProposal {
        var added: [(name: String, comment: String)] = []
        var remarks: [String] = []
        for violation in violations {
            switch verdict(violation, document.profile) {
            case .present: break
            case .remark(let text): remarks.append(text)
            case .add: added.append((violation.call, Self.comment(violation)))
            }
        }
        for violation in unattributed where !document.profile.allows(violation.call) {
            remarks.append(
                "\(violation.call) was \(violation.outcome) \(violation.count) times, of \(violation.programs.joined(separator: ", ")), "
                    + "and it is not known whether that was the workload: it is not proposed")
        }
        guard !added.isEmpty else {
            return SeccompProposal(json: String(decoding: document.bytes, as: UTF8.self), added: [], remarks: remarks)
        }
        guard let bytes = document.allowing(added) else {
            remarks.append("the profile has no list 'syscalls': nothing can be added to it")
            return SeccompProposal(json: String(decoding: document.bytes, as: UTF8.self), added: [], remarks: remarks)
        }
        return SeccompProposal(
            json: String(decoding: bytes, as: UTF8.self), added: added.map(\.name), remarks: remarks)
    }

    private enum Verdict {
        case present
        case add
        case remark(String)
    }

    /// What is to be done for a call. Records have no arguments, so where a rule looks at them nobody can say which are lacking.
    private func verdict(_ violation: Violation, _ profile: SeccompProfile) -> Verdict {
        if let abi = violation.abi {
            return .remark(
                "\(violation.call) was made in the ABI \(abi): add its architecture \(SeccompProfile.architecture(abi)), or find out why"
            )
        }
        guard SyscallCatalogue.isName(violation.call) else {
            return .remark(
                "system call \(violation.call) has no name in libseccomp \(SeccompProgram.libraryVersion): no rule can have it"
            )
        }
        let rules = profile.rules.filter { $0.names.contains(violation.call) }
        if rules.contains(where: { $0.action == .allow && !$0.isConditional }) { return .present }
        if let rule = rules.first(where: \.isConditional) {
            let conditions = (rule.arguments.isEmpty ? [] : ["arguments"]) + rule.engineConditions
            return .remark(
                "\(violation.call) was \(violation.outcome), and the profile has a rule for it that depends on "
                    + "\(conditions.joined(separator: ", ")): decide by hand whether it should hold for more")
        }
        if let rule = rules.first(where: { $0.action != .log }) {
            return .remark(
                "\(violation.call) was \(violation.outcome) by a rule of its own (\(rule.action.rawValue)): decide by hand whether it should go"
            )
        }
        return .add
    }

    private static func comment(_ violation: Violation) -> String {
        let day = ProfileTime.day(UInt32(clamping: violation.last / 1_000_000_000))
        return
            "\(violation.outcome) \(violation.count) times, last \(day), of \(violation.programs.joined(separator: ", "))"
    }
}

extension SeccompProfile {
    /// Whether a call is allowed whatever its arguments.
    func allows(_ call: String) -> Bool {
        rules.contains { $0.action == .allow && !$0.isConditional && $0.names.contains(call) }
    }
}
