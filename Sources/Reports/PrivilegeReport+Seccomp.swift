import AuditRecords
import CommandOutput
public import Configuration
import EventModel
import EventSources
import KernelInterface
public import LeastPrivilege
import NodeState
import Profiles

/// What `shrike audit seccomp` prints: what profiles refused and lack.
extension PrivilegeReport {
    /// What is to be read, and whose calls count.
    public struct SeccompQuestion: Sendable {
        /// Audit's logs, oldest first; `-` is standard input.
        public var logs: [String]
        /// The file of the profile; nil: only the calls are told.
        public var profile: String?
        /// A workload of this node, whose running processes count; nil: none was named.
        public var workload: String?
        /// Its users, programs and times.
        public var scope = SeccompTrial.Scope()
        /// Whether the changed profile is given instead of the calls.
        public var isProposal = false

        /// A question about logs.
        public init(logs: [String]) { self.logs = logs }
    }

    /// `audit seccomp`: what calls a profile refused, or would have, by audit's logs.
    public static func seccomp(_ question: SeccompQuestion, _ configuration: Configuration) throws(Failure) -> Told {
        var scope = question.scope
        var remarks: [String] = []
        if let name = question.workload {
            guard let workload = WorkloadIdentity(text: name) else {
                throw Failure(
                    "'\(name.printable)' names no workload, expected k8s/NAMESPACE/OWNER/CONTAINER, container/NAME/IMAGE, unit/NAME or "
                        + "program/UID/PATH")
            }
            let survey = NodeAuditReader(settings: configuration.learning.settings).survey()
            scope.processes = survey.processes(of: workload)
            remarks += survey.unread.map { "not read: \($0)" }
            if scope.processes?.isEmpty ?? true {
                remarks.append("no process of \(name) runs: no record can be said to be its own; --uid says whose are")
            }
        }
        let trial = try read(question.logs, scope)
        if trial.leftOut > 0 { remarks.append("\(trial.leftOut) records are not counted: too many different calls") }
        guard let file = question.profile else {
            return (Report(lines: lines(trial).map(\.printable)), remarks.map(\.printable))
        }
        let proposal = trial.proposal(for: try document(file))
        remarks += proposal.remarks
        let isLacking = !proposal.added.isEmpty || !proposal.remarks.isEmpty
        if question.isProposal {
            return (Report(bytes: Array(proposal.json.utf8)), remarks.map(\.printable))
        }
        let missing = proposal.added.map { "+ {\"names\": [\"\($0)\"], \"action\": \"SCMP_ACT_ALLOW\"}" }
        return (
            Report(
                lines: (lines(trial) + (missing.isEmpty ? [] : ["", "the profile lacks:"] + missing)).map(\.printable),
                status: isLacking ? .invalid : .success), remarks.map(\.printable)
        )
    }

    /// Reads logs to their end. What holds no audit record at all says nothing of what was refused.
    private static func read(_ logs: [String], _ scope: SeccompTrial.Scope) throws(Failure) -> SeccompTrial {
        let reading = TrialReading(SeccompTrial(scope))
        let replay: AuditLogReplay
        do throws(KernelError) { replay = try AuditLogReplay(paths: logs, syscalls: .known) } catch {
            throw Failure("\(error)")
        }
        while replay.drain(into: reading) {}
        let records = replay.auditCounters.records
        replay.stop()
        let names = logs.map(\.printable).joined(separator: ", ")
        if let failure = replay.failure { throw Failure("\(names): \(failure.printable)") }
        guard records > 0 else {
            throw Failure("\(names): there is no audit record in it; expected a log as auditd writes it")
        }
        return reading.trial
    }

    private static func document(_ path: String) throws(Failure) -> SeccompDocument {
        switch SystemConfigurationFiles().read(path) {
        case .failure(let error): throw Failure("\(error)")
        case .success(let bytes):
            do throws(SeccompProfile.ReadError) { return try SeccompDocument(json: bytes) } catch {
                throw Failure("\(path): \(error)".printable)
            }
        }
    }

    private static func lines(_ trial: SeccompTrial) -> [String] {
        func words(_ violation: SeccompTrial.Violation) -> String {
            "\(violation.call): \(violation.outcome) \(violation.count) times, of \(violation.programs.joined(separator: ", "))"
        }
        var lines = trial.violations.map(words)
        if !trial.unattributed.isEmpty {
            lines += ["not known to be the workload's (--workload or --uid says whose calls count):"]
            lines += trial.unattributed.map { "  \(words($0))" }
        }
        return lines.isEmpty ? ["no call was refused or told of"] : lines
    }
}

/// Takes of a log what seccomp filters told.
private final class TrialReading: EventSink {
    private(set) var trial: SeccompTrial

    init(_ trial: SeccompTrial) { self.trial = trial }

    func receive(_ event: inout RawEvent) {}
    func receive(_ record: SeccompRecord) { trial.take(record) }
    func report(_ notice: SourceNotice) {}
}
