import CCurlShim
import ForwarderProtocol
import KernelInterface
import Outputs

/// One message a datagram over UDP. The network may drop any of them, and tells of few; so the pace is bounded, and an
/// ICMP message counts for all that were sent lately.
final class SyslogDatagrams: SyslogTransport {
    private let host: String
    private let port: Int
    private let connectTimeout: UInt64
    private var socket: DatagramSocket?
    private var connectEnd: UInt64 = 0
    private var message: [UInt8] = []
    private(set) var queuedBytes = 0
    private var burst = 0
    private var nextBurst: UInt64 = 0
    /// Until then an ICMP message may say that nobody listens; nil before the first datagram.
    private var probeEnd: UInt64?
    /// Connections that were refused; the next one is to another of the name's addresses.
    private var refusals: UInt32 = 0

    /// Datagrams at once: a server's buffer of the usual 208 KiB must hold them.
    private static let burstCount = 32
    private static let burstNanoseconds: UInt64 = 5_000_000
    /// After the first one: time for an ICMP message, should nobody listen.
    private static let probeNanoseconds: UInt64 = 200_000_000
    private static let shortest = 480

    init(_ settings: SyslogSettings, _ connection: ConnectionSettings) {
        host = settings.host
        port = settings.port
        connectTimeout = UInt64(clamping: connection.connectTimeoutMilliseconds) &* 1_000_000
    }

    var descriptor: Int32 { socket?.descriptor ?? -1 }

    func connect(_ group: TransferGroup, now: UInt64) -> Bool {
        socket = DatagramSocket(host: host, port: port, skipped: refusals)
        connectEnd = now &+ connectTimeout
        (message, queuedBytes, burst, nextBurst, probeEnd) = ([], 0, 0, 0, nil)
        return true
    }

    func connection(now: UInt64) -> SyslogConnectionState {
        switch socket?.advance() {
        case .open: .open
        case .failed(let reason): .failed("\(host): \(reason)")
        case .resolving where now < connectEnd: .connecting
        case .resolving: .failed("\(host): the name was not found in time")
        case nil: .failed("not connected")
        }
    }

    func finish(_ result: shrike_curl_result) {}
    func disconnect(_ group: TransferGroup) { socket = nil }

    func hasRoom(now: UInt64) -> Bool { message.isEmpty && now >= nextBurst }
    var roomTime: UInt64? { message.isEmpty ? nextBurst : nil }

    func queue(_ message: [UInt8], now: UInt64) {
        self.message = message
        burst += 1
        if probeEnd == nil {
            nextBurst = now &+ Self.probeNanoseconds
            probeEnd = nextBurst
        } else if burst >= Self.burstCount {
            burst = 0
            nextBurst = now &+ Self.burstNanoseconds
        }
        queuedBytes += message.count
    }

    func flush() -> String? {
        guard !message.isEmpty, let socket else { return nil }
        while true {
            switch socket.send(message) {
            case .sent:
                message = []
                return nil
            case .full: return nil
            case .tooLong where message.count > Self.shortest:
                message = Array(message.prefix(SyslogMessage.length(of: message, atMost: message.count / 2)))
            case .tooLong: return "not even short datagrams can be sent"
            case .failed(let reason):
                refusals &+= 1
                return reason
            }
        }
    }

    var isFlushed: Bool { message.isEmpty }
    func confirmedBytes(now: UInt64) -> Int {
        guard let probeEnd, now >= probeEnd else { return 0 }
        return queuedBytes - message.count
    }

    func look() -> SyslogConnectionEnd? {
        guard let reason = socket?.takeRefusal() else { return nil }
        refusals &+= 1
        return .lost(reason)
    }
    func endSending() -> Bool { false }
}
