import CKernel

/// The memory of a batch of datagrams, kept and overwritten.
public struct NetlinkBatch: Sendable {
    /// The most datagrams that one call reads.
    public static let maximumCount = 64

    /// The memory; datagrams lie at multiples of the slot size.
    public private(set) var buffer: [UInt8]
    /// How many datagrams the batch has.
    public private(set) var count = 0
    private let slot: Int
    private var lengths: [UInt32]
    private var senders: [UInt32]

    /// Room for `capacity` datagrams (at most `maximumCount`) of `slot` bytes each; longer ones are cut.
    public init(slot: Int, capacity: Int = maximumCount) {
        let capacity = min(max(capacity, 1), Self.maximumCount)
        self.slot = max(slot, 16)
        buffer = Array(repeating: 0, count: self.slot * capacity)
        lengths = Array(repeating: 0, count: capacity)
        senders = Array(repeating: 0, count: capacity)
    }

    /// A batch of these datagrams, as if a socket had delivered them: for tests and scripted kernels.
    public init(datagrams: [[UInt8]], sender: UInt32 = 0) {
        self.init(slot: datagrams.map(\.count).max() ?? 16, capacity: datagrams.count)
        replace(with: datagrams, sender: sender)
    }

    /// Replaces the datagrams, cut to the slot size and to the capacity.
    public mutating func replace(with datagrams: [[UInt8]], sender: UInt32 = 0) {
        count = min(datagrams.count, lengths.count)
        for index in 0..<count {
            let length = min(datagrams[index].count, slot)
            let start = index * slot
            buffer.replaceSubrange(start..<start + length, with: datagrams[index].prefix(length))
            lengths[index] = UInt32(length)
            senders[index] = sender
        }
    }

    /// Whether there may be more to read than it had room for.
    public var isFull: Bool { count == lengths.count }

    /// Where a datagram lies in `buffer`; `index` is below `count`.
    public func range(_ index: Int) -> Range<Int> {
        let start = index * slot
        return start..<start + min(Int(lengths[index]), slot)
    }

    /// Whether the kernel sent a datagram (`nl_pid` 0), not a process that imitates it; `index` is below `count`.
    public func isFromKernel(_ index: Int) -> Bool { senders[index] == 0 }

    mutating func fill(from descriptor: Int32) -> Int32 {
        count = 0
        let result = shrike_netlink_receive(
            descriptor, &buffer, slot, UInt32(lengths.count), &lengths, &senders
        )
        if result > 0 { count = Int(result) }
        return result
    }
}
