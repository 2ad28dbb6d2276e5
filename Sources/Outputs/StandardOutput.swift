import EventModel
import Glibc
import KernelInterface

/// Alerts on standard output, one line each.
public final class StandardOutput: AlertOutput {
    /// When lines leave the buffer.
    public enum Buffering: Sendable, Equatable {
        /// At once: a person watches, or `-U` asks for it.
        case none
        /// When the batch of events that caused them has been worked off: no alert waits for a later event.
        case batch
        /// When the buffer is full: Falco's `buffered_outputs`.
        case full
    }

    /// `stdout`.
    public let name = "stdout"
    private let descriptor: Int32
    private let buffering: Buffering
    private let isColored: Bool
    private var buffer: [UInt8] = []
    private static let capacity = 32 << 10

    /// Writes to a descriptor, which stays the caller's. Ignores SIGPIPE from here on: a reader that goes is an error to
    /// report, not a reason to die with kernel state left behind.
    public init(descriptor: Int32 = STDOUT_FILENO, buffering: Buffering, isColored: Bool) {
        self.descriptor = descriptor
        self.buffering = buffering
        self.isColored = isColored
        buffer.reserveCapacity(Self.capacity)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Chooses buffering and colour for standard output as it is: colour on a terminal only, and not where `NO_COLOR`
    /// (no-color.org) or a dumb terminal forbids it.
    public convenience init(isBuffered: Bool, isUnbuffered: Bool) {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let buffering: Buffering = isTerminal || isUnbuffered ? .none : isBuffered ? .full : .batch
        let allowsColor = (Self.environment("NO_COLOR") ?? "").isEmpty && Self.environment("TERM") != "dumb"
        self.init(buffering: buffering, isColored: isTerminal && allowsColor)
    }

    /// Keeps the line, or writes it, as the buffering says.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {
        if isColored, let range = alert.priorityRange {
            buffer.append(contentsOf: alert.line[..<range.lowerBound])
            buffer.append(contentsOf: "\u{1b}[\(alert.priority.color)m".utf8)
            buffer.append(contentsOf: alert.line[range])
            buffer.append(contentsOf: "\u{1b}[0m".utf8)
            buffer.append(contentsOf: alert.line[range.upperBound...])
        } else {
            buffer.append(contentsOf: alert.line)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffering == .none || buffer.count >= Self.capacity { try deliver() }
    }

    /// Writes what the batch left, unless only a full buffer is written.
    public func flush() throws(OutputError) {
        if buffering != .full { try deliver() }
    }

    /// Writes what is left.
    public func close() throws(OutputError) { try deliver() }

    private func deliver() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        // Lines that fail are gone either way; kept, they would only make the buffer grow.
        defer { buffer.removeAll(keepingCapacity: true) }
        try DescriptorWriter.write(buffer, to: descriptor, object: name, timeoutMilliseconds: -1)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
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
