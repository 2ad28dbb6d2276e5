import EventFields
import EventModel
import KernelInterface
import NodeState

/// Files whose content the fuzzer makes: /proc of a process, control groups, bundles, account files, socket tables. The
/// input is sections parted by 0x1e, each with the last component of the paths that it answers and a line feed before it.
private final class MadeFiles: NodeFiles {
    private var sections: [[UInt8]: [UInt8]] = [:]

    init(_ input: UnsafeBufferPointer<UInt8>) {
        for section in input.split(separator: 0x1e) {
            guard let end = section.firstIndex(of: UInt8(ascii: "\n")) else { continue }
            sections[Array(section[..<end])] = Array(section[(end + 1)...])
        }
    }

    private func content(_ path: some Collection<UInt8>) -> [UInt8]? {
        sections[Array(path.split(separator: UInt8(ascii: "/")).last ?? [])]
    }

    private func fill(_ buffer: inout [UInt8], _ content: [UInt8]?, _ limit: Int) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let content else { return false }
        buffer.append(contentsOf: content.prefix(limit))
        return true
    }

    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        fill(&buffer, content(path.path), limit)
    }

    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? {
        guard let name = components.last, fill(&buffer, content("\(name)".utf8), limit) else { return nil }
        return FileStatus()
    }

    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { fill(&buffer, content(path.path), 4096) }

    func status(_ path: PathBuffer) -> FileStatus? {
        guard let content = content(path.path) else { return nil }
        var status = FileStatus()
        status.inode = UInt64(content.count)
        status.mode = content.first.map { UInt32($0) << 8 } ?? 0o100644
        return status
    }

    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        numbers = [0, 1, 3]
        return true
    }

    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { Array(sections.keys.prefix(limit)) }
}

private let types = ["execve", "clone", "openat", "connect", "setuid", "unlinkat", "fchdir", "dup2", "procexit"]
    .compactMap(EventType.init(name:))
private let references = (0..<EventFields.catalogue.fields.count).map { FieldReference(FieldID(index: UInt16($0))) }

/// Whatever /proc and the files of containers hold, the state takes it without a crash, and every field can be read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzState(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var options = NodeStateOptions()
    options.bootTimeNanoseconds = 0
    let state = NodeState(options: options, files: MadeFiles(UnsafeBufferPointer(start: data, count: count)))
    let reader = EventFieldReader(state: state, hostname: "fuzz")
    var arena = ValueArena()
    for (index, type) in types.enumerated() {
        var event = RawEvent()
        event.type = type
        event.source = .processConnector
        event.architecture = .x86_64
        // In 2033: later than any start that the input can claim.
        event.timeNanoseconds = 2_000_000_000_000_000_000 + UInt64(index) * 5_000_000_000
        (event.process.pid, event.process.tid) = (100, 100)
        event.hasResult = true
        event.result = type.name == "clone" ? 101 : 3
        event.childPID = type.name == "clone" ? 101 : 0
        event.registers[0] = 3
        event.registerCount = 3
        _ = state.apply(&event)
        for reference in references {
            arena.reset()
            _ = reader.read(reference, into: &arena)
        }
    }
    return 0
}
