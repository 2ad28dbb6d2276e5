import AuditRecords
import EventModel
import KernelInterface

/// What calls of a workload its profile refused, or would have refused: the way from a profile that is tried out, or enforced and
/// found wanting, to the next one.
public struct SeccompTrial: Sendable {
    /// A call that the profile lacks.
    public struct Violation: Sendable, Equatable {
        /// Its name; `#` and the number where libseccomp does not know one.
        public var call: String
        /// The ABI, where it is not the machine's own: then the profile lacks the architecture.
        public var abi: SyscallCatalogue.ABI?
        /// Whether it failed, rather than only being told.
        public var isRefused: Bool
        /// How often.
        public var count: Int
        /// When first, nanoseconds since the epoch.
        public var first: UInt64
        /// When last.
        public var last: UInt64
        /// The programs that made it, by path as they had it, in order.
        public var programs: [String]

        /// What happened to it.
        public var outcome: String { isRefused ? "refused" : "let pass and told of" }
    }

    /// Which records are the workload's.
    ///
    /// A path is what the process' own mounts make of it, so it narrows and proves nothing. Who the process was, its user and its
    /// control group say.
    public struct Scope: Sendable {
        /// The workload's processes by their ids, with when each began, nanoseconds since the epoch; nil: no workload was named.
        public var processes: [Int32: UInt64]?
        /// Real user ids that are the workload's alone; empty: not known.
        public var users: Set<UInt32> = []
        /// Executables, by path; empty: any.
        public var programs: Set<String> = []
        /// Not before this, nanoseconds since the epoch.
        public var since: UInt64 = 0
        /// Not after this.
        public var until: UInt64 = .max

        /// All records, and none that is known to be the workload's.
        public init() {}

        /// Times of a process' beginning are estimates.
        private static let tolerance: UInt64 = 1_000_000_000

        /// Whether a record may be the workload's.
        func admits(_ record: SeccompRecord, program: String) -> Bool {
            record.timeNanoseconds >= since && record.timeNanoseconds <= until
                && (programs.isEmpty || programs.contains(program)) && (users.isEmpty || users.contains(record.uid))
        }

        /// Whether a record is known to be the workload's.
        func proves(_ record: SeccompRecord) -> Bool {
            guard let processes else { return !users.isEmpty }
            guard let began = processes[record.pid] else { return false }
            return began <= record.timeNanoseconds &+ Self.tolerance
        }
    }

    private let scope: Scope
    private var byCall: [String: Violation] = [:]
    private var unproven: [String: Violation] = [:]
    /// Records that are not counted, since there are too many different calls.
    public private(set) var leftOut = 0
    /// More than there are calls in all ABIs of a machine.
    private static let mostCalls = 4096
    private static let mostPrograms = 16

    /// Nothing happened yet.
    public init(_ scope: Scope = Scope()) { self.scope = scope }

    /// Counts a record, if it may be the workload's.
    public mutating func take(_ record: SeccompRecord) {
        let program = String(
            decoding: record.executable.isEmpty ? record.command : record.executable, as: UTF8.self)
        guard record.action != .allowed, scope.admits(record, program: program) else { return }
        let isCounted =
            scope.proves(record)
            ? Self.count(record, program, in: &byCall) : Self.count(record, program, in: &unproven)
        if !isCounted { leftOut += 1 }
    }

    private static func count(_ record: SeccompRecord, _ program: String, in calls: inout [String: Violation]) -> Bool {
        let (name, abi) = Self.name(record)
        let key = abi.map { "\($0)/\(name)" } ?? name
        guard calls[key] != nil || calls.count < Self.mostCalls else { return false }
        var violation =
            calls[key]
            ?? Violation(
                call: name, abi: abi, isRefused: false, count: 0, first: record.timeNanoseconds,
                last: record.timeNanoseconds, programs: [])
        violation.count += 1
        violation.isRefused = violation.isRefused || record.action != .logged
        violation.first = min(violation.first, record.timeNanoseconds)
        violation.last = max(violation.last, record.timeNanoseconds)
        if !violation.programs.contains(program), violation.programs.count < Self.mostPrograms {
            violation.programs.append(program)
            violation.programs.sort()
        }
        calls[key] = violation
        return true
    }

    private static func name(_ record: SeccompRecord) -> (String, SyscallCatalogue.ABI?) {
        guard let call = SyscallCatalogue.call(ofAudit: record.architecture.rawValue, number: record.number) else {
            return ("#\(record.number)", nil)
        }
        let name = SyscallCatalogue.isName(call.name) ? call.name : "#\(record.number)"
        return (name, call.abi == SyscallCatalogue.ABI.host.first ? nil : call.abi)
    }

    /// The workload's calls that were refused or told of, by name.
    public var violations: [Violation] { byCall.values.sorted { $0.call < $1.call } }

    /// Calls that may be the workload's or somebody else's, by name.
    public var unattributed: [Violation] { unproven.values.sorted { $0.call < $1.call } }
}
