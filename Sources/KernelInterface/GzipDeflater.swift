private import CZlib

/// Packs bytes as one gzip member (RFC 1952; zlib's manual, `deflateInit2`).
public enum GzipDeflater {
    /// The packed bytes; nil without memory.
    public static func pack(_ bytes: [UInt8]) -> [UInt8]? {
        guard let count = UInt32(exactly: bytes.count) else { return nil }
        // zlib keeps a pointer to its stream structure, so it must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer {
            stream.deinitialize(count: 1)
            stream.deallocate()
        }
        // 15: the largest window; 16: write a gzip header; 8: zlib's default memory.
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
        defer { deflateEnd(stream) }
        var packed = [UInt8](repeating: 0, count: Int(deflateBound(stream, uLong(bytes.count))))
        var input = bytes
        let finished = input.withUnsafeMutableBufferPointer { source in
            packed.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = count
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(clamping: target.count)
                return deflate(stream, Z_FINISH) == Z_STREAM_END
            }
        }
        guard finished else { return nil }
        packed.removeLast(Int(stream.pointee.avail_out))
        return packed
    }
}
