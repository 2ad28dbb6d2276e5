/// Something that fanotify can't watch, for as long as that is so.
enum FanotifyTrouble: Sendable, Hashable {
    /// A container's places can't be looked at.
    case unreachable(root: String)
    /// A place does not answer.
    case silent(String)
    /// A place that is not looked at, as a program answers for it.
    case skipped(String)
    /// The kernel refuses a mark: at which place, and why.
    case refused(String, String)
    /// A place that can't be watched by its nature, as a sentence.
    case unmarkable(String)
    /// There are more containers than are followed.
    case tooManyRoots(limit: Int)

    /// What it means.
    var message: String {
        switch self {
        case .unreachable(let root): "the files of a container at \(root) can't be looked at, so they are not watched"
        case .silent(let path): FailedLooks.blindness(path)
        case .skipped(let path): FailedLooks.skipping(path)
        case .refused(let path, let reason): "fanotify: \(path): \(reason)"
        case .unmarkable(let text): "fanotify: \(text)"
        case .tooManyRoots(let limit): "there are more than \(limit) containers: the files of some are not watched"
        }
    }

    /// What it means that it is no longer so; nil where that is not worth a word.
    var recovery: String? {
        switch self {
        case .unreachable(let root): "the files of the container at \(root) can be looked at again, or it has ended"
        case .silent(let path), .skipped(let path): FailedLooks.recovery(path)
        case .refused(let path, _): "fanotify: \(path) is marked now, or not asked for any more"
        case .unmarkable, .tooManyRoots: nil
        }
    }

    /// Whether it lies in what the user's rules name, not in what happens here.
    var isByNature: Bool { if case .unmarkable = self { true } else { false } }
}
