import EventModel
import Glibc
import KernelInterface

/// Writes lines to a descriptor that may be slow, interrupted, full, or at its end. It remembers where it stopped, so that no line
/// is broken and none comes twice when the same lines are written again after a failure.
struct DescriptorWriter {
    private var bytes: [UInt8] = []
    private var offset = 0
    /// The first of the lines in `bytes`.
    private var sequence: UInt64?
    /// How long a reader may take nothing, in milliseconds, where the descriptor is non-blocking; nil: as long as it likes.
    private let patience: Int32?
    /// How often it is looked whether anybody still wants it.
    private static let lookMilliseconds: Int32 = 500

    init(patienceMilliseconds: Int32? = nil) { patience = patienceMilliseconds }

    /// Forgets where it stopped: what is written next goes somewhere else.
    mutating func restart() { offset = 0 }

    /// Writes all lines, or the rest of them. SIGPIPE and SIGXFSZ must be blocked or ignored.
    mutating func write(
        _ lines: [OutputBuffer.Entry], to descriptor: Int32, object: String, unless isGivenUp: () -> Bool
    ) throws(OutputError) {
        if sequence != lines.first?.sequence { begin(lines) }
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                // `offset` is below the count, so the rest is inside the buffer.
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if written >= 0 {
                offset += written
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: try waitForRoom(descriptor, object: object, unless: isGivenUp)
            case EPIPE: throw .readerGone
            case let error: throw .failed(KernelError(call: "write", object: object, errno: error))
            }
        }
    }

    /// Gives up what is left of the lines before.
    private mutating func begin(_ lines: [OutputBuffer.Entry]) {
        let newline = UInt8(ascii: "\n")
        let isBroken = offset > 0 && offset < bytes.count && bytes[offset - 1] != newline
        bytes.removeAll(keepingCapacity: true)
        if isBroken { bytes.append(newline) }
        for line in lines { bytes += line.bytes }
        (offset, sequence) = (0, lines.first?.sequence)
    }

    private mutating func waitForRoom(_ descriptor: Int32, object: String, unless isGivenUp: () -> Bool)
        throws(OutputError)
    {
        var waited: Int32 = 0
        while true {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&request, 1, min(Self.lookMilliseconds, patience ?? .max))
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw .failed(KernelError(call: "poll", object: object, errno: errno)) }
            waited += Self.lookMilliseconds
            if isGivenUp() || patience.map({ waited >= $0 }) == true {
                throw .full
            }
        }
    }
}
