import EventSources
import Glibc
import KernelInterface

/// The event thread's wait for the kernel: which source has something to read, which signal came.
struct EventLoop: EventWait {
    /// Milliseconds between two ticks.
    static let tickMilliseconds: Int32 = 100

    private var descriptors: [pollfd] = []
    private var sourceOfDescriptor: [Int] = []
    private let signals: SignalDescriptor

    /// Waits for signals, and for no source yet.
    init(signals: SignalDescriptor) {
        self.signals = signals
        watch([])
    }

    mutating func watch(_ sources: [any EventSource]) {
        descriptors.removeAll()
        sourceOfDescriptor.removeAll()
        descriptors.append(pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0))
        sourceOfDescriptor.append(-1)
        for (index, source) in sources.enumerated() {
            guard let descriptor = source.descriptor else { continue }
            descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            sourceOfDescriptor.append(index)
        }
    }

    mutating func wait(milliseconds: Int32, ready: inout [Int]) -> SignalDescriptor.Signal? {
        ready.removeAll(keepingCapacity: true)
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return nil }
        for index in descriptors.indices.dropFirst() where descriptors[index].revents != 0 {
            ready.append(sourceOfDescriptor[index])
        }
        guard descriptors[0].revents != 0 else { return nil }
        return signals.read()
    }
}
