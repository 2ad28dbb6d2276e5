import AuditRecords
import Configuration
import Detection
import EventModel
import EventSources
import KernelInterface
import NodeState

/// The sources of a live run: probed, selected, opened.
final class LiveSources {
    /// The sources that run, best first.
    private(set) var running: [any EventSource] = []
    /// What the user is told: what is watched with, what can't be seen and why.
    private(set) var lines: [String]
    /// Which source rules see each type of event from.
    private(set) var authority: SourceAuthority
    /// Changes when `running` does.
    private(set) var generation = 0
    /// Where the host's root directory is mounted for us; empty on the host itself.
    private let hostRoot: String
    private var audit: AuditSource?
    private var fanotify: FanotifySource?
    private var availabilities: [SourceAvailability]
    private let choice: SourceChoice
    private let instance: Instance
    /// After `stop`: whether the kernel is as it was before.
    private(set) var isRestored = false

    /// What sources must know of other Shrikes.
    struct Instance {
        /// Another one is the node's: this one has rules of its own and listens to a copy.
        var isBeside = false
        /// What one before changed and did not put back.
        var inherited: AuditRestoration?
    }
    /// Sources that could run and are left out.
    private var dormant: [any EventSource] = []
    /// The root directories of the containers that became known, for sources that are opened later.
    private var rootByContainer: [[UInt8]: String] = [:]

    /// Selects and opens what works here.
    init(
        evaluation: RuleEvaluation, configuration: Configuration, state: NodeState, instance: Instance = Instance()
    ) throws(LiveSourcesError) {
        self.instance = instance
        let needs = evaluation.needs
        lines = []
        authority = SourceAuthority()
        choice = configuration.sources
        availabilities = SourceAvailability.ofThisNode()
        hostRoot = configuration.hostRoot
        while true {
            let selection = SourceSelection(
                availabilities: availabilities, needs: needs, choice: choice
            )
            lines = selection.lines
            authority = SourceAuthority(selection)
            if let failure = selection.failures.first {
                throw LiveSourcesError(message: "\(failure.kind.name): \(failure.reason)", fix: failure.fix)
            }
            guard !selection.running.isEmpty else {
                throw LiveSourcesError(message: selection.lines.joined(separator: "\n"), fix: "")
            }
            do {
                try open(selection, evaluation, configuration, state)
                return
            } catch {
                // What looked usable was not after all: select again without it.
                stop()
                guard let index = availabilities.firstIndex(where: { $0.kind == error.kind && $0.isAvailable }) else {
                    throw LiveSourcesError(message: error.message, fix: "")
                }
                availabilities[index] = SourceAvailability(
                    kind: error.kind, isAvailable: false, reason: error.message
                )
            }
        }
    }

    private struct OpenError: Error {
        var kind: SourceKind
        var message: String
    }

    private func open(
        _ selection: SourceSelection, _ evaluation: RuleEvaluation, _ configuration: Configuration,
        _ state: NodeState
    ) throws(OpenError) {
        let needs = evaluation.needs
        let ledger = ExecLedger()
        for kind in selection.running {
            do {
                switch kind {
                case .audit:
                    var options = AuditSource.Options()
                    options.key = NodeInstance.key(isBeside: instance.isBeside)
                    options.inherited = instance.inherited
                    if instance.isBeside {
                        options.mode = .multicast
                        options.friendKeys = [NodeInstance.key(isBeside: false)]
                        options.hidesOwnCalls = false
                    }
                    options.hostRoot = hostRoot
                    let source = try AuditSource(needs: needs, fieldNames: evaluation.fieldNames, options: options)
                    audit = source
                    running.append(source)
                case .processConnector:
                    let source = try ProcessConnectorSource()
                    source.execLedger = ledger
                    running.append(source)
                case .fanotify:
                    var options = FanotifySource.Options()
                    options.hostRoot = hostRoot
                    let source = try FanotifySource(needs: needs, options: options)
                    follow(source)
                    fanotify = source
                    running.append(source)
                case .procfs:
                    var options = ProcfsSource.Options(role: selection.scanRole)
                    if selection.scanRole == .only {
                        options.intervalNanoseconds = UInt64(configuration.procPollMilliseconds) &* 1_000_000
                    }
                    running.append(ProcfsSource(options: options, known: state, execLedger: ledger))
                case .auditLog:
                    running.append(
                        try AuditLogFollower(path: configuration.auditLogPath, syscalls: SyscallTable.known)
                    )
                case .ebpf:
                    throw OpenError(kind: kind, message: "this build has no eBPF source")
                }
            } catch {
                throw OpenError(kind: kind, message: "\(error)")
            }
        }
    }

