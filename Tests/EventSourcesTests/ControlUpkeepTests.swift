import EventModel
import Testing

@testable import EventSources

@Suite struct ControlUpkeepTests {
    /// A control thread's queue of requests.
    private final class Queue {
        var isFull = false
        var taken: [ControlUpkeep.Demand] = []
        func send(_ demand: ControlUpkeep.Demand) -> Bool {
            if !isFull { taken.append(demand) }
            return !isFull
        }
    }

    private func start(_ root: String) -> ControlUpkeep.Demand { .started(root: root, at: 1) }

    @Test func `a container whose start is not taken is asked for again, and that is told, once each`() {
        let queue = Queue()
        var upkeep = ControlUpkeep(.audit, of: "audit rules")
        upkeep.demand(start("/a"), queue.send)
        queue.isFull = true
        upkeep.demand(start("/b"), queue.send)
        upkeep.demand(.ended(root: "/a"), queue.send)
        #expect(queue.taken == [start("/a")])
        let first = upkeep.follow(busySince: nil, now: 1, queue.send)
        #expect(first.map(\.kind) == [.blind] && first.allSatisfy { $0.message.contains("audit rules can follow") })
        #expect(upkeep.follow(busySince: nil, now: 2, queue.send).isEmpty)
        queue.isFull = false
        // What comes later does not go before what waits.
        upkeep.demand(start("/c"), queue.send)
        #expect(queue.taken == [start("/a"), start("/b"), .ended(root: "/a"), start("/c")])
        #expect(upkeep.follow(busySince: nil, now: 3, queue.send).map(\.kind) == [.recovered])
        #expect(upkeep.follow(busySince: nil, now: 4, queue.send).isEmpty)
        queue.isFull = true
        upkeep.demand(start("/d"), queue.send)
        #expect(upkeep.follow(busySince: nil, now: 5, queue.send).map(\.kind) == [.blind], "told anew")
    }

    @Test func `a container that ends before its start is taken is not asked for`() {
        let queue = Queue()
        var upkeep = ControlUpkeep(.fanotify, of: "fanotify marks")
        queue.isFull = true
        upkeep.demand(start("/a"), queue.send)
        upkeep.demand(.began(root: "/a", at: 2), queue.send)
        upkeep.demand(.ended(root: "/a"), queue.send)
        queue.isFull = false
        #expect(upkeep.follow(busySince: nil, now: 1, queue.send).isEmpty && queue.taken.isEmpty)
    }

    @Test func `a thread that hangs is told of, once, and when it goes on`() {
        let queue = Queue()
        var upkeep = ControlUpkeep(.fanotify, of: "fanotify marks")
        let second: UInt64 = 1_000_000_000
        #expect(upkeep.follow(busySince: second, now: 2 * second, queue.send).isEmpty && upkeep.outage == nil)
        #expect(upkeep.follow(busySince: second, now: 20 * second, queue.send).map(\.kind) == [.blind])
        #expect(upkeep.outage?.contains("fanotify marks") == true)
        #expect(upkeep.follow(busySince: second, now: 30 * second, queue.send).isEmpty)
        #expect(upkeep.follow(busySince: nil, now: 31 * second, queue.send).map(\.kind) == [.recovered])
        #expect(upkeep.outage == nil)
    }
}
