/// The end of a channel that may stand still: a descriptor, a program, a socket. It is made and used on the channel's own
/// thread (`OutputWriter`), so it may wait.
protocol OutputSink {
    /// The most bytes of lines that one `write` gets; 0: a line at a time.
    var batchBytes: Int { get }
    /// How long it is left alone, in milliseconds, when there is nothing to write.
    var idleMilliseconds: Int32 { get }
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
    /// Lets go. Nothing is called after it.
    mutating func close()
}

extension OutputSink {
    /// Nothing is due while nothing is written.
    var idleMilliseconds: Int32 { .max }
    /// Nothing to open anew.
    mutating func reopen() throws(OutputError) {}
    /// Nothing to look after.
    mutating func tick() {}
}
