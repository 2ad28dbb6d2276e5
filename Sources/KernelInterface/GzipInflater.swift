private import CZlib

/// Unpacks a gzip stream, member after member, as bytes of it come (RFC 1952; zlib's manual, `inflateInit2`).
public struct GzipInflater: ~Copyable {
    /// How a step went.
    public enum Outcome: Sendable, Equatable {
        /// The output is full or the input used up.
        case more
        /// A member ended; the input may go on with another.
        case memberEnd
        /// The input is no gzip stream, or is damaged.
        case damaged
        /// No memory.
        case outOfMemory
    }

    /// zlib keeps a pointer to its stream structure, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// The two bytes that each gzip file starts with.
    public static let magic: [UInt8] = [0x1f, 0x8b]

    /// An inflater at the start of a stream; nil when there is no memory for one.
    public init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15: the largest window; 16: expect a gzip header.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            // A failed initialization leaves nothing for deinit to end.
            stream.deinitialize(count: 1)
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Unpacks from `input` into `output`; `consumed` and `produced` say how far it came.
    public mutating func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, consumed: inout Int,
        produced: inout Int
    ) -> Outcome {
        let inputCount = min(input.count, Int(UInt32.max))
        let outputCount = min(output.count, Int(UInt32.max))
        // zlib does not write through next_in; both pointers are used within this call only.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = UInt32(inputCount)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = UInt32(outputCount)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed = inputCount - Int(stream.pointee.avail_in)
        produced = outputCount - Int(stream.pointee.avail_out)
        switch status {
        case Z_OK, Z_BUF_ERROR: return .more
        case Z_STREAM_END:
            inflateReset(stream)
            return .memberEnd
        case Z_MEM_ERROR: return .outOfMemory
        default: return .damaged
        }
    }
}
