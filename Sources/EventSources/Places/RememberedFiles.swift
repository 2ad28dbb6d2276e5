import KernelInterface

/// The files below one root directory, for one look at it. It is walked to once, and what is below a directory that is missing is not
/// asked for: rules name hundreds of places, of which most images have a few, and whoever starts a container is about to act.
final class RememberedFiles: WatchedFiles {
    private let files: HostWatchedFiles
    private let root: String
    private let anchor: WalkRoot?
    private var found: [String: FoundPath] = [:]
    /// Whether something is there, by the host's paths. A link that leads nowhere counts as nothing: nobody can read it.
    private var isThere: [String: Bool] = [:]
    private var isWritable: [String: Bool] = [:]

    /// - Parameter root: the host path of a container's root directory, "" for the host's.
    init(_ files: HostWatchedFiles, root: String) {
        (self.files, self.root) = (files, root)
        anchor = files.anchor(root)
    }

    func find(_ path: String, root: String) -> FoundPath {
        let names = path.split(separator: "/")
        guard root == self.root, !names.contains("."), !names.contains("..") else {
            return files.find(path, root: root)
        }
        return find("/" + names.joined(separator: "/"))
    }

    private func find(_ path: String) -> FoundPath {
        if let known = found[path] { return known }
        let answer = look(path)
        found[path] = answer
        switch answer {
        case .file(let real), .directory(let real): isThere[real] = true
        case .missing(let directory, let names) where names.count == 1:
            let place = PathPlaces.join(directory, names[0])
            isThere[place] = isThere[place] ?? false
        case .missing: break
        }
        return answer
    }

    private func look(_ path: String) -> FoundPath {
        let nothing = FoundPath.missing(below: root.isEmpty ? "/" : root, names: [])
        guard path != "/" else { return lookFromRoot(path) ?? nothing }
        let name = PathPlaces.name(of: path)
        switch find(PathPlaces.parent(of: path)) {
        case .missing(let directory, let names):
            // Without names it was not looked at, or there is no such root.
            return .missing(below: directory, names: names.isEmpty ? [] : names + [name])
        case .file(let parent), .directory(let parent):
            return lookFromRoot(path) ?? .missing(below: parent, names: [name])
        }
    }

    private func lookFromRoot(_ path: String) -> FoundPath? {
        switch anchor {
        case .some(let anchor): files.look(path, from: anchor)
        case .none: nil
        }
    }

    func names(in directory: String, root: String, beginningWith prefix: String) -> [String] {
        files.names(in: directory, root: root, beginningWith: prefix)
    }

    func linkTargets(below directory: String, root: String) -> [FoundPath]? {
        files.linkTargets(below: directory, root: root)
    }

    func exists(_ path: String) -> Bool {
        if let known = isThere[path] { return known }
        let answer = files.exists(path)
        isThere[path] = answer
        return answer
    }

    func isWritableByAll(_ directory: String) -> Bool {
        if let known = isWritable[directory] { return known }
        let answer = files.isWritableByAll(directory)
        isWritable[directory] = answer
        return answer
    }

    func isEmpty(root: String) -> Bool { files.isEmpty(root: root) }
    func mountPoints() -> [String] { files.mountPoints() }
}
