public import EventModel
import Glibc
public import Outputs

/// Shrike's own remarks, on standard error: alerts have standard output to themselves.
public struct DaemonLog {
    /// Remarks less severe than this are left out.
    public var threshold: Priority
    /// The form of the time before each remark.
    public var times = LogTime.none

    /// A log of remarks of this severity and above.
    ///
    /// - Parameter output: where they go; without one they are written directly.
    public init(threshold: Priority = .informational, output: LogOutput? = nil) {
        (self.threshold, self.output) = (threshold, output)
    }

    private let output: LogOutput?

    /// Why the daemon ends, or does not start.
    public func error(_ message: String) { write(message, .error) }
    /// Something went wrong, or the user must know it.
    public func warning(_ message: String) { write(message, .warning) }
    /// A remark.
    public func info(_ message: String) { write(message, .informational) }
    /// A remark for who looks for a fault.
    public func debug(_ message: String) { write(message, .debug) }

    /// Text of several lines that names itself, such as a diagnostic.
    public func text(_ text: String) { put(text.hasSuffix("\n") ? text : text + "\n", .warning) }

    private func write(_ message: String, _ priority: Priority) {
        guard priority <= threshold else { return }
        let prefix =
            switch priority {
            case .warning: "warning: "
            case .error: "error: "
            default: ""
            }
        put("\(times.prefix(at: time(nil)))shrike: \(prefix)\(message)\n", priority)
    }

    private func put(_ text: String, _ priority: Priority) {
        if let output { return output.put(text, priority) }
        _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
