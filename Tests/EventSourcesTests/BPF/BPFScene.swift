import EventModel
import NodeState
import Testing

@testable import EventSources

/// A source of scripted programs, what it tells, and files that it looks up.
final class BPFScene {
    let programs = ScriptedPrograms()
    let sink = RecordingSink()
    let files = ChangingFiles()
    let source: BPFSource
    var now: UInt64 = 1_000_000_000

    init(
        types: [String] = ["openat"], fields: Set<String> = [], filter: FilterProgram? = nil,
        limits: BPFLimits = BPFLimits()
    ) throws {
        let alternatives = types.compactMap(EventType.init(name:)).map { ($0, [EventNeed()]) }
        let needs = SourceNeeds(
            events: EventNeeds(alternatives: Dictionary(uniqueKeysWithValues: alternatives)), fieldNames: fields,
            filter: filter)
        var options = BPFSource.Options()
        options.limits = limits
        source = try BPFSource(needs, connection: programs, options: options, files: files)
    }

    func tick(seconds: UInt64 = 6) {
        now += seconds * 1_000_000_000
        source.tick(nowNanoseconds: now, into: sink)
    }

    func notices(_ kind: SourceNotice.Kind) -> [String] { sink.notices.filter { $0.kind == kind }.map(\.message) }
}

/// Files that a test makes appear and change.
final class ChangingFiles: NodeFiles {
    var inodes: [String: UInt64] = [:]
    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool { false }
    func readBeneath(root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8])
        -> FileStatus?
    { nil }
    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { false }
    func status(_ path: PathBuffer) -> FileStatus? {
        inodes[path.text].map { inode in
            var status = FileStatus()
            (status.inode, status.device) = (inode, 8 << 8 | 3)
            return status
        }
    }
    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool { false }
    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
}

extension FilterProgram {
    /// A filter of opens of these files, and of removals.
    static func opening(_ files: [String], _ types: [String] = ["openat"]) throws -> FilterProgram {
        var filter = TypeFilter(alternatives: AlternativeSet(first: 1))
        filter.file = TextTable(
            others: AlternativeSet(),
            exact: files.map { .init(text: Array($0.utf8), granted: AlternativeSet(first: 1)) })
        var program = FilterProgram()
        for type in types { program.assign(filter: program.append(filter), to: try #require(EventType(name: type))) }
        return program
    }
}
