import Glibc
import KernelInterface

/// The node's own file system, in the host's paths.
struct HostWatchedFiles: WatchedFiles {
    /// Where the host's root directory is mounted for us, without a slash at its end; empty on the host itself.
    var hostRoot = ""

    /// Directories larger than this are not searched for symbolic links.
    static let maximumVisits = 20_000
    private static let maximumDepth = 8

    func find(_ path: String, root: String) -> FoundPath {
        guard let anchor = Anchor(hostRoot + root) else { return .missing(below: root.isEmpty ? "/" : root, names: []) }
        var components = path.split(separator: "/").map(String.init)
        var missing: [String] = []
        while true {
            let name = "/" + components.joined(separator: "/")
            if let target = try? MarkTarget(path: Array(name.utf8), root: anchor.descriptor),
                let status = target.status,
                let bytes = target.path
            {
                let real = hostPath(String(decoding: bytes, as: UTF8.self))
                guard missing.isEmpty else { return .missing(below: real, names: missing) }
                return status.isDirectory ? .directory(real) : .file(real)
            }
            guard let last = components.popLast() else { return .missing(below: hostPath(anchor.path), names: missing) }
            missing.insert(last, at: 0)
        }
    }

    func names(in directory: String, root: String, beginningWith prefix: String) -> [String] {
        guard case .directory(let real) = find(directory, root: root) else { return [] }
        return Self.entries(of: hostRoot + real).map(\.name).filter { $0.hasPrefix(prefix) }
    }

    func linkTargets(below directory: String, root: String) -> [FoundPath]? {
        var targets: [FoundPath] = []
        var pending = [(path: directory, depth: 0)]
        var visits = 0
        while let (path, depth) = pending.popLast() {
            for entry in Self.entries(of: hostRoot + path) {
                visits += 1
                guard visits < Self.maximumVisits else { return nil }
                let name = path + "/" + entry.name
                if entry.kind == Int32(DT_DIR), depth < Self.maximumDepth {
                    pending.append((name, depth + 1))
                } else if entry.kind == Int32(DT_LNK) {
                    let found = find(root.isEmpty ? name : String(name.dropFirst(root.count)), root: root)
                    switch found {
                    case .file(let target), .directory(let target):
                        if target != directory, !target.hasPrefix(directory + "/") { targets.append(found) }
                    case .missing: break
                    }
                }
            }
        }
        return targets
    }

    func exists(_ path: String) -> Bool { Self.status(of: hostRoot + path) != nil }

    func isWritableByAll(_ directory: String) -> Bool {
        (Self.status(of: hostRoot + directory)?.st_mode ?? 0) & S_IWOTH != 0
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    /// What the host calls a path of ours.
    private func hostPath(_ path: String) -> String {
        guard !hostRoot.isEmpty else { return path }
        if path == hostRoot { return "/" }
        return path.hasPrefix(hostRoot + "/") ? String(path.dropFirst(hostRoot.count)) : path
    }

    /// The directory that lookups start from.
    private struct Anchor: ~Copyable {
        let descriptor: Int32
        let path: String
        private let owned: FileDescriptor?

        init?(_ root: String) {
            guard !root.isEmpty else {
                descriptor = AT_FDCWD
                path = "/"
                owned = nil
                return
            }
            let opened = open(root, Int32(O_DIRECTORY) | O_CLOEXEC)
            guard opened >= 0 else { return nil }
            descriptor = opened
            path = root
            owned = FileDescriptor(owning: opened)
        }
    }

    private static func entries(of directory: String) -> [(name: String, kind: Int32)] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var entries: [(name: String, kind: Int32)] = []
        while entries.count < maximumVisits, let entry = readdir(stream) {
            // The kernel ends the name with a NUL, within the entry.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { entries.append((name, Int32(entry.pointee.d_type))) }
        }
        return entries
    }
}
