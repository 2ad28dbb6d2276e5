import EventSources
import Glibc
import KernelInterface

/// The event thread's wait: which source has something to read, which signal came, what time it is.
struct EventLoop {
    /// Milliseconds between two ticks.
    static let tickMilliseconds: Int32 = 100

    private var descriptors: [pollfd] = []
    private var sourceOfDescriptor: [Int] = []
    private let signals: SignalDescriptor

    /// Waits for these sources and signals.
    init(sources: [any EventSource], signals: SignalDescriptor) {
        self.signals = signals
        descriptors.append(pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0))
        sourceOfDescriptor.append(-1)
        for (index, source) in sources.enumerated() {
            guard let descriptor = source.descriptor else { continue }
            descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            sourceOfDescriptor.append(index)
        }
    }

    /// Waits until something is there or `milliseconds` have passed. Calls `ready` with the index of each source that
    /// can be read, and gives the signal that came, if any.
    mutating func wait(milliseconds: Int32, ready: (Int) -> Void) -> SignalDescriptor.Signal? {
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return nil }
        for index in descriptors.indices.dropFirst() where descriptors[index].revents != 0 {
            ready(sourceOfDescriptor[index])
        }
        guard descriptors[0].revents != 0 else { return nil }
        return signals.read()
    }
}
