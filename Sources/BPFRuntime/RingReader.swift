import CBPF
import Glibc

/// The reader's side of the ring buffer, mapped: reading needs no system call, allocates nothing and copies nothing.
public struct RingReader: ~Copyable {
    /// Readable when a record waits and the reader was asleep: for poll.
    public let descriptor: Int32
    /// The size of the ring in bytes.
    public let size: Int
    private var ring: shrike_bpf_ring

    /// Maps the ring with that descriptor, which says itself how large it is.
    init(descriptor: Int32) throws(BPFError) {
        let size = Int(shrike_bpf_entry_count(descriptor))
        guard size > 0, size & (size - 1) == 0 else {
            throw BPFError(step: .map, object: "shrike_ring", errno: size < 0 ? Int32(-size) : EINVAL)
        }
        var ring = shrike_bpf_ring()
        let status = shrike_bpf_ring_map(descriptor, UInt64(size), &ring)
        guard status == 0 else { throw BPFError(step: .map, object: "shrike_ring", errno: -status) }
        self.descriptor = descriptor
        self.size = size
        self.ring = ring
    }

    deinit {
        var ring = ring
        shrike_bpf_ring_unmap(&ring)
    }

    /// Hands up to `limit` records over, each valid during the call alone, and frees them. Returns how many there were.
    public mutating func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        var count = 0
        while count < limit {
            var length: UInt32 = 0
            guard let record = shrike_bpf_ring_next(&ring, &length) else { break }
            // The record stays where it is until it is freed.
            let bytes = UnsafeBufferPointer(start: record.assumingMemoryBound(to: UInt8.self), count: Int(length))
            body(bytes.span)
            shrike_bpf_ring_free(&ring, length)
            count += 1
        }
        return count
    }

    /// Bytes that were read, and written, since the ring was made.
    public var positions: (read: UInt64, written: UInt64) {
        mutating get { (shrike_bpf_ring_read(&ring), shrike_bpf_ring_written(&ring)) }
    }

    /// Bytes that wait.
    public var waiting: Int {
        mutating get { Int(truncatingIfNeeded: shrike_bpf_ring_waiting(&ring)) }
    }
}
