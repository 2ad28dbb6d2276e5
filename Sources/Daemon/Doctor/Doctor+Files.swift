import Glibc
import RuleLanguage

extension Doctor {
    /// Whether configuration and rules can be used.
    static func configuration(_ loaded: ConfigurationLoader.Result, _ rules: ConfiguredRules) -> [Finding] {
        let diagnostics = loaded.diagnostics + rules.results.flatMap(\.diagnostics)
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            return errors.map { error in
                Finding(
                    "configuration", .problem, error.line, fix: error.suggestion ?? "shrike config check, rules check")
            }
        }
        let warnings = diagnostics.count
        let counts = "\(rules.active.count) rules"
        return [
            warnings == 0
                ? Finding("configuration", .ok, "configuration and rules are valid: \(counts)")
                : Finding(
                    "configuration", .note, "configuration and rules are valid, with \(warnings) warnings: \(counts)",
                    fix: "shrike config check and shrike rules check show them")
        ]
    }

    /// Whether somebody else than root and the user who runs Shrike can change the files, or put others in their place.
    static func files(_ paths: [String]) -> [Finding] {
        var seen: Set<String> = []
        var findings: [Finding] = []
        for path in paths {
            for place in placesThatMatter(path) where seen.insert(place).inserted {
                if let finding = weakness(of: place) { findings.append(finding) }
            }
        }
        if !findings.isEmpty { return findings }
        return [
            Finding(
                "files", .ok,
                paths.isEmpty
                    ? "no files are read: defaults and built-in rules"
                    : "only root and the user who runs Shrike can change configuration and rules")
        ]
    }

    /// A file and the directories above it, as named and where links lead.
    private static func placesThatMatter(_ path: String) -> [String] {
        var places: [String] = []
        for start in [absolute(path), resolved(path)].compactMap(\.self) {
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

    private static func absolute(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        guard let current = getcwd(nil, 0) else { return nil }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func weakness(of path: String) -> Finding? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        if status.st_uid != 0, status.st_uid != geteuid() {
            return Finding(
                "files", .problem, "\(path) belongs to the user \(status.st_uid), who can change what is watched",
                fix: "chown root \(path)")
        }
        // In a sticky directory others can't replace what is not theirs (chmod(2)).
        let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
        let isForGroup = status.st_mode & S_IWGRP != 0 && status.st_gid != 0
        guard !isSticky, status.st_mode & S_IWOTH != 0 || isForGroup else { return nil }
        let who = status.st_mode & S_IWOTH != 0 ? "everybody" : "the group \(status.st_gid)"
        return Finding(
            "files", .problem, "\(path) can be written by \(who), who can change what is watched",
            fix: "chmod go-w \(path)")
    }
}
