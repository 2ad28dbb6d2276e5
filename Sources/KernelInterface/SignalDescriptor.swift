import CKernel
import Glibc

/// A signalfd (signalfd(2)): signals arrive as data to read, not as interruptions.
public final class SignalDescriptor {
    /// A signal that came.
    public struct Signal: Sendable, Equatable {
        /// Its number.
        public var number: Int32
        /// The process that sent it; nil where the kernel did, as for Ctrl-C in a terminal.
        public var sender: (pid: Int32, uid: UInt32)?

        /// A signal from its parts.
        public init(number: Int32, sender: (pid: Int32, uid: UInt32)?) {
            (self.number, self.sender) = (number, sender)
        }

        /// Equal number and sender.
        public static func == (one: Signal, other: Signal) -> Bool {
            one.number == other.number && one.sender?.pid == other.sender?.pid && one.sender?.uid == other.sender?.uid
        }
    }

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
    public func read() -> Signal? {
        let found = shrike_signal_descriptor_read(rawValue)
        guard found.number > 0 else { return nil }
        return Signal(number: found.number, sender: found.sender > 0 ? (found.sender, found.user) : nil)
    }
}
