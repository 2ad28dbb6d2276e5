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
public final class SyslogOutput: BufferedOutput {
    /// `syslog`.
    public let name = "syslog"
    let identity: String
    let queue: OutputQueue
    let buffering = OutputBuffering.batch
    var writer: OutputWriter
    private let form: SyslogForm
    private var header: SyslogMessage
    private var message: [UInt8] = []

    /// Looks for the syslog daemon. Where none listens, the output fails from the start: alerts wait for one, as they do when
    /// it goes later.
    ///
    /// - Parameter hostName: the node's name for `.rfc5424`.
    public init(
        path: String = "/dev/log", form: SyslogForm = .rfc3164, hostName: String = "",
        queue: OutputQueue = OutputQueue()
    ) throws(OutputError) {
        identity = "syslog \(path)"
        self.form = form
        self.queue = queue
        header = SyslogMessage(facility: .user, hostName: hostName, processID: getpid())
        let socket: LocalDatagramSocket
        do throws(KernelError) { socket = try LocalDatagramSocket(to: path) } catch { throw .failed(error) }
        // An empty datagram is no message to a syslog daemon, and shows whether there is one.
        let error = socket.send([], count: 0)
        writer = try OutputWriter(name: name, queue: queue) { SyslogSink(path: path) }
        if error != 0, error != EAGAIN { writer.note(SyslogSink.failure(error, path)) }
    }

    /// Whether no daemon listens.
    public var isReceiverAway: Bool {
        guard case .failed(let error)? = writer.status.failure else { return false }
        return error.errno == ENOENT || error.errno == ECONNREFUSED
    }

    /// Hands the line over, in the form of syslog(3).
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        composeHeader(alert.priority)
        message.append(contentsOf: alert.line)
        put(message, alert)
    }

    /// Hands the alert over.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) {
        guard form == .rfc5424 else { return try write(rendered) }
        let content = SyslogMessage.Content(
            priority: alert.priority, timeNanoseconds: alert.timeNanoseconds, rule: alert.rule, source: alert.source)
        header.writeHeader(of: content, into: &message)
        message.append(contentsOf: rendered.line)
        put(message, rendered)
    }

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

/// The socket of the syslog daemon.
private struct SyslogSink: OutputSink {
    let path: String
    /// A message is a datagram.
    let batchBytes = 0
    private var socket: LocalDatagramSocket?
    /// poll(2) can't tell when an unconnected socket's peer has room, so it is asked again.
    private static let retryMicroseconds: UInt32 = 20_000

    init(path: String) { self.path = path }

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        for line in lines { try send(line.bytes, unless: isGivenUp) }
    }

    /// A message above what the socket takes is cut.
    private mutating func send(_ message: [UInt8], unless isGivenUp: () -> Bool) throws(OutputError) {
        let socket = try opened()
        var length = message.count
        while true {
            switch socket.send(message, count: length) {
            case 0: return
            case EMSGSIZE where length > 1024: length = SyslogMessage.length(of: message, atMost: length / 2)
            case EMSGSIZE: throw .full
            case EAGAIN, ENOBUFS:
                if isGivenUp() { throw .full }
                usleep(Self.retryMicroseconds)
            case let error: throw Self.failure(error, path)
            }
        }
    }

    private mutating func opened() throws(OutputError) -> LocalDatagramSocket {
        if let socket { return socket }
        do throws(KernelError) {
            let new = try LocalDatagramSocket(to: path)
            socket = new
            return new
        } catch { throw .failed(error) }
    }

    mutating func close() { socket = nil }

    static func failure(_ error: Int32, _ path: String) -> OutputError {
        .failed(
            KernelError(
                call: "sendto", object: path, errno: error,
                hint: "is a syslog daemon running? syslog_output.enabled=false turns this output off"))
    }
}
