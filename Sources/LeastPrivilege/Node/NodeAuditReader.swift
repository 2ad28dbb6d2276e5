import Glibc
import KernelInterface
import Learning
public import NodeState
public import Profiles

/// Finds what runs on this node and what it may do: /proc, and the bundles of containers through the same readers as the daemon's.
public struct NodeAuditReader {
    private let files: any NodeFiles
    private let state: NodeState
    private let hostRoot: String
    private let settings: LearningSettings
    private let processLimit: Int

    /// Looks at this node.
    ///
    /// - Parameters:
    ///   - options: where runtimes keep their bundles, and what is put before the host's paths.
    ///   - settings: how workloads are told apart.
    public init(
        _ options: NodeStateOptions = NodeStateOptions(), settings: LearningSettings = LearningSettings(),
        files: any NodeFiles = HostFiles()
    ) {
        hostRoot = options.hostRoot
        processLimit = options.processLimit
        self.settings = settings
        self.files = files
        state = NodeState(options: options, files: files)
    }

    /// What runs, and what of it could not be read.
    public struct Survey {
        /// The workloads by name. Kernel threads are none.
        public var workloads: [WorkloadFacts] = []
        /// What could not be read, as sentences.
        public var unread: [String] = []
        fileprivate var processes: [WorkloadIdentity: [Int32: UInt64]] = [:]

        /// The processes of a workload by their ids, with when each began, nanoseconds since the epoch.
        public func processes(of workload: WorkloadIdentity) -> [Int32: UInt64] { processes[workload] ?? [:] }
    }

    /// Looks at every process.
    public func survey() -> Survey {
        var survey = Survey()
        var pids: [Int32] = []
        guard files.listNumbers(path("/proc"), limit: .max, into: &pids), !pids.isEmpty else {
            survey.unread = [
                "\(hostRoot)/proc has no processes: expected the host's /proc there"
                    + (hostRoot.isEmpty ? "" : ", as --host-root says")
            ]
            return survey
        }
        _ = state.loadAll(nowNanoseconds: KernelClock.wall())
        survey.unread = unseen(pids)
        var found: [WorkloadIdentity: WorkloadFacts] = [:]
        var (unreadable, unknown): ([Int32], Set<String>) = ([], [])
        let host = Namespaces(files, path("/proc/1/ns"))
        for pid in pids.sorted() where pid != getpid() {
            guard let process = state.process(pid: pid), let status = status(pid), let executable = link(pid, "exe")
            else {
                if isProgram(pid) { unreadable.append(pid) }
                continue
            }
            if let container = process.container, !container.hasMetadata, !container.isUsers {
                unknown.insert(String(decoding: container.id, as: UTF8.self))
            }
            // The pause container of a pod does nothing.
            if process.container?.isSandbox ?? false { continue }
            let name = identity(process, status, executable)
            var facts = found[name] ?? WorkloadFacts(name)
            if let container = process.container { facts.take(container) }
            facts.take(status, pid: pid, executable, label: text("/proc/\(pid)/attr/current"))
            survey.processes[name, default: [:]][pid] = process.startTimeNanoseconds
            let own = Namespaces(files, path("/proc/\(pid)/ns"))
            facts.hasUserNamespace = facts.hasUserNamespace || own.differs("user", from: host)
            if name.isContainer {
                for kind in ["pid", "net", "ipc", "uts", "mnt"] where own.isSame(kind, as: host) {
                    if !facts.hostNamespaces.contains(kind) { facts.hostNamespaces.append(kind) }
                }
            }
            found[name] = facts
        }
        if !unreadable.isEmpty {
            let shown = unreadable.prefix(5).map(String.init) + (unreadable.count > 5 ? ["…"] : [])
            survey.unread.append(
                "\(unreadable.count) of \(pids.count) processes can't be looked at (\(shown.joined(separator: ", "))): that needs root, "
                    + "with CAP_SYS_PTRACE or all the capabilities that they have")
        }
        if !unknown.isEmpty {
            survey.unread.append(
                "nothing could be read of the containers \(unknown.sorted().joined(separator: ", ")): their bundles are not where "
                    + "runtimes keep them, or belong to somebody else than root")
        }
        survey.workloads = found.values.sorted { $0.workload.text < $1.workload.text }
        return survey
    }

