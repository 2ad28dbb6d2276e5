import Foundation

/// A control group with a memory limit, made directly in the hierarchy; gone with `remove`.
final class MemoryGroup {
    private static let root = "/sys/fs/cgroup"
    private static var isVersion1: Bool { FileManager.default.fileExists(atPath: "\(root)/memory/tasks") }

    /// Whether groups with a memory limit can be made here.
    static var isAvailable: Bool {
        guard Command.isRoot, let group = try? MemoryGroup("shrike-probe", bytes: 64 << 20) else { return false }
        group.remove()
        return true
    }

    private let path: String

    init(_ name: String, bytes: Int) throws {
        path = Self.isVersion1 ? "\(Self.root)/memory/\(name)" : "\(Self.root)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do {
            try write("\(bytes)", to: Self.isVersion1 ? "memory.limit_in_bytes" : "memory.max")
        } catch {
            remove()
            throw error
        }
    }

    /// Puts a command and all that it starts into the group.
    var launcher: [String] { ["/bin/sh", "-c", "echo $$ > \(path)/cgroup.procs; exec \"$@\"", "sh"] }

    /// How many processes the kernel has killed for want of memory (cgroup-v1/memory.rst, cgroup-v2.rst).
    var kills: Int? {
        let file = Self.isVersion1 ? "memory.oom_control" : "memory.events"
        let text = try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        return text?.firstMatch(of: /(?m)^oom_kill (\d+)/).flatMap { Int($0.output.1) }
    }

    func remove() { rmdir(path) }

    private func write(_ text: String, to file: String) throws {
        // Not atomically: a new file can't take the place of one of the kernel's.
        guard let handle = FileHandle(forWritingAtPath: "\(path)/\(file)") else {
            throw EndToEndError("no \(file) in \(path)")
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}
