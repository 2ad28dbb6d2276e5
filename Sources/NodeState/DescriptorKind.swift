/// What an open file descriptor refers to.
public enum DescriptorKind: UInt8, Sendable, CaseIterable, Hashable {
    case unknown, file, directory, ipv4, ipv6, unix, netlink, pipe, event, signal, eventPoll, inotify, timer, bpf
    case userFault, ioUring, memory, pid, unsupported

    /// The letter of `fd.typechar`.
    public var character: UInt8 {
        switch self {
        case .unknown: UInt8(ascii: "o")
        case .file: UInt8(ascii: "f")
        case .directory: UInt8(ascii: "d")
        case .ipv4: UInt8(ascii: "4")
        case .ipv6: UInt8(ascii: "6")
        case .unix, .userFault: UInt8(ascii: "u")
        case .netlink: UInt8(ascii: "n")
        case .pipe: UInt8(ascii: "p")
        case .event: UInt8(ascii: "e")
        case .signal: UInt8(ascii: "s")
        case .eventPoll: UInt8(ascii: "l")
        case .inotify: UInt8(ascii: "i")
        case .timer: UInt8(ascii: "t")
        case .bpf: UInt8(ascii: "b")
        case .ioUring: UInt8(ascii: "r")
        case .memory: UInt8(ascii: "m")
        case .pid: UInt8(ascii: "P")
        case .unsupported: UInt8(ascii: "X")
        }
    }

    /// The word of `fd.type`; nil for those that print `<NA>`.
    public var word: StaticString? {
        switch self {
        case .unknown, .unsupported: nil
        case .file: "file"
        case .directory: "directory"
        case .ipv4: "ipv4"
        case .ipv6: "ipv6"
        case .unix: "unix"
        case .netlink: "netlink"
        case .pipe: "pipe"
        case .event: "event"
        case .signal: "signalfd"
        case .eventPoll: "eventpoll"
        case .inotify: "inotify"
        case .timer: "timerfd"
        case .bpf: "bpf"
        case .userFault: "userfaultfd"
        case .ioUring: "io_uring"
        case .memory: "memfd"
        case .pid: "pidfd"
        }
    }

    /// Whether it is an IP socket.
    public var isInternet: Bool { self == .ipv4 || self == .ipv6 }
    /// Whether it is a socket.
    public var isSocket: Bool { isInternet || self == .unix || self == .netlink }
}

/// The transport of an IP socket, as `fd.l4proto` names it.
public enum TransportProtocol: UInt8, Sendable, Hashable {
    case unknown, tcp, udp, icmp, raw

    /// The word of `fd.l4proto`; nil for `<NA>`.
    public var word: StaticString? {
        switch self {
        case .unknown: nil
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmp: "icmp"
        case .raw: "raw"
        }
    }
}

/// Which side of a connection a process is.
public enum SocketRole: UInt8, Sendable, Hashable { case none, client, server }
