/// What a path turned out to be, links followed; the paths are the host's, without links.
enum FoundPath: Sendable, Equatable {
    case file(String)
    case directory(String)
    /// It does not exist: the nearest directory above that does, and the names that are missing below it.
    case missing(below: String, names: [String])

    /// The path of what is there.
    var real: String {
        switch self {
        case .file(let path), .directory(let path), .missing(let path, _): path
        }
    }
}

/// What could not be looked at.
struct FailedLooks: Sendable, Equatable {
    /// Paths that did not answer in time.
    var silent: Set<String> = []
    /// Mounts that were not looked into, as a program answers for them (FUSE).
    var skipped: Set<String> = []
    /// How many looks were not made, because every thread for them waits for what does not answer.
    var unasked = 0

    /// What keeps files from being watched, as part of a sentence; nil where all could be looked at, or was and did not answer.
    var outage: String? {
        unasked > 0 ? "\(unasked) places can't be looked at: all threads for that wait for what does not answer" : nil
    }

    /// What it means that a path does not answer, as a sentence.
    static func blindness(_ path: String) -> String {
        "\(path) does not answer, so what is new there is not watched; it is looked at again every minute"
    }

    /// What it means that a mount was not looked into, as a sentence.
    static func skipping(_ path: String) -> String {
        "\(path) is a file system that a program answers for (FUSE), or may not, so it is not looked at: what rules name there, or "
            + "reach by links that lead there, is not watched"
    }

    /// What it means that it is no longer so.
    static func recovery(_ path: String) -> String { "\(path) answers again, or is not asked for any more" }
}

/// What is asked of the file system to find the places that rules name. `root` is the host path of a container's root
/// directory, "" for the host's.
protocol WatchedFiles {
    /// Looks a path up as a process with that root directory would.
    func find(_ path: String, root: String) -> FoundPath
    /// The names in a directory that begin so.
    func names(in directory: String, root: String, beginningWith prefix: String) -> [String]
    /// What symbolic links below a directory lead to outside of it; nil when there are too many files to look at.
    func linkTargets(below directory: String, root: String) -> [FoundPath]?
    /// What could not be looked at since the last call.
    func takeFailures() -> FailedLooks
    /// Whether something is at this path of the host.
    func exists(_ path: String) -> Bool
    /// Whether every user may make files in this directory of the host.
    func isWritableByAll(_ directory: String) -> Bool
    /// Whether nothing is in a container's root directory, or there is none, as far as we see.
    func isEmpty(root: String) -> Bool
    /// Where file systems are mounted on the host.
    func mountPoints() -> [String]
}

extension WatchedFiles {
    /// Everything answers.
    func takeFailures() -> FailedLooks { FailedLooks() }
    /// Something is.
    func isEmpty(root: String) -> Bool { false }
    /// Only the root.
    func mountPoints() -> [String] { ["/"] }
}
