import EventSources
import Glibc

/// The event thread's wait: which source has something to read, which signal came, what time it is.
struct EventLoop {
    /// Milliseconds between two ticks.
    static let tickMilliseconds: Int32 = 100

    private var descriptors: [pollfd] = []
    private var sourceOfDescriptor: [Int] = []
    private let signals: Int32

    /// Waits for these sources and a signalfd.
    init(sources: [any EventSource], signals: Int32) {
        self.signals = signals
        descriptors.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0))
        sourceOfDescriptor.append(-1)
        for (index, source) in sources.enumerated() {
            guard let descriptor = source.descriptor else { continue }
            descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            sourceOfDescriptor.append(index)
        }
    }

    /// Waits until something is there or `milliseconds` have passed. Calls `ready` with the index of each source that
    /// can be read, and gives the signal that came, if any.
    mutating func wait(milliseconds: Int32, ready: (Int) -> Void) -> Int32? {
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return nil }
        for index in descriptors.indices.dropFirst() where descriptors[index].revents != 0 {
            ready(sourceOfDescriptor[index])
        }
        guard descriptors[0].revents != 0 else { return nil }
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(signals, &information, size) == size else { return nil }
        return Int32(bitPattern: information.ssi_signo)
    }

    /// Blocks the signals that end or steer the daemon and gives a signalfd for them (signalfd(2)); -1 on failure.
    /// Must run before any thread is started, which would else inherit the old mask.
    static func openSignals() -> Int32 {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&mask, signal) }
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        return signalfd(-1, &mask, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    }
}
