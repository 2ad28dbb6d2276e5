import Glibc
import KernelInterface

/// What the forwarder may still ask the kernel for: sockets of the network, the descriptors it has, memory that is no
/// code, files to read.
enum ForwarderSandbox {
    /// Puts the filter over the process. Names are looked up once before: the resolver loads its modules with the first
    /// look-up, and after this no code can be loaded.
    static func enter() throws(KernelError) {
        var found: UnsafeMutablePointer<addrinfo>?
        if getaddrinfo("localhost", nil, nil, &found) == 0 { freeaddrinfo(found) }
        try filter.install()
    }

    private static var filter: SyscallFilter {
        var filter = SyscallFilter()
        filter.allow(descriptorCalls + socketCalls + memoryCalls + processCalls + fileCalls)

        for family in [AF_UNIX, AF_INET, AF_INET6] {
            filter.allow("socket", where: .init(argument: 0, mask: .max, equals: UInt64(family)))
        }
        // The resolver asks for the node's addresses: NETLINK_ROUTE is 0 (linux/netlink.h).
        filter.allow(
            "socket", where: .init(argument: 0, mask: .max, equals: UInt64(AF_NETLINK)),
            .init(argument: 2, mask: .max, equals: 0))

        // Files may be read (certificates, resolv.conf, a new token), not made or written.
        let writing = UInt64(O_ACCMODE | O_CREAT | O_TRUNC)
        filter.allow("openat", where: .init(argument: 2, mask: writing, equals: UInt64(O_RDONLY)))
        filter.allow("open", where: .init(argument: 1, mask: writing, equals: UInt64(O_RDONLY)))

        let executable = UInt64(PROT_EXEC)
        filter.allow("mmap", where: .init(argument: 2, mask: executable, equals: 0))
        filter.allow("mprotect", where: .init(argument: 2, mask: executable, equals: 0))

        // libcurl's resolver is a thread; processes there are none. clone3 hides its flags in memory, so glibc is led to
        // clone.
        let thread = cloneThread | cloneVM
        filter.allow("clone", where: .init(argument: 0, mask: thread, equals: thread))
        filter.hide(["clone3"])

        // TIOCOUTQ: what a peer has not confirmed yet (SIOCOUTQ, tcp(7)).
        for request in [FIONREAD, FIONBIO, TIOCOUTQ] {
            filter.allow("ioctl", where: .init(argument: 1, mask: .max, equals: UInt64(request)))
        }
        filter.kill([
            "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "bpf", "mount",
            "umount2", "init_module", "finit_module", "kexec_load", "setns", "unshare", "keyctl", "add_key",
            "perf_event_open", "userfaultfd", "io_uring_setup", "chroot", "pivot_root", "open_by_handle_at",
        ])
        return filter
    }

    // linux/sched.h
    private static let cloneVM: UInt64 = 0x100
    private static let cloneThread: UInt64 = 0x1_0000

    private static let descriptorCalls = [
        "read", "write", "readv", "writev", "pread64", "pwrite64", "close", "fcntl", "dup", "lseek", "fsync",
        "fdatasync",
        "ftruncate", "fallocate", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait",
        "epoll_pwait", "eventfd2", "pipe2",
    ]
    private static let socketCalls = [
        "connect", "bind", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "shutdown",
        "getsockname",
        "getpeername", "getsockopt", "setsockopt", "socketpair",
    ]
    private static let memoryCalls = ["munmap", "mremap", "madvise", "brk", "futex", "membarrier", "mincore"]
    private static let processCalls = [
        "exit", "exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "tgkill", "gettid",
        "getpid",
        "getppid", "getuid", "geteuid", "getgid", "getegid", "set_robust_list", "rseq", "set_tid_address",
        "sched_yield",
        "sched_getaffinity", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
        "restart_syscall", "getrandom", "uname", "sysinfo", "prlimit64", "getrlimit",
    ]
    private static let fileCalls = [
        "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
        "getcwd", "getdents64",
    ]
}
