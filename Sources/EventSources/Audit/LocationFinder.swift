import EventModel

/// Turns necessary conditions on path texts into places that audit rules can watch. A process's path text leads, links
/// followed, to a file that one of the places covers.
struct LocationFinder {
    private let files: any WatchedFiles
    private var linkTargets: [String: [FoundPath]] = [:]
    /// Places that are not what they seem: plan again from time to time.
    private(set) var isProvisional = false
    private(set) var notes: [String] = []
    /// Directories in which a name is missing that a plan waits for: plan again when it appears.
    private(set) var awaited: [String: Set<String>] = [:]
    /// What links below the node's directories lead to, by directory: its rules are to hold there too.
    private(set) var linked: [String: Set<String>] = [:]
    /// Whether symbolic links below directories are looked for: it takes a walk through all of them.
    var followsLinks = true

    init(files: any WatchedFiles) { self.files = files }

    /// The places of all texts that satisfy a need, on the node; nil when they can be anywhere.
    ///
    /// - Parameter onlyReads: what is not there can't be read, so its place is watched once it is.
    mutating func locations(of need: PathNeed, onlyReads: Bool) -> Set<WatchedLocation>? {
        guard case .oneOf(let exact, let prefixes, let suffixes) = need, suffixes.isEmpty else { return nil }
        guard exact.union(prefixes).allSatisfy({ $0.hasPrefix("/") && $0 != "/" }) else { return nil }
        var places: Set<WatchedLocation> = []
        for text in exact { addExact(text, "", onlyReads, to: &places) }
        for text in prefixes { addPrefix(text, "", onlyReads, to: &places) }
        // A link may lead to the very top.
        if places.contains(.directory("/")) { return nil }
        return Self.withoutCovered(places)
    }

    /// What to put marks on for the same in a container: files and directories that exist, by the host's paths.
    ///
    /// A named file is marked itself for reading; for changes its directory is, where it may be made anew.
    mutating func marks(
        exact: Set<String>, prefixes: Set<String>, onlyReads: Bool, root: String
    ) -> Set<String> {
        var places: Set<WatchedLocation> = []
        for text in exact { addExact(text, root, onlyReads, to: &places) }
        for text in prefixes { addPrefix(text, root, onlyReads, to: &places) }
        var marks: Set<String> = []
        for place in Self.withoutCovered(places) {
            switch place {
            case .anywhere: break
            case .directory(let path): marks.insert(path)
            case .path(let path):
                let directory = Self.parent(of: path)
                if !onlyReads {
                    marks.insert(directory)
                } else {
                    // A file that is replaced has another inode: the name is waited for.
                    if !directory.isEmpty { expect(Self.name(of: path), in: directory) }
                    if files.exists(path) { marks.insert(path) }
                }
            }
        }
        return marks
    }

