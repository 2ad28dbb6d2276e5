import CKernel
import Glibc

/// A directory with all that is in it.
public enum DirectoryTree {
    /// Whether there is a directory at a path, or a link to one.
    public static func isThere(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes a directory and all below it, as far as that is allowed. What links lead to stays, and so does what is mounted there.
    public static func remove(_ path: String) { shrike_remove_tree(path) }
}
