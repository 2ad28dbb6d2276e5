import CommandOutput
import KernelInterface
public import Profiles
import ProgramCalls

/// Which calls a workload should be allowed, each with its reason: what a `SeccompProfile` is written from.
public struct SeccompAdvice: Sendable, Equatable {
    /// How calls are treated that the programs' code can make but that were not seen.
    public enum Treatment: String, Sendable, CaseIterable {
        case allow
        /// They go on and are told.
        case log
        case deny

        var action: SeccompProfile.Action? {
            switch self {
            case .allow: .allow
            case .log: .log
            case .deny: nil
            }
        }
    }

    /// What is to be made.
    public struct Options: Sendable {
        /// How possible calls are treated.
        public var possible: Treatment = .log
        /// Whether whatever is not allowed is only told (SCMP_ACT_LOG), to try the profile out.
        public var isTrial = false
        /// Whether the workload's runtime sets `noNewPrivileges` (Kubernetes: `allowPrivilegeEscalation: false`).
        public var noNewPrivileges = false
        /// Whether the kernel tells of what is refused (SECCOMP_FILTER_FLAG_LOG): runc takes the flag since 1.2 and does not start a
        /// container with it before.
        public var tellsRefusals = false
        /// Whether each rule says why it is there.
        public var hasComments = true

        /// The usual ones.
        public init() {}
    }

    /// Why a call is in.
    public enum Reason: String, Sendable {
        case seen
        /// The runtime needs it before the program starts.
        case runtime
        /// The code can make it.
        case possible
    }

    /// A call with its reason.
    public struct Call: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Why it is in; `seen` where several hold.
        public var reason: Reason
        /// How often and when it was seen.
        public var sight: ObservedPrivileges.Sight?
        /// Where the code makes it: `nginx: main > libc.so.6: accept4`.
        public var place: String?

        /// The reason in words: `seen 12 times, last 2026-11-29`.
        public var explanation: String {
            var text: String
            switch reason {
            case .seen: text = "seen"
            case .runtime: text = "runtime: needed to start the container"
            case .possible: text = "possible, not seen"
            }
            if let sight { text += " \(sight.count) times, last \(ProfileTime.day(sight.lastSeen))" }
            if reason == .possible, let place { text += ": \(place)" }
            return text
        }
    }

    /// The workload.
    public let workload: WorkloadIdentity
    /// By name.
    public let calls: [Call]
    /// What is not known: whether calls may be missing, and why.
    public let remarks: [String]
    /// The ABI.
    public let abi: SyscallCatalogue.ABI

    /// Puts together what was seen, what the runtime needs and what the code can do.
    ///
    /// - Parameter programs: the workload's programs, each looked at.
    public init(
        _ observed: ObservedPrivileges, programs: [ProgramCalls], abi: SyscallCatalogue.ABI,
        options: Options = Options()
    ) {
        workload = observed.workload
        self.abi = abi
        var byName: [String: Call] = [:]
        if observed.workload.isContainer {
            for name in RuntimeCalls.needed(noNewPrivileges: options.noNewPrivileges) {
                byName[name] = Call(name: name, reason: .runtime)
            }
        }
        for program in programs {
            for call in program.calls where byName[call.name] == nil || byName[call.name]?.place == nil {
                let place = call.way.isEmpty ? call.place : call.way.joined(separator: " > ")
                byName[call.name, default: Call(name: call.name, reason: .possible)].place = place
            }
        }
        for item in observed.calls {
            byName[item.text, default: Call(name: item.text, reason: .seen)].reason = .seen
            byName[item.text]?.sight = item.sight
        }
        calls = byName.values.filter { SyscallCatalogue.isName($0.name) }.sorted { $0.name < $1.name }
        var remarks: [String] = []
        if observed.calls.isEmpty { remarks.append("no system call was seen: no profile, or a source without them") }
        let nameless = byName.keys.filter { !SyscallCatalogue.isName($0) }.sorted().map(\.printable)
        if !nameless.isEmpty {
            remarks.append(
                "left out, as libseccomp \(SeccompProgram.libraryVersion) knows no call of that name: \(nameless.joined(separator: ", "))"
            )
        }
        if observed.unsettled.contains("syscall") {
            remarks.append("system calls are not settled: more are expected; try the profile out with --trial first")
        }
        if programs.isEmpty { remarks.append("no program was looked at: possible calls are unknown") }
        var told: Set<String> = []
        for text in programs.flatMap({ $0.unseen.map(\.description) }) where told.insert(text).inserted {
            remarks.append("not seen in the code: \(text)")
        }
        self.remarks = remarks
    }

    /// The calls of one reason.
    public func names(_ reason: Reason) -> [String] { calls.filter { $0.reason == reason }.map(\.name) }

    /// The profile for the runtime: one rule a call, so that a change is one line.
    public func profile(_ options: Options = Options()) -> SeccompProfile {
        var rules: [SeccompProfile.Rule] = []
        for call in calls {
            let action = call.reason == .possible ? options.possible.action : .allow
            guard let action else { continue }
            rules.append(
                SeccompProfile.Rule(
                    names: [call.name], action: action, comment: options.hasComments ? call.explanation : ""))
        }
        return SeccompProfile(
            defaultAction: options.isTrial ? .log : .errno, defaultErrno: options.isTrial ? nil : 1,
            architectures: SeccompProfile.architectures(abi, isTrial: options.isTrial),
            flags: options.tellsRefusals ? [SeccompProfile.logFlag] : [], rules: rules)
    }
}
