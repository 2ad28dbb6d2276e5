import Glibc
import KernelInterface
import NodeState

/// The node's own file system, in the host's paths. What a program answers for (FUSE) is not looked at: that may never come to an end.
struct HostWatchedFiles: WatchedFiles {
    /// Where the host's root directory is mounted for us, without a slash at its end; empty on the host itself.
    var hostRoot = ""
    /// Takes what was not looked at.
    var skipped: SkippedMounts?

    /// Directories larger than this are not searched for symbolic links.
    static let maximumVisits = 20_000
    private static let maximumDepth = 8

    func find(_ path: String, root: String) -> FoundPath {
        guard let anchor = anchor(root) else {
            return .missing(below: root.isEmpty ? "/" : root, names: [])
        }
        var components = path.split(separator: "/").map(String.init)
        var missing: [String] = []
        while true {
            switch look("/" + components.joined(separator: "/"), from: anchor) {
            case .some(.missing(let mount, let names)): return .missing(below: mount, names: names)
            case .some(let found):
                guard !missing.isEmpty else { return found }
                return .missing(below: found.real, names: missing)
            case nil: break
            }
            guard let last = components.popLast() else {
                return .missing(below: hostPath(Self.nonempty(hostRoot + root)), names: missing)
            }
            missing.insert(last, at: 0)
        }
    }

    /// What a path leads to, looked up by a process with that root directory; nil: to nothing. Missing, without names: a program answers
    /// for what is there, so it was not looked at.
    func look(_ path: String, from anchor: borrowing WalkRoot) -> FoundPath? {
        do throws(WalkObstacle) {
            let target = try MarkTarget(walking: Array(path.utf8), root: anchor.number, namespaceOf: anchor.process)
            guard let status = target.status, let bytes = target.path else { return nil }
            let real = hostPath(String(decoding: bytes, as: UTF8.self))
            return status.isDirectory ? .directory(real) : .file(real)
        } catch {
            // Without names: nothing to wait for.
            return note(error).map { .missing(below: $0, names: []) }
        }
    }

    func names(in directory: String, root: String, beginningWith prefix: String) -> [String] {
        guard case .directory(let real) = find(directory, root: root) else { return [] }
        return entries(of: real).map(\.name).filter { $0.hasPrefix(prefix) }
    }

    func isEmpty(root: String) -> Bool { entries(of: root).isEmpty }

    func linkTargets(below directory: String, root: String) -> [FoundPath]? {
        var targets: [FoundPath] = []
        var pending = [(path: directory, depth: 0)]
        var visits = 0
        while let (path, depth) = pending.popLast() {
            for entry in entries(of: path) {
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

    func exists(_ path: String) -> Bool { status(of: path) != nil }

    func isWritableByAll(_ directory: String) -> Bool {
        (status(of: directory)?.mode ?? 0) & S_IWOTH != 0
    }

    func mountPoints() -> [String] {
        guard let mounts else { return ["/"] }
        return MountPoints.parse(mounts).map { String(decoding: $0, as: UTF8.self) }
    }

    private var mounts: [UInt8]? {
        var text: [UInt8] = []
        let path = hostRoot.isEmpty ? "/proc/self/mountinfo" : "/proc/1/mountinfo"
        return HostFiles().read(PathBuffer(path), upTo: 8 << 20, into: &text) ? text : nil
    }

    /// A path of the host, opened to be named; a link at its end is not followed. Nil where it isn't there, or not looked at.
    private func target(_ path: String) -> MarkTarget? {
        do throws(WalkObstacle) {
            // A container's root directory may be known by a process of it.
            let names = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: true)
            guard names.count >= 3, names[0] == "proc", names[2] == "root", Int32(names[1]) != nil else {
                return try MarkTarget(walking: Array((hostRoot + path).utf8), followsLast: false)
            }
            let root = try WalkRoot(path: hostRoot + "/" + names[..<3].joined(separator: "/"))
            let rest = names.count > 3 ? String(names[3]) : ""
            return try MarkTarget(
                walking: Array(rest.utf8), root: root.number, followsLast: false, namespaceOf: root.process)
        } catch {
            _ = note(error)
            return nil
        }
    }

    private func status(of path: String) -> FileFacts? { target(path)?.status }

    /// The mount that a walk did not enter; nil when it ended otherwise.
    private func note(_ obstacle: WalkObstacle) -> String? {
        guard case .program(let mount) = obstacle else { return nil }
        let path = hostPath(String(decoding: mount, as: UTF8.self))
        skipped?.note(path, mount: mount)
        return path
    }

    private static func nonempty(_ path: String) -> String { path.isEmpty ? "/" : path }

    /// What the host calls a path of ours.
    private func hostPath(_ path: String) -> String {
        guard !hostRoot.isEmpty else { return path }
        if path == hostRoot { return "/" }
        return path.hasPrefix(hostRoot + "/") ? String(path.dropFirst(hostRoot.count)) : path
    }

    /// The directory that lookups start from; nil where it isn't there, or not looked at.
    func anchor(_ root: String) -> WalkRoot? {
        do throws(WalkObstacle) { return try WalkRoot(path: hostRoot + root) } catch {
            _ = note(error)
            return nil
        }
    }

    private func entries(of directory: String) -> [(name: String, kind: Int32)] {
        guard let target = target(directory) else { return [] }
        // O_PATH descriptors can't be read: the same directory is opened again, whatever is mounted there by now.
        guard let stream = opendir("/proc/self/fd/\(target.rawValue)") else { return [] }
        defer { closedir(stream) }
        var entries: [(name: String, kind: Int32)] = []
        while entries.count < Self.maximumVisits, let entry = readdir(stream) {
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
