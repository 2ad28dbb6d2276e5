import EventModel

/// Where marks are to be for what rules need, in one root directory: the host's or a container's.
struct FanotifyPlan: Sendable, Equatable {
    var points: Set<WatchPoint> = []
    var aliases: [PathAliases.Alias] = []
    /// Named paths that do not exist (yet).
    var missing = 0
    /// What can't be marked, one sentence each.
    var failures: [String] = []
    /// Names that are waited for, by directory: plan again when one appears.
    var awaited: [String: Set<String>] = [:]

    /// Nothing to watch.
    init() {}

    /// Finds the places of what is needed.
    ///
    /// As narrow as the needs allow: a named file is marked by itself, the directory where it is missing, a prefix as the
    /// directories below it, and whole file systems only where no path says where to look.
    init(_ needs: OpenNeeds, root: String, files: any WatchedFiles) {
        var places = PathPlaces(files: files)
        for pattern in needs.exact where pattern.isAbsolute {
            add(places.named(pattern.text, root: root), of: pattern.text, root, &places)
        }
        for prefix in needs.outermostPrefixes where prefix.first == UInt8(ascii: "/") {
            let text = String(decoding: prefix, as: UTF8.self)
            add(places.beginning(text, root: root), of: nil, root, &places)
        }
        awaited = places.awaited
        guard !needs.anywhere.isEmpty else { return }
        // Writers close with an event of their own: where only writes matter the many reads stay in the kernel.
        let kind = WatchPoint.Kind.filesystem(reads: needs.anywhere.contains(.read))
        for mount in root.isEmpty ? files.mountPoints() : ["/"] {
            points.insert(WatchPoint(root: root, path: Array(mount.utf8), kind: kind))
        }
    }

    /// Adds the places of one text; `text` is a named path's.
    private mutating func add(
        _ found: [PathPlaces.Place], of text: String?, _ root: String, _ places: inout PathPlaces
    ) {
        var parent: String?
        var isThere = false
        for place in found {
            switch place {
            case .name(let name, let directory):
                // A file that is replaced has another inode: its name is waited for.
                places.expect(name, in: directory)
                parent = directory
            case .file(let path), .directory(let path):
                isThere = true
                addPoint(path, .file, root)
                if let text { alias(path, named: text, isPrefix: false, root) }
            case .tree(let path, let beginning, let named):
                addPoint(path, .tree(beginning: Array(beginning.utf8)), root)
                alias(path, named: named, isPrefix: true, root)
            case .missing: break
            case .processes: fail("\(text ?? "/proc"): not on a file system that holds files")
            }
        }
        guard text != nil, !isThere else { return }
        missing += 1
        // A file that is not there can be made: its directory tells of that.
        if let parent { addPoint(parent, .children, root) }
    }

    private mutating func addPoint(_ path: String, _ kind: WatchPoint.Kind, _ root: String) {
        points.insert(WatchPoint(root: root, path: Array(Self.inner(path, root).utf8), kind: kind))
    }

    private mutating func alias(_ path: String, named: String, isPrefix: Bool, _ root: String) {
        func bytes(_ text: String) -> [UInt8] { Array((isPrefix && !text.hasSuffix("/") ? text + "/" : text).utf8) }
        let alias = PathAliases.Alias(
            real: bytes(Self.inner(path, root)), named: bytes(named), isPrefix: isPrefix)
        if alias.real != alias.named { aliases.append(alias) }
    }

    private mutating func fail(_ text: String) {
        if !failures.contains(text) { failures.append(text) }
    }

    /// The path in a root directory. The kernel shows paths in another mount namespace as they are there already.
    static func inner(_ path: String, _ root: String) -> String {
        guard !root.isEmpty, path == root || path.hasPrefix(root + "/") else { return path }
        return path == root ? "/" : String(path.dropFirst(root.count))
    }
}

extension OpenNeeds.Pattern {
    fileprivate var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }
}
