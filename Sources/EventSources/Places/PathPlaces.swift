/// Goes from the path texts that rules name to places in the file system, on the host and in containers: links followed,
/// what is missing waited for. What is put on the places (audit rules, marks) is decided by who asks.
struct PathPlaces {
    /// A place; the paths are the host's, without links.
    enum Place: Sendable, Hashable {
        /// A name in a directory that exists, whether something has that name or not.
        case name(String, in: String)
        /// The file that a path leads to.
        case file(String)
        /// The directory that a named path leads to: itself, not what is below.
        case directory(String)
        /// A directory and what is below it, as far as the names directly in it begin so. `named` is the text that leads there.
        case tree(String, beginning: String, named: String)
        /// Nothing is there: the nearest directory above that exists, and the name that is missing in it.
        case missing(String, in: String)
        /// Files of /proc have no inodes that last: the whole of it is one place. Containers have a /proc of their own, which
        /// no path of the host leads to.
        case processes
    }

    let files: any WatchedFiles
    /// Whether a place can come to be without a name being waited for: look again from time to time.
    private(set) var isProvisional = false
    /// Names that are waited for, by directory: look again when one appears.
    private(set) var awaited: [String: Set<String>] = [:]

    init(files: any WatchedFiles) { self.files = files }

    /// The places of a named path: the name itself, so that its removal and replacement are seen, and where it leads.
    mutating func named(_ text: String, root: String) -> [Place] {
        guard !Self.isOfProcesses(text) else { return [.processes] }
        var names = text.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return [] }
        var places: [Place] = []
        switch files.find("/" + names.joined(separator: "/"), root: root) {
        case .directory(let parent): places.append(.name(last, in: parent))
        case .file(let path): places.append(.file(path))
        // Without its directory the name leads nowhere either.
        case .missing(let ancestor, let missing): return self.missing(missing, in: ancestor)
        }
        switch files.find(text, root: root) {
        case .file(let path): places.append(.file(path))
        case .directory(let path): places.append(.directory(path))
        case .missing: break
        }
        return places
    }

    /// The places of all paths that begin so.
    mutating func beginning(_ text: String, root: String) -> [Place] {
        guard !Self.isOfProcesses(text) else { return [.processes] }
        var names = text.split(separator: "/").map(String.init)
        guard !text.hasSuffix("/") else { return below("/" + names.joined(separator: "/"), "", root) }
        let beginning = names.popLast() ?? ""
        guard names.isEmpty else { return below("/" + names.joined(separator: "/"), beginning, root) }
        // The directory above would be everything: what is there now, and again when something new is.
        isProvisional = true
        var places: [Place] = []
        for name in files.names(in: "/", root: root, beginningWith: beginning) {
            places += Self.isOfProcesses("/" + name) ? [.processes] : below("/" + name, "", root)
        }
        return places
    }

    private mutating func below(_ directory: String, _ beginning: String, _ root: String) -> [Place] {
        switch files.find(directory, root: root) {
        case .directory(let path): return [.tree(path, beginning: beginning, named: directory)]
        case .file(let path): return [.file(path)]
        case .missing(let ancestor, let names): return missing(names, in: ancestor)
        }
    }

    private mutating func missing(_ names: [String], in ancestor: String) -> [Place] {
        isProvisional = true
        // Without a name nothing answered.
        guard let name = names.first else { return [] }
        expect(name, in: ancestor)
        return [.missing(name, in: ancestor)]
    }

    /// Waits for a name.
    mutating func expect(_ name: String, in directory: String) { awaited[directory, default: []].insert(name) }

    /// Notes that what was found may change without a name that is waited for.
    mutating func distrust() { isProvisional = true }

    private static func isOfProcesses(_ text: String) -> Bool { text == "/proc" || text.hasPrefix("/proc/") }

    /// The path of a name in a directory.
    static func join(_ directory: String, _ name: String) -> String {
        directory == "/" ? "/" + name : directory + "/" + name
    }

    /// The directory that a path's last name is in.
    static func parent(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// A path's last name.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
