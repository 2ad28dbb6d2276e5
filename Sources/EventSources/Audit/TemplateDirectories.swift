import Glibc

/// The empty directories that stand for containers' places (`ContainerTemplate`), numbered, below one directory.
struct TemplateDirectories {
    /// The directory that they are in.
    let path: String

    /// Calls are planned in fewer groups than this.
    private static let count = 16

    /// Those of a Shrike whose audit rules have this key.
    static func standard(key: String) -> TemplateDirectories { TemplateDirectories(path: "/run/shrike/audit-\(key)") }

    /// Makes those that are not there.
    func make() {
        var path = ""
        for name in self.path.split(separator: "/") {
            path += "/\(name)"
            mkdir(path, 0o700)
        }
        for directory in all { mkdir(directory, 0o700) }
    }

    /// Removes them, and the directory that they are in.
    func remove() { for directory in all + [path] { rmdir(directory) } }

    private var all: [String] { (0..<Self.count).map { "\(path)/\($0)" } }
}
