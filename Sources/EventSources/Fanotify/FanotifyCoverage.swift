/// What fanotify marks cover, for the user to see.
public struct FanotifyCoverage: Sendable, Equatable {
    /// Files marked by themselves.
    public var files = 0
    /// Directories whose files are marked.
    public var directories = 0
    /// File systems that are marked whole: every open on them is looked at.
    public var filesystems: [String] = []
    /// Named paths that do not exist (yet).
    public var missing = 0
    /// What could not be marked and why; the first few.
    public var failures: [String] = []
    /// How many could not be marked.
    public var failureCount = 0

    /// Nothing.
    public init() {}

    mutating func fail(_ message: String) {
        failureCount += 1
        if failures.count < 8, !failures.contains(message) { failures.append(message) }
    }
}
