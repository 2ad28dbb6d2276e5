public import EventModel
public import KernelInterface

/// A channel that alerts go to: standard output, a file, syslog, a program.
///
/// All members are called on one thread. An output never waits for longer than its time limit; what it can't deliver it
/// refuses with an error, and `OutputChannels` counts it.
public protocol AlertOutput: AnyObject {
    /// The channel's name in messages, e.g. `file /var/log/shrike.log`.
    var name: String { get }
    /// Takes one alert; it may keep it until `flush`.
    func write(_ alert: borrowing RenderedAlert) throws(OutputError)
    /// The same with the alert itself, for a channel that needs more than its line.
    func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError)
    /// Delivers what it kept. Called when a batch of events has been worked off.
    func flush() throws(OutputError)
    /// Opens anew what may have been moved away (log rotation, SIGUSR1).
    func reopen() throws(OutputError)
    /// Delivers what it kept and lets go. Nothing is called after it.
    func close() throws(OutputError)
}

extension AlertOutput {
    /// The line is enough.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) { try write(rendered) }
    /// Nothing to open anew.
    public func reopen() throws(OutputError) {}
}

/// An alert as all channels receive it.
public struct RenderedAlert: Sendable {
    /// The alert's priority.
    public let priority: Priority
    /// The text line or JSON object, without a newline; it holds no control character.
    public let line: [UInt8]
    /// Where the priority's word stands in a text line; nil for JSON.
    public let priorityRange: Range<Int>?

    /// A rendered alert from its parts.
    public init(priority: Priority, line: [UInt8], priorityRange: Range<Int>?) {
        self.priority = priority
        self.line = line
        self.priorityRange = priorityRange
    }
}

/// Why an output could not deliver.
public enum OutputError: Error, Sendable, CustomStringConvertible {
    /// Who read it has gone; nothing more will be delivered.
    case readerGone
    /// The reader is too slow: it took nothing within the time limit.
    case full
    /// A system call failed.
    case failed(KernelError)

    /// What went wrong, for a message that names the channel.
    public var description: String {
        switch self {
        case .readerGone: "its reader has gone"
        case .full: "its reader is too slow and took nothing within the time limit"
        case .failed(let error): error.description
        }
    }
}
