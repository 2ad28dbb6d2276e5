/// What fanotify marks cover.
struct FanotifyCoverage: Sendable, Equatable {
    /// Files marked by themselves.
    var files = 0
    /// Directories whose files are marked.
    var directories = 0
    /// File systems that are marked whole: every open on them is looked at.
    var filesystems: [String] = []
    /// Named paths that do not exist (yet).
    var missing = 0

    /// For the user.
    var sentence: String {
        let names = filesystems.joined(separator: ", ")
        let whole = filesystems.isEmpty ? "" : ", every open on the file systems of \(names)"
        return "marked are \(files) files and \(directories) directories\(whole); "
            + "\(missing) named files do not exist yet"
    }
}
