import CommandOutput
public import Configuration
import KernelInterface
public import LeastPrivilege
import Profiles
import ProgramCalls

/// What `shrike profile seccomp`, `capabilities`, `rules`, `podsecurity` and `apparmor` make of a profile.
extension PrivilegeReport {
    /// What the profile of a workload, or a profile's `.yaml` file, knows.
    private static func observed(_ name: String, _ configuration: Configuration) throws(Failure) -> ObservedPrivileges {
        ObservedPrivileges(try ProfileReport.profile(name, configuration), configuration.learning.settings.profiles)
    }

    private static func told(_ report: Report, _ observed: ObservedPrivileges, _ remarks: [String]) -> Told {
        let nonsense =
            observed.nonsense.isEmpty
            ? []
            : [
                "left out, as it can be no behaviour: \(observed.nonsense.prefix(5).joined(separator: ", "))"
                    + (observed.nonsense.count > 5 ? " and \(observed.nonsense.count - 5) more" : "")
            ]
        return (report, (nonsense + remarks).map(\.printable))
    }

    // MARK: Seccomp

    /// `profile seccomp`: the profile for the runtime, or the reasons of its calls.
    ///
    /// - Parameter root: the root directory of the workload; nil: that of a running process of it.
    public static func seccomp(
        _ name: String, _ configuration: Configuration, root: String?, options: SeccompAdvice.Options, isReasons: Bool
    ) throws(Failure) -> Told {
        let observed = try observed(name, configuration)
        var remarks: [String] = []
        let programs = looks(observed, configuration, root, &remarks)
        let abi = programs.first?.abi ?? SyscallCatalogue.ABI.host.first ?? .x86_64
        let advice = SeccompAdvice(observed, programs: programs, abi: abi, options: options)
        remarks += advice.remarks
        if !options.tellsRefusals, !options.isTrial {
            remarks.append("what is refused is not told: with --tell-refusals it is, where runc is 1.2 or newer")
        }
        let profile = advice.profile(options)
        let defects = profile.check()
        guard defects.isEmpty else {
            throw Failure(
                "the profile can't be put together: \(defects.map { "\($0)" }.joined(separator: "; "))".printable)
        }
        guard isReasons else { return told(Report(bytes: Array(profile.json.utf8)), observed, remarks) }
        let width = advice.calls.map(\.name.count).max() ?? 0
        let lines = advice.calls.map { "\($0.name.padded(to: width))  \($0.explanation)".printable }
        return told(Report(lines: lines), observed, remarks)
    }

    /// Programs are looked at, at most so many.
    private static let mostPrograms = 64

    /// Looks at the programs that were seen, and at those that run.
    private static func looks(
        _ observed: ObservedPrivileges, _ configuration: Configuration, _ root: String?, _ remarks: inout [String]
    ) -> [ProgramCalls] {
        let running = NodeAuditReader(settings: configuration.learning.settings).workloads().first {
            $0.workload == observed.workload
        }
        // The host's, or that of one of its processes.
        let own = observed.workload.isContainer ? running?.strongest.map { "/proc/\($0.pid)/root" } : "/"
        guard let root = root ?? own else {
            remarks.append("no process of \(observed.workload.text) runs: name its root directory with --root")
            return []
        }
        let libraries = Set(observed.files.compactMap(\.path.literalText).filter(isLibrary)).sorted()
        var programs: [String] = []
        for program in observed.programs.map(\.path) {
            guard let path = program.literalText else {
                remarks.append("\(program.text) stands for many programs, which were not looked at")
                continue
            }
            programs.append(path)
        }
        programs += (running?.programs ?? []).filter { !programs.contains($0) && !$0.hasSuffix(" (deleted)") }
        var found: [ProgramCalls] = []
        for program in programs.prefix(mostPrograms) {
            switch look(at: program, libraries: libraries, root: root) {
            case .success(let calls): found.append(calls)
            case .failure(let problem): remarks.append("\(program) was not looked at: \(problem)")
            }
        }
        if programs.count > mostPrograms { remarks.append("only \(mostPrograms) programs were looked at") }
        return found
    }

    private static func isLibrary(_ path: String) -> Bool {
        path.hasSuffix(".so") || path.contains(".so.") && !path.hasSuffix(".cache") && !path.hasSuffix(".conf")
    }

    // MARK: The others

    /// `profile capabilities`.
    public static func capabilities(_ name: String, _ configuration: Configuration) throws(Failure) -> Told {
        let observed = try observed(name, configuration)
        let survey = NodeAuditReader(settings: configuration.learning.settings).survey()
        let held = survey.workloads.first { $0.workload == observed.workload }?.held
        let remarks = held == nil ? ["no process of it was found: what it holds is not known"] : []
        return told(
            Report(lines: CapabilityAdvice(observed, held: held).lines(for: observed.workload).map(\.printable)),
            observed,
            remarks)
    }

    /// `profile rules`.
    public static func rules(_ name: String, _ configuration: Configuration) throws(Failure) -> Told {
        let observed = try observed(name, configuration)
        let rules = try document { () throws(DocumentError) in try WorkloadRules(observed) }
        return told(
            Report(bytes: Array(rules.yaml.utf8)), observed,
            rules.remarks + unsettled(observed, "exec", "read", "write", "listen", "connect", "user"))
    }

    /// `profile podsecurity`.
    public static func podSecurity(_ name: String, _ configuration: Configuration) throws(Failure) -> Told {
        let observed = try observed(name, configuration)
        let security = PodSecurity(observed)
        return told(
            Report(bytes: Array(security.yaml.utf8)), observed,
            security.remarks + unsettled(observed, "capability", "read", "write", "listen", "connect", "user"))
    }

    /// `profile apparmor`.
    public static func appArmor(_ name: String, _ configuration: Configuration) throws(Failure) -> Told {
        let observed = try observed(name, configuration)
        let profile = try document { () throws(DocumentError) in try AppArmorProfile(observed) }
        return told(
            Report(bytes: Array(profile.text.utf8)), observed,
            profile.remarks + unsettled(observed, "exec", "capability", "read", "write", "listen", "connect"))
    }

    private static func document<Document>(_ make: () throws(DocumentError) -> Document) throws(Failure) -> Document {
        do throws(DocumentError) { return try make() } catch { throw Failure("\(error)") }
    }

    /// What is not known well enough for a list of all that is allowed.
    private static func unsettled(_ observed: ObservedPrivileges, _ kinds: String...) -> [String] {
        let open = kinds.filter { observed.unsettled.contains($0) }
        guard !open.isEmpty else { return [] }
        return ["not settled: \(open.joined(separator: ", ")); what is only not known yet is forbidden, too"]
    }
}
