import Testing

@testable import EventSources

@Suite struct ProcessConnectorMessageTests {
    private static func task(_ thread: Int32, _ process: Int32) -> ProcessConnectorMessage.Task {
        ProcessConnectorMessage.Task(thread: thread, process: process)
    }

    private func decode(_ bytes: [UInt8]) -> ProcessConnectorMessage? { ProcessConnectorMessage(bytes.span) }

    /// Read from a Linux 6.18 kernel's socket: the answer to PROC_CN_MCAST_LISTEN.
    @Test func `a real answer of the kernel is decoded`() throws {
        let hex =
            "4c00000003000000000000000000000001000000010000000000000001000000280000000000000001000000"
            + "3fa0859867010000" + String(repeating: "00", count: 24)
        var bytes: [UInt8] = []
        var rest = hex[...]
        while !rest.isEmpty {
            bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
            rest = rest.dropFirst(2)
        }
        let message = try #require(decode(bytes))
        #expect(message.event == .acknowledgement(error: 0))
        #expect(message.processor == 1)
        #expect(message.monotonicNanoseconds == 0x0000_0167_9885_a03f)
    }

    @Test(
        arguments: [
            (0x1, [10, 10, 20, 20], .fork(parent: task(10, 10), child: task(20, 20))),
            (0x1, [10, 10, 21, 10], .fork(parent: task(10, 10), child: task(21, 10))),
            (0x2, [11, 11], .exec(task(11, 11))),
            (0x4, [11, 11, 1000, 0], .uid(task(11, 11), real: 1000, effective: 0)),
            (0x40, [11, 11, 5, 6], .gid(task(11, 11), real: 5, effective: 6)),
            (0x80, [11, 11], .sid(task(11, 11))),
            (0x100, [11, 11, 12, 12], .ptrace(task(11, 11), tracer: task(12, 12))),
            (0x200, [11, 11, 0x6261, 0, 0, 0], .comm(task(11, 11), 60..<62)),
            (0x200, [11, 11, 0x6161_6161, 0x6161_6161, 0x6161_6161, 0x6161_6161], .comm(task(11, 11), 60..<76)),
            (0x4000_0000, [11, 11, 1, 1], .coredump(task(11, 11))),
            (0x8000_0000, [11, 11, 256, 17, 1, 1], .exit(task(11, 11), status: 256)),
            (0x400, [11, 11], .other(0x400)),
        ] as [(UInt32, [UInt32], ProcessConnectorMessage.Event)]
    )
    func `each event is decoded`(_ what: UInt32, _ members: [UInt32], _ expected: ProcessConnectorMessage.Event) throws
    {
        let bytes = Datagram.connector(what: what, members: members)
        let message = try #require(decode(bytes))
        #expect(message.event == expected)
        #expect(message.sequence == 7)
        #expect(message.monotonicNanoseconds == 1_000)
    }

    @Test func `a message that is too short for its event is none`() {
        let whole = Datagram.connector(what: 1, members: [1, 1, 2, 2])
        for length in 0..<68 {
            let part = Array(whole[..<length])
            #expect(decode(part) == nil, "\(length) bytes")
        }
        let enough = Array(whole[..<68])
        #expect(decode(enough) != nil)
    }

    @Test func `a message of another connector is none`() {
        var bytes = Datagram.connector(what: 2, members: [1, 1])
        bytes[16] = 4
        #expect(decode(bytes) == nil)
    }

    @Test func `changed and cut messages never trap`() {
        var generator = SystemRandomNumberGenerator()
        for what in [0, 1, 2, 4, 0x40, 0x80, 0x100, 0x200, 0x4000_0000, 0x8000_0000] as [UInt32] {
            let whole = Datagram.connector(what: what, members: [1, 1, 2, 2, 3, 3])
            for _ in 0..<2_000 {
                var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &generator)))
                for _ in 0..<3 where !bytes.isEmpty {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                if case .comm(_, let name)? = decode(bytes)?.event {
                    #expect(name.upperBound <= bytes.count)
                }
            }
        }
    }
}
