import EventModel

/// What audit can tell about the files of a call.
enum PathSyscalls {
    /// Opens whose access `perm=` looks at (kernel/auditsc.c, audit_match_perm).
    static let opens: Set<String> = ["open", "openat", "openat2", "creat"]

    /// Calls of which every path argument becomes an inode in the event, so that `path=` and `dir=` see it. Not among
    /// them: symlink, whose target is mere text; open_by_handle_at, which may reach a file without a way from the root.
    static let watchable: Set<String> = opens.union([
        "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2",
        "link",
        "linkat", "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "chdir", "truncate",
    ])

    /// The io_uring operations (`IORING_OP_…`, linux/io_uring.h) that do what a call does, as far as audit sees them.
    static let ringOperations: [String: [Int32]] = [
        "openat": [18], "openat2": [28], "connect": [16], "accept4": [13], "renameat2": [35], "unlinkat": [36],
        "mkdirat": [37], "symlinkat": [38], "linkat": [39], "socket": [45], "bind": [56], "listen": [57],
    ]
}
