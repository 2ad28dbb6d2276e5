/// The end of a channel that may stand still: a descriptor, a program, a socket. It is made and used on the channel's own
/// thread (`OutputWriter`), so it may wait.
protocol OutputSink {
    /// The most bytes of lines that one `write` gets; 0: a line at a time.
    var batchBytes: Int { get }
    /// How long it is left alone, in milliseconds, when there is nothing to write.
    var idleMilliseconds: Int32 { get }
    /// Whether a `write` without an error says nothing yet of what becomes of the lines: `takeOutcome` does, later.
    var isDeferred: Bool { get }
    /// Writes all lines. It waits for as long as its reader makes it, but looks at least once a second whether it is given up,
    /// where it can.
    ///
    /// Throws `.failed` where the same lines may be tried again later: then it goes on where it had stopped. `.full` gives these
    /// lines up, `.readerGone` the channel.
    mutating func write(_ lines: [OutputBuffer.Entry], unless isGivenUp: () -> Bool) throws(OutputError)
    /// Opens anew what may have been moved away.
    mutating func reopen() throws(OutputError)
    /// Looks after what it has started.
    mutating func tick()
    /// What became of lines of earlier writes, as far as it has been learned since the last call.
    mutating func takeOutcome() -> DeferredOutcome
    /// Lets go. Nothing but `takeOutcome` is called after it.
    mutating func close()
}

/// What became of lines that a sink had taken.
struct DeferredOutcome {
    var delivered: UInt64 = 0
    var lost: UInt64 = 0
    /// Why lines were lost, or would be: the last reason.
    var failure: OutputError?

    /// Notes a failure, and the lines that were lost by it.
    mutating func fail(_ error: OutputError, losing count: UInt64) {
        lost &+= count
        // That a program ended says less than how it ended.
        if case .ended(status: nil) = error, failure != nil { return }
        failure = error
    }
}

extension OutputSink {
    /// Nothing is due while nothing is written.
    var idleMilliseconds: Int32 { .max }
    /// What is written is delivered.
    var isDeferred: Bool { false }
    /// Nothing is learned later.
    mutating func takeOutcome() -> DeferredOutcome { DeferredOutcome() }
    /// Nothing to open anew.
    mutating func reopen() throws(OutputError) {}
    /// Nothing to look after.
    mutating func tick() {}
}
