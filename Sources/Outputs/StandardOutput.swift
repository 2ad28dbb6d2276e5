import EventModel
import Glibc
import KernelInterface

/// Alerts on standard output, one line each.
public final class StandardOutput: BufferedOutput {
    /// `stdout`.
    public let name = "stdout"
    let identity: String
    let queue: OutputQueue
    let buffering: OutputBuffering
    var writer: OutputWriter
    private let isColored: Bool

    /// Writes to a descriptor, which stays the caller's and is left as it is: others may share its file description, and would
    /// not expect it to be non-blocking. Ignores SIGPIPE from here on: a reader that goes is an error to report, not a reason
    /// to die with kernel state left behind.
    public init(
        descriptor: Int32 = STDOUT_FILENO, buffering: OutputBuffering, isColored: Bool,
        queue: OutputQueue = OutputQueue()
    ) throws(OutputError) {
        identity = "stdout \(descriptor)"
        self.buffering = buffering
        self.isColored = isColored
        self.queue = queue
        signal(SIGPIPE, SIG_IGN)
        writer = try OutputWriter(name: name, queue: queue) { StandardSink(descriptor: descriptor) }
    }

    /// Chooses buffering and colour for standard output as it is: colour on a terminal only, and not where `NO_COLOR`
    /// (no-color.org) or a dumb terminal forbids it.
    public convenience init(isBuffered: Bool, isUnbuffered: Bool, queue: OutputQueue) throws(OutputError) {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let buffering: OutputBuffering = isTerminal || isUnbuffered ? .none : isBuffered ? .full : .batch
        let allowsColor = (Self.environment("NO_COLOR") ?? "").isEmpty && Self.environment("TERM") != "dumb"
        try self.init(buffering: buffering, isColored: isTerminal && allowsColor, queue: queue)
    }

    /// Hands the line over.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        var line: [UInt8] = []
        line.reserveCapacity(alert.line.count + 16)
        if isColored, let range = alert.priorityRange {
            line.append(contentsOf: alert.line[..<range.lowerBound])
            line.append(contentsOf: "\u{1b}[\(alert.priority.color)m".utf8)
            line.append(contentsOf: alert.line[range])
            line.append(contentsOf: "\u{1b}[0m".utf8)
            line.append(contentsOf: alert.line[range.upperBound...])
        } else {
            line.append(contentsOf: alert.line)
        }
        line.append(UInt8(ascii: "\n"))
        put(line, alert)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// A descriptor as it was given to the process.
struct StandardSink: OutputSink {
    let descriptor: Int32
    /// What a pipe takes as a whole (PIPE_BUF, pipe(7)): so it is known to a line what a reader that stands still was given.
    let batchBytes = 4096
    private var output = DescriptorWriter()

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError) {
        try output.write(lines, to: descriptor, object: "descriptor \(descriptor)", unless: isGivenUp)
    }

    mutating func close() {}
}

extension Priority {
    /// Parameters of the terminal's "select graphic rendition" sequence (ECMA-48, 8.3.117).
    var color: String {
        switch self {
        case .emergency, .alert, .critical: "1;31"
        case .error: "31"
        case .warning: "33"
        case .notice: "36"
        case .informational: "32"
        case .debug: "2"
        }
    }
}
