import EventModel
import Glibc
import KernelInterface

/// The form of messages in the node's syslog.
public enum SyslogForm: String, Sendable, CaseIterable {
    /// As syslog(3) sends them.
    case rfc3164
    /// With a precise time, the host's name and structured data.
    case rfc5424
}

/// Alerts in the node's syslog, over the datagram socket `/dev/log`: facility user, severity the alert's priority.
public final class SyslogOutput: AlertOutput {
    /// `syslog`.
    public let name = "syslog"
    private let path: String
    private let form: SyslogForm
    private var writer: SyslogMessage
    private var socket: FileDescriptor?
    private var message: [UInt8] = []

    /// Connects to the syslog daemon; fails when none listens.
    ///
    /// - Parameter hostName: the node's name for `.rfc5424`.
    public init(path: String = "/dev/log", form: SyslogForm = .rfc3164, hostName: String = "") throws(OutputError) {
        self.path = path
        self.form = form
        writer = SyslogMessage(facility: .user, hostName: hostName, processID: getpid())
        socket = try Self.connect(to: path)
    }

    /// Sends the line in the form of syslog(3); connects anew once when the daemon has been restarted.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        composeHeader(alert.priority)
        message.append(contentsOf: alert.line)
        try deliver()
    }

    /// Sends the alert; connects anew once when the daemon has been restarted.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) {
        guard form == .rfc5424 else { return try write(rendered) }
        let content = SyslogMessage.Content(
            priority: alert.priority, timeNanoseconds: alert.timeNanoseconds, rule: alert.rule, source: alert.source)
        writer.writeHeader(of: content, into: &message)
        message.append(contentsOf: rendered.line)
        try deliver()
    }

    private func deliver() throws(OutputError) {
        if socket == nil { socket = try Self.connect(to: path) }
        switch send() {
        case 0: return
        // The daemon was restarted: its socket is a new one.
        case ECONNREFUSED, ENOTCONN, ECONNRESET, ENOENT:
            socket = nil
            socket = try Self.connect(to: path)
            let error = send()
            if error != 0 { throw .failed(KernelError(call: "send", object: path, errno: error)) }
        case EAGAIN: throw .full
        case let error: throw .failed(KernelError(call: "send", object: path, errno: error))
        }
    }

    /// Nothing is kept.
    public func flush() throws(OutputError) {}

    /// Closes the socket.
    public func close() throws(OutputError) { socket = nil }

    /// Makes `<priority>Mmm dd hh:mm:ss shrike[pid]: `.
    private func composeHeader(_ priority: Priority) {
        var (now, parts) = (time(nil), tm())
        localtime_r(&now, &parts)
        // Not strftime: month names must not depend on the locale.
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[Int(parts.tm_mon) % months.count]
        func padded(_ value: Int32, _ fill: String) -> String { value < 10 ? "\(fill)\(value)" : "\(value)" }
        message.removeAll(keepingCapacity: true)
        message.append(contentsOf: "<\(SyslogFacility.user.code << 3 | Int(priority.rawValue))>".utf8)
        message.append(contentsOf: "\(month) \(padded(parts.tm_mday, " ")) \(padded(parts.tm_hour, "0")):".utf8)
        message.append(contentsOf: "\(padded(parts.tm_min, "0")):\(padded(parts.tm_sec, "0")) ".utf8)
        message.append(contentsOf: "shrike[\(getpid())]: ".utf8)
    }

    /// Sends the message, never waiting; returns the errno, 0 for success. A message above what the socket takes is cut.
    private func send() -> Int32 {
        guard let descriptor = socket?.rawValue else { return ENOTCONN }
        var length = message.count
        while true {
            let sent = message.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, length, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if sent >= 0 { return 0 }
            switch errno {
            case EINTR: continue
            case EMSGSIZE where length > 1024: length = SyslogMessage.length(of: message, atMost: length / 2)
            case let error: return error
            }
        }
    }

    private static func connect(to path: String) throws(OutputError) -> FileDescriptor {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .failed(KernelError(call: "socket", object: "AF_UNIX", errno: errno)) }
        let socket = FileDescriptor(owning: descriptor)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else {
            throw .failed(KernelError(call: "connect", object: path, errno: ENAMETOOLONG))
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let failed = withUnsafePointer(to: &address) { pointer in
            // sockaddr_un begins with the members of sockaddr (unix(7)).
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) != 0
            }
        }
        if failed {
            throw .failed(
                KernelError(
                    call: "connect", object: path, errno: errno,
                    hint: "is a syslog daemon running? syslog_output.enabled=false turns this output off"))
        }
        return socket
    }
}
