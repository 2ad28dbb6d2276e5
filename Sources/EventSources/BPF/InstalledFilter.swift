import BPFFilter
import EventModel
import NodeState

/// The filter that the programs have: tables, files by inode, and what there was no room for.
struct InstalledFilter {
    /// What the programs' bits of processes mean.
    private(set) var processes = BPFProcesses()
    private var files: BPFNamedFiles
    private var isFileFailureTold = false
    private var leftOutTold = 0
    /// What it has no room for, as far as it is known when it is installed.
    private var knownGaps = FilterGaps()
    /// What is to be said of them with the next tick.
    private var remarks: [String] = []
    private let limits: BPFLimits

    /// Files that are looked up again with each tick.
    private static let filesPerTick = 32

    init(hostRoot: String, limits: BPFLimits, files node: any NodeFiles) {
        self.limits = limits
        files = BPFNamedFiles(hostRoot: hostRoot, capacity: limits.files, files: node)
    }

    /// What rules ask for that the tables have no room for.
    var gaps: FilterGaps {
        var gaps = knownGaps
        gaps.files = files.leftOut
        return gaps
    }

    /// Why rules on some files miss other names of them.
    var failure: String? {
        files.refusal.map { "files that rules name can't be told to the eBPF programs: \($0)" }
    }

    /// Puts the filter of other needs in the place of the one in use. Programs stay attached: tables are written beside those in use,
    /// files by inode among them, then calls are led to them. Throws with the former one in use.
    mutating func install(_ needs: SourceNeeds, _ connection: any BPFConnection) throws(SourceFailure) {
        let fitted = FittedFilter(
            needs.filter ?? FilterProgram(anyOf: needs.events), needs.events, limits: limits
        ) { program in
            FilterImage(
                program, always: Self.stateTypes(needs),
                canaries: BPFSource.opens.union(EventTypeSet(BPFSource.canaryCall.map { [$0] } ?? [])))
        }
        let image = fitted.image
        // With another filter the same bits would mean something else.
        processes.forgetAll(connection)
        // The image is in use whatever becomes of the files: what the kernel refuses is tried again with the ticks.
        try connection.install(image) { files.set(image.namedFiles, connection) }
        processes.use(fitted.isWide ? nil : needs.filter, image)
        (knownGaps, remarks) = (fitted.gaps, fitted.remarks)
    }

    /// Looks some of the named files up, and tells once of those that the kernel refuses, of those that are never looked up, and of
    /// what there was no room for.
    mutating func look(_ connection: any BPFConnection, into sink: any EventSink) {
        func report(_ kind: SourceNotice.Kind, _ text: String) {
            sink.report(SourceNotice(kind: kind, source: .ebpf, message: "ebpf: \(text)"))
        }
        for text in remarks { report(.remark, text) }
        remarks = []
        files.look(budget: Self.filesPerTick, connection)
        if let failure, !isFileFailureTold {
            report(.blind, failure)
        } else if files.refusal == nil, isFileFailureTold {
            report(.recovered, "all files that rules name are known to the kernel again")
        }
        isFileFailureTold = files.refusal != nil
        guard files.leftOut != leftOutTold else { return }
        leftOutTold = files.leftOut
        guard leftOutTold > 0 else { return }
        report(
            .remark,
            "rules name \(leftOutTold + files.capacity) files as a whole; \(leftOutTold) of them are seen under these names alone, not "
                + "under other links to them (\(BPFLimits.Key.files.rawValue))")
    }

    /// The calls that node state lives on. What a descriptor is, each record tells itself, but of a program's own standard streams no
    /// record does; programs and ends are told in any case.
    static func stateTypes(_ needs: SourceNeeds) -> EventTypeSet {
        let types = EventTypeSet(
            StateSyscalls.types(for: needs.events, fieldNames: needs.fieldNames).filter { !toldOtherwise.contains($0) })
        return StateSyscalls.readsStreams(needs.fieldNames) ? types.union(redirecting) : types
    }

    /// What makes a descriptor a standard stream. fcntl(2) can, too, but it is frequent: its copies are told where rules ask for them.
    private static let redirecting = EventTypeSet(["dup", "dup2", "dup3"].compactMap(EventType.init(name:)))

    private static let toldOtherwise = EventTypeSet(
        [
            "execve", "execveat", "socket", "connect", "accept", "accept4", "bind", "pipe", "pipe2", "socketpair",
            "dup", "dup2", "dup3", "fcntl",
        ]
        .compactMap(EventType.init(name:)))
}

extension FilterProgram {
    /// A program that lets all events of the types that rules ask for pass.
    init(anyOf needs: EventNeeds) {
        self.init()
        let any = append(TypeFilter(alternatives: AlternativeSet(first: 1)))
        for type in needs.alternatives.keys { assign(filter: any, to: type) }
    }
}
