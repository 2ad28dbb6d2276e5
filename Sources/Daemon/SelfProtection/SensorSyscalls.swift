/// Written by scripts/make-sensor-syscalls; not to be edited.
enum SensorSyscalls {
    /// The system calls that the sensor was seen to make after it was armed.
    static let observed: [String] = [
        "accept", "access", "bind", "brk", "clock_gettime", "clock_nanosleep", "close", "exit_group", "fanotify_mark",
        "fcntl", "fdatasync", "ftruncate", "getdents64", "getpid", "listen", "lseek", "mmap", "munmap", "newfstatat",
        "openat", "openat2", "poll", "pread64", "pwrite64", "read", "readlink", "recvfrom", "recvmmsg",
        "recvmsg", "restart_syscall", "sendto", "setsockopt", "shutdown", "socket", "umask", "uname",
        "unlink", "write",
    ]
}
