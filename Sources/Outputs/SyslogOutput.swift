import EventModel
import Glibc
import KernelInterface

/// Alerts in the node's syslog, over the datagram socket `/dev/log` (RFC 3164 form, as syslog(3) sends it): facility user,
/// severity the alert's priority.
public final class SyslogOutput: AlertOutput {
    /// `syslog`.
    public let name = "syslog"
    private let path: String
    private var socket: FileDescriptor?
    private var message: [UInt8] = []
    private static let facilityUser: Int32 = 1 << 3

    /// Connects to the syslog daemon; fails when none listens.
    public init(path: String = "/dev/log") throws(OutputError) {
        self.path = path
        socket = try Self.connect(to: path)
    }

    /// Sends the alert; connects anew once when the daemon has been restarted.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        compose(alert)
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

    /// Makes `<priority>Mmm dd hh:mm:ss shrike[pid]: line`.
    private func compose(_ alert: borrowing RenderedAlert) {
        var (now, parts) = (time(nil), tm())
        localtime_r(&now, &parts)
        // Not strftime: month names must not depend on the locale.
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[Int(parts.tm_mon) % months.count]
        func padded(_ value: Int32, _ fill: String) -> String { value < 10 ? "\(fill)\(value)" : "\(value)" }
        message.removeAll(keepingCapacity: true)
        message.append(contentsOf: "<\(Self.facilityUser | Int32(alert.priority.rawValue))>".utf8)
        message.append(contentsOf: "\(month) \(padded(parts.tm_mday, " ")) \(padded(parts.tm_hour, "0")):".utf8)
        message.append(contentsOf: "\(padded(parts.tm_min, "0")):\(padded(parts.tm_sec, "0")) ".utf8)
        message.append(contentsOf: "shrike[\(getpid())]: ".utf8)
        message.append(contentsOf: alert.line)
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
            case EMSGSIZE where length > 1024: length /= 2
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
