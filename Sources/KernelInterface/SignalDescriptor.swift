import CKernel
import Glibc

/// A signalfd (signalfd(2)): signals arrive as data to read, not as interruptions.
public final class SignalDescriptor {
    /// The descriptor, to wait for.
    public let rawValue: Int32

    /// Blocks these signals and opens a descriptor for them. Must run before any thread is started: a thread inherits the
    /// mask of its maker, and a signal goes to any thread that doesn't block it.
    public init(_ signals: [Int32]) throws(KernelError) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal) }
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        rawValue = signalfd(-1, &mask, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        if rawValue < 0 { throw KernelError(call: "signalfd", object: "\(signals)", errno: Glibc.errno) }
    }

    deinit { _ = close(rawValue) }

    /// The next signal that came, if any.
    public func read() -> Int32? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard Glibc.read(rawValue, &information, size) == size else { return nil }
        return Int32(bitPattern: information.ssi_signo)
    }
}
