import EventModel

/// Which calls make a descriptor that an exec closes, by the flags that they are given (open(2), socket(2), dup(2) …).
enum CloseOnExec {
    private enum Rule {
        /// The bit of a register.
        case flag(register: Int, mask: UInt64)
        case always
    }

    /// Whether the call at hand asks for it.
    static func isAskedFor(by event: RawEvent) -> Bool {
        if let how = event.openHow { return how.flags & flag != 0 }
        switch rules[Int(event.type.index)] {
        case .always: return true
        case .flag(let register, let mask):
            return register < Int(event.registerCount) && event.registers[register] & mask != 0
        case nil: return false
        }
    }

    /// O_CLOEXEC, which SOCK_CLOEXEC, EFD_CLOEXEC and others are too (asm-generic/fcntl.h; alpha, parisc and sparc differ).
    static let flag: UInt64 = 0o2000000

    private static let rules: [Rule?] = {
        var rules: [Rule?] = Array(repeating: nil, count: EventType.count)
        func set(_ names: String, _ rule: Rule) {
            for name in names.split(separator: " ") {
                if let type = EventType(name: String(name)) { rules[Int(type.index)] = rule }
            }
        }
        set("epoll_create1 inotify_init1 userfaultfd", .flag(register: 0, mask: flag))
        set("open socket socketpair pipe2 eventfd2 timerfd_create", .flag(register: 1, mask: flag))
        set("openat dup3 open_by_handle_at", .flag(register: 2, mask: flag))
        set("accept4 signalfd4", .flag(register: 3, mask: flag))
        // MFD_CLOEXEC, linux/memfd.h.
        set("memfd_create", .flag(register: 1, mask: 1))
        set("pidfd_open pidfd_getfd bpf io_uring_setup", .always)
        return rules
    }()
}
