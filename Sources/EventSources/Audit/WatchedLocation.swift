/// Which files an audit rule is for.
enum WatchedLocation: Sendable, Hashable {
    /// All, and calls that name none.
    case anywhere
    /// Everything below a directory (`dir=`), itself included; an absolute path without symbolic links.
    case directory(String)
    /// One name in its directory, whether it exists or not (`path=`).
    case path(String)

    /// Whether every file of the other is one of this.
    func covers(_ other: WatchedLocation) -> Bool {
        switch (self, other) {
        case (.anywhere, _): true
        case (.directory(let directory), .directory(let inner)), (.directory(let directory), .path(let inner)):
            inner == directory || inner.hasPrefix(directory + "/")
        case (.path(let path), .path(let inner)): path == inner
        default: false
        }
    }

    /// The rule field, nil for `anywhere`. The kernel looks the path up in our mount namespace, where the host's root
    /// directory is at `hostRoot` (empty on the host itself).
    func field(hostRoot: String = "") -> AuditRuleField? {
        func text(_ path: String) -> [UInt8] { Array((path == "/" && !hostRoot.isEmpty ? "" : path).utf8) }
        return switch self {
        case .anywhere: nil
        case .directory(let path): AuditRuleField(.directory, text: hostRoot.utf8 + text(path))
        case .path(let path): AuditRuleField(.path, text: hostRoot.utf8 + text(path))
        }
    }
}

/// What a path turned out to be, links followed; the paths are the host's, without links.
enum FoundPath: Sendable, Equatable {
    case file(String)
    case directory(String)
    /// It does not exist: the nearest directory above that does, and the names that are missing below it.
    case missing(below: String, names: [String])
}

/// What the planner asks of the file system. `root` is the host path of a container's root directory, "" for the host's.
protocol WatchedFiles {
    /// Looks a path up as a process with that root directory would.
    func find(_ path: String, root: String) -> FoundPath
    /// The names in a directory that begin so.
    func names(in directory: String, root: String, beginningWith prefix: String) -> [String]
    /// What symbolic links below a directory lead to outside of it; nil when there are too many files to look at.
    func linkTargets(below directory: String, root: String) -> [FoundPath]?
    /// Paths that could not be looked at in time since the last call.
    func takeFailures() -> [String]
    /// Whether something is at this path of the host.
    func exists(_ path: String) -> Bool
    /// Whether every user may make files in this directory of the host.
    func isWritableByAll(_ directory: String) -> Bool
}

extension WatchedFiles {
    /// Everything answers.
    func takeFailures() -> [String] { [] }
}
