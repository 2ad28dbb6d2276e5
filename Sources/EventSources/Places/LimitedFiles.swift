import KernelInterface
import Synchronization

/// A look at the file system, as a value.
enum FileQuestion: Sendable, Hashable {
    case find(path: String, root: String)
    case names(directory: String, root: String, prefix: String)
    case linkTargets(directory: String, root: String)
    case exists(String)
    case isWritableByAll(String)
    case mountPoints
}

/// What it found.
enum FileAnswer: Sendable {
    case found(FoundPath)
    case names([String])
    case targets([FoundPath]?)
    case truth(Bool)
}

/// The node's files, looked at by threads that can be given up: a directory may lie on a file system that does not answer.
/// What did not answer is not asked again as long as a thread waits for it: each further call would cost another thread. Until it
/// answers it is taken to be what it was: a disk that stands still for a second must not take away what is watched.
final class LimitedFiles: WatchedFiles, Sendable {
    /// A local file system under load takes some milliseconds.
    static let milliseconds: Int32 = 1000
    /// A walk through a large directory takes longer.
    static let walkMilliseconds: Int32 = 5000
    /// Answers that are remembered; with more all are forgotten, and come again with the next plan.
    private static let knownLimit = 16384

    private let calls: LimitedCalls<FileQuestion, FileAnswer>
    private struct Looks: Sendable {
        /// Nothing at or below these paths is looked at.
        var hung: Set<String> = []
        /// What could not be looked at since the last time that somebody asked.
        var failed = FailedLooks()
        /// The last answers.
        var known: [FileQuestion: FileAnswer] = [:]
    }
    private let looks = Mutex(Looks())
    private let skipped: SkippedMounts?

    /// - Parameter skipped: what `calls` did not look at.
    init(calls: LimitedCalls<FileQuestion, FileAnswer>, skipped: SkippedMounts? = nil) {
        (self.calls, self.skipped) = (calls, skipped)
    }

    func takeFailures() -> FailedLooks {
        let isAnswering = calls.hanging == 0
        let skipped = skipped?.current() ?? []
        return looks.withLock { looks in
            defer {
                looks.failed = FailedLooks()
                if isAnswering { looks.hung = [] }
            }
            var failed = looks.failed
            failed.skipped = skipped
            return failed
        }
    }

    private func ask(_ question: FileQuestion, about path: String, limit: Int32 = milliseconds) -> FileAnswer? {
        let hung = looks.withLock { $0.hung.first { path == $0 || path.hasPrefix($0 + "/") } }
        if let hung {
            return looks.withLock { looks in
                looks.failed.silent.insert(hung)
                return looks.known[question]
            }
        }
        do {
            let answer = try calls.call(question, withinMilliseconds: limit)
            looks.withLock { looks in
                if looks.known.count >= Self.knownLimit { looks.known = [:] }
                looks.known[question] = answer
            }
            return answer
        } catch {
            return looks.withLock { looks in
                switch error {
                case .timedOut:
                    looks.hung.insert(path)
                    looks.failed.silent.insert(path)
                case .noThread: looks.failed.unasked += 1
                }
                return looks.known[question]
            }
        }
    }

    func find(_ path: String, root: String) -> FoundPath {
        // What hangs in a container hangs below its root: one look is enough to know.
        if case .found(let found)? = ask(.find(path: path, root: root), about: root.isEmpty ? path : root) {
            return found
        }
        return .missing(below: root.isEmpty ? "/" : root, names: [])
    }

    func names(in directory: String, root: String, beginningWith prefix: String) -> [String] {
        let question = FileQuestion.names(directory: directory, root: root, prefix: prefix)
        if case .names(let names)? = ask(question, about: root + directory) { return names }
        return []
    }

    func linkTargets(below directory: String, root: String) -> [FoundPath]? {
        let question = FileQuestion.linkTargets(directory: directory, root: root)
        if case .targets(let targets)? = ask(question, about: directory, limit: Self.walkMilliseconds) {
            return targets
        }
        // Not too many: that it did not answer is among the failures.
        return []
    }

    func exists(_ path: String) -> Bool {
        if case .truth(let isSo)? = ask(.exists(path), about: path) { return isSo }
        return false
    }

    func isWritableByAll(_ directory: String) -> Bool {
        if case .truth(let isSo)? = ask(.isWritableByAll(directory), about: directory) { return isSo }
        return false
    }

    func mountPoints() -> [String] {
        if case .names(let points)? = ask(.mountPoints, about: "/proc") { return points }
        return ["/"]
    }
}

extension HostWatchedFiles {
    /// Answers one question.
    func answer(_ question: FileQuestion) -> FileAnswer {
        switch question {
        case .find(let path, let root): .found(find(path, root: root))
        case .names(let directory, let root, let prefix):
            .names(names(in: directory, root: root, beginningWith: prefix))
        case .linkTargets(let directory, let root): .targets(linkTargets(below: directory, root: root))
        case .mountPoints: .names(mountPoints())
        case .exists(let path): .truth(exists(path))
        case .isWritableByAll(let directory): .truth(isWritableByAll(directory))
        }
    }
}
