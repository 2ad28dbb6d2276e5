/// What a container's runtime does itself between putting the filter on and starting the program: a profile without it keeps
/// every container from starting.
///
/// From runc 1.2, `libcontainer/standard_init_linux.go`: without `noNewPrivileges` the filter is put on before user, groups and
/// capabilities are set (`finalizeNamespace`), with it before the pipe is closed and the FIFO opened; and what the Go runtime
/// does by itself meanwhile (runtime/sys_linux_amd64.s, runtime/netpoll_epoll.go). crun and youki do a part of it.
enum RuntimeCalls {
    /// With or without `noNewPrivileges`.
    static let late: Set<String> = [
        // The pipe to the parent, the FIFO that waits for `start`, and the end.
        "close", "openat", "read", "write", "execve", "exit", "exit_group", "getpid", "kill", "recvmsg", "sendmsg",
        "sendto", "recvfrom",
        // Descriptors that the program is not to have, through the thread's directory in a checked /proc.
        "close_range", "getdents64", "fcntl", "fstat", "fstatfs", "newfstatat", "statx", "readlinkat", "openat2",
        // The Go runtime: threads, memory, signals, sleeping, its poller, the limit of descriptors that exec puts back.
        "arch_prctl", "brk", "clone", "clone3", "set_robust_list", "set_tid_address", "rseq", "gettid", "tgkill",
        "futex", "nanosleep", "clock_gettime", "clock_nanosleep", "sched_yield", "sched_getaffinity", "mmap", "munmap",
        "madvise", "mprotect", "mincore", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "setitimer",
        "timer_create", "timer_settime", "timer_delete", "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2",
        "pipe2", "getrandom", "prlimit64", "restart_syscall",
        // Seccomp itself, where the filter is put on in two steps.
        "prctl", "seccomp",
    ]

    /// Without `noNewPrivileges` only: the change to the user, and the look for the program.
    static let early: Set<String> = [
        "capget", "capset", "chdir", "fchdir", "fchown", "getcwd", "getppid", "setgid", "setgroups", "setuid",
        "setresuid", "setresgid", "getuid", "geteuid", "getgid", "getegid", "faccessat", "faccessat2", "ioctl", "umask",
        "keyctl", "setsid", "sched_setattr", "set_mempolicy",
    ]

    /// The calls that are needed.
    static func needed(noNewPrivileges: Bool) -> Set<String> { noNewPrivileges ? late : late.union(early) }
}
