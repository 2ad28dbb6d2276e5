import Testing

@testable import KernelInterface

@Suite struct ReceiveQueueTests {
    @Test func `what waits in a socket is told, and goes when it is read`() throws {
        // NETLINK_ROUTE (linux/netlink.h).
        let socket = try NetlinkSocket(protocol: 0, name: "route")
        #expect(ReceiveQueue(socket: socket.rawValue)?.bytes == 0)
        // RTM_GETLINK, a dump of all interfaces (rtnetlink(7)): the answer is at least a header.
        var request = [UInt8](repeating: 0, count: 32)
        request[0] = 32
        request[4] = 18
        request[6] = 1
        request[7] = 3
        try socket.send(request)
        let queue = try #require(ReceiveQueue(socket: socket.rawValue))
        #expect(queue.bytes > 0)
        #expect(queue.bytes <= queue.limitBytes ?? 0)
        var batch = NetlinkBatch(slot: 65_536, capacity: 4)
        while try socket.receive(into: &batch) {}
        #expect(ReceiveQueue(socket: socket.rawValue)?.bytes == 0)
    }

    @Test func `what is no socket has no such queue`() {
        #expect(ReceiveQueue(socket: -1) == nil)
        #expect(ReceiveQueue(fanotify: -1) == nil)
    }
}
