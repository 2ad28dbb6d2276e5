public import EventModel

/// Which event a system call makes, by ABI and number.
///
/// The numbers are not ours to know: whoever has libseccomp hands them in, so the decoder stays free of system
/// libraries.
public struct SyscallTable: Sendable {
    /// A system call of one ABI: `number` is what the audit record's `syscall=` says.
    public struct Entry: Sendable, Hashable {
        /// The ABI, as the record's `arch=`. x32 calls have `.x86_64` and bit `x32Bit` in the number.
        public var architecture: RawEvent.Architecture
        /// The call's number.
        public var number: Int32
        /// The call's name, as libseccomp and the kernel's tables spell it.
        public var name: String

        /// A system call.
        public init(architecture: RawEvent.Architecture, number: Int32, name: String) {
            self.architecture = architecture
            self.number = number
            self.name = name
        }
    }

    /// Marks a number of the x32 ABI (`__X32_SYSCALL_BIT`, asm/unistd.h).
    public static let x32Bit: Int32 = 0x4000_0000
    /// What a call becomes whose number no table names.
    public static let unknownType = EventType(name: "syscall") ?? EventType(index: 0)

    /// No ABI has numbers near this; larger ones are not stored (ARM's private range starts at 0x0f0000).
    private static let maximumNumber: Int32 = 8192
    private static let unnamed = UInt16.max

    private struct Numbers: Sendable {
        let architecture: RawEvent.Architecture
        var types: [UInt16] = []
        /// x86-64 only: the numbers with the x32 bit, by number without it.
        var x32Types: [UInt16] = []
        /// The call that multiplexes the socket calls (i386), -1 where there is none.
        var socketCall: Int32 = -1
    }
    private var numbers: [Numbers] = []
    /// By `socketcall` number (linux/net.h).
    private let socketCallTypes: [UInt16]

    /// A table of these calls; a later entry for the same number wins.
    public init(_ entries: some Sequence<Entry>) {
        socketCallTypes = SyscallTable.socketCallNames.map { SyscallTable.type(named: $0)?.index ?? Self.unnamed }
        for entry in entries { insert(entry) }
    }

    /// The event type of a call; nil when the number is in no table.
    ///
    /// `socketcall` of 32-bit ABIs is not one event but twenty: use `type(ofSocketCall:)` with its first argument.
    public func type(_ architecture: RawEvent.Architecture, _ number: Int32) -> EventType? {
        for index in numbers.indices where numbers[index].architecture == architecture {
            if number & Self.x32Bit != 0, architecture == .x86_64 {
                let low = Int(number & ~Self.x32Bit)
                return Self.type(numbers[index].x32Types, low)
                    ?? (low < Self.firstX32Number ? Self.type(numbers[index].types, low) : nil)
            }
            return Self.type(numbers[index].types, Int(number))
        }
        return nil
    }

    /// Whether the call is the multiplexer of socket calls.
    public func isSocketCall(_ architecture: RawEvent.Architecture, _ number: Int32) -> Bool {
        for index in numbers.indices where numbers[index].architecture == architecture {
            return numbers[index].socketCall == number && number >= 0
        }
        return false
    }

    /// The event type of a `socketcall`, by its first argument.
    public func type(ofSocketCall call: UInt64) -> EventType? {
        call < UInt64(socketCallTypes.count) ? Self.type(socketCallTypes, Int(call)) : nil
    }

    /// Whether the table has an ABI's numbers.
    public func knows(_ architecture: RawEvent.Architecture) -> Bool {
        for table in numbers where table.architecture == architecture { return true }
        return false
    }

    /// The architectures that the table knows.
    public var architectures: [RawEvent.Architecture] { numbers.map(\.architecture) }

    /// The numbers of the calls that make events of a type, for filters in the kernel: x32 numbers have their bit.
    /// Does not include `socketcall`; see `socketCall(making:_:)`.
    public func calls(making type: EventType, _ architecture: RawEvent.Architecture) -> [Int32] {
        var result: [Int32] = []
        for table in numbers where table.architecture == architecture {
            for (number, index) in table.types.enumerated() where index == type.index { result.append(Int32(number)) }
            for (number, index) in table.x32Types.enumerated() where index == type.index {
                result.append(Int32(number) | Self.x32Bit)
            }
        }
        return result
    }

