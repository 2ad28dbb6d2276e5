import Glibc
import RuleLanguage

/// Whether files that decide what is watched are out of others' reach.
public enum FileTrust {
    /// A place where somebody else than root and the user who runs Shrike can change a file or put another in its place.
    public struct Weakness: Sendable, Equatable {
        /// The file or directory.
        public var path: String
        /// Who can do what.
        public var message: String
        /// The command that mends it.
        public var fix: String

        /// The same as an error of the file.
        public var diagnostic: Diagnostic {
            Diagnostic(
                severity: .error, code: .errFileRead, message: message,
                location: SourceLocation(file: path, line: 1, column: 1), suggestion: fix)
        }
    }

    /// All weaknesses of files and of the directories above them, each once.
    ///
    /// - Parameter directory: where relative paths start, an absolute path: a sandboxed process can't ask for its own.
    public static func weaknesses(of paths: [String], in directory: String = currentDirectory) -> [Weakness] {
        var seen: Set<String> = []
        var found: [Weakness] = []
        for path in paths {
            for place in placesThatMatter(absolute(path, in: directory)) where seen.insert(place).inserted {
                if let weakness = weakness(of: place) { found.append(weakness) }
            }
        }
        return found
    }

    /// The files that a configuration is made of, rules included.
    public static func files(of configuration: Configuration) -> [String] {
        let files = SystemConfigurationFiles()
        let learning = configuration.learning
        let keys = learning.isEnabled && !learning.publicKeyFile.isEmpty ? [learning.publicKeyFile] : []
        return configuration.files + keys
            + ((configuration.rulesFiles ?? []) + configuration.ruleTests).flatMap { [$0] + files.expand($0) }
    }

    /// Who called sudo: able to become root anyway, so their files are as good as root's.
    private static var invoker: uid_t? {
        SystemConfigurationFiles.variable("SUDO_UID").flatMap { uid_t($0) }
    }

    /// A file and the directories above it, as named and where links lead.
    private static func placesThatMatter(_ path: String) -> [String] {
        var places: [String] = []
        for start in [path, resolved(path)].compactMap(\.self) {
            places.append(start)
            var rest = start[...]
            while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
                rest = rest[..<slash]
                places.append(String(rest))
            }
            places.append("/")
        }
        return places
    }

    /// The directory that this process is in; `/` where it has none that can be named.
    public static var currentDirectory: String {
        guard let current = getcwd(nil, 0) else { return "/" }
        defer { free(current) }
        return String(cString: current)
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : (directory == "/" ? "" : directory) + "/" + path
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func weakness(of path: String) -> Weakness? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        if status.st_uid != 0, status.st_uid != geteuid(), status.st_uid != invoker {
            return Weakness(
                path: path, message: "\(path) belongs to the user \(status.st_uid), who can change what is watched",
                fix: "chown root \(path)")
        }
        // In a sticky directory others can't replace what is not theirs (chmod(2)).
        let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
        let isForGroup = status.st_mode & S_IWGRP != 0 && status.st_gid != 0
        guard !isSticky, status.st_mode & S_IWOTH != 0 || isForGroup else { return nil }
        let who = status.st_mode & S_IWOTH != 0 ? "everybody" : "the group \(status.st_gid)"
        return Weakness(
            path: path, message: "\(path) can be written by \(who), who can change what is watched",
            fix: "chmod go-w \(path)")
    }
}
