import CKernel
import Glibc

/// A signalfd (signalfd(2)): signals arrive as data to read, not as interruptions.
public final class SignalDescriptor {
    /// The descriptor, to wait for.
    public let rawValue: Int32

    /// Blocks these signals and opens a descriptor for them. Must run before any thread is started: a thread inherits the
    /// mask of its maker, and a signal goes to any thread that doesn't block it.
    public init(_ signals: [Int32]) throws(KernelError) {
        rawValue = shrike_signal_descriptor_open(signals, Int32(signals.count))
        if rawValue < 0 { throw KernelError(call: "signalfd", object: "\(signals)", errno: errno) }
    }

    deinit { _ = close(rawValue) }

    /// The next signal that came, if any.
    public func read() -> Int32? {
        let signal = shrike_signal_descriptor_read(rawValue)
        return signal > 0 ? signal : nil
    }
}
