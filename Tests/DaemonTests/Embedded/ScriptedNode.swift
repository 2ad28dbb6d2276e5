import KernelInterface
import NodeState

/// The files of a node in memory: /proc and what lies in /run and /sys of containers.
final class ScriptedNode: NodeFiles {
    private var texts: [String: String] = [:]
    private var links: [String: String] = [:]
    private var directories: [String: FileStatus] = [:]

    init() {
        texts["/proc/sys/kernel/randomize_va_space"] = "2\n"
        addDirectory("/sys/fs/cgroup/cgroup.controllers")
        start(1, "/usr/lib/systemd/systemd", parent: 0)
    }

    /// Adds a process.
    func start(_ pid: Int, _ program: String, parent: Int = 1, group: String = "/") {
        let name = program.split(separator: "/").last.map(String.init) ?? "x"
        texts["/proc/\(pid)/stat"] =
            "\(pid) (\(name)) S \(parent) \(pid) \(pid) 0 -1 4194304 99 0 7 0 1 2 0 0 20 0 1 0 \(pid) 3133440 388 "
            + "18446744073709551615 94\(pid) 0 140\(pid) 0 0 0 0 0\n"
        texts["/proc/\(pid)/status"] =
            "Name:\t\(name)\nTgid:\t\(pid)\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNStgid:\t\(pid)\nNSpid:\t\(pid)\n"
        texts["/proc/\(pid)/cmdline"] = "\(program)\0"
        texts["/proc/\(pid)/cgroup"] = "0::\(group)\n"
        links["/proc/\(pid)/exe"] = program
        links["/proc/\(pid)/cwd"] = "/"
    }

    /// Adds what containerd and the kernel make for a container; gives its root directory.
    func addContainer(_ id: String, group: String) -> String {
        let bundle = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)"
        texts["\(bundle)/config.json"] =
            #"{"ociVersion":"1.1.0","process":{"user":{"uid":0},"args":["/bin/sh"]},"root":{"path":"rootfs"},"linux":{}}"#
        addDirectory("/sys/fs/cgroup\(group)")
        return "\(bundle)/rootfs"
    }

    private func addDirectory(_ path: String) {
        var status = FileStatus()
        status.mode = 0o040755
        status.inode = UInt64(directories.count + 1)
        directories[path] = status
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        if !above.isEmpty, directories["/\(above)"] == nil { addDirectory("/\(above)") }
    }

    /// Adds a control group with a number.
    func addGroup(_ group: String, number: UInt64) {
        addDirectory("/sys/fs/cgroup\(group)")
        directories["/sys/fs/cgroup\(group)"]?.inode = number
    }

    /// Takes a container's control group away, as the kernel does when its last process has ended.
    func removeGroup(_ group: String) { directories["/sys/fs/cgroup\(group)"] = nil }

    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let text = texts[path.text] else { return false }
        buffer.append(contentsOf: text.utf8.prefix(limit))
        return true
    }

    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }

    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard let text = links[path.text] else { return false }
        buffer.append(contentsOf: text.utf8)
        return true
    }

    func status(_ path: PathBuffer) -> FileStatus? { directories[path.text] }

    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool {
        guard path.text == "/proc" else { return false }
        numbers = Set(texts.keys.compactMap { Int32($0.split(separator: "/").dropFirst().first ?? "") }).sorted()
        return true
    }

    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? {
        let prefix = path.text + "/"
        let below = texts.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).prefix { $0 != "/" } }
        return below.isEmpty ? nil : Set(below).sorted().prefix(limit).map { Array($0.utf8) }
    }
}
