/// The control groups of a process as pairs of subsystem and path, from the lines `HIERARCHY:SUBSYSTEMS:PATH` of
/// /proc/PID/cgroup (cgroups(7)).
///
/// The line of the unified hierarchy (version 2) names no subsystem; it stands for those that the rule language knows
/// and no other line names.
struct ControlGroups: Sequence, IteratorProtocol {
    private let lines: [UInt8]
    private var lineStart = 0
    private var subsystems: ArraySlice<UInt8> = []
    private var path: ArraySlice<UInt8> = []
    private var isUnified = false

    init(_ lines: [UInt8]) { self.lines = lines }

    mutating func next() -> (subsystem: ArraySlice<UInt8>, path: ArraySlice<UInt8>)? {
        while true {
            if let comma = subsystems.firstIndex(of: UInt8(ascii: ",")) {
                let name = subsystems[..<comma]
                subsystems = subsystems[(comma + 1)...]
                if isUnified, isNamedElsewhere(name) { continue }
                return (name, path)
            }
            if !subsystems.isEmpty {
                let name = subsystems
                subsystems = []
                if isUnified, isNamedElsewhere(name) { continue }
                return (name, path)
            }
            guard readLine() else { return nil }
        }
    }

    private mutating func readLine() -> Bool {
        guard lineStart < lines.count else { return false }
        let end = lines[lineStart...].firstIndex(of: 10) ?? lines.count
        let line = lines[lineStart..<end]
        lineStart = end + 1
        guard let first = line.firstIndex(of: UInt8(ascii: ":")),
            let second = line[(first + 1)...].firstIndex(of: UInt8(ascii: ":"))
        else { return true }
        subsystems = line[(first + 1)..<second]
        path = line[(second + 1)...]
        isUnified = subsystems.isEmpty
        if isUnified { subsystems = ControlGroups.known[...] }
        return true
    }

    /// Whether a line of a version 1 hierarchy names the subsystem.
    private func isNamedElsewhere(_ name: ArraySlice<UInt8>) -> Bool {
        for line in lines.split(separator: 10) {
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, !fields[1].isEmpty else { continue }
            if fields[1].split(separator: UInt8(ascii: ",")).contains(where: { $0.elementsEqual(name) }) { return true }
        }
        return false
    }

    private static let known = Array("cpuset,cpu,cpuacct,io,memory".utf8)
}
