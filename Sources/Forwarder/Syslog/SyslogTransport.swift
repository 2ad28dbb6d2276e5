import CCurlShim

/// A way for syslog messages to a server. Nothing here waits.
protocol SyslogTransport: AnyObject {
    /// Begins to connect; false without memory. Counts of bytes begin anew.
    func connect(_ group: TransferGroup, now: UInt64) -> Bool
    /// Whether messages can be queued, or why they never will.
    func connection(now: UInt64) -> SyslogConnectionState
    /// Takes the end of the transfer that connects.
    func finish(_ result: shrike_curl_result)
    /// Lets the connection go.
    func disconnect(_ group: TransferGroup)
    /// The socket; below 0 without one.
    var descriptor: Int32 { get }

    /// Whether another message can be queued now.
    func hasRoom(now: UInt64) -> Bool
    /// When there may be room again although nothing tells so; nil: the descriptor tells.
    var roomTime: UInt64? { get }
    /// Queues a message; call it only when there is room.
    func queue(_ message: [UInt8], now: UInt64)
    /// Hands what is queued to the kernel, as far as it takes it; why the connection is lost, else nil.
    func flush() -> String?
    /// Whether the kernel has all that was queued.
    var isFlushed: Bool { get }
    /// How many bytes were queued since `connect`.
    var queuedBytes: Int { get }
    /// How many of them the peer's kernel surely has; over UDP, were not refused when there was time for that.
    func confirmedBytes(now: UInt64) -> Int

    /// Whether the connection still stands.
    func look() -> SyslogConnectionEnd?
    /// Tells the server that nothing more will come, where its answer proves that it has read all; false where there is no such
    /// thing.
    func endSending() -> Bool
}

/// How far a connection is.
enum SyslogConnectionState: Equatable {
    case connecting
    case open
    case failed(String)
}

/// How a connection has ended.
enum SyslogConnectionEnd: Equatable {
    /// The server closed it in order.
    case closed
    /// It broke, or a datagram was refused; why.
    case lost(String)
}
