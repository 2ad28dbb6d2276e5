public import EventModel
public import KernelInterface

/// A channel that alerts go to: standard output, a file, syslog, a program.
///
/// All members are called on one thread, and none of them waits for the channel's reader, but for `close`, which waits until the
/// time that `finish` was given. What a channel can't deliver it counts in its `status`, or refuses with an error.
public protocol AlertOutput: AnyObject {
    /// The channel's name in messages, e.g. `file /var/log/shrike.log`.
    var name: String { get }
    /// What it did; nil for a channel that doesn't count: then each refused alert is one lost.
    var status: OutputStatus? { get }
    /// Whether its reader has gone for good.
    var hasEnded: Bool { get }
    /// Whether it fails because who receives it isn't there: that one may come, and no restart of ours would bring it.
    var isReceiverAway: Bool { get }
    /// Begins to deliver; what is written before is kept.
    func start() throws(OutputError)
    /// Takes one alert; it may keep it until `flush`.
    func write(_ alert: borrowing RenderedAlert) throws(OutputError)
    /// The same with the alert itself, for a channel that needs more than its line.
    func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError)
    /// Has what it kept delivered. Called when a batch of events has been worked off.
    func flush() throws(OutputError)
    /// Opens anew what may have been moved away (log rotation, SIGUSR1).
    func reopen() throws(OutputError)
    /// Goes on with what another channel has and does, where both write in the same way: at a reload nothing is lost then.
    /// Gives whether it did; the other one is not used any more then.
    func takeOver(_ other: any AlertOutput) -> Bool
    /// Tells it that nothing more comes, and until when it may deliver, by CLOCK_MONOTONIC. Waits for nothing.
    func finish(by deadline: UInt64)
    /// Waits until it has delivered, or its time is over, and lets go. Nothing is called after it.
    func close() throws(OutputError)
}

extension AlertOutput {
    /// It doesn't count.
    public var status: OutputStatus? { nil }
    /// It goes on.
    public var hasEnded: Bool { false }
    /// What fails is its own.
    public var isReceiverAway: Bool { false }
    /// There is nothing to begin.
    public func start() throws(OutputError) {}
    /// The line is enough.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) { try write(rendered) }
    /// Nothing to open anew.
    public func reopen() throws(OutputError) {}
    /// It doesn't.
    public func takeOver(_ other: any AlertOutput) -> Bool { false }
    /// `close` is enough.
    public func finish(by deadline: UInt64) {}
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
    /// The reader is too slow: it took nothing within the time limit, and this alert is given up.
    case full
    /// A system call failed.
    case failed(KernelError)
    /// The program ended with this status (wait(2)), not zero; nil: before it had read what it was given.
    case ended(status: Int32?)

    /// What went wrong, for a message that names the channel.
    public var description: String {
        switch self {
        case .readerGone: "its reader has gone"
        case .full: "its reader is too slow and took nothing within the time limit"
        case .failed(let error): error.description
        case .ended(status: nil): "the program ended before it had read its alerts"
        // wait(2): the low seven bits are the signal, the next byte is the exit status.
        case .ended(status: let status?) where status & 0x7f != 0: "the program was ended by signal \(status & 0x7f)"
        case .ended(status: let status?):
            "the program ended with exit status \(status >> 8 & 0xff); what it writes on standard error may say why"
        }
    }
}
