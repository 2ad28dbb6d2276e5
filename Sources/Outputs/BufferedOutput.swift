import KernelInterface

/// A channel that makes a line of each alert and leaves writing it to an `OutputWriter`: whatever its reader does, nobody waits.
protocol BufferedOutput: AlertOutput {
    /// The buffer and its thread. Another one's when it was taken over.
    var writer: OutputWriter { get set }
    /// When the writer is woken.
    var buffering: OutputBuffering { get }
    /// How much may wait.
    var queue: OutputQueue { get }
    /// Tells channels apart that must not be exchanged for each other at a reload: the name, and how it is written.
    var identity: String { get }
}

/// How much may wait for a channel's reader, and what then.
public struct OutputQueue: Sendable, Equatable {
    /// How much may wait.
    public var limits = OutputBuffer.Limits()
    /// Whether who appends waits for room, instead of dropping the least severe lines: a log can be read later, a node can't
    /// be watched later. A channel that fails loses its lines at once then.
    public var isLossless = false

    /// 8 MiB, the least severe lines dropped.
    public init() {}
}

/// When lines leave the buffer.
public enum OutputBuffering: Sendable, Equatable {
    /// At once: a person watches, or `-U` asks for it.
    case none
    /// When the batch of events that caused them has been worked off: no alert waits for a later event.
    case batch
    /// When so much waits that a write is worth it: Falco's `buffered_outputs`.
    case full

    /// Bytes that are worth a write.
    static let fullBytes = 32 << 10
}

extension BufferedOutput {
    /// Starts the writer's thread.
    public func start() throws(OutputError) { try writer.start() }

    /// Hands a line over.
    func put(_ bytes: [UInt8], _ alert: borrowing RenderedAlert) {
        let waiting = writer.append(bytes, alert.priority)
        if buffering == .none || waiting >= OutputBuffering.fullBytes { writer.flush() }
    }

    /// Lets the writer write what the batch left, unless it waits for more.
    public func flush() throws(OutputError) {
        if buffering != .full { writer.flush() }
    }

    /// Has the file opened anew behind the lines so far.
    public func reopen() throws(OutputError) { writer.reopen() }

    /// Tells the writer to come to its end.
    public func finish(by deadline: UInt64) { writer.finish(by: deadline) }

    /// Waits for what `finish` asked for.
    public func close() throws(OutputError) { writer.waitForEnd() }

    /// What the writer did.
    public var status: OutputStatus? { writer.status }

    /// Whether the reader has gone.
    public var hasEnded: Bool { writer.hasEnded }

    /// Goes on with the buffer and the thread of a channel that is written in the same way. Gives whether it did.
    public func takeOver(_ other: any AlertOutput) -> Bool {
        guard let other = other as? any BufferedOutput, other.identity == identity else { return false }
        writer = other.writer
        writer.change(queue.limits)
        return true
    }
}
