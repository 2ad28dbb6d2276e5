import CKernel
import Glibc

/// Something to wait for in poll(2) that another thread can bring about (eventfd(2)).
public struct EventDescriptor: ~Copyable, Sendable {
    /// The descriptor's number: readable from `signal` to `clear`.
    public let rawValue: Int32

    /// One that is not readable yet.
    public init() throws(KernelError) {
        let opened = shrike_event_descriptor()
        guard opened >= 0 else { throw KernelError(call: "eventfd", object: "", errno: -opened) }
        rawValue = opened
    }

    deinit { _ = close(rawValue) }

    /// Makes it readable. From any thread.
    public borrowing func signal() {
        var one: UInt64 = 1
        // Fails only where the count is at its end, and then it is readable.
        _ = write(rawValue, &one, 8)
    }

    /// Makes it unreadable; gives whether it was readable.
    @discardableResult
    public borrowing func clear() -> Bool {
        var count: UInt64 = 0
        return read(rawValue, &count, 8) == 8
    }

    /// Waits until it is readable; false when the time is over.
    public borrowing func wait(milliseconds: Int32) -> Bool {
        var one = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, max(0, milliseconds)) > 0
    }
}
