import CommandOutput
import Configuration
import EventModel
import Glibc
import InternalAlerts
import KernelInterface

/// What the sensor may still ask the kernel for once it watches: no program, no other user, no code, nothing sent to
/// another machine. `SensorSyscalls` has the names, as they were seen in this program's tests.
enum SensorSandbox {
    /// Puts the filter over the process, for good.
    ///
    /// - Parameter usesBPF: the eBPF source runs, which changes its programs' filter by maps that it holds.
    static func enter(_ configuration: Configuration, usesBPF: Bool, log: DaemonLog) throws(KernelError) {
        guard configuration.isSandboxed else { return }
        guard !configuration.outputs.program.isEnabled else {
            log.info(
                "program_output is on: the sensor does not confine itself, since its program would be confined too")
            return
        }
        try filter(usesBPF: usesBPF).install()
    }

    /// Tells of a call that was refused.
    static func alert(_ name: String, _ wallClock: UInt64) -> Alert {
        InternalAlert.make(
            .callRefused,
            "the sensor tried the system call \(name), which it never needs: somebody runs code in it, or this is a defect of "
                + "Shrike (then please report it; shrike.sandbox=false turns the sandbox off)",
            [("syscall", .string(Array(name.utf8)))], wallClock)
    }

    /// Asked for with conditions below, or not at all.
    static let conditional: Set<String> = ["socket", "sendto", "sendmsg", "clone", "mmap", "mprotect", "ioctl", "bpf"]

    private static func filter(usesBPF: Bool) -> SyscallFilter {
        var filter = SyscallFilter(refusal: .noted)
        filter.allow((SensorSyscalls.observed + rare).filter { !conditional.contains($0) })

        // Streams are for the health server to accept from; connect is not on the list, and this flag would connect.
        for family in [AF_INET, AF_INET6] {
            filter.allow(
                "socket", where: .init(argument: 0, mask: .max, equals: UInt64(family)),
                .init(argument: 1, mask: 0xf, equals: UInt64(SOCK_STREAM.rawValue)))
        }
        for family in [AF_UNIX, AF_NETLINK] {
            filter.allow("socket", where: .init(argument: 0, mask: .max, equals: UInt64(family)))
        }
        filter.allow("sendto", where: .init(argument: 3, mask: fastOpen, equals: 0))
        filter.allow("sendmsg", where: .init(argument: 2, mask: fastOpen, equals: 0))

        // Outputs that a reload opens anew ask whether they write to a terminal (isatty(3)).
        filter.allow("ioctl", where: .init(argument: 1, mask: .max, equals: UInt64(TCGETS)))

        let executable = UInt64(PROT_EXEC)
        filter.allow("mmap", where: .init(argument: 2, mask: executable, equals: 0))
        filter.allow("mprotect", where: .init(argument: 2, mask: executable, equals: 0))
        // What waits in fanotify's queue.
        filter.allow("ioctl", where: .init(argument: 1, mask: 0xffff_ffff, equals: UInt64(FIONREAD)))
        // The canary: a process without anything shared and without an end signal.
        filter.allow("clone", where: .init(argument: 0, mask: .max, equals: 0))
        // Threads, for outputs that a reload adds. clone3 has its flags where no filter sees them.
        filter.allow("clone", where: .init(argument: 0, mask: .max, equals: threadFlags))
        filter.hide(["clone3"])

        filter.kill([
            "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2",
            "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "setns", "unshare",
            "keyctl",
            "add_key", "request_key", "perf_event_open", "userfaultfd", "io_uring_setup", "chroot", "pivot_root",
            "open_by_handle_at", "setuid", "setgid", "setresuid", "setresgid", "setreuid", "setregid", "capset",
            "reboot", "swapon", "swapoff", "iopl", "ioperm",
        ])
        guard usesBPF else {
            filter.kill(["bpf"])
            return filter
        }
        for command in mapCommands {
            filter.allow("bpf", where: .init(argument: 0, mask: 0xffff_ffff, equals: command))
        }
        // Two different answers to one call must not overlap, so those that only an intruder would want are named.
        for command in loadCommands {
            filter.kill("bpf", where: .init(argument: 0, mask: 0xffff_ffff, equals: command))
        }
        return filter
    }

