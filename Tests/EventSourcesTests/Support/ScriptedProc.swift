import NodeState

/// A /proc made of text.
final class ScriptedProc: NodeFiles {
    var contents: [String: String] = [:]
    var statuses: [String: FileStatus] = [:]
    var directories: [String: [Int32]] = [:]

    /// A line of /proc/PID/stat.
    func add(
        _ pid: Int32, command: String = "sh", parent: Int32 = 1, start: UInt64 = 100, code: UInt64 = 0x5000,
        stack: UInt64 = 0x7fff, state: String = "S", flags: UInt64 = 0x40_0000
    ) {
        let list = directories["/proc", default: []]
        if !list.contains(pid) { directories["/proc"] = list + [pid] }
        contents["/proc/\(pid)/stat"] =
            "\(pid) (\(command)) \(state) \(parent) 1 1 0 -1 \(flags) 1 2 3 4 5 6 7 8 20 0 1 0 \(start) 1000 10 "
            + "18446744073709551615 \(code) 24576 \(stack) 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n"
    }

    func remove(_ pid: Int32) {
        directories["/proc"]?.removeAll { $0 == pid }
        contents["/proc/\(pid)/stat"] = nil
    }

    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        guard let text = contents[path.text] else { return false }
        buffer = Array(text.utf8.prefix(limit))
        return true
    }
    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }
    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { false }
    func status(_ path: PathBuffer) -> FileStatus? { statuses[path.text] }
    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        guard let list = directories[path.text] else { return false }
        numbers = list
        return true
    }
    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
}
