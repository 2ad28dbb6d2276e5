import Synchronization

/// A value on its way from one thread to another: who puts it in has no other way to it, who takes it out is the only one.
public final class Handover<Value>: Sendable {
    private let slot: Mutex<Value?>

    /// Puts a value on its way.
    public init(_ value: consuming sending Value) { slot = Mutex(value) }

    /// Takes it out; nil the second time.
    public func take() -> sending Value? {
        slot.withLock { slot in
            let value = slot
            slot = nil
            return value
        }
    }
}
