import AuditRecords
import EventModel
import KernelInterface
import NodeState

/// A plan of the node's rules, and what could not be looked at for it.
struct NodePlan: Sendable {
    var plan: AuditRulePlan
    /// What it is for.
    var request: AuditPlanRequest
    var failures: FailedLooks

    init(_ request: AuditPlanRequest, _ planner: AuditRulePlanner) {
        plan = planner.plan(request)
        self.request = request
        failures = planner.files.takeFailures()
        // What did not answer is taken to be what it was.
        if failures != FailedLooks() { plan.isProvisional = true }
    }
}

/// Derives audit rules from what loaded rules can match: the filter that the kernel runs for us. Pure but for the files
/// that it asks for.
///
/// The rules may let too much through, never too little; what they can't see at all is said in the plan's notes. To be
/// seen by audit a file must be reached by a call of which audit notes the inode; a text is taken as it leads now, links
/// followed, and the plan says when that may change.
struct AuditRulePlanner {
    /// Bounds and facts about the kernel.
    struct Options: Sendable {
        /// The key of all rules.
        var key = Array("shrike".utf8)
        /// The ABIs of this machine's programs.
        var architectures: [RawEvent.Architecture] = RawEvent.Architecture.host
        /// Whether `perm=` looks into openat2's structure (Linux 5.16 and later; earlier it never matches).
        var understandsOpenat2 = true
        /// Whether rules for io_uring operations can be loaded (Linux 5.16 and later).
        var hasIOUring = true
        /// Where the host's root directory is mounted for us; empty on the host itself. Planning is in the host's paths.
        var hostRoot = ""
        /// With more rules, calls are audited without looking at paths.
        var maximumRules = 4096
    }

    let syscalls: SyscallTable
    let files: any WatchedFiles
    let options: Options

    init(syscalls: SyscallTable = .known, files: any WatchedFiles, options: Options = Options()) {
        self.syscalls = syscalls
        self.files = files
        self.options = options
    }

    /// Plans the rules.
    func plan(_ request: AuditPlanRequest) -> AuditRulePlan {
        let plan = makePlan(request, looksAtPaths: true)
        guard plan.rules.count > options.maximumRules else { return plan }
        var simple = makePlan(request, looksAtPaths: false)
        simple.notes.append(
            "the rules name so many paths that \(plan.rules.count) audit rules would be needed; calls are audited without "
                + "looking at paths, at a cost"
        )
        return simple
    }

    private func makePlan(_ request: AuditPlanRequest, looksAtPaths: Bool) -> AuditRulePlan {
        var plan = AuditRulePlan()
        var finder = AuditLocations(files: files)
        var groups = RuleGroups()
        var templates = ContainerTemplates()
        // Programs and users are left to the rules: what an audit rule names by them is not surely what the event says.
        let needed = request.needs.projected(onto: [])
        let stateTypes = StateSyscalls.types(for: request.needs, fieldNames: request.fieldNames)
        var types = Set(stateTypes)
        types.formUnion(needed.alternatives.keys)
        let redirecting = Set(OutputRedirection.types(fieldNames: request.fieldNames))
        types.formUnion(redirecting)
        for type in types.sorted(by: { $0.index < $1.index }) where type.isSyscall {
            let isOpen = PathSyscalls.opens.contains(type.name)
            let needs = needed.alternatives[type] ?? []
            let stateNeed = EventNeed(
                arguments: StateSyscalls.arguments(of: type), outcome: Self.stateOutcome(of: type))
            let forState = stateTypes.contains(type) ? [stateNeed] : []
            var isAudited = false
            for architecture in options.architectures {
                let calls = calls(making: type, architecture)
                guard !calls.isEmpty else { continue }
                isAudited = true
                let filters = (forState + needs).flatMap {
                    self.filters(for: $0, type, architecture, calls, looksAtPaths: looksAtPaths, &finder, &templates)
                }
                for filter in AuditRuleFilter.withoutCovered(filters) {
                    for call in calls { groups.add(call, filter, architecture, isOpen: isOpen) }
                }
                guard redirecting.contains(type) else { continue }
                for filter in OutputRedirection.filters(type, architecture)
                where !filters.contains(where: { $0.covers(filter) }) {
                    for call in calls where !call.isRing { groups.add(call, filter, architecture, isOpen: isOpen) }
                }
            }
            if isAudited { plan.provides.insert(type) } else { plan.notes.append("audit can't see \(type.name)") }
        }
        plan.templates = templates.templates(key: options.key, below: request.templateDirectory)
        plan.rules =
            neverRules(request) + canaryRules(request) + plan.templates.map(\.rule)
            + groups.rules(key: options.key, hostRoot: options.hostRoot)
        plan.isProvisional = finder.isProvisional
        plan.awaited = finder.awaited
        plan.marks = finder.linked.sorted { $0.key < $1.key }.flatMap { directory, places in
            places.sorted().map { .init(directory: options.hostRoot + directory, place: options.hostRoot + $0) }
        }
        plan.notes += finder.notes
        return plan
    }

    /// Our own calls first: no other rule need be tried on them.
    private func neverRules(_ request: AuditPlanRequest) -> [AuditRule] {
        request.excludedProcesses.map { pid in
            AuditRule(
                action: .never, syscalls: .all, fields: [AuditRuleField(.pid, .equal, UInt32(bitPattern: pid))],
                keys: [options.key]
            )
        }
    }

