import EventModel

/// Turns necessary conditions on path texts into places that audit rules can watch. A process's path text leads, links
/// followed, to a file that one of the places covers.
struct LocationFinder {
    private let files: any WatchedFiles
    private var linkTargets: [String: [FoundPath]] = [:]
    /// Places that are not what they seem: plan again from time to time.
    private(set) var isProvisional = false
    private(set) var notes: [String] = []

    /// A container gets one rule for all its files rather than more directory rules than this: the kernel tries
    /// directory rules one by one, for every container.
    static let maximumContainerDirectories = 2

    init(files: any WatchedFiles) { self.files = files }

    /// The places of all texts that satisfy a need; nil when they can be anywhere. `root` is "" for the host.
    mutating func locations(of need: PathNeed, root: String) -> Set<WatchedLocation>? {
        guard case .oneOf(let exact, let prefixes, let suffixes) = need, suffixes.isEmpty else { return nil }
        var places: Set<WatchedLocation> = []
        for text in exact {
            guard text.hasPrefix("/"), text != "/" else { return nil }
            addExact(text, root, to: &places)
        }
        for text in prefixes {
            guard text.hasPrefix("/"), text != "/" else { return nil }
            addPrefix(text, root, to: &places)
        }
        // A link may lead to the very top.
        if places.contains(.directory("/")) { return nil }
        places = Self.withoutCovered(places)
        if !root.isEmpty {
            let directories = places.filter { if case .directory = $0 { true } else { false } }
            if directories.count > Self.maximumContainerDirectories { return [.directory(root)] }
        }
        return places
    }

    private mutating func addExact(_ text: String, _ root: String, to places: inout Set<WatchedLocation>) {
        guard !addOfProcess(text, root, to: &places) else { return }
        var names = text.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return }
        // The name itself, so that its removal and replacement are seen, and where links from it lead.
        switch files.find("/" + names.joined(separator: "/"), root: root) {
        case .directory(let parent): places.insert(.path(Self.join(parent, last)))
        case .file(let path): places.insert(.path(path))
        case .missing(let ancestor, _): addMissing(text, ancestor, root, to: &places)
        }
        switch files.find(text, root: root) {
        case .file(let path): places.insert(.path(path))
        case .directory(let path): places.insert(path == "/" ? .directory("/") : .path(path))
        case .missing: break
        }
    }

    private mutating func addPrefix(_ text: String, _ root: String, to places: inout Set<WatchedLocation>) {
        guard !addOfProcess(text, root, to: &places) else { return }
        var names = text.split(separator: "/").map(String.init)
        guard text.hasSuffix("/") else {
            let beginning = names.popLast() ?? ""
            guard names.isEmpty else {
                addTree("/" + names.joined(separator: "/"), text, root, to: &places)
                return
            }
            // The directory above would be everything: what is there now, and again when something new is.
            isProvisional = true
            for name in files.names(in: "/", root: root, beginningWith: beginning) {
                guard !addOfProcess("/" + name, root, to: &places) else { continue }
                addTree("/" + name, text, root, to: &places)
            }
            return
        }
        addTree("/" + names.joined(separator: "/"), text, root, to: &places)
    }

    private mutating func addTree(
        _ directory: String, _ text: String, _ root: String, to places: inout Set<WatchedLocation>
    ) {
        switch files.find(directory, root: root) {
        case .directory(let path):
            places.insert(.directory(path))
            addLinkTargets(below: path, root, to: &places)
        case .file(let path): places.insert(.path(path))
        case .missing(let ancestor, _): addMissing(text, ancestor, root, to: &places)
        }
    }

    private mutating func addMissing(
        _ text: String, _ ancestor: String, _ root: String, to places: inout Set<WatchedLocation>
    ) {
        isProvisional = true
        // Nothing can be there before somebody makes a directory at the top; then a new plan sees it.
        if ancestor != "/" { places.insert(.directory(ancestor)) }
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
            note("files of /proc in containers are not seen by path rules; 'unfiltered opens' would see them")
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
                if path == "/" || path == "/proc" || path.hasPrefix("/proc/") { continue }
                if case .file = target { places.insert(.path(path)) } else { places.insert(.directory(path)) }
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

    /// Names of which several lie in one directory become that directory.
    static func groupedByDirectory(_ places: Set<WatchedLocation>) -> Set<WatchedLocation> {
        var namesByDirectory: [String: Int] = [:]
        func parent(of path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
        for case .path(let path) in places { namesByDirectory[parent(of: path), default: 0] += 1 }
        let grouped = places.map { place in
            guard case .path(let path) = place else { return place }
            let directory = parent(of: path)
            return !directory.isEmpty && namesByDirectory[directory, default: 0] > 1 ? .directory(directory) : place
        }
        return withoutCovered(Set(grouped))
    }

    private static func withoutCovered(_ places: Set<WatchedLocation>) -> Set<WatchedLocation> {
        let directories = places.filter { if case .directory = $0 { true } else { false } }
        return places.filter { place in !directories.contains { $0 != place && $0.covers(place) } }
    }
}
