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
    private let socket: LocalDatagramSocket
    private var message: [UInt8] = []

    /// Looks for the syslog daemon; fails when none listens.
    ///
    /// - Parameter hostName: the node's name for `.rfc5424`.
    public init(path: String = "/dev/log", form: SyslogForm = .rfc3164, hostName: String = "") throws(OutputError) {
        self.path = path
        self.form = form
        writer = SyslogMessage(facility: .user, hostName: hostName, processID: getpid())
        do throws(KernelError) {
            socket = try LocalDatagramSocket(to: path)
        } catch {
            throw .failed(error)
        }
        // An empty datagram is no message to a syslog daemon, and shows whether there is one.
        let error = socket.send([], count: 0)
        guard error == 0 || error == EAGAIN else { throw failure(error) }
    }

    /// Sends the line in the form of syslog(3).
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        composeHeader(alert.priority)
        message.append(contentsOf: alert.line)
        try deliver()
    }

    /// Sends the alert.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) {
        guard form == .rfc5424 else { return try write(rendered) }
        let content = SyslogMessage.Content(
            priority: alert.priority, timeNanoseconds: alert.timeNanoseconds, rule: alert.rule, source: alert.source)
        writer.writeHeader(of: content, into: &message)
        message.append(contentsOf: rendered.line)
        try deliver()
    }

    /// A message above what the socket takes is cut.
    private func deliver() throws(OutputError) {
        var length = message.count
        while true {
            switch socket.send(message, count: length) {
            case 0: return
            case EMSGSIZE where length > 1024: length = SyslogMessage.length(of: message, atMost: length / 2)
            case EAGAIN: throw .full
            case let error: throw failure(error)
            }
        }
    }

    private func failure(_ error: Int32) -> OutputError {
        .failed(
            KernelError(
                call: "sendto", object: path, errno: error,
                hint: "is a syslog daemon running? syslog_output.enabled=false turns this output off"))
    }

    /// Nothing is kept.
    public func flush() throws(OutputError) {}

    /// Nothing is kept.
    public func close() throws(OutputError) {}

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
}
