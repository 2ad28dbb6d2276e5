import EventModel

/// The names of capabilities.
public enum CapabilityNames {
    /// In bit order (linux/capability.h).
    private static let names: [[UInt8]] =
        """
        CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID
        CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW
        CAP_IPC_LOCK CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT
        CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD
        CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG
        CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE
        """
        .split(whereSeparator: \.isWhitespace).map { Array($0.utf8) }

    /// The name of a capability by its number; nil for one that is not known here.
    public static func name(of number: Int) -> [UInt8]? { names.indices.contains(number) ? names[number] : nil }

    /// A text value of the capabilities in a set, in bit order, joined by blanks; empty text for none.
    static func text(of set: UInt64, in arena: inout ValueArena) -> FieldValue {
        let start = arena.mark
        for (bit, name) in names.enumerated() where set >> UInt64(bit) & 1 == 1 {
            if arena.mark > start { arena.append(UInt8(ascii: " ")) }
            arena.append(name)
        }
        return arena.string(from: start)
    }
}
