import KernelInterface

/// A look at the file system, as a value.
enum FileQuestion: Sendable {
    case find(path: String, root: String)
    case names(directory: String, root: String, prefix: String)
    case linkTargets(directory: String, root: String)
    case exists(String)
    case isWritableByAll(String)
    case container(root: String, [ContainerTemplate], isQuick: Bool)
}

/// What it found.
enum FileAnswer: Sendable {
    case found(FoundPath)
    case names([String])
    case targets([FoundPath]?)
    case truth(Bool)
    case container(ContainerPlan)
}

/// The node's files, looked at by threads that can be given up: a directory may lie on a file system that does not answer.
final class LimitedFiles: WatchedFiles {
    /// A local file system under load takes some milliseconds.
    static let milliseconds: Int32 = 1000
    /// A walk through a large directory takes longer.
    static let walkMilliseconds: Int32 = 5000

    private let calls: LimitedCalls<FileQuestion, FileAnswer>
    /// What did not answer since the last `takeFailures`: nothing below is looked at again.
    private var hung: Set<String> = []

    init(calls: LimitedCalls<FileQuestion, FileAnswer>) { self.calls = calls }

    func takeFailures() -> [String] {
        defer { hung.removeAll() }
        return hung.sorted()
    }

    private func ask(_ question: FileQuestion, about path: String, limit: Int32 = milliseconds) -> FileAnswer? {
        guard !hung.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return nil }
        do { return try calls.call(question, withinMilliseconds: limit) } catch {
            hung.insert(path)
            return nil
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
        return nil
    }

    func exists(_ path: String) -> Bool {
        if case .truth(let isSo)? = ask(.exists(path), about: path) { return isSo }
        return false
    }

    func isWritableByAll(_ directory: String) -> Bool {
        if case .truth(let isSo)? = ask(.isWritableByAll(directory), about: directory) { return isSo }
        return false
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
        case .container(let root, let templates, let isQuick):
            .container(ContainerPlan(root: root, templates, files: self, hostRoot: hostRoot, isQuick: isQuick))
        case .exists(let path): .truth(exists(path))
        case .isWritableByAll(let directory): .truth(isWritableByAll(directory))
        }
    }
}
