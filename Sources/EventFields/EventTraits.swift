import EventModel

/// What is fixed for all events of a type, beside their arguments.
struct EventTraits: Sendable {
    /// How an event transfers data over its descriptor.
    enum Transfer: Sendable { case none, read, write }
    /// What the event's paths are to `fs.path`.
    enum PathUse: Sendable { case none, name, sourceAndTarget, targetAndSource, targetTextAndSource }
    /// Which of the open calls the event is.
    enum OpenCall: Sendable {
        case none
        /// Opens with flags: open, openat, openat2.
        case open
        /// open_by_handle_at: opens with flags, never creates.
        case handle
        /// creat.
        case create
    }

    /// The type's name.
    var name: [UInt8] = []
    /// The word of `evt.category`; for transfers the descriptor decides.
    var category: StaticString = "other"
    /// Whether `evt.category` is that of the descriptor.
    var isInputOutput = false
    var transfer = Transfer.none
    /// Whether the call waits for something to happen.
    var waits = false
    /// Whether the event's error counts as one of memory.
    var isMemory = false
    /// Whether the error of a call without descriptor counts as one of the network.
    var isNetworkCall = false
    var openCall = OpenCall.none
    var pathUse = PathUse.none
    /// The letter of `fd.typechar` when a failed call has no descriptor.
    var failedCharacter = UInt8(ascii: "o")
    var isSyscall = false
    var isGeneric = false
    /// Whether the event is a message rather than a call or a process's act.
    var isAsynchronous = false
}

extension EventTraits {
    /// By type index.
    static let table: [EventTraits] = {
        var table = EventType.all.map { type in
            var traits = EventTraits()
            traits.name = Array(type.name.utf8)
            traits.isSyscall = type.isSyscall
            traits.isGeneric = type.isGeneric
            return traits
        }
        func each(_ names: String, _ change: (inout EventTraits) -> Void) {
            for name in names.split(separator: " ") {
                guard let type = EventType(name: String(name)) else { continue }
                change(&table[Int(type.index)])
            }
        }
        for (category, names) in categories { each(names) { $0.category = category } }
        each(memoryCalls) { $0.isMemory = true }
        each("accept accept4 connect bind") { $0.isNetworkCall = true }
        each("read readv pread preadv recv recvfrom recvmsg recvmmsg") { $0.transfer = .read }
        each("write writev pwrite pwritev send sendto sendmsg sendmmsg sendfile") { $0.transfer = .write }
        each("close dup dup2 dup3 fcntl ioctl close_range") { $0.isInputOutput = true }
        for index in table.indices where table[index].transfer != .none { table[index].isInputOutput = true }
        each("poll ppoll select epoll_wait nanosleep futex") { $0.waits = true }
        each("open openat openat2") { $0.openCall = .open }
        each("open_by_handle_at") { $0.openCall = .handle }
        each("creat") { $0.openCall = .create }
        each(
            """
            mkdir mkdirat rmdir unlink unlinkat open openat openat2 chmod fchmod fchmodat chown lchown fchown fchownat \
            quotactl umount umount2 acct fchmodat2 setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr \
            fremovexattr removexattrat truncate ftruncate utime utimes futimesat utimensat swapon swapoff
            """
        ) { $0.pathUse = .name }
        each("rename renameat renameat2 mount move_mount pivot_root") { $0.pathUse = .sourceAndTarget }
        each("link linkat") { $0.pathUse = .targetAndSource }
        each("symlink symlinkat") { $0.pathUse = .targetTextAndSource }
        each("openat openat2 creat") { $0.failedCharacter = UInt8(ascii: "f") }
        each("socket accept accept4") { $0.failedCharacter = UInt8(ascii: "4") }
        each("pipe pipe2") { $0.failedCharacter = UInt8(ascii: "p") }
        each("eventfd eventfd2") { $0.failedCharacter = UInt8(ascii: "e") }
        each("signalfd signalfd4") { $0.failedCharacter = UInt8(ascii: "s") }
        each("timerfd_create") { $0.failedCharacter = UInt8(ascii: "t") }
        each("inotify_init inotify_init1") { $0.failedCharacter = UInt8(ascii: "i") }
        each("container useradded userdeleted groupadded groupdeleted notification") { $0.isAsynchronous = true }
        return table
    }()

    private static let memoryCalls = "brk mmap mmap2 munmap mprotect mlock mlock2 munlock mlockall munlockall"

    /// The category words of Falco's event table; what isn't here is `other`.
    private static let categories: [(StaticString, String)] = [
        (
            "file",
            """
            open openat openat2 creat open_by_handle_at access chdir chmod chown fchdir fchmod fchmodat fchown fchownat \
            lchown fstat fstat64 stat stat64 lstat lstat64 newfstatat getcwd getdents getdents64 link linkat lseek \
            llseek mkdir mkdirat mknod mknodat mount umount umount2 rename renameat renameat2 rmdir symlink symlinkat \
            unlink unlinkat flock copy_file_range splice acct fchmodat2 setxattr lsetxattr fsetxattr setxattrat removexattr \
            lremovexattr fremovexattr removexattrat truncate ftruncate utime utimes futimesat utimensat swapon swapoff \
            move_mount pivot_root
            """
        ),
        ("net", "socket bind connect listen accept accept4 shutdown getsockname getpeername getsockopt setsockopt"),
        ("memory", memoryCalls + " memfd_create userfaultfd"),
        (
            "process",
            """
            clone clone3 fork vfork execve execveat procexit prctl setns unshare chroot setpgid setsid capset ptrace \
            prlimit getrlimit setrlimit
            """
        ),
        (
            "user",
            """
            setuid setgid setreuid setregid setresuid setresgid getuid geteuid getgid getegid getresuid getresgid \
            useradded userdeleted groupadded groupdeleted
            """
        ),
        ("IPC", "pipe pipe2 eventfd eventfd2 socketpair futex semctl semget semop inotify_init inotify_init1"),
        ("wait", "poll ppoll select epoll_wait epoll_create epoll_create1"),
        ("sleep", "nanosleep"),
        ("signal", "signalfd signalfd4 signaldeliver kill tkill tgkill"),
        ("time", "timerfd_create"),
        ("system", "quotactl init_module finit_module delete_module kexec_file_load reboot"),
        ("scheduler", "switch"),
        ("internal", "container drop cpu_hotplug notification"),
        ("plugin", "pluginevent"),
    ]
}