    /// Reading and changing maps, running and attaching programs of our own, iterating, and asking about what we hold (linux/bpf.h):
    /// BPF_MAP_LOOKUP_ELEM, UPDATE_ELEM, DELETE_ELEM, GET_NEXT_KEY, BPF_PROG_TEST_RUN, BPF_OBJ_GET_INFO_BY_FD, BPF_RAW_TRACEPOINT_OPEN
    /// (a hook that is loaded already, when a reload asks for another call), BPF_MAP_LOOKUP_BATCH, UPDATE_BATCH, DELETE_BATCH,
    /// BPF_ITER_CREATE.
    private static let mapCommands: [UInt64] = [1, 2, 3, 4, 10, 15, 17, 24, 26, 27, 33]
    /// BPF_MAP_CREATE, BPF_PROG_LOAD, BPF_OBJ_PIN, BPF_OBJ_GET, BPF_PROG_ATTACH, BPF_PROG_DETACH, BPF_PROG_GET_FD_BY_ID,
    /// BPF_MAP_GET_FD_BY_ID, BPF_LINK_CREATE, BPF_LINK_UPDATE, BPF_LINK_GET_FD_BY_ID, BPF_LINK_DETACH.
    private static let loadCommands: [UInt64] = [0, 5, 6, 7, 8, 9, 13, 14, 28, 29, 30, 34]

    /// sys/socket.h, MSG_FASTOPEN.
    private static let fastOpen: UInt64 = 0x2000_0000

    /// What pthread_create asks for (glibc, sysdeps/unix/sysv/linux/createthread.c; linux/sched.h): CLONE_VM, FS, FILES, SYSVSEM,
    /// SIGHAND, THREAD, SETTLS, PARENT_SETTID, CHILD_CLEARTID.
    private static let threadFlags: UInt64 = 0x3d_0f00

    /// What no test brings about: ends of a crash, interrupted calls, other versions of the C library, little memory, a
    /// forwarder that must be started again, fanotify's group for other rules.
    private static let rare = [
        "exit", "exit_group", "restart_syscall", "rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack",
        "tgkill",
        "gettid", "getpid", "madvise", "mremap", "munmap", "brk", "futex", "sched_yield", "clock_gettime",
        "gettimeofday",
        "time", "clock_nanosleep", "nanosleep", "getrandom", "poll", "ppoll", "stat", "lstat", "fstat", "newfstatat",
        "statx",
        "open", "openat", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "unlink", "unlinkat", "rename",
        "renameat", "renameat2", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "fchown", "getdents64", "pread64",
        "pwrite64", "readv", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "fcntl", "flock", "dup", "umask",
        "uname", "sysinfo", "getuid", "geteuid", "getgid", "getegid", "statfs", "fstatfs", "recvmsg", "recvmmsg",
        "recvfrom",
        "accept", "accept4", "shutdown", "setsockopt", "getsockopt", "getsockname", "bind", "listen", "wait4", "pipe2",
        "memfd_create", "fanotify_init", "fanotify_mark",
        // Relative paths: of the spool's library, and of realpath(3).
        "getcwd",
        // The audit control thread's: names that rules wait for, directories that stand for containers' places.
        "inotify_add_watch", "inotify_rm_watch", "rmdir",
        // What a socket of another process is connected to.
        "pidfd_open", "pidfd_getfd", "getpeername",
        // The canary's.
        "membarrier",
        // A thread's beginning, and what outputs' threads wait with.
        "set_robust_list", "rseq", "eventfd2", "setpriority",
    ]
}
