import EventModel

/// What an event type does to the node's state.
enum EventEffect: UInt8 {
    case none
    case exec, fork, exit
    case changeDirectory, changeDirectoryByDescriptor
    /// User, group or capability changes that the event's facts or /proc tell.
    case changeCredentials, setSession, setGroup, changeNamespace, setLimits
    /// The result is a new descriptor of a path.
    case open, openByHandle
    case socket, accept, connect, bind, listen, send, receive
    /// The result is another number for the descriptor in register 0.
    case duplicate, descriptorControl
    case close
    /// Makes two descriptors.
    case pipe, socketPair
    /// The result is a new descriptor without a path.
    case newMemory, newEventPoll, newEvent, newSignal, newTimer, newInotify, newPID, newUserFault, newRing, newBPF
    case newUnknown
    /// Acts on the descriptor in register 0, or 4 for mmap.
    case useDescriptor, transferDescriptor, useDescriptor4

    /// The effects of all types, by the type's index.
    static let table: [EventEffect] = {
        var effects = Array(repeating: EventEffect.none, count: EventType.count)
        for (effect, names) in rows {
            for name in names.split(separator: " ") {
                guard let type = EventType(name: String(name)) else { continue }
                effects[Int(type.index)] = effect
            }
        }
        return effects
    }()

    private static let rows: [(EventEffect, String)] = [
        (.exec, "execve execveat"),
        (.fork, "clone clone3 fork vfork"),
        (.exit, "procexit exit_group"),
        (.changeDirectory, "chdir"),
        (.changeDirectoryByDescriptor, "fchdir"),
        (
            .changeCredentials,
            """
            setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset setuid32 setgid32 \
            setreuid32 setregid32 setresuid32 setresgid32
            """
        ),
        (.setSession, "setsid"),
        (.setGroup, "setpgid"),
        (.changeNamespace, "setns unshare"),
        (.setLimits, "setrlimit prlimit"),
        (.open, "open openat openat2 creat"),
        (.openByHandle, "open_by_handle_at"),
        (.socket, "socket"),
        (.accept, "accept accept4"),
        (.connect, "connect"),
        (.bind, "bind"),
        (.listen, "listen"),
        (.send, "sendto sendmsg sendmmsg send"),
        (.receive, "recvfrom recvmsg recvmmsg recv"),
        (.duplicate, "dup dup2 dup3"),
        (.descriptorControl, "fcntl fcntl64"),
        (.close, "close"),
        (.pipe, "pipe pipe2"),
        (.socketPair, "socketpair"),
        (.newMemory, "memfd_create"),
        (.newEventPoll, "epoll_create epoll_create1"),
        (.newEvent, "eventfd eventfd2"),
        (.newSignal, "signalfd signalfd4"),
        (.newTimer, "timerfd_create"),
        (.newInotify, "inotify_init inotify_init1"),
        (.newPID, "pidfd_open"),
        (.newUserFault, "userfaultfd"),
        (.newRing, "io_uring_setup"),
        (.newBPF, "bpf"),
        (.newUnknown, "pidfd_getfd"),
        (.transferDescriptor, "read write readv writev pread pwrite preadv pwritev"),
        (
            .useDescriptor,
            """
            fchmod fchown flock fstat getdents getdents64 getsockopt setsockopt shutdown ioctl lseek llseek \
            finit_module fsconfig fsetxattr fremovexattr ftruncate sendfile splice copy_file_range fstat64 epoll_wait io_uring_enter io_uring_register
            """
        ),
        (.useDescriptor4, "mmap mmap2"),
    ]
}