    /// The workloads by name.
    public func workloads() -> [WorkloadFacts] { survey().workloads }

    /// Under the name that its profile has; what learning has no name for has one of its own here.
    private func identity(_ process: ProcessRecord, _ status: ProcessPosture, _ executable: String) -> WorkloadIdentity
    {
        if let name = WorkloadIdentity(of: process, settings) { return name }
        if let container = process.container {
            return .container(name: String(decoding: container.id, as: UTF8.self), image: "unknown")
        }
        return .program(uid: status.effectiveUID, path: executable)
    }

    /// Whether a process is there and is no thread of the kernel's and has not ended: such have no executable (proc_pid_stat(5),
    /// fields 3 and 9; linux/sched.h: PF_KTHREAD).
    private func isProgram(_ pid: Int32) -> Bool {
        guard let stat = text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return false }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 6, let flags = UInt64(fields[6]), flags & 0x20_0000 == 0 else { return false }
        return fields[0] != "Z" && fields[0] != "X"
    }

    /// What /proc itself does not show.
    private func unseen(_ pids: [Int32]) -> [String] {
        guard pids.contains(1) else {
            return [
                "process 1 is not seen in \(hostRoot)/proc: it hides the processes of others (hidepid), or is not the host's"
            ]
        }
        var sentences: [String] = []
        // PROC_PID_INIT_INO, linux/proc_ns.h.
        if let namespace = link(1, "ns/pid"), namespace != "pid:[4026531836]" {
            sentences.append(
                "\(hostRoot)/proc is of a pid namespace of its own, not the node's: in a container give it hostPID, or the host's root "
                    + "with --host-root")
        }
        if pids.count > processLimit {
            sentences.append("only \(processLimit) of \(pids.count) processes were looked at")
        }
        return sentences
    }

    /// The node itself.
    public func host() -> HostFacts {
        var facts = HostFacts()
        facts.kernel = text("/proc/sys/kernel/osrelease") ?? ""
        if facts.kernel.isEmpty {
            facts.unread.append("\(hostRoot)/proc/sys can't be read: the kernel's settings are not known")
        }
        let directory = "/sys/devices/system/cpu/vulnerabilities"
        let names = files.listNames(path(directory), limit: 256)
        if names == nil {
            facts.unread.append("\(hostRoot)\(directory) can't be read: weaknesses of the processor are not known")
        }
        for name in names ?? [] {
            let name = String(decoding: name, as: UTF8.self)
            facts.vulnerabilities[name] = text("\(directory)/\(name)")
        }
        for (name, _, _) in NodeAudit.settings {
            facts.settings[name] = text("/proc/sys/" + name.replacing(".", with: "/"))
        }
        return facts
    }

    // MARK: Reading

    private func path(_ path: String) -> PathBuffer { PathBuffer(hostRoot + path) }

    /// A small file without the white space at its end.
    private func text(_ name: String) -> String? {
        var bytes: [UInt8] = []
        guard files.read(path(name), upTo: 4096, into: &bytes) else { return nil }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func link(_ pid: Int32, _ name: String) -> String? {
        var bytes: [UInt8] = []
        guard files.readLink(path("/proc/\(pid)/\(name)"), into: &bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func status(_ pid: Int32) -> ProcessPosture? {
        var bytes: [UInt8] = []
        guard files.read(path("/proc/\(pid)/status"), upTo: 16_384, into: &bytes) else { return nil }
        return ProcessPosture(String(decoding: bytes, as: UTF8.self))
    }

    /// The namespaces of a process, as the links below `ns` name them.
    private struct Namespaces {
        private var byKind: [String: [UInt8]] = [:]

        init(_ files: any NodeFiles, _ directory: PathBuffer) {
            for kind in ["pid", "net", "ipc", "uts", "mnt", "user"] {
                var place = directory
                place.append(Array("/\(kind)".utf8))
                var target: [UInt8] = []
                if files.readLink(place, into: &target) { byKind[kind] = target }
            }
        }

        /// What can't be read is neither the same nor another.
        func isSame(_ kind: String, as other: Namespaces) -> Bool {
            byKind[kind] != nil && byKind[kind] == other.byKind[kind]
        }
        func differs(_ kind: String, from other: Namespaces) -> Bool {
            byKind[kind] != nil && other.byKind[kind] != nil && byKind[kind] != other.byKind[kind]
        }
    }
}