    /// The canary proves both ways that rules work: by the call, and by the file that it names.
    private func canaryRules(_ request: AuditPlanRequest) -> [AuditRule] {
        guard let parent = request.canaryParent, let architecture = options.architectures.first,
            let type = EventType(name: CanaryProcess.syscall)
        else { return [] }
        let child = AuditRuleField(.parent, .equal, UInt32(bitPattern: parent))
        let numbers = calls(making: type, architecture).map(\.number)
        var rules = [
            AuditRule(
                syscalls: SyscallMask(numbers),
                fields: [AuditRuleField(.architecture, .equal, architecture.rawValue), child], keys: [options.key])
        ]
        if let file = request.canaryFile, let open = EventType(name: "openat") {
            rules.append(
                AuditRule(
                    syscalls: SyscallMask(calls(making: open, architecture).filter { !$0.isRing }.map(\.number)),
                    fields: [child, AuditRuleField(.path, text: Array(file.utf8))], keys: [options.key]))
        }
        return rules
    }

    /// A failed call changes no state, but a connection that is under way counts as failed (EINPROGRESS).
    private static func stateOutcome(of type: EventType) -> OutcomeNeed {
        type.name == "connect" ? .any : .success
    }

    // MARK: Filters

    /// What one need asks for, on one ABI.
    private func filters(
        for need: EventNeed, _ type: EventType, _ architecture: RawEvent.Architecture, _ calls: [Call],
        looksAtPaths: Bool, _ finder: inout AuditLocations, _ templates: inout ContainerTemplates
    ) -> [AuditRuleFilter] {
        let isOpen = PathSyscalls.opens.contains(type.name)
        var base = AuditRuleFilter()
        if isOpen {
            guard !need.access.isEmpty else { return [] }
            // creat always writes, and the kernel counts it so.
            if type.name == "creat" {
                guard need.access.contains(.write) else { return [] }
                base.permission = AuditRuleField.Permission.write
            } else if type.name != "openat2" || options.understandsOpenat2 {
                base.permission = Self.permission(need.access)
            }
        }
        // connect reports success or failure only later where the socket does not block.
        if type.name != "connect" {
            switch need.outcome {
            case .any: break
            case .success: base.success = true
            case .failure: base.success = false
            }
        }
        let alternatives = ArgumentFilters.alternatives(need.arguments, of: type, architecture).map { fields in
            var filter = base
            filter.arguments = fields.sorted { $0.kind.rawValue < $1.kind.rawValue }
            return filter
        }
        let onlyReads = isOpen && !need.access.contains(.write)
        guard looksAtPaths, PathSyscalls.watchable.contains(type.name),
            case .oneOf(let exact, let prefixes, _) = need.paths,
            let places = places(for: need, onlyReads: onlyReads, &finder)
        else { return alternatives }
        if need.scope != .host, need.outcome != .failure {
            templates.add(calls, base, isOpen: isOpen, exact: exact, prefixes: prefixes)
        }
        var filters: [AuditRuleFilter] = []
        for filter in alternatives {
            if need.outcome != .failure {
                for place in places {
                    var watching = filter
                    watching.location = place
                    // Removing or moving a watched name ends the match before the call has a result: the kernel tries
                    // the rule then and there (kernel/audit_watch.c, audit_update_watch), where no result matches.
                    if case .path = place, !isOpen { watching.success = nil }
                    filters.append(watching)
                }
            }
            // A failed call may have found no file, and what is not there can't be watched.
            if need.outcome != .success {
                var failing = filter
                failing.success = false
                filters.append(failing)
            }
        }
        return filters
    }

    /// The places of a need's paths on the node, sorted; nil when they, or those in containers, can be anywhere.
    private func places(
        for need: EventNeed, onlyReads: Bool, _ finder: inout AuditLocations
    ) -> [WatchedLocation]? {
        guard case .oneOf(let exact, let prefixes, let suffixes) = need.paths, suffixes.isEmpty,
            exact.union(prefixes).allSatisfy({ $0.hasPrefix("/") && $0 != "/" })
        else { return nil }
        guard need.scope != .container else { return [] }
        return finder.locations(of: need.paths, onlyReads: onlyReads)?.sorted { "\($0)" < "\($1)" }
    }

    private static func permission(_ access: AccessNeed) -> UInt32? {
        switch access {
        case .read: AuditRuleField.Permission.read
        case .write: AuditRuleField.Permission.write
        default: nil
        }
    }

    // MARK: Calls

    /// A call as a rule names it.
    struct Call: Hashable {
        /// A number, or an operation of io_uring.
        var number: Int32
        /// For the call that multiplexes the socket calls: its first argument.
        var socketCall: UInt32?
        var isRing = false
    }

    private func calls(making type: EventType, _ architecture: RawEvent.Architecture) -> [Call] {
        var calls = syscalls.calls(making: type, architecture).filter { $0 & SyscallTable.x32Bit == 0 }
            .map { Call(number: $0) }
        if let (number, call) = syscalls.socketCall(making: type, architecture) {
            calls.append(Call(number: number, socketCall: UInt32(truncatingIfNeeded: call)))
        }
        // The ring has no ABI; its operations are planned with the machine's own.
        if options.hasIOUring, architecture == options.architectures.first, !calls.isEmpty {
            calls += (PathSyscalls.ringOperations[type.name] ?? []).map { Call(number: $0, isRing: true) }
        }
        return calls
    }
}
