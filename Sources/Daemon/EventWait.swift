import EventSources
import KernelInterface

/// What the event thread waits with: poll(2), or a test's script.
protocol EventWait {
    /// Waits for these sources from now on.
    mutating func watch(_ sources: [any EventSource])
    /// Waits until something is there or the time has passed. Puts the index of each source that can be read into `ready`, and
    /// gives the signal that came, if any.
    mutating func wait(milliseconds: Int32, ready: inout [Int]) -> SignalDescriptor.Signal?
}
