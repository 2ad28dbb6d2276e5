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