    private mutating func addExact(
        _ text: String, _ root: String, _ onlyReads: Bool, to places: inout Set<WatchedLocation>
    ) {
        guard !addOfProcess(text, root, to: &places) else { return }
        var names = text.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return }
        // The name itself, so that its removal and replacement are seen, and where links from it lead.
        switch files.find("/" + names.joined(separator: "/"), root: root) {
        case .directory(let parent): places.insert(.path(Self.join(parent, last)))
        case .file(let path): places.insert(.path(path))
        case .missing(let ancestor, let missing):
            // Without its directory the name leads nowhere either.
            return addMissing(ancestor, missing.first, root, onlyReads, to: &places)
        }
        switch files.find(text, root: root) {
        case .file(let path): places.insert(.path(path))
        case .directory(let path): places.insert(path == "/" || path == root ? .directory(path) : .path(path))
        case .missing: break
        }
    }

    private mutating func addPrefix(
        _ text: String, _ root: String, _ onlyReads: Bool, to places: inout Set<WatchedLocation>
    ) {
        guard !addOfProcess(text, root, to: &places) else { return }
        var names = text.split(separator: "/").map(String.init)
        guard text.hasSuffix("/") else {
            let beginning = names.popLast() ?? ""
            guard names.isEmpty else {
                addTree("/" + names.joined(separator: "/"), root, onlyReads, to: &places)
                return
            }
            // The directory above would be everything: what is there now, and again when something new is.
            isProvisional = true
            for name in files.names(in: "/", root: root, beginningWith: beginning) {
                guard !addOfProcess("/" + name, root, to: &places) else { continue }
                addTree("/" + name, root, onlyReads, to: &places)
            }
            return
        }
        addTree("/" + names.joined(separator: "/"), root, onlyReads, to: &places)
    }

    private mutating func addTree(
        _ directory: String, _ root: String, _ onlyReads: Bool, to places: inout Set<WatchedLocation>
    ) {
        switch files.find(directory, root: root) {
        case .directory(let path):
            places.insert(.directory(path))
            if followsLinks { addLinkTargets(below: path, root, to: &places) }
        case .file(let path): places.insert(.path(path))
        case .missing(let ancestor, let names):
            addMissing(ancestor, names.first, root, onlyReads, to: &places)
        }
    }

    /// A directory that is not there: whoever makes it and writes into it is seen below the nearest one that is. Not where
    /// everybody may write, nor for reading: those would let everything through for nothing. There only the making is
    /// waited for.
    private mutating func addMissing(
        _ ancestor: String, _ name: String?, _ root: String, _ onlyReads: Bool, to places: inout Set<WatchedLocation>
    ) {
        isProvisional = true
        guard let name else { return }
        expect(name, in: ancestor)
        // Nothing can be there before somebody makes a directory at the top; then a new plan sees it.
        guard ancestor != "/", ancestor != root, !onlyReads else { return }
        places.insert(
            files.isWritableByAll(ancestor) ? .path(Self.join(ancestor, name)) : .directory(ancestor))
    }

    private mutating func expect(_ name: String, in directory: String) {
        awaited[directory, default: []].insert(name)
    }

    /// Files of /proc have no inodes that last: the whole of it is one place. Containers have a /proc of their own, which
    /// no path of the host leads to.
    private mutating func addOfProcess(
        _ text: String, _ root: String, to places: inout Set<WatchedLocation>
    ) -> Bool {
        guard text == "/proc" || text.hasPrefix("/proc/") else { return false }
        if root.isEmpty {
            places.insert(.directory("/proc"))
        } else {
            note("files of /proc in containers are not seen by path rules")
        }
        return true
    }

    private mutating func addLinkTargets(
        below directory: String, _ root: String, to places: inout Set<WatchedLocation>
    ) {
        if linkTargets[directory] == nil {
            let targets = files.linkTargets(below: directory, root: root)
            if targets == nil { note("\(directory) is too large to look for symbolic links that lead out of it") }
            linkTargets[directory] = targets ?? []
            isProvisional = true
        }
        for target in linkTargets[directory] ?? [] {
            switch target {
            case .file(let path), .directory(let path):
                // Links such as /etc/mtab would bring in all of /proc.
                if path == "/" || path == root || path == "/proc" || path.hasPrefix("/proc/") { continue }
                guard root.isEmpty else {
                    if case .file = target { places.insert(.path(path)) } else { places.insert(.directory(path)) }
                    continue
                }
                linked[directory, default: []].insert(path)
                // Where it is replaced there is another file to hold the rules for.
                expect(Self.name(of: path), in: Self.parent(of: path))
            case .missing: break
            }
        }
    }

    private mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory == "/" ? "/" + name : directory + "/" + name
    }

    private static func parent(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    private static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static func withoutCovered(_ places: Set<WatchedLocation>) -> Set<WatchedLocation> {
        let directories = places.filter { if case .directory = $0 { true } else { false } }
        return places.filter { place in !directories.contains { $0 != place && $0.covers(place) } }
    }
}
