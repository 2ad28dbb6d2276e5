import Foundation
import Glibc
import Synchronization
import Testing

@testable import KernelInterface

/// Adds numbers up; -1 makes it wait until it is let go.
private struct Adder: ControlWorker {
    var sum = 0
    let gate: Gate?

    mutating func take(_ requests: [Int], _ replies: ControlReplies<Int>) {
        for request in requests {
            if request == -1 { gate?.pass() }
            sum += request
            replies.send(sum)
        }
    }
    mutating func end(_ replies: ControlReplies<Int>) { replies.send(1000) }
}

private final class Gate: Sendable {
    private let opened: EventDescriptor
    private let entered: EventDescriptor
    init() throws {
        opened = try EventDescriptor()
        entered = try EventDescriptor()
    }
    func pass() {
        entered.signal()
        _ = opened.wait(milliseconds: 60_000)
    }
    func open() { opened.signal() }
    func isEntered() -> Bool { entered.wait(milliseconds: 60_000) }
}

@Suite struct ControlThreadTests {
    private static func replies<W>(of thread: ControlThread<W>, count: Int) -> [W.Reply] {
        var all: [W.Reply] = []
        while all.count < count {
            var one = pollfd(fd: thread.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&one, 1, 60_000) > 0 else { return all }
            all += thread.takeReplies()
        }
        return all
    }

    @Test func `requests are answered in order, and what ends the thread comes last`() throws {
        let thread = try ControlThread(name: "adder", worker: Adder(gate: nil))
        for number in 1...100 { #expect(thread.send(number)) }
        #expect(Self.replies(of: thread, count: 100).last == 5050)
        #expect(thread.stop(withinMilliseconds: 60_000))
        #expect(thread.takeReplies() == [1000])
        #expect(thread.status.hasEnded)
        #expect(!thread.send(1))
        #expect(thread.status.refused == 1)
    }

    @Test func `a full queue refuses and counts`() throws {
        var options = ControlThread<Adder>.Options()
        options.queueLimit = 3
        let gate = try Gate()
        let thread = try ControlThread(name: "adder", options: options) { Adder(gate: gate) }
        thread.send(-1)
        #expect(gate.isEntered())
        let taken = (0..<5).map { _ in thread.send(1) }
        #expect(taken == [true, true, true, false, false])
        #expect(thread.status.refused == 2)
        gate.open()
        #expect(Self.replies(of: thread, count: 4).count == 4)
        #expect(thread.stop(withinMilliseconds: 60_000))
    }

    @Test func `replies that nobody takes stop neither requests nor the end`() throws {
        var options = ControlThread<Adder>.Options()
        options.queueLimit = 2
        let thread = try ControlThread(name: "adder", options: options) { Adder(gate: nil) }
        thread.send(1)
        thread.send(2)
        while thread.status.queued > 0 { usleep(1000) }
        thread.send(3)
        #expect(thread.stop(withinMilliseconds: 60_000))
        #expect(thread.takeReplies() == [1, 3, 6, 1000])
    }

    @Test func `a worker that hangs is told and not waited for`() throws {
        let gate = try Gate()
        let thread = try ControlThread(name: "adder") { Adder(gate: gate) }
        thread.send(-1)
        #expect(gate.isEntered())
        #expect(thread.status.busySince != nil)
        #expect(!thread.stop(withinMilliseconds: 20))
        gate.open()
        #expect(thread.stop(withinMilliseconds: 60_000))
    }

    @Test func `what is done on all threads is done on each of them`() throws {
        let first = try ControlThread(name: "all-first") { Adder(gate: nil) }
        let second = try LimitedCalls<Int, Int>(name: "all-second", threads: 2) { $0 }
        let seen = Seen()
        // Other tests' threads are among them, and some of those hang on purpose.
        _ = try WorkerThread.performOnAll(withinMilliseconds: 5000) { seen.noteThisThread() }
        let end = KernelClock.monotonic() &+ 60_000_000_000
        while seen.names.count(where: { $0.hasPrefix("all-") }) < 3, KernelClock.monotonic() < end { usleep(1000) }
        #expect(seen.names.count { $0 == "all-first" } == 1)
        #expect(seen.names.count { $0 == "all-second" } == 2)
        withExtendedLifetime((first, second)) {}
    }

    private final class Seen: Sendable {
        private let noted = Mutex<[String]>([])

        var names: [String] { noted.withLock { $0 } }

        func noteThisThread() {
            let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
            noted.withLock { $0.append(String(name.dropLast())) }
        }
    }
}

@Suite struct LimitedCallsTests {
    @Test func `a call that hangs is given up, the others go on, and it is usable again once it came back`() throws {
        let gate = try Gate()
        let calls = try LimitedCalls<Int, Int>(name: "calls", threads: 2) { request in
            if request < 0 { gate.pass() }
            return request * 2
        }
        #expect(try calls.call(4, withinMilliseconds: 60_000) == 8)
        #expect(throws: LimitedCalls<Int, Int>.Failure.timedOut) { try calls.call(-1, withinMilliseconds: 10) }
        #expect(calls.hanging == 1)
        #expect(try calls.call(5, withinMilliseconds: 60_000) == 10)
        #expect(throws: LimitedCalls<Int, Int>.Failure.timedOut) { try calls.call(-1, withinMilliseconds: 10) }
        #expect(throws: LimitedCalls<Int, Int>.Failure.noThread) { try calls.call(6, withinMilliseconds: 60_000) }
        gate.open()
        while calls.hanging > 0 { usleep(1000) }
        #expect(try calls.call(7, withinMilliseconds: 60_000) == 14)
    }

    @Test func `a thread that was given up before it had begun is used again`() throws {
        let calls = try LimitedCalls<Int, Int>(name: "calls", threads: 2) { $0 * 2 }
        // Whoever doesn't wait at all is gone before the thread wakes.
        for request in 0..<200 { _ = try? calls.call(request, withinMilliseconds: 0) }
        for _ in 0..<1000 where calls.hanging > 0 { usleep(10_000) }
        #expect(calls.hanging == 0)
        #expect(try calls.call(7, withinMilliseconds: 60_000) == 14)
    }
}

@Suite struct ThreadPriorityTests {
    @Test(.enabled(if: geteuid() == 0, "needs root: CAP_SYS_NICE"))
    func `who starts a thread has no part of its hurry`() throws {
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        let found = Mutex<[Int32]>([])
        let gate = try Gate()
        gate.open()
        try WorkerThread.start("calm") {
            let before = getpriority(process, 0)
            ThreadPriority.raise()
            let raised = getpriority(process, 0)
            try? WorkerThread.start("started") {
                found.withLock { $0 = [before, raised, getpriority(process, 0)] }
                gate.pass()
            }
        }
        #expect(gate.isEntered())
        let all = found.withLock { $0 }
        #expect(all.count == 3 && all[1] < all[0] && all[2] == all[0])
    }
}
