import CKernel
import Glibc

/// Signals as something to read (signalfd(2)) beside other descriptors, instead of handlers that run at any time.
public struct SignalDescriptor: ~Copyable {
    /// One signal.
    public struct Received: Sendable, Equatable {
        /// Its number.
        public let signal: Int32
        /// The process that sent it, 0 for the kernel.
        public let sender: Int32

        /// A signal from a process.
        public init(signal: Int32, sender: Int32) {
            self.signal = signal
            self.sender = sender
        }
    }

    private let descriptor: FileDescriptor

    /// Blocks the signals for the calling thread and those that it starts from now on, and receives them here. Call
    /// before other threads start: a thread that does not block a signal takes it away.
    public init(_ signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]) throws(KernelError) {
        let opened = shrike_signals_open(signals, UInt32(signals.count))
        guard opened >= 0 else { throw KernelError(call: "signalfd", object: "", errno: -opened) }
        descriptor = FileDescriptor(owning: opened)
    }

    /// The descriptor to wait on.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Takes the next signal without waiting; nil when there is none. Equal signals that came meanwhile are one.
    public func next() throws(KernelError) -> Received? {
        var sender: Int32 = 0
        let result = shrike_signals_read(descriptor.rawValue, &sender)
        guard result >= 0 else { throw KernelError(call: "read", object: "signalfd", errno: -result) }
        return result == 0 ? nil : Received(signal: result, sender: sender)
    }
}
