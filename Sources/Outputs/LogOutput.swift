public import EventModel
import Glibc
import KernelInterface

/// Shrike's own remarks on standard error, written by a thread: whoever reads them, nobody waits. Until `start` they are written
/// directly, as a command does.
public final class LogOutput: Sendable {
    private let writer: OutputWriter?
    /// What is kept for a reader that stands still.
    private static let limits = OutputBuffer.Limits(bytes: 256 << 10)

    /// Writes to a descriptor, which stays the caller's.
    public init(descriptor: Int32 = STDERR_FILENO) {
        var queue = OutputQueue()
        queue.limits = Self.limits
        writer = try? OutputWriter(name: "log", queue: queue) { StandardSink(descriptor: descriptor) }
        self.descriptor = descriptor
    }

    private let descriptor: Int32

    /// Goes on with a thread, which has the privileges that the calling one has now. Where there can be none, nothing changes.
    public func start() { try? writer?.start() }

    /// Writes lines; of those that find no room the least severe are lost.
    public func put(_ text: String, _ priority: Priority) {
        if let writer, writer.isStarted {
            writer.append(Array(text.utf8), priority)
            writer.flush()
        } else {
            _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    /// Writes what waits, for so long at most. What comes later is lost.
    public func close(withinMilliseconds limit: UInt64 = 500) {
        guard let writer, writer.isStarted else { return }
        writer.finish(by: KernelClock.monotonic() &+ limit &* 1_000_000)
        writer.waitForEnd()
    }
}
