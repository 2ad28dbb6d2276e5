import Glibc
import KernelInterface

/// Writes whole byte arrays to a descriptor that may be slow, interrupted, or at its end.
enum DescriptorWriter {
    /// Writes all of `bytes`. Where the descriptor is non-blocking, waits at most `timeoutMilliseconds` for each piece; a
    /// negative limit waits for ever. SIGPIPE must be ignored.
    static func write(_ bytes: [UInt8], to descriptor: Int32, object: String, timeoutMilliseconds: Int32)
        throws(OutputError)
    {
        var offset = 0
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
            case EAGAIN: try waitUntilWritable(descriptor, object: object, timeoutMilliseconds: timeoutMilliseconds)
            case EPIPE: throw .readerGone
            default: throw .failed(KernelError(call: "write", object: object, errno: errno))
            }
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32, object: String, timeoutMilliseconds: Int32)
        throws(OutputError)
    {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let ready = poll(&request, 1, timeoutMilliseconds)
        if ready == 0 { throw .full }
        if ready < 0, errno != EINTR { throw .failed(KernelError(call: "poll", object: object, errno: errno)) }
    }
}
