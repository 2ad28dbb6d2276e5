/// What a control thread does: state that only it touches, and what becomes of requests. All members are called there.
public protocol ControlWorker<Request, Reply>: SendableMetatype {
    /// What it is asked for.
    associatedtype Request: Sendable
    /// What it tells.
    associatedtype Reply: Sendable

    /// Does what was asked for, oldest first: all that waited, so that what belongs together is done together.
    mutating func take(_ requests: [Request], _ replies: ControlReplies<Reply>)
    /// Does what is due. `nowNanoseconds` is CLOCK_MONOTONIC.
    mutating func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<Reply>)
    /// The last thing on the thread: puts back what was changed.
    mutating func end(_ replies: ControlReplies<Reply>)
}

extension ControlWorker {
    /// Nothing is ever due.
    public mutating func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<Reply>) {}
    /// Nothing is to be put back.
    public mutating func end(_ replies: ControlReplies<Reply>) {}
}

/// Where a control thread puts what it has to tell.
public struct ControlReplies<Reply: Sendable>: Sendable {
    let put: @Sendable (Reply) -> Void

    /// Replies that go to a closure: for tests of a worker without a thread.
    public init(_ put: @escaping @Sendable (Reply) -> Void) { self.put = put }

    /// Tells. Waits, on the control thread, while the event thread has too many replies to take.
    public func send(_ reply: Reply) { put(reply) }
}
