import NodeState

/// A node without a kernel: every process id is a process, spread over some containers.
final class ScriptedNode: NodeFiles {
    private let containers: Int

    init(containers: Int) { self.containers = max(containers, 1) }

    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        let words = path.text.split(separator: "/")
        guard words.count == 3, words[0] == "proc", let pid = Int(words[1]) else { return false }
        switch words[2] {
        case "stat":
            buffer.append(
                contentsOf: "\(pid) (worker) S 1 \(pid) \(pid) 0 -1 4194304 9 0 7 0 1 2 0 0 20 0 3 0 1 3133 388\n".utf8)
        case "cgroup":
            let digits = String(pid % containers, radix: 16)
            let id = String(repeating: "a", count: 64 - digits.count) + digits
            buffer.append(contentsOf: "0::/kubepods.slice/cri-containerd-\(id).scope\n".utf8)
        case "cmdline": buffer.append(contentsOf: "worker\0-v\0".utf8)
        default: return false
        }
        return true
    }

    func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        let bundle = """
            {"root":{"path":"rootfs"},"annotations":{"io.kubernetes.cri.container-name":"main",
            "io.kubernetes.cri.image-name":"registry.example/team/app:1"}}
            """
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: bundle.utf8)
        return true
    }

    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }

    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard path.text.hasSuffix("/exe") else { return false }
        buffer.append(contentsOf: "/usr/bin/worker".utf8)
        return true
    }

    func status(_ path: PathBuffer) -> FileStatus? { nil }
    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool { false }
    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
}