    /// Opens are told after what the connector has to tell of their processes.
    private func follow(_ fanotify: FanotifySource) {
        if let connector = running.first(where: { $0.kind == .processConnector }) { fanotify.follow(connector) }
    }

    /// Follows other rules: the kernel's audit rules and fanotify's marks become those that they need. What both need
    /// stays watched all the time. Throws, with nothing changed, when that can't be watched.
    ///
    /// - Parameter shed: sources that are not to run now: `procfs`, `fanotify`.
    func reload(_ evaluation: RuleEvaluation, without shed: Set<SourceKind> = []) throws(LiveSourcesError) {
        let selection = SourceSelection(availabilities: availabilities, needs: evaluation.needs, choice: choice)
        var marked: FanotifySource?
        if selection.running.contains(.fanotify), !shed.contains(.fanotify) {
            do throws(KernelError) {
                var options = FanotifySource.Options()
                options.hostRoot = hostRoot
                let source = try FanotifySource(needs: evaluation.needs, options: options)
                // A container's files may be gone with it.
                for root in rootByContainer.values { try? source.addContainerRoot(hostRoot + root) }
                marked = source
            } catch {
                throw LiveSourcesError(message: "fanotify: \(error)", fix: "")
            }
        }
        audit?.reload(needs: evaluation.needs, fieldNames: evaluation.fieldNames)
        if let fanotify {
            fanotify.stop()
            running.removeAll { $0 === fanotify }
        }
        fanotify = marked
        if let marked {
            follow(marked)
            running.append(marked)
        }
        // The scan changes nothing in the kernel, so it only pauses.
        let all = running + dormant
        dormant = all.filter { $0.kind == .procfs && shed.contains(.procfs) }
        running = all.filter { source in !dormant.contains { $0 === source } }
        lines = selection.lines
        authority = SourceAuthority(selection)
        generation += 1
    }

    /// Watches the files of a container from its beginning to its end. Throws when they can't be watched.
    func watch(_ change: ContainerChange) throws {
        switch change {
        case .started(let container):
            let root = String(decoding: container.rootPath, as: UTF8.self)
            guard !root.isEmpty else { return }
            let before = rootByContainer.updateValue(root, forKey: container.fullID)
            guard before != root else { return }
            if let before {
                audit?.removeContainerRoot(before)
                fanotify?.removeContainerRoot(hostRoot + before)
            }
            audit?.addContainerRoot(root)
            try fanotify?.addContainerRoot(hostRoot + root)
        case .ended(let id):
            guard let root = rootByContainer.removeValue(forKey: id) else { return }
            audit?.removeContainerRoot(root)
            fanotify?.removeContainerRoot(hostRoot + root)
        }
    }

    /// What puts audit back as it was before; nil where nothing was changed.
    var restoration: AuditRestoration? { audit?.restoration }

    /// Restores what the sources changed in the kernel.
    func stop() {
        for source in running { source.stop() }
        isRestored = running.allSatisfy(\.isRestored)
        running = []
        audit = nil
        fanotify = nil
    }
}

/// Why nothing can be watched here, and what would mend it.
struct LiveSourcesError: Error {
    var message: String
    var fix: String
}
