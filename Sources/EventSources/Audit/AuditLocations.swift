import EventModel

/// Turns necessary conditions on path texts into places that audit rules can watch. A process's path text leads, links
/// followed, to a file that one of the places covers.
struct AuditLocations {
    private let files: any WatchedFiles
    private var places: PathPlaces
    private var linkTargets: [String: [FoundPath]] = [:]
    private(set) var notes: [String] = []
    /// What links below the node's directories lead to, by directory: its rules are to hold there too.
    private(set) var linked: [String: Set<String>] = [:]
    /// Whether symbolic links below directories are looked for: it takes a walk through all of them.
    var followsLinks = true

    init(files: any WatchedFiles) {
        self.files = files
        places = PathPlaces(files: files)
    }

    /// Places that are not what they seem: plan again from time to time.
    var isProvisional: Bool { places.isProvisional }
    /// Directories in which a name is missing that a plan waits for: plan again when it appears.
    var awaited: [String: Set<String>] { places.awaited }

    /// The places of all texts that satisfy a need, on the node; nil when they can be anywhere.
    ///
    /// - Parameter onlyReads: what is not there can't be read, so its place is watched once it is.
    mutating func locations(of need: PathNeed, onlyReads: Bool) -> Set<WatchedLocation>? {
        guard case .oneOf(let exact, let prefixes, let suffixes) = need, suffixes.isEmpty else { return nil }
        guard exact.union(prefixes).allSatisfy({ $0.hasPrefix("/") && $0 != "/" }) else { return nil }
        let found = locations(exact, prefixes, onlyReads: onlyReads, root: "")
        // A link may lead to the very top.
        return found.contains(.directory("/")) ? nil : found
    }

    /// What to put marks on for the same in a container: files and directories that exist, by the host's paths.
    ///
    /// A named file is marked itself for reading; for changes its directory is, where it may be made anew.
    mutating func marks(
        exact: Set<String>, prefixes: Set<String>, onlyReads: Bool, root: String
    ) -> Set<String> {
        var marks: Set<String> = []
        for place in locations(exact, prefixes, onlyReads: onlyReads, root: root) {
            switch place {
            case .anywhere: break
            case .directory(let path): marks.insert(path)
            case .path(let path):
                let directory = PathPlaces.parent(of: path)
                if !onlyReads {
                    marks.insert(directory)
                } else {
                    // A file that is replaced has another inode: the name is waited for.
                    places.expect(PathPlaces.name(of: path), in: directory)
                    if files.exists(path) { marks.insert(path) }
                }
            }
        }
        return marks
    }

    private mutating func locations(
        _ exact: Set<String>, _ prefixes: Set<String>, onlyReads: Bool, root: String
    ) -> Set<WatchedLocation> {
        var found: Set<WatchedLocation> = []
        for text in exact { add(places.named(text, root: root), root, onlyReads, to: &found) }
        for text in prefixes { add(places.beginning(text, root: root), root, onlyReads, to: &found) }
        return Self.withoutCovered(found)
    }

    private mutating func add(
        _ places: [PathPlaces.Place], _ root: String, _ onlyReads: Bool, to found: inout Set<WatchedLocation>
    ) {
        for place in places {
            switch place {
            case .name(let name, let directory): found.insert(.path(PathPlaces.join(directory, name)))
            case .file(let path): found.insert(.path(path))
            case .directory(let path): found.insert(path == "/" || path == root ? .directory(path) : .path(path))
            case .tree(let path, _, _):
                found.insert(.directory(path))
                if followsLinks { addLinkTargets(below: path, root, to: &found) }
            case .missing(let name, let ancestor): addMissing(ancestor, name, root, onlyReads, to: &found)
            case .processes where root.isEmpty: found.insert(.directory("/proc"))
            case .processes: note("files of /proc in containers are not seen by path rules")
            }
        }
    }

    /// A directory that is not there: whoever makes it and writes into it is seen below the nearest one that is. Not where
    /// everybody may write, nor for reading: those would let everything through for nothing. There only the making is
    /// waited for.
    private func addMissing(
        _ ancestor: String, _ name: String, _ root: String, _ onlyReads: Bool, to found: inout Set<WatchedLocation>
    ) {
        // Nothing can be there before somebody makes a directory at the top; then a new plan sees it.
        guard ancestor != "/", ancestor != root, !onlyReads else { return }
        found.insert(
            files.isWritableByAll(ancestor) ? .path(PathPlaces.join(ancestor, name)) : .directory(ancestor))
    }

    private mutating func addLinkTargets(
        below directory: String, _ root: String, to found: inout Set<WatchedLocation>
    ) {
        if linkTargets[directory] == nil {
            let targets = files.linkTargets(below: directory, root: root)
            if targets == nil { note("\(directory) is too large to look for symbolic links that lead out of it") }
            linkTargets[directory] = targets ?? []
            places.distrust()
        }
        for target in linkTargets[directory] ?? [] {
            switch target {
            case .file(let path), .directory(let path):
                // Links such as /etc/mtab would bring in all of /proc.
                if path == "/" || path == root || path == "/proc" || path.hasPrefix("/proc/") { continue }
                guard root.isEmpty else {
                    if case .file = target { found.insert(.path(path)) } else { found.insert(.directory(path)) }
                    continue
                }
                linked[directory, default: []].insert(path)
                // Where it is replaced there is another file to hold the rules for.
                places.expect(PathPlaces.name(of: path), in: PathPlaces.parent(of: path))
            case .missing: break
            }
        }
    }

    private mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    private static func withoutCovered(_ places: Set<WatchedLocation>) -> Set<WatchedLocation> {
        let directories = places.filter { if case .directory = $0 { true } else { false } }
        return places.filter { place in !directories.contains { $0 != place && $0.covers(place) } }
    }
}
