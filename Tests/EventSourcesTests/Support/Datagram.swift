/// Builds bytes in the machine's own order, as the kernel writes them.
struct Datagram {
    var bytes: [UInt8] = []

    mutating func add<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    /// A process connector message.
    static func connector(
        what: UInt32, sequence: UInt32 = 7, processor: UInt32 = 1, time: UInt64 = 1_000, members: [UInt32]
    ) -> [UInt8] {
        var datagram = Datagram()
        datagram.add(UInt32(76))
        datagram.add(UInt16(3))
        datagram.add(UInt16(0))
        datagram.add(UInt32(0))
        datagram.add(UInt32(0))
        // cn_msg: CN_IDX_PROC, CN_VAL_PROC, seq, ack, len, flags.
        datagram.add(UInt32(1))
        datagram.add(UInt32(1))
        datagram.add(sequence)
        datagram.add(UInt32(0))
        datagram.add(UInt16(40))
        datagram.add(UInt16(0))
        datagram.add(what)
        datagram.add(processor)
        datagram.add(time)
        for member in members { datagram.add(member) }
        while datagram.bytes.count < 76 { datagram.bytes.append(0) }
        return datagram.bytes
    }
}
