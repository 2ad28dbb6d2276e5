import CBPF

/// Something about the loaded programs that somebody else has altered.
public enum BPFAlteration: Sendable, Hashable, CustomStringConvertible {
    /// A program is not attached as it was.
    case program(String)
    /// Calls, filters or settings are not what was set.
    case filter
    /// A table's entries are not what was set.
    case table(String)
    /// The switch that lets the programs tell was turned off.
    case disarmed

    /// As part of a sentence.
    public var description: String {
        switch self {
        case .program(let name): "the eBPF program \(name) is not attached as it was"
        case .filter: "the filter of the eBPF programs was changed"
        case .table(let name): "the table of \(name) of the eBPF programs was changed"
        case .disarmed: "the eBPF programs were switched off"
        }
    }
}

/// A program and its link as they were attached. Everything is asked of descriptors that are held, which needs no capability.
struct AttachedFacts: Equatable {
    var linkID: UInt32 = 0
    var programID: UInt32 = 0
    var tag: UInt64 = 0
    var loadTime: UInt64 = 0
    var isReadable = false

    init(link: Int32, program: Int32) {
        var linkFacts = shrike_bpf_link_facts()
        var programFacts = shrike_bpf_program_facts()
        isReadable =
            shrike_bpf_link_facts(link, &linkFacts) == 0 && shrike_bpf_program_facts(program, &programFacts) == 0
        linkID = linkFacts.id
        programID = linkFacts.program
        tag = programFacts.tag
        loadTime = programFacts.load_time
    }
}