    /// The multiplexer's number and the first argument with which it makes events of a type; nil where the ABI has
    /// none.
    public func socketCall(
        making type: EventType, _ architecture: RawEvent.Architecture
    ) -> (number: Int32, call: UInt64)? {
        for table in numbers where table.architecture == architecture && table.socketCall >= 0 {
            if let call = socketCallTypes.firstIndex(of: type.index) { return (table.socketCall, UInt64(call)) }
        }
        return nil
    }

    /// The event type of a call by name, with the names of 32-bit and historical variants mapped to the event that
    /// rules know; nil when no event has the name.
    public static func type(named name: String) -> EventType? {
        EventType(name: aliases[name] ?? name)
    }

    // MARK: -

    /// x32 has own numbers from here on and shares those below with x86-64 (arch/x86/entry/syscalls/syscall_64.tbl).
    private static let firstX32Number = 512

    private mutating func insert(_ entry: Entry) {
        let isX32 = entry.architecture == .x86_64 && entry.number & Self.x32Bit != 0
        let number = isX32 ? entry.number & ~Self.x32Bit : entry.number
        guard number >= 0, number < Self.maximumNumber, let type = Self.type(named: entry.name) else { return }
        let index: Int
        if let known = numbers.firstIndex(where: { $0.architecture == entry.architecture }) {
            index = known
        } else {
            index = numbers.count
            numbers.append(Numbers(architecture: entry.architecture))
        }
        if isX32 {
            Self.set(&numbers[index].x32Types, Int(number), type)
        } else {
            Self.set(&numbers[index].types, Int(number), type)
            if entry.name == "socketcall" { numbers[index].socketCall = number }
        }
    }

    private static func set(_ types: inout [UInt16], _ number: Int, _ type: EventType) {
        if number >= types.count { types += Array(repeating: unnamed, count: number + 1 - types.count) }
        types[number] = type.index
    }

    private static func type(_ types: [UInt16], _ number: Int) -> EventType? {
        guard number >= 0, number < types.count, types[number] != unnamed else { return nil }
        return EventType(index: types[number])
    }

    /// `SYS_…` of linux/net.h, by number.
    private static let socketCallNames = [
        "", "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv",
        "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg",
        "sendmmsg",
    ]

    /// Kernel names that rules know under another: the rule language names the call, not its register width.
    private static let aliases = [
        "pread64": "pread", "pwrite64": "pwrite", "prlimit64": "prlimit", "_llseek": "llseek", "_newselect": "select",
        "ugetrlimit": "getrlimit", "fcntl64": "fcntl", "fstatat64": "newfstatat", "sendfile64": "sendfile",
        "chown32": "chown", "fchown32": "fchown", "lchown32": "lchown", "setuid32": "setuid", "setgid32": "setgid",
        "setreuid32": "setreuid", "setregid32": "setregid", "setresuid32": "setresuid", "setresgid32": "setresgid",
        "getuid32": "getuid", "geteuid32": "geteuid", "getgid32": "getgid", "getegid32": "getegid",
        "getresuid32": "getresuid", "getresgid32": "getresgid", "setfsuid32": "setfsuid", "setfsgid32": "setfsgid",
        "getgroups32": "getgroups", "setgroups32": "setgroups", "truncate64": "truncate", "ftruncate64": "ftruncate",
        "statfs64": "statfs", "fstatfs64": "fstatfs", "fadvise64_64": "fadvise64", "arm_fadvise64_64": "fadvise64",
        "futex_time64": "futex", "ppoll_time64": "ppoll", "pselect6_time64": "pselect6",
        "recvmmsg_time64": "recvmmsg", "rt_sigtimedwait_time64": "rt_sigtimedwait", "semtimedop_time64": "semtimedop",
        "utimensat_time64": "utimensat", "io_pgetevents_time64": "io_pgetevents",
        "mq_timedsend_time64": "mq_timedsend", "mq_timedreceive_time64": "mq_timedreceive",
        "clock_gettime64": "clock_gettime", "clock_settime64": "clock_settime", "clock_adjtime64": "clock_adjtime",
        "clock_getres_time64": "clock_getres", "clock_nanosleep_time64": "clock_nanosleep",
        "timer_gettime64": "timer_gettime", "timer_settime64": "timer_settime",
        "timerfd_gettime64": "timerfd_gettime", "timerfd_settime64": "timerfd_settime",
        "sched_rr_get_interval_time64": "sched_rr_get_interval",
    ]
}
